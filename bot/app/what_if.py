"""What if: events that a request's way may be asked again after, and what they change; a roll-out, and what clients meet in it.

Responsible for: which events a trace offers, running the request before and after one. Pure; runs in a worker.
Leaves to others: what events do (`simulator.apply_event`, `simulator.roll_out`), the words (`bot.rendering.trace`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import simulator
from bot.app.inspection import described
from bot.rendering import trace as look
from bot.rendering.limits import fitted
from bot.rendering.reply import Reply
from simulator import (
    Answer,
    Cluster,
    CrashContainer,
    Event,
    LoseNode,
    Ref,
    ReplacePod,
    Request,
    Scenario,
    SetNetworkPolicy,
    SetProxyMode,
    SetReadiness,
    SourceFile,
    apply_event,
    curl_text,
    roll_out,
    run,
)  # fmt: skip

Happening: TypeAlias = Event | Ref
"""An event, or a Deployment whose Pods are replaced."""

_PODS, _NODES, _DEPLOYMENTS, _VALUE = 4, 4, 3, 100
_PROXY_MODES = ("iptables", "nftables", "ipvs")


def offered(cluster: Cluster, answer: Answer) -> Sequence[tuple[str, str]]:
    """Events that may befall what the request meets, each with its value for a menu and its label."""
    return [(value, label) for value, (label, _) in _events(cluster, answer).items()]


def suppose(files: Sequence[SourceFile], request: Request, value: str) -> Reply:
    """The request before and after the event that a menu's value names."""
    report = run(Scenario(manifests=tuple(files), requests=(request,)))
    before = report.answers[0]
    found = _events(report.cluster, before).get(value)
    if found is None:
        return look.no_longer()
    label, event = found
    if isinstance(event, Ref):
        return fitted(look.rolled_out(label, roll_out(report.cluster, event)))
    outcome = apply_event(report.cluster, event)
    after = simulator.trace(outcome.cluster, request)
    return fitted(look.supposed(label, described(request.client), _seen(request, before), _seen(request, after), outcome))


def _seen(request: Request, answer: Answer) -> tuple[str, Answer]:
    return curl_text(request, replace(answer, hops=())), answer


def _events(cluster: Cluster, answer: Answer) -> Mapping[str, tuple[str, Happening]]:
    """Value -> label and event. A name too long for a menu's value cannot be offered."""
    pods = list(dict.fromkeys(backend.pod for backend in answer.backends if backend.pod))
    nodes = list(dict.fromkeys(backend.node for backend in answer.backends if backend.node))
    offers = (*_pod_events(pods[:_PODS]), *_rollouts(cluster, pods), *_others(cluster, nodes[:_NODES]))
    found = {value: (label, event) for value, label, event in offers}
    return {value: event for value, event in found.items() if len(value) <= _VALUE}


def _pod_events(pods: Sequence[Ref]) -> Iterator[tuple[str, str, Happening]]:
    for pod in pods:
        where = f"{pod.namespace}/{pod.name}"
        yield f"crash {where}", f"Pod {pod.name} crashes", CrashContainer(pod)
        yield f"unready {where}", f"Pod {pod.name} is not ready", SetReadiness(pod, False)
        yield f"replace {where}", f"Pod {pod.name} is deleted", ReplacePod(pod)


def _rollouts(cluster: Cluster, pods: Sequence[Ref]) -> Iterator[tuple[str, str, Happening]]:
    """The Deployments that the Pods belong to."""
    sets = dict.fromkeys(pod.controller for ref in pods if (pod := cluster.find(ref)) is not None and pod.controller)
    owners = dict.fromkeys(each.controller for ref in sets if (each := cluster.find(ref)) is not None and each.controller)
    for owner in [each for each in owners if each.kind == "Deployment"][:_DEPLOYMENTS]:
        yield f"roll-out {owner.namespace}/{owner.name}", f"Deployment {owner.name} is rolled out", owner


def _others(cluster: Cluster, nodes: Sequence[str]) -> Iterator[tuple[str, str, Happening]]:
    for node in nodes or [node.name for node in cluster.profile.nodes[:_NODES]]:
        yield f"lose {node}", f"Node {node} stops answering", LoseNode(node)
    for mode in _PROXY_MODES:
        if mode != cluster.profile.proxy_mode:
            yield f"proxy {mode}", f"kube-proxy runs in {mode} mode", SetProxyMode(mode)
    if cluster.of("NetworkPolicy") and cluster.profile.enforces_network_policy:
        yield "policies ignored", "The network plugin does not enforce NetworkPolicy", SetNetworkPolicy("ignored")
