"""The Pods of a cluster as NetworkPolicy sees them, and which of them a selector selects.

Responsible for: labels, namespace labels, addresses and named ports of each Pod; label selectors answered as bit sets.
Leaves to others: what selected Pods may do (`policies`), which connection is asked about (`decision`).

A set of Pods is an int whose bit i stands for the i-th Pod, so that "and", "or" and "not" of whole clusters are one machine operation
each: this is what makes a matrix of a thousand workloads cheap.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.dataplane.network_policy.addresses import Address, AddressBlock, address

PodSet = int


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One end of a connection. `position` is the Pod's bit; None (with `pod` None) for an address that is no Pod's."""

    position: int | None
    pod: Object | None
    addresses: tuple[Address, ...]
    ports: Mapping[tuple[str, str], tuple[int, ...]]
    """(port name, protocol) -> the numbers that the Pod's containers give this name."""

    @property
    def node(self) -> str:
        return self.pod.spec.get("nodeName") or "" if self.pod else ""

    @property
    def host_network(self) -> bool:
        return bool(self.pod and self.pod.spec.get("hostNetwork"))

    def is_in(self, pods: PodSet) -> bool:
        return self.position is not None and bool(pods >> self.position & 1)


def endpoint_of(pod: Object, position: int) -> Endpoint:
    status = pod.status
    texts = [entry.get("ip") for entry in status.get("podIPs") or ()] or [status.get("podIP")]
    return Endpoint(position, pod, tuple(found for text in texts if text and (found := address(text))), _named_ports(pod))


def _named_ports(pod: Object) -> Mapping[tuple[str, str], tuple[int, ...]]:
    """Port names of all containers that run as long as the Pod does: sidecars (restartable init containers) count, as for Services."""
    spec = pod.spec
    sidecars = [c for c in spec.get("initContainers") or () if c.get("restartPolicy") == "Always"]
    named: dict[tuple[str, str], tuple[int, ...]] = {}
    for container in [*(spec.get("containers") or ()), *sidecars]:
        for port in container.get("ports") or ():
            if port.get("name") and isinstance(port.get("containerPort"), int):
                key = (port["name"], port.get("protocol") or "TCP")
                named[key] = (*named.get(key, ()), port["containerPort"])
    return named


class Endpoints:
    """Every Pod of a cluster, indexed by label. Frozen once made."""

    def __init__(self, cluster: Cluster) -> None:
        self.pods: Sequence[Endpoint] = [endpoint_of(pod, i) for i, pod in enumerate(cluster.of("Pod"))]
        self.everyone: PodSet = (1 << len(self.pods)) - 1
        self.host_network: PodSet = 0
        self._in_namespace: dict[str, PodSet] = defaultdict(int)
        self._pod_labels = _LabelIndex()
        self._namespace_labels = _LabelIndex()
        self._by_address: dict[Address, Endpoint] = {}
        for position, endpoint in enumerate(self.pods):
            assert endpoint.pod is not None
            self._in_namespace[endpoint.pod.namespace] |= 1 << position
            self._pod_labels.add(endpoint.pod.labels, 1 << position)
            if endpoint.host_network:
                self.host_network |= 1 << position
            elif endpoint.pod.status.get("phase") not in ("Succeeded", "Failed"):
                self._by_address.update(dict.fromkeys(endpoint.addresses, endpoint))
        self._addresses = sorted((found, i) for i, endpoint in enumerate(self.pods) for found in endpoint.addresses)
        for name, members in self._in_namespace.items():
            namespace = cluster.get("Namespace", "", name)
            self._namespace_labels.add({**(namespace.labels if namespace else {}), "kubernetes.io/metadata.name": name}, members)

    def in_namespace(self, namespace: str) -> PodSet:
        return self._in_namespace.get(namespace, 0)

    def by_pod_labels(self, selector: Mapping[str, Json]) -> PodSet:
        return self._pod_labels.select(selector, self.everyone)

    def by_namespace_labels(self, selector: Mapping[str, Json]) -> PodSet:
        return self._namespace_labels.select(selector, self.everyone)

    def in_block(self, block: AddressBlock) -> PodSet:
        """Pods that have an address inside. A Pod without an address is in no block."""
        version, chosen = block.within.version, 0
        first, last = (bisect_left(self._addresses, ((version, edge), -1)) for edge in (block.within.low, block.within.high + 1))
        for found, position in self._addresses[first:last]:
            if found in block:
                chosen |= 1 << position
        return chosen

    def at(self, text: str) -> Endpoint:
        """The running Pod that has this address of its own, else a bare address. A node's address belongs to no single Pod."""
        found = address(str(text))
        owner = self._by_address.get(found) if found else None
        return owner or Endpoint(None, None, (found,) if found else (), {})


class _LabelIndex:
    """Label selectors answered from sets by key and by pair (apimachinery `labels.Selector` semantics)."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[str, str], PodSet] = defaultdict(int)
        self._keys: dict[str, PodSet] = defaultdict(int)

    def add(self, labels: Mapping[str, str], members: PodSet) -> None:
        for key, value in labels.items():
            self._pairs[key, value] |= members
            self._keys[key] |= members

    def select(self, selector: Mapping[str, Json], everyone: PodSet) -> PodSet:
        chosen = everyone
        for key, value in (selector.get("matchLabels") or {}).items():
            chosen &= self._pairs.get((key, value), 0)
        for expression in selector.get("matchExpressions") or ():
            chosen &= self._satisfying(expression, everyone)
        return chosen

    def _satisfying(self, expression: Mapping[str, Json], everyone: PodSet) -> PodSet:
        key = expression.get("key") or ""
        listed = 0
        for value in expression.get("values") or ():
            listed |= self._pairs.get((key, value), 0)
        match expression.get("operator"):
            case "In":
                return listed
            case "NotIn":
                return everyone & ~listed
            case "Exists":
                return self._keys.get(key, 0)
            case "DoesNotExist":
                return everyone & ~self._keys.get(key, 0)
        return 0


def members(pods: PodSet) -> Iterator[int]:
    """The positions of the bits that are set, lowest first."""
    while pods:
        lowest = pods & -pods
        yield lowest.bit_length() - 1
        pods ^= lowest
