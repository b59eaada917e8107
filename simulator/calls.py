"""What a Pod's process asks of the network by itself: the commands of `sim/calls`, with what its environment says.

Responsible for: the Pod that sends a request, its environment, the request that one of its calls is.
Leaves to others: what a command asks (`commands`), where the call ends (`trace`).
Mirrors: kubernetes `third_party/forked/golang/expansion` and the order of kubelet `makeEnvironmentVariables`. Modelled: a process is
what the annotation says, one command a line, such as `curl $(SHOP_URL)`; `$(NAME)` takes the environment of the Pod's first container,
of which values and keys of ConfigMaps are known.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace

from simulator.api.core_v1 import Pod
from simulator.api.meta import Json, Object, Ref
from simulator.api.traffic import Client, Request
from simulator.cluster import Cluster
from simulator.commands import request_of_command
from simulator.scenario import request_of

CALLS = "sim/calls"
LONGEST = 2_000
"""Characters of a value of the environment: values quote values, and every quotation may double them."""

_REFERENCE = re.compile(r"\$\$|\$\(([^()]*)\)")


def sender(cluster: Cluster, client: Client) -> Object | None:
    """The Pod that sends, by its name or labels, if it runs and has an address."""
    if client.pod is None:
        return None
    named = cluster.find(client.pod)
    stored = cluster.selected("Pod", client.pod.namespace, client.labels) if client.labels else [named] if named else []
    running = ((obj, Pod.of(obj)) for obj in stored)
    return next((obj for obj, pod in running if pod.ips and pod.node and not pod.finished), None)


def called(cluster: Cluster, request: Request) -> Request:
    """The request that this call of the client's process is, with the `command` that makes it; the very same where it is no such call.

    Raises ValueError, with one sentence, where the process makes no such call, or one that is not followed here.
    """
    if not request.call:
        return request
    pod = sender(cluster, request.client)
    if pod is None:
        raise ValueError("no such Pod is running, so nothing calls")
    lines = [line.strip() for line in pod.annotations.get(CALLS, "").splitlines() if line.strip()]
    if request.call > len(lines):
        raise ValueError(f"{CALLS} of {pod.ref} has {len(lines) or 'no'} calls, and not one with the number {request.call}")
    command = _expanded(lines[request.call - 1], environment(cluster, pod))
    if len(command) == LONGEST:
        raise ValueError(f"call {request.call} of {pod.ref} is longer than {LONGEST} characters")
    if unknown := next((found[0] for found in _REFERENCE.finditer(command) if found[1] is not None), ""):
        raise ValueError(f"{pod.ref} calls `{command}`, and its environment has no {unknown}")
    try:
        asked = request_of_command(shlex.split(command))
    except ValueError as fault:
        raise ValueError(f"{pod.ref} calls `{command}`: {fault}") from fault
    call = request_of(asked)
    return replace(call, client=request.client, extra={**call.extra, **request.extra, "command": " ".join(command.split())})


def environment(cluster: Cluster, pod: Object) -> Mapping[str, str]:
    """The environment of the Pod's first container: later entries win, and may quote earlier ones as `$(NAME)`."""
    container: Mapping[str, Json] = next(iter(pod.spec.get("containers") or ()), {})
    found: dict[str, str] = {}
    for source in container.get("envFrom") or ():
        prefix = source.get("prefix") or ""
        found.update((f"{prefix}{key}", str(value)[:LONGEST]) for key, value in _config(cluster, pod, source.get("configMapRef")).items())
    for entry in container.get("env") or ():
        name, reference = entry.get("name") or "", (entry.get("valueFrom") or {}).get("configMapKeyRef")
        if reference:
            value = _config(cluster, pod, reference).get(reference.get("key") or "")
        else:
            value = None if entry.get("valueFrom") else _expanded(entry.get("value") or "", found)
        if value is not None:
            found[name] = str(value)[:LONGEST]
    return found


def _config(cluster: Cluster, pod: Object, reference: Mapping[str, Json] | None) -> Mapping[str, str]:
    stored = cluster.find(Ref("ConfigMap", pod.namespace, reference.get("name") or "")) if reference else None
    return (stored.data.get("data") or {}) if stored else {}


def _expanded(text: str, known: Mapping[str, str]) -> str:
    """`$(NAME)` as known, as it stands where it is not; `$$` stands for one `$`, so that `$$(NAME)` is never a reference."""
    return "".join(_parts(text, known))[:LONGEST]


def _parts(text: str, known: Mapping[str, str]) -> Iterator[str]:
    at = 0
    for found in _REFERENCE.finditer(text):
        yield text[at : found.start()]
        yield "$" if found[1] is None else known.get(found[1], found[0])
        at = found.end()
    yield text[at:]
