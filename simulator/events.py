"""Events in time, as values: what becomes of a running cluster when something happens, and what changed for Services and connections.

Responsible for: the events, the state after them, the changes in endpoints, the fate of connections that were open.
Leaves to others: what controllers make of the new state (`controllers`), new connections (`trace`).
Modelled: each event is shown when the controllers are done with it. Mirrors: kubernetes `pkg/controller/nodelifecycle` (a lost node's
Pods become unready, and are evicted five minutes later), conntrack (an open connection stays with its endpoint).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from simulator.api.core_v1 import Pod
from simulator.api.discovery_v1 import EndpointSlice
from simulator.api.meta import Json, Object, Ref
from simulator.cluster import Cluster
from simulator.controllers import reconcile
from simulator.controllers.kubelet import LONG_AGO

READY, NOT_READY, TERMINATING, ABSENT = "ready", "not ready", "terminating", "absent"


@dataclass(frozen=True, slots=True)
class CrashContainer:
    """The Pod's containers die and wait to be restarted: same Pod, same address, not ready."""

    pod: Ref


@dataclass(frozen=True, slots=True)
class ReplacePod:
    """The Pod is deleted. Its controller, if it has one, makes another: new address, and (but for a StatefulSet) a new name."""

    pod: Ref


@dataclass(frozen=True, slots=True)
class SetReadiness:
    """The readiness probe passes or fails; the containers run on."""

    pod: Ref
    ready: bool


@dataclass(frozen=True, slots=True)
class LoseNode:
    """The node stops answering. `evicted`: five minutes have passed, and its Pods are replaced elsewhere."""

    node: str
    evicted: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    workload: Ref
    replicas: int


@dataclass(frozen=True, slots=True)
class RollOut:
    """A Deployment, StatefulSet or DaemonSet gets another template, and all its Pods are replaced."""

    workload: Ref
    template: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class SetProxyMode:
    mode: str


@dataclass(frozen=True, slots=True)
class SetNetworkPolicy:
    """Another network plugin: policies are `enforced`, or `ignored` as by one that knows none."""

    mode: str


Event: TypeAlias = CrashContainer | ReplacePod | SetReadiness | LoseNode | Scale | RollOut | SetProxyMode | SetNetworkPolicy


@dataclass(frozen=True, slots=True)
class EndpointChange:
    """One endpoint of a Service, before and after: ready, not ready, terminating or absent."""

    service: Ref
    address: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ConnectionChange:
    """What happens to connections that were open to a Pod: `kept`, `reset` (the client learns at once) or `lost` (it waits in vain)."""

    pod: Ref
    fate: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    cluster: Cluster
    endpoints: tuple[EndpointChange, ...]
    connections: tuple[ConnectionChange, ...]


def apply_event(cluster: Cluster, event: Event) -> Outcome:
    """The state after an event, from a state that the controllers have been through.

    Raises LookupError with a sentence where the event names what is not there, ValueError where it asks for what cannot be.
    """
    after = reconcile(_HAPPENS[type(event)](cluster, event))
    return Outcome(after, tuple(_endpoint_changes(cluster, after)), tuple(_connections(cluster, after)))


def _found(cluster: Cluster, ref: Ref) -> Object:
    found = cluster.find(ref)
    if found is None:
        raise LookupError(f"there is no {ref}")
    return found


def _crash(cluster: Cluster, event: CrashContainer) -> Cluster:
    pod = _found(cluster, event.pod)
    died = {"terminated": {"exitCode": 1, "reason": "Error", "startedAt": LONG_AGO, "finishedAt": LONG_AGO}}
    containers = [
        {
            **container,
            "ready": False,
            "started": False,
            "restartCount": (container.get("restartCount") or 0) + 1,
            "state": {"waiting": {"reason": "CrashLoopBackOff"}},
            "lastState": died,
        }
        for container in pod.status.get("containerStatuses") or ()
    ]
    return cluster.with_objects([_readiness(pod, False).with_status(containerStatuses=containers)])


def _replace_pod(cluster: Cluster, event: ReplacePod) -> Cluster:
    return _without(cluster, [_found(cluster, event.pod)])


def _without(cluster: Cluster, pods: list[Object]) -> Cluster:
    """The state after Pods were deleted and replaced, their addresses not given out again."""
    reserved = [_as(pod, f"{pod.name}.deleted", {"namespace": pod.namespace}) for pod in pods]
    after = reconcile(cluster.with_objects(reserved, [pod.ref for pod in pods]))
    return after.with_objects((), [pod.ref for pod in reserved])


def _as(pod: Object, name: str, metadata: dict[str, Json]) -> Object:
    return replace(pod, name=name, data={**pod.data, "metadata": {**metadata, "name": name}})


def _set_readiness(cluster: Cluster, event: SetReadiness) -> Cluster:
    return cluster.with_objects([_readiness(_found(cluster, event.pod), event.ready)])


def _readiness(pod: Object, ready: bool) -> Object:
    def changed(condition: Mapping[str, Json]) -> dict[str, Json]:
        if condition.get("type") not in ("Ready", "ContainersReady"):
            return dict(condition)
        kept = {key: value for key, value in condition.items() if key != "reason"}
        return {**kept, "status": "True"} if ready else {**kept, "status": "False", "reason": "ContainersNotReady"}

    containers = [{**container, "ready": ready} for container in pod.status.get("containerStatuses") or ()]
    conditions = [changed(condition) for condition in pod.status.get("conditions") or ()]
    return pod.with_status(conditions=conditions, containerStatuses=containers)


def _lose_node(cluster: Cluster, event: LoseNode) -> Cluster:
    node = _found(cluster, Ref("Node", "", event.node))
    others = [c for c in node.status.get("conditions") or () if c.get("type") != "Ready"]
    unknown = {"type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown", "message": "Kubelet stopped posting node status."}
    pods = [_readiness(pod, False) for pod in cluster.of("Pod") if pod.spec.get("nodeName") == event.node]
    if event.evicted:
        pods = [pod if pod.controller and pod.controller.kind == "DaemonSet" else _deleted(pod) for pod in pods]
    return cluster.with_objects([node.with_status(conditions=[*others, unknown]), *pods])


def _deleted(pod: Object) -> Object:
    """Marked for deletion; it stays until its kubelet answers."""
    return pod.with_data({**pod.data, "metadata": {**pod.metadata, "deletionTimestamp": LONG_AGO}})


def _scale(cluster: Cluster, event: Scale) -> Cluster:
    workload = _found(cluster, event.workload)
    if event.replicas < 0 or workload.kind not in ("Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"):
        raise ValueError(f"{event.workload} cannot be scaled to {event.replicas}")
    return cluster.with_objects([_with_spec(workload, replicas=event.replicas)])


def _roll_out(cluster: Cluster, event: RollOut) -> Cluster:
    workload = _found(cluster, event.workload)
    if workload.kind not in ("Deployment", "StatefulSet", "DaemonSet"):
        raise ValueError(f"{event.workload} has no roll-out")
    generation = (workload.metadata.get("generation") or 1) + 1
    changed = _with_spec(workload, template=event.template)
    changed = changed.with_data({**changed.data, "metadata": {**changed.metadata, "generation": generation}})
    owners = [each.ref for each in cluster.owned_by(workload.ref, "ReplicaSet")] if workload.kind == "Deployment" else [workload.ref]
    return _without(cluster.with_objects([changed]), [pod for owner in owners for pod in cluster.owned_by(owner, "Pod")])


def _with_spec(obj: Object, **fields: Json) -> Object:
    return obj.with_data({**obj.data, "spec": {**obj.spec, **fields}})


def _set_proxy_mode(cluster: Cluster, event: SetProxyMode) -> Cluster:
    return Cluster(replace(cluster.profile, proxy_mode=event.mode), cluster)


def _set_network_policy(cluster: Cluster, event: SetNetworkPolicy) -> Cluster:
    return Cluster(replace(cluster.profile, network_policy=event.mode), cluster)


_HAPPENS: Mapping[type, Callable[..., Cluster]] = {
    CrashContainer: _crash,
    ReplacePod: _replace_pod,
    SetReadiness: _set_readiness,
    LoseNode: _lose_node,
    Scale: _scale,
    RollOut: _roll_out,
    SetProxyMode: _set_proxy_mode,
    SetNetworkPolicy: _set_network_policy,
}


def _endpoint_changes(before: Cluster, after: Cluster) -> Iterator[EndpointChange]:
    old, new = _states(before), _states(after)
    for key in sorted(old.keys() | new.keys(), key=lambda key: (key[0].namespace, key[0].name, key[1])):
        was, becomes = old.get(key, ABSENT), new.get(key, ABSENT)
        if was != becomes:
            yield EndpointChange(*key, was, becomes)


def _states(cluster: Cluster) -> dict[tuple[Ref, str], str]:
    """Service and address -> what its slices say of it."""
    found: dict[tuple[Ref, str], str] = {}
    for each in map(EndpointSlice.of, cluster.of("EndpointSlice")):
        service = Ref("Service", each.ref.namespace, each.service)
        for endpoint in each.endpoints:
            state = READY if endpoint.ready else TERMINATING if endpoint.terminating else NOT_READY
            for address in endpoint.addresses:
                found[service, address] = state
    return found


def _connections(before: Cluster, after: Cluster) -> Iterator[ConnectionChange]:
    """What open connections to each Pod that changed come to."""
    lost = {node.name for node in after.of("Node") if before.find(node.ref) is not node and _unknown(node)}
    for obj in before.of("Pod"):
        pod, now = Pod.of(obj), after.find(obj.ref)
        if not pod.ips:
            continue
        if pod.node in lost:
            yield ConnectionChange(
                obj.ref, "lost", f"{pod.node} does not answer: nobody tells the client, and it waits for its own timeout"
            )
        elif now is None or Pod.of(now).ips != pod.ips:
            yield ConnectionChange(obj.ref, "reset", "the Pod is gone, and its address with it")
        elif _waits(now) and not _waits(obj):
            yield ConnectionChange(obj.ref, "reset", "the process died; its kernel closes what it had open")
        elif Pod.of(now).ready != pod.ready:
            yield ConnectionChange(obj.ref, "kept", "readiness steers new connections only; an open one stays with its endpoint")


def _unknown(node: Object) -> bool:
    return any(c.get("type") == "Ready" and c.get("status") == "Unknown" for c in node.status.get("conditions") or ())


def _waits(pod: Object) -> bool:
    return any("waiting" in (container.get("state") or {}) for container in pod.status.get("containerStatuses") or ())
