"""Questions to the cluster that a set of manifests makes: what a worker process is asked to do, and what comes back.

Responsible for: kubectl, curl and nslookup on manifests, the request that best shows a finding, the names for autocomplete.
Leaves to others: the answers (the simulator), bounds (`workers`), wording (`bot.rendering.terminal`, `trace`).
Every function is pure and takes any text.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from simulator import (
    Answer,
    Client,
    Cluster,
    Finding,
    Lookup,
    LookupAnswer,
    Object,
    Ref,
    Request,
    Scenario,
    SourceFile,
    Via,
    curl_text,
    kubectl_describe,
    kubectl_get,
    kubectl_rollout,
    nslookup_text,
    run,
)  # fmt: skip

Said = tuple[str, str]
"""A command, and what it printed."""


@dataclass(frozen=True, slots=True)
class Names:
    """What there is to ask about, for autocomplete. `objects` are kind, namespace and name; `pods` are `namespace/name`."""

    objects: tuple[Ref, ...] = ()
    pods: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    """What can be dialled from outside: `Kind/namespace/name` of Ingresses, Gateways and Services with an outer address."""


def names(files: Sequence[SourceFile]) -> Names:
    """The names in the cluster that the manifests make; what every cluster has comes last."""
    cluster = run(Scenario(manifests=tuple(files))).cluster
    everything = sorted(cluster, key=_built_in)
    services = [item for item in everything if item.kind == "Service"]
    outer = [service for service in services if service.spec.get("type") in ("LoadBalancer", "NodePort")]
    return Names(
        objects=tuple(item.ref for item in everything),
        pods=tuple(f"{item.namespace}/{item.name}" for item in everything if item.kind == "Pod"),
        services=tuple(item.name if item.namespace == "default" else f"{item.name}.{item.namespace}" for item in services),
        nodes=tuple(node.name for node in cluster.profile.nodes),
        entries=tuple(f"{item.kind}/{item.namespace}/{item.name}" for item in (*cluster.of("Ingress"), *cluster.of("Gateway"), *outer)),
    )


def _built_in(item: Object) -> bool:
    return item.namespace == "kube-system" or item.ref == Ref("Service", "default", "kubernetes") or item.kind in ("Node", "Namespace")


def kubectl(files: Sequence[SourceFile], command: str) -> list[Said]:
    """What `kubectl COMMAND` prints, for `get`, `describe` and `rollout restart`."""
    return [(f"kubectl {command}", _kubectl(run(Scenario(manifests=tuple(files))).cluster, command))]


def kubectl_on(files: Sequence[SourceFile], finding: int) -> list[Said]:
    """The commands that show a finding in a cluster: its own, then those on its object and on the Pods around."""
    report = run(Scenario(manifests=tuple(files)))
    commands = []
    if finding < len(report.findings):
        found = report.findings[finding]
        space = f" -n {found.object.namespace}" if found.object.namespace else ""
        own = found.check.removeprefix("kubectl ")
        commands = [own] if own.startswith(("get ", "describe ")) else []
        if report.cluster.find(found.object):
            commands.append(f"describe {found.object.kind.lower()} {found.object.name}{space}")
        commands.append(f"get pods{space} --show-labels")
    else:
        first = next((item for item in report.cluster if item.document is not None and item.namespace), None)
        commands = [f"get services,endpointslices,pods -n {first.namespace if first else 'default'}"]
    return [(f"kubectl {command}", _kubectl(report.cluster, command)) for command in dict.fromkeys(commands)]


def _kubectl(cluster: Cluster, command: str) -> str:
    verb, _, rest = command.strip().removeprefix("kubectl ").strip().partition(" ")
    try:
        arguments = shlex.split(rest)
    except ValueError:
        return "error: a quotation mark has no partner\n"
    if verb == "get":
        return kubectl_get(cluster, arguments)
    if verb == "describe":
        return kubectl_describe(cluster, arguments)
    if verb == "rollout":
        return kubectl_rollout(cluster, arguments)
    return f"error: only get, describe and rollout restart can be asked of the simulated cluster, not {verb!r}\n"


def curl(files: Sequence[SourceFile], request: Request) -> tuple[str, Answer]:
    """What curl prints, and the answer with its hops."""
    report = run(Scenario(manifests=tuple(files), requests=(request,)))
    answer = report.answers[0]
    return curl_text(request, replace(answer, hops=())), answer


def nslookup(files: Sequence[SourceFile], lookup: Lookup) -> tuple[str, LookupAnswer]:
    """What nslookup prints with the queries that were tried, and the answer with its hops."""
    report = run(Scenario(manifests=tuple(files), lookups=(lookup,)))
    answer = report.lookups[0]
    return nslookup_text(lookup, replace(answer, hops=())), answer


def trace_to(files: Sequence[SourceFile], finding: int) -> tuple[str, str, Answer] | None:
    """The request that shows a finding best: where it comes from, what curl prints, the answer. None where nothing can be dialled."""
    report = run(Scenario(manifests=tuple(files)))
    found = report.findings[finding] if finding < len(report.findings) else None
    request = next(_requests(report.cluster, found), None)
    if request is None:
        return None
    printed, answer = curl(files, request)
    return described(request.client), printed, answer


def described(client: Client) -> str:
    """Where a request comes from, in words."""
    if client.pod and client.labels:
        return f"a Pod with {', '.join(f'{key}={value}' for key, value in client.labels.items())} in {client.pod.namespace}"
    if client.pod:
        return f"Pod {client.pod.namespace}/{client.pod.name}"
    return f"node {client.node}" if client.node else "outside the cluster"


def _requests(cluster: Cluster, finding: Finding | None) -> Iterator[Request]:
    """Requests that concern a finding, the most telling first: to its object, else to what leads to it."""
    ref = finding.object if finding else None
    if ref is not None and ref.kind == "Ingress" and (ingress := cluster.find(ref)):
        yield _to_ingress(ingress)
    if ref is not None and ref.kind == "HTTPRoute" and (route := cluster.find(ref)):
        yield from _to_route(route)
    if ref is not None and ref.kind == "Gateway":
        yield Request(via=Via(ref))
    services = [item for item in cluster.of("Service", ref.namespace if ref else None) if item.document is not None]
    for service in sorted(services, key=lambda item: item.ref != ref):
        pod = _client(cluster, service)
        for port in service.spec.get("ports") or ():
            if port.get("protocol", "TCP") != "TCP":
                continue
            if pod is not None:
                yield Request(client=Client(pod=pod.ref), host=service.name, port=port.get("port"))
            else:
                # A node does not ask the cluster's DNS, so it dials the address.
                yield Request(client=Client(node=cluster.profile.nodes[0].name), via=Via(service.ref), port=port.get("port"))


def _client(cluster: Cluster, service: Object) -> Object | None:
    """A running Pod of the Service's namespace, rather one that the Service does not select."""
    running = [pod for pod in cluster.of("Pod", service.namespace) if pod.status.get("phase") == "Running"]
    behind = {pod.ref for pod in cluster.selected("Pod", service.namespace, service.spec.get("selector") or {"": ""})}
    return next((pod for pod in running if pod.ref not in behind), running[0] if running else None)


def _to_ingress(ingress: Object) -> Request:
    rules = ingress.spec.get("rules") or [{}]
    paths = (rules[0].get("http") or {}).get("paths") or [{}]
    return Request(via=Via(ingress.ref), host=rules[0].get("host"), path=paths[0].get("path") or "/")


def _to_route(route: Object) -> Iterator[Request]:
    for parent in route.spec.get("parentRefs") or ():
        if parent.get("kind", "Gateway") == "Gateway":
            host = next(iter(route.spec.get("hostnames") or ()), None)
            yield Request(via=Via(Ref("Gateway", parent.get("namespace") or route.namespace, parent.get("name", ""))), host=host)
