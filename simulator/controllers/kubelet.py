"""Where Pods run and how they fare: a stand-in for the scheduler and the kubelet, steered by `sim/` annotations.

Responsible for: binding Pods to nodes, their addresses, phase, conditions and container statuses.
Leaves to others: which Pods exist (`replica_set` and its siblings), what they listen on and what readiness probes find (`probes`).
Modelled throughout: Pods of a namespace go to its nodes in turn, addresses are `<node's block>.<9 + n>`, and all is well with a Pod
unless its probe asks where nobody listens or an annotation of the contract says otherwise. A Pod that comes with conditions or an
address was read from a live cluster and is left as it is. Mirrors: kubernetes `pkg/registry/core/pod/storage` (node labels copied at
binding), `pkg/kubelet/status`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_network

from simulator.api.core_v1 import REGION_LABEL, ZONE_LABEL, Node, is_address
from simulator.api.meta import Json, Object, Ref
from simulator.cluster import Cluster
from simulator.controllers.probes import passes
from simulator.profile import Profile

LONG_AGO = "2026-01-01T00:00:00Z"
"""The moment of everything that bears no time of its own: there is no clock here."""

PER_BLOCK, FIRST_HOST = 240, 10
NO_ADDRESS = "none"
_PHASES = ("Pending", "Running", "Succeeded", "Failed", "Unknown")
_ENDED = ("Succeeded", "Failed")
_NOT_STARTED = ("ContainerCreating", "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "CreateContainerConfigError")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the `sim/` annotations of a Pod or a template say; what they cannot mean is passed over."""

    scheduled: bool = True
    node: str = ""
    ip: str = ""
    phase: str = ""
    ready: bool = True
    not_ready_count: int = 0
    waiting: str = ""
    terminating: bool = False

    @classmethod
    def of(cls, annotations: Mapping[str, str]) -> Circumstances:
        count, phase, ip = annotations.get("sim/not-ready-count", "0"), annotations.get("sim/phase", ""), annotations.get("sim/ip", "")
        return cls(
            scheduled=annotations.get("sim/schedule") != "false",
            node=annotations.get("sim/node", ""),
            ip=ip if ip == NO_ADDRESS or is_address(ip) else "",
            phase=phase if phase in _PHASES else "",
            ready=annotations.get("sim/ready") != "false",
            not_ready_count=int(count) if count.isdecimal() else 0,
            waiting=annotations.get("sim/waiting", ""),
            terminating=annotations.get("sim/terminating") == "true",
        )

    @classmethod
    def of_template(cls, template: Mapping[str, Json]) -> Circumstances:
        return cls.of((template.get("metadata") or {}).get("annotations") or {})

    def starts_ready(self, index: int) -> bool:
        """Whether the Pod with this index among its owner's becomes ready."""
        runs = self.scheduled and self.phase in ("", "Running") and not self.waiting
        return runs and self.ready and index >= self.not_ready_count


def nodes(cluster: Cluster) -> list[Node]:
    return [Node.of(obj) for obj in cluster.of("Node")]


def reconcile(cluster: Cluster) -> Cluster:
    """Every Pod that nobody has looked after yet is bound and started."""
    new = [pod for pod in cluster.of("Pod") if not _looked_after(pod)]
    if not new:
        return cluster
    siblings: Counter[Ref] = Counter()
    in_turn: Counter[str] = Counter()
    taken: set[str] = set()
    for pod in cluster.of("Pod"):
        if _looked_after(pod):
            in_turn[pod.namespace] += 1
            taken.add(pod.status.get("podIP") or "")
            if pod.controller:
                siblings[pod.controller] += 1
    available, numbers, started = nodes(cluster), iter(range(1, 1 << 30)), []
    indexes = {node.name: index for index, node in enumerate(available)}
    owned = [(pod, pod.controller or pod.ref) for pod in new]
    for pod, owner in sorted(owned, key=lambda item: (item[0].namespace, item[1].name)):
        circumstances = Circumstances.of(pod.annotations)
        node = _node_for(pod, circumstances, available, in_turn[pod.namespace])
        if node is None:
            started.append(_unscheduled(pod))
            continue
        in_turn[pod.namespace] += 1
        ips = _addresses(cluster.profile, pod, circumstances, node, indexes[node.name], numbers, taken)
        started.append(_started(pod, circumstances, node, ips, siblings[owner]))
        siblings[owner] += 1
    return cluster.with_objects(started)


def _looked_after(pod: Object) -> bool:
    return bool(pod.status.get("podIP") or pod.status.get("conditions"))


def _node_for(pod: Object, circumstances: Circumstances, available: Sequence[Node], turn: int) -> Node | None:
    wanted = circumstances.node or pod.spec.get("nodeName")
    if wanted:
        return next((node for node in available if node.name == wanted), None)
    if not circumstances.scheduled:
        return None
    selector = pod.spec.get("nodeSelector") or {}
    fitting = [n for n in available if n.ready and not n.unschedulable and all(n.labels.get(k) == v for k, v in selector.items())]
    return fitting[turn % len(fitting)] if fitting else None


def _addresses(
    profile: Profile, pod: Object, circumstances: Circumstances, node: Node, index: int, numbers: Iterator[int], taken: set[str]
) -> tuple[str, ...]:
    """The Pod's addresses, one of each family. Each Pod takes the next number that no node's block has given away yet, even where
    its address comes from elsewhere."""
    number = next(numbers)
    while taken and any(_block_addresses(profile, block, number)[0] in taken for block in range(len(profile.nodes))):
        number = next(numbers)
    if circumstances.ip:
        return () if circumstances.ip == NO_ADDRESS else (circumstances.ip,)
    if circumstances.phase == "Pending" or circumstances.waiting == "ContainerCreating":
        return ()
    return node.ips if pod.spec.get("hostNetwork") else _block_addresses(profile, index, number)


def _block_addresses(profile: Profile, node_index: int, number: int) -> tuple[str, ...]:
    """The number-th address of each Pod network, in the node's block: 10.244.1.10 for the first Pod, on the first of three nodes."""
    lap, place = divmod(number - 1, PER_BLOCK)
    block = node_index + 1 + lap * len(profile.nodes)
    return tuple(str(first + (block << block_size) + FIRST_HOST + place) for first, block_size in _pod_networks(profile.pod_networks))


@lru_cache(maxsize=16)
def _pod_networks(cidrs: tuple[str, ...]) -> tuple[tuple[IPv4Address | IPv6Address, int], ...]:
    networks = [ip_network(cidr, strict=False) for cidr in cidrs]
    return tuple((network.network_address, 8 if network.version == 4 else 64) for network in networks)


def _unscheduled(pod: Object) -> Object:
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "lastTransitionTime": _moment(pod)}
    return pod.with_status(phase="Pending", conditions=[condition])


def _started(pod: Object, circumstances: Circumstances, node: Node, ips: Sequence[str], index: int) -> Object:
    data = pod.data
    labels = {key: node.labels[key] for key in (ZONE_LABEL, REGION_LABEL) if key in node.labels and key not in pod.labels}
    metadata = {**pod.metadata, "labels": {**pod.labels, **labels}} if labels else dict(pod.metadata)
    if circumstances.terminating and index == 0 and "deletionTimestamp" not in metadata:
        grace = pod.spec.get("terminationGracePeriodSeconds", 30)
        metadata.update(deletionTimestamp=_moment(pod), deletionGracePeriodSeconds=grace)
    status = {**pod.status, **_status(pod, circumstances, node, ips, index)}
    return pod.with_data({**data, "metadata": metadata, "spec": {**pod.spec, "nodeName": node.name}, "status": status})


def _status(pod: Object, circumstances: Circumstances, node: Node, ips: Sequence[str], index: int) -> dict[str, Json]:
    phase = circumstances.phase or ("Pending" if circumstances.waiting in _NOT_STARTED else "Running")
    gates_open = not pod.spec.get("readinessGates")
    probed = [passes(pod, c) or "sim/ready" in pod.annotations for c in pod.spec.get("containers") or ()]
    started = circumstances.starts_ready(index)
    containers_ready = started and all(probed)
    moment = _moment(pod)
    status: dict[str, Json] = {
        "phase": phase,
        "conditions": _conditions(phase, containers_ready, containers_ready and gates_open, moment),
        "hostIP": node.ips[0] if node.ips else "",
        "hostIPs": [{"ip": ip} for ip in node.ips],
        "startTime": moment,
    }
    if ips:
        status.update(podIP=ips[0], podIPs=[{"ip": ip} for ip in ips])
    init = pod.spec.get("initContainers") or ()
    if init:
        status["initContainerStatuses"] = [
            _container(c, _running(moment) if c.get("restartPolicy") == "Always" else _ended("Completed", 0, moment), True) for c in init
        ]
    state = _state(phase, circumstances.waiting, moment)
    status["containerStatuses"] = [
        _container(c, state, started and answers) for c, answers in zip(pod.spec.get("containers") or (), probed, strict=True)
    ]
    return status


@lru_cache(maxsize=256)
def _conditions(phase: str, containers_ready: bool, ready: bool, moment: str) -> list[dict[str, Json]]:
    completed = {"reason": "PodCompleted"} if phase in _ENDED else {}
    not_ready = completed or {"reason": "ContainersNotReady"}
    gated = {} if ready else not_ready if not containers_ready else {"reason": "ReadinessGatesNotReady"}

    def condition(kind: str, holds: bool, **more: str) -> dict[str, Json]:
        return {"type": kind, "status": "True" if holds else "False", "lastProbeTime": None, "lastTransitionTime": moment, **more}

    return [
        condition("PodReadyToStartContainers", phase not in _ENDED),
        condition("Initialized", True, **completed),
        condition("Ready", ready, **gated),
        condition("ContainersReady", containers_ready, **({} if containers_ready else not_ready)),
        condition("PodScheduled", True),
    ]


def _state(phase: str, waiting: str, moment: str) -> dict[str, Json]:
    if waiting:
        return {"waiting": {"reason": waiting}}
    match phase:
        case "Pending":
            return {"waiting": {"reason": "ContainerCreating"}}
        case "Succeeded":
            return _ended("Completed", 0, moment)
        case "Failed":
            return _ended("Error", 1, moment)
    return _running(moment)


def _running(moment: str) -> dict[str, Json]:
    return {"running": {"startedAt": moment}}


def _ended(reason: str, code: int, moment: str) -> dict[str, Json]:
    return {"terminated": {"exitCode": code, "reason": reason, "startedAt": moment, "finishedAt": moment}}


def _container(container: Mapping[str, Json], state: dict[str, Json], ready: bool) -> dict[str, Json]:
    return {
        "name": container.get("name") or "",
        "image": container.get("image") or "",
        "imageID": "",
        "ready": ready,
        "restartCount": 0,
        "started": "running" in state,
        "state": state,
        "lastState": {},
    }


def _moment(pod: Object) -> str:
    return pod.metadata.get("creationTimestamp") or LONG_AGO
