"""Why Pods that a Service selects take no traffic.

Responsible for: finding such Services, and a few words on the Pods' state as kubectl's STATUS column would put it.
Leaves to others: the telling.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulator.api.core_v1 import Pod, Service
from simulator.api.meta import Object
from simulator.controllers.probes import passes
from simulator.diagnosis.services import with_pods
from simulator.diagnosis.state import State


def unready(state: State) -> Iterator[tuple[Object, Service, Sequence[Object]]]:
    """Services that select Pods of which none may receive traffic, whether ready or still serving while terminating.

    Pods whose readiness probe asks in vain are passed over: the fault is the probe's, and the Service suffers from it.
    """
    for service, view, pods in with_pods(state):
        if not any(serves(Pod.of(pod), view) for pod in pods) and not all(probed_in_vain(state, pod) for pod in pods):
            yield service, view, pods


def probed_in_vain(state: State, pod: Object) -> bool:
    """Whether the Pod runs and its own manifest's probe keeps it from being ready."""
    if state.origin(pod).document is None or "sim/ready" in pod.annotations or Pod.of(pod).finished or not _runs(pod):
        return False
    return not all(passes(pod, container) for container in pod.spec.get("containers") or ())


def _runs(pod: Object) -> bool:
    statuses = pod.status.get("containerStatuses") or ()
    return bool(statuses) and all("running" in (status.get("state") or {}) for status in statuses)


def serves(pod: Pod, service: Service) -> bool:
    """Whether a Pod is in the Service's slices as one that may be sent to."""
    if pod.finished or not pod.ips:
        return False
    return pod.ready or service.publish_not_ready_addresses


def why(pods: Sequence[Object]) -> str:
    """The state of these Pods in a few words; of several states, the first Pod's."""
    pod = pods[0]
    view = Pod.of(pod)
    waiting = next(
        (s["state"]["waiting"].get("reason") for s in pod.status.get("containerStatuses") or () if (s.get("state") or {}).get("waiting")),
        "",
    )
    if view.finished:
        return "Completed" if view.phase == "Succeeded" else view.phase
    if view.terminating:
        return "Terminating"
    if waiting:
        return f"waiting ({waiting})"
    if not view.node and view.phase == "Pending":
        return "Pending: not placed on any node"
    if not view.ips:
        return f"{view.phase}, without an address"
    return f"{view.phase}, but not Ready"


def nodes_without(state: State, service: Object, view: Service) -> list[str]:
    """The nodes on which none of the Service's ready Pods runs; none where there are no ready Pods at all."""
    pods = [Pod.of(pod) for pod in state.cluster.selected("Pod", service.namespace, view.selector or {})]
    homes = {pod.node for pod in pods if serves(pod, view)}
    return [node.name for node in state.cluster.of("Node") if node.name not in homes] if homes else []
