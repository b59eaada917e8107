"""NetworkPolicies compiled against the Pods of one cluster: whom each selects, and whom and what each rule admits.

Responsible for: the meaning of every field of a policy. Both questions, the one about a connection and the matrix, are answered from here.
Leaves to others: joining both directions into a verdict (`decision`), all pairs at once (`dataplane.reachability`).
Mirrors: the field documentation of k8s.io/api `networking/v1` types.go, and the NetworkPolicy end-to-end suite, in which `ipBlock`
matches Pods' own addresses too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from simulator.api.meta import Object
from simulator.api.networking_v1 import NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicyRule
from simulator.api.traffic import PolicyRule
from simulator.cluster import Cluster
from simulator.dataplane.network_policy.addresses import AddressBlock
from simulator.dataplane.network_policy.endpoints import Endpoint, Endpoints, PodSet
from simulator.dataplane.network_policy.port_set import ALL_PORTS, EVERY_PORT, NO_PORT, PortSet


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: it admits `everybody`, or the Pods in `pods` and other addresses in `blocks`; on `numbered` and `named` ports."""

    index: int
    everybody: bool
    pods: PodSet
    blocks: tuple[AddressBlock, ...]
    numbered: PortSet
    named: tuple[tuple[str, str], ...]
    """(port name, protocol): what it means differs from server to server."""

    def admits(self, peer: Endpoint) -> bool:
        if self.everybody:
            return True
        if peer.position is not None:
            return peer.is_in(self.pods)
        return any(address in block for address in peer.addresses for block in self.blocks)

    def ports_at(self, server: Endpoint) -> PortSet:
        """The ports of `server` that the rule opens. A name that the server's Pod does not declare opens nothing there."""
        ports = self.numbered
        for name, protocol in self.named:
            for number in server.ports.get((name, protocol), ()):
                ports |= PortSet.of(protocol, number, number)
        return ports


@dataclass(frozen=True, slots=True)
class Policy:
    """`rules` has a direction exactly if the policy isolates its `subjects` in that direction."""

    object: Object
    subjects: PodSet
    rules: Mapping[str, tuple[Rule, ...]]

    @property
    def name(self) -> str:
        return f"{self.object.namespace}/{self.object.name}"


class Policies:
    """All policies of a cluster, and the Pods they speak of."""

    def __init__(self, cluster: Cluster) -> None:
        self.endpoints = Endpoints(cluster)
        self.spares_host_network = cluster.profile.host_network_policy == "ignored"
        """Host-network Pods cannot be told from their node: no selector reaches them. The API allows a plugin this, and most do it."""
        self.all: Sequence[Policy] = [self._policy(item) for item in cluster.of("NetworkPolicy")]

    def isolating(self, endpoint: Endpoint, direction: str) -> Sequence[Policy]:
        """The policies that select this Pod for this direction. None at all: everything is allowed."""
        return [policy for policy in self.all if direction in policy.rules and endpoint.is_in(policy.subjects)]

    def _policy(self, item: Object) -> Policy:
        policy = NetworkPolicy.of(item)
        subjects = self.endpoints.in_namespace(item.namespace) & self._selectable(self.endpoints.by_pod_labels(policy.pod_selector))
        return Policy(
            item,
            subjects,
            {
                direction: tuple(self._rule(index, rule, item.namespace) for index, rule in enumerate(rules))
                for direction, rules in policy.rules.items()
            },
        )

    def _rule(self, index: int, rule: NetworkPolicyRule, namespace: str) -> Rule:
        pods, blocks = 0, []
        for peer in rule.peers:
            block = peer.ip_block and AddressBlock.of(peer.ip_block)
            if block:
                blocks.append(block)
                pods |= self.endpoints.in_block(block)
            else:
                pods |= self._selected(peer, namespace)
        numbered = ALL_PORTS if not rule.ports else NO_PORT
        for port in rule.ports:
            numbered |= _numbered(port)
        named = tuple((port.port, port.protocol) for port in rule.ports if isinstance(port.port, str))
        return Rule(index, not rule.peers, pods, tuple(blocks), numbered, named)

    def _selected(self, peer: NetworkPolicyPeer, namespace: str) -> PodSet:
        """Both selectors in one item mean "and"; without a namespaceSelector, the policy's own namespace is meant."""
        if peer.pod_selector is None and peer.namespace_selector is None:
            return 0
        if peer.namespace_selector is None:
            pods = self.endpoints.in_namespace(namespace)
        else:
            pods = self.endpoints.by_namespace_labels(peer.namespace_selector)
        if peer.pod_selector is not None:
            pods &= self.endpoints.by_pod_labels(peer.pod_selector)
        return self._selectable(pods)

    def _selectable(self, pods: PodSet) -> PodSet:
        return pods & ~self.endpoints.host_network if self.spares_host_network else pods


def _numbered(port: NetworkPolicyPort) -> PortSet:
    if port.port is None:
        return PortSet.of(port.protocol, *EVERY_PORT)
    if isinstance(port.port, int):
        return PortSet.of(port.protocol, port.port, port.end_port or port.port)
    return NO_PORT


@dataclass(frozen=True, slots=True)
class Direction:
    """What the policies say about one direction of a connection. `isolating` select the subject.

    `admitting` and `nearly` are those of their rules that admit the peer: the ones on (one of) the wanted ports, the others elsewhere.
    """

    name: str
    subject: Endpoint
    peer: Endpoint
    isolating: Sequence[Policy]
    admitting: Sequence[tuple[Policy, Rule]]
    nearly: Sequence[tuple[Policy, Rule, PortSet]]

    @classmethod
    def of(cls, name: str, subject: Endpoint, peer: Endpoint, server: Endpoint, wanted: PortSet, isolating: Sequence[Policy]) -> Direction:
        matches = [(policy, rule, rule.ports_at(server)) for policy in isolating for rule in policy.rules[name] if rule.admits(peer)]
        admitting = [(policy, rule) for policy, rule, ports in matches if ports & wanted]
        return cls(name, subject, peer, isolating, admitting, [match for match in matches if not match[2] & wanted])

    @property
    def allowed(self) -> bool:
        return not self.isolating or bool(self.admitting)

    def decided_by(self) -> Iterator[PolicyRule]:
        """Every rule that admits; without one, the policies that isolate."""
        if self.admitting:
            yield from (PolicyRule(policy.object.ref, self.name, rule.index) for policy, rule in self.admitting)
        else:
            yield from (PolicyRule(policy.object.ref, self.name, None) for policy in self.isolating)


_compiled: WeakKeyDictionary[Cluster, Policies] = WeakKeyDictionary()


def policies_of(cluster: Cluster) -> Policies:
    """The cluster's policies, compiled once for as long as the cluster lives."""
    found = _compiled.get(cluster)
    if found is None:
        found = _compiled[cluster] = Policies(cluster)
    return found
