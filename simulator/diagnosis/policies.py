"""What the rules on NetworkPolicies share: rules and peers with their places, the Pods behind them, and what a change would open or close.

Responsible for: walking policies, naming differences of reach.
Leaves to others: the meaning of policies (`dataplane.network_policy`), judging.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulator.api.core_v1 import Pod
from simulator.api.meta import Json, Object, Path, Ref
from simulator.api.networking_v1 import EGRESS, INGRESS, PEERS_FIELD
from simulator.api.traffic import Connection, Peer, PortRanges, ReachChange
from simulator.cluster import Cluster
from simulator.dataplane.network_policy import decide
from simulator.dataplane.reachability import Reachability, diff, matrix
from simulator.diagnosis.state import State, child
from simulator.diagnosis.wording import listed

PAIRS = 10_000
"""A difference is computed where policies times pairs of workloads are no more than this; beyond it such rules are silent."""


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One item of `ingress` or `egress`. `path` leads to it."""

    policy: Object
    direction: str
    data: Mapping[str, Json]
    path: Path

    @property
    def peers(self) -> Sequence[tuple[Mapping[str, Json], Path]]:
        field = PEERS_FIELD[self.direction]
        return [(peer or {}, (*self.path, field, i)) for i, peer in enumerate(self.data.get(field) or ())]

    @property
    def split(self) -> Sequence[tuple[Path, Path]]:
        """Neighbouring peers of which one has only a namespaceSelector and the other only a podSelector: perhaps meant as one."""
        return [
            (path, next_path)
            for (one, path), (two, next_path) in zip(self.peers, self.peers[1:], strict=False)
            if len(one) == len(two) == 1 and set(one) | set(two) == {"namespaceSelector", "podSelector"}
        ]

    @property
    def ports(self) -> Sequence[tuple[Mapping[str, Json], Path]]:
        return [(port, (*self.path, "ports", i)) for i, port in enumerate(self.data.get("ports") or ())]


def policy_rules(state: State) -> Iterator[PolicyRule]:
    """Every rule of every policy given, in the directions that the policy lists."""
    for policy in state.given("NetworkPolicy"):
        for direction in (INGRESS, EGRESS):
            if isolates(policy, direction):
                for index, rule in enumerate(policy.spec.get(direction) or ()):
                    yield PolicyRule(policy, direction, rule or {}, ("spec", direction, index))


def isolates(policy: Object, direction: str) -> bool:
    """Whether the policy counts for a direction: `policyTypes` lists it."""
    return direction.capitalize() in (policy.spec.get("policyTypes") or ())


def subjects(state: State, policy: Object) -> Sequence[Object]:
    """The Pods that a policy selects, of those that the manifests gave."""
    chosen = {pod.ref for pod in state.cluster.matching("Pod", policy.namespace, child(policy.spec, "podSelector"))}
    return [pod for pod in state.pods(policy.namespace) if pod.ref in chosen]


def namespaces(state: State, policy: Object, peer: Mapping[str, Json]) -> Sequence[str]:
    """The namespaces that a peer speaks of: its own policy's where it has no namespaceSelector."""
    selector = peer.get("namespaceSelector")
    if selector is None:
        return [policy.namespace]
    return [namespace.name for namespace in state.cluster.matching("Namespace", None, selector)]


def peer_pods(state: State, policy: Object, peer: Mapping[str, Json]) -> Sequence[Object]:
    """The Pods that a peer of a policy means, CoreDNS included; an ipBlock means none."""
    if peer.get("podSelector") is None and peer.get("namespaceSelector") is None:
        return []
    selector = peer.get("podSelector") or {}
    return [pod for name in namespaces(state, policy, peer) for pod in state.cluster.matching("Pod", name, selector)]


def servers(state: State, rule: PolicyRule) -> Sequence[Object]:
    """The Pods that the rule's connections lead to: the policy's own for ingress, the peers' for egress."""
    if rule.direction == INGRESS:
        return subjects(state, rule.policy)
    return [pod for peer, _ in rule.peers for pod in peer_pods(state, rule.policy, peer)]


def without_dns(state: State, policy: Object) -> Sequence[Object]:
    """The Pods whose egress a policy restricts, which ask the cluster's DNS, and which no policy lets through to it."""
    dns = [pod.ref for pod in state.cluster.selected("Pod", "kube-system", {"k8s-app": "kube-dns"})]
    found = []
    for pod in subjects(state, policy) if dns and isolates(policy, EGRESS) else ():
        view = Pod.of(pod)
        asks = view.dns_policy == "ClusterFirst" and not view.host_network
        if asks and not any(decide(state.cluster, Connection(Peer(pod=pod.ref), Peer(pod=d), "UDP", 53)).allowed for d in dns):
            found.append(pod)
    return found


def changes(state: State, changed: Sequence[Object], removed: Sequence[Ref] = ()) -> Sequence[ReachChange] | None:
    """What would be open after a change of policies that is not open now; None where the cluster is too large to tell in short time."""
    if not _small(state):
        return None
    return diff(state.cluster.derived(_matrix), matrix(state.cluster.with_objects(changed, removed)))


def difference(before: State, after: State) -> str:
    """What is open after that was not before, and what no longer is; "" where nothing, or where it cannot be told in short time."""
    if not (_small(before) and _small(after)):
        return ""
    found = diff(before.cluster.derived(_matrix), after.cluster.derived(_matrix))
    verbs = {"introduced": "opens", "removed": "closes", "changed": "changes"}
    kinds = {verb: [c for c in found if c.change == change] for change, verb in verbs.items()}
    return "; ".join(f"{verb} {told(some)}" for verb, some in kinds.items() if some)


def _small(state: State) -> bool:
    workloads = len(state.workloads())
    return len(state.cluster.of("NetworkPolicy")) * workloads * workloads <= PAIRS


def _matrix(cluster: Cluster) -> Reachability:
    return matrix(cluster)


def told(found: Sequence[ReachChange]) -> str:
    """`Deployment api to Deployment db and 2 more`."""
    return listed((f"{_peer(change.client)} to {_peer(change.server)}{_on(change)}" for change in found), 2)


def _on(change: ReachChange) -> str:
    """On which ports: ` (TCP 80, now TCP 8080)`; nothing where all of them."""
    if change.change == "changed":
        return f" ({_ports(change.before)}, now {_ports(change.after)})"
    ports = change.after if change.change == "introduced" else change.before
    return f" ({_ports(ports)})" if ports != "all" else ""


def _ports(ports: str | PortRanges) -> str:
    if isinstance(ports, str):
        return f"{ports} ports"
    pairs = ((protocol, low, high) for protocol, ranges in ports.items() for low, high in ranges)
    return listed(f"{protocol} {low}" if low == high else f"{protocol} {low}-{high}" for protocol, low, high in pairs)


def _peer(peer: Peer) -> str:
    if peer.workload is not None:
        return f"{peer.workload.kind} {peer.workload.namespace}/{peer.workload.name}"
    return listed(peer.addresses, 1) if peer.addresses else "the outside"
