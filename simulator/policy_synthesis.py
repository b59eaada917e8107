"""The question put the other way: which NetworkPolicies make exactly these connections possible?

Responsible for: the fewest and plainest policies for wanted pairs, and the proof by the matrix that they do it.
Leaves to others: what policies mean (`dataplane`), showing them (the bot).

A wish is a `Reach`: this client may reach this server on these ports. For every server that wishes name, they are the whole truth: who
is not named gets nothing ("none" names a server without a client). Other servers stay as they are. Selectors use labels that stand in
Pod templates, never those that controllers add; few policies come before few peers, few peers before few labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, count

from simulator.api.meta import Json, Object, Ref
from simulator.api.networking_v1 import EGRESS, INGRESS, PEERS_FIELD
from simulator.api.traffic import Connection, Peer, PortRanges, Reach, ReachChange
from simulator.cluster import Cluster
from simulator.dataplane.network_policy import decide
from simulator.dataplane.network_policy.addresses import Address, cidr
from simulator.dataplane.network_policy.endpoints import Endpoints, PodSet, members
from simulator.dataplane.network_policy.policies import policies_of
from simulator.dataplane.network_policy.port_set import ALL_PORTS, EVERY_PORT, NO_PORT, PROTOCOLS, PortSet
from simulator.dataplane.reachability import Reachability, diff
from simulator.dataplane.workloads import given_workloads

NAME_LABEL = "kubernetes.io/metadata.name"
CONTROLLERS_LABELS = frozenset(
    {
        "pod-template-hash", "controller-revision-hash", "pod-template-generation", "statefulset.kubernetes.io/pod-name",
        "apps.kubernetes.io/pod-index", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name", "controller-uid", "job-name",
        "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
    }
)  # fmt: skip
_MOST_CANDIDATES = 40
_MOST_LABELS = 3


@dataclass(frozen=True, slots=True)
class Unmet:
    """A pair for which the policies do not bring what was wished, and why not."""

    client: Peer
    server: Peer
    wanted: str | PortRanges
    found: str | PortRanges
    reason: str


@dataclass(frozen=True, slots=True)
class Synthesis:
    """`policies` to add, everything that they change, and the wishes that they do not bring, by the matrix of the changed cluster."""

    policies: tuple[Object, ...]
    changes: Sequence[ReachChange]
    unmet: tuple[Unmet, ...]

    @property
    def proved(self) -> bool:
        return not self.unmet


def synthesise(cluster: Cluster, wishes: Sequence[Reach]) -> Synthesis:
    """The policies for the wishes: ingress at the servers, and egress at clients that existing policies isolate.

    A wish names workloads, or as client the outside (`Peer(external=True)`, with `addresses` for parts of it). What cannot be
    brought about (an unknown workload, labels that do not tell Pods apart, an existing policy that admits more) stands in `unmet`.
    """
    before = Reachability(cluster)
    author = _Author(cluster, wishes)
    policies = author.policies(INGRESS)
    after = Reachability(cluster.with_objects(policies))
    if any(found & wish.ports != wish.ports for wish in author.wishes for found in wish.found(after)):
        policies += author.policies(EGRESS, isolated_only=True)
        after = Reachability(cluster.with_objects(policies))
    return Synthesis(tuple(policies), diff(before, after), tuple(_unmet(cluster.with_objects(policies), after, author.wishes)))


@dataclass(frozen=True, slots=True)
class _Wish:
    """What shall be open between a client and a server, exactly. `apart`: addresses outside for which there are wishes of their own."""

    client: Peer
    server: Ref
    ports: PortSet
    versions: frozenset[int] = frozenset()
    apart: tuple[str, ...] = ()

    def found(self, reach: Reachability) -> Sequence[PortSet]:
        """What is open: one set for a workload, one for each part of the outside that the wish speaks of."""
        if self.client.workload:
            return [reach.between(self.client.workload, self.server)]
        within, apart = ([found for text in texts if (found := cidr(text))] for texts in (self.client.addresses, self.apart))

        def meant(start: Address) -> bool:
            inside = not self.client.addresses or any(start in each for each in within)
            return inside and start[0] in self.versions and not any(start in each for each in apart)

        parts = reach.outside_of(self.server, INGRESS)
        return [ports for part, ports in parts if any(meant((each.version, each.low)) for each in part.ranges)] or [NO_PORT]


def ports_of(told: str | PortRanges) -> PortSet:
    """The set that `Reach.allowed` tells: "all", "none" or ranges by protocol."""
    if isinstance(told, str):
        return ALL_PORTS if told == "all" else NO_PORT
    ports = NO_PORT
    for protocol, ranges in told.items():
        for low, high in ranges:
            ports |= PortSet.of(protocol, low, high)
    return ports


class _Author:
    """Writes policies for wishes about one cluster."""

    def __init__(self, cluster: Cluster, wishes: Sequence[Reach]) -> None:
        self._cluster = cluster
        self._endpoints: Endpoints = policies_of(cluster).endpoints
        position = {endpoint.pod.ref: 1 << i for i, endpoint in enumerate(self._endpoints.pods) if endpoint.pod}
        self._pods: Mapping[Ref, PodSet] = {
            workload: sum(position[pod.ref] for pod in pods) for workload, pods in given_workloads(cluster).items()
        }
        self._versions = frozenset({version for e in self._endpoints.pods for version, _ in e.addresses} or {4})
        self.wishes = list(self._complete(wishes))
        self._taken = {(item.namespace, item.name) for item in cluster.of("NetworkPolicy")}

    def _complete(self, wishes: Sequence[Reach]) -> Iterator[_Wish]:
        """One wish per pair: those that were made, and "none" for everybody else who could reach a server that they name."""
        made: dict[tuple[Peer, Ref], PortSet] = {}
        for wish in wishes:
            if wish.server.workload is not None:
                key = (wish.client, wish.server.workload)
                made[key] = made.get(key, NO_PORT) | ports_of(wish.allowed)
        everybody = [*(Peer(workload=workload) for workload in self._pods), Peer(external=True)]
        for server in dict.fromkeys(server for _, server in made):
            own = [client for client, of in made if of == server]
            apart = tuple(address for client in own for address in client.addresses)
            for client in dict.fromkeys([*everybody, *own]):
                if client.workload != server:
                    ports = made.get((client, server), NO_PORT)
                    yield _Wish(client, server, ports, self._versions, () if client.addresses else apart)

    def policies(self, direction: str, isolated_only: bool = False) -> list[Object]:
        """One direction's policies: Pods of a namespace with the same rules share one, where a selector fits them exactly."""
        alike: dict[tuple[str, str], tuple[list[Json], PodSet]] = {}
        for workload, wishes in self._by_subject(direction).items():
            if workload not in self._pods or (isolated_only and not self._isolated(workload, direction)):
                continue
            rules = self._rules(workload, wishes, direction)
            _, pods = alike.get((workload.namespace, repr(rules)), (rules, 0))
            alike[workload.namespace, repr(rules)] = (rules, pods | self._pods[workload])
        written = []
        for (namespace, _), (rules, pods) in alike.items():
            for selector, chosen in self._cover(pods, self._pod_selectors(namespace, pods)):
                written.append(self._policy(namespace, selector["podSelector"], direction, rules, chosen))
        return written

    def _by_subject(self, direction: str) -> Mapping[Ref, list[_Wish]]:
        grouped: dict[Ref, list[_Wish]] = {}
        for wish in self.wishes:
            subject = wish.server if direction == INGRESS else wish.client.workload
            if subject is not None and (direction == INGRESS or wish.ports):
                grouped.setdefault(subject, []).append(wish)
        return grouped

    def _isolated(self, workload: Ref, direction: str) -> bool:
        policies = policies_of(self._cluster)
        return any(policies.isolating(policies.endpoints.pods[i], direction) for i in members(self._pods[workload]))

    def _rules(self, workload: Ref, wishes: Sequence[_Wish], direction: str) -> list[Json]:
        by_ports: dict[PortSet, list[Peer]] = {}
        for wish in wishes:
            if wish.ports:
                by_ports.setdefault(wish.ports, []).append(wish.client if direction == INGRESS else Peer(workload=wish.server))
        rules = []
        for ports, peers in by_ports.items():
            rule: dict[str, Json] = {}
            everybody = {peer.workload for peer in peers if peer.workload} >= set(self._pods) - {workload}
            if not (everybody and Peer(external=True) in peers):
                rule[PEERS_FIELD[direction]] = list(self._peers(workload, peers))
                if not rule[PEERS_FIELD[direction]]:
                    continue  # no selector fits, and an empty list would admit everybody
            if ports != ALL_PORTS:
                rule["ports"] = list(_policy_ports(ports))
            rules.append(rule)
        return rules

    def _peers(self, subject: Ref, peers: Sequence[Peer]) -> Iterator[Json]:
        wanted = 0
        for peer in peers:
            wanted |= self._pods.get(peer.workload, 0) if peer.workload else 0
        own = self._pods[subject]
        candidates = [(selector, pods & ~own) for selector, pods in self._peer_selectors(subject.namespace, wanted)]
        yield from (selector for selector, _ in self._cover(wanted, candidates))
        for peer in peers:
            if peer.external:
                yield from ({"ipBlock": {"cidr": text}} for text in peer.addresses)
                yield from () if peer.addresses else self._everywhere(subject)

    def _everywhere(self, server: Ref) -> Iterator[Json]:
        """Every address of the Pods' IP versions, without the Pod network and the parts for which there are wishes of their own."""
        apart = [text for wish in self.wishes if wish.server == server for text in wish.client.addresses]
        for version, everything in ((4, "0.0.0.0/0"), (6, "::/0")):
            if version in self._versions:
                holes = [
                    text for text in (*self._cluster.profile.pod_networks, *apart) if (found := cidr(text)) and found.version == version
                ]
                yield {"ipBlock": {"cidr": everything, **({"except": holes} if holes else {})}}

    def _pod_selectors(self, namespace: str, wanted: PodSet) -> list[tuple[Json, PodSet]]:
        """Selectors that choose Pods of one namespace, plainest first; the whole namespace last, for it takes in what comes later too."""
        home = self._endpoints.in_namespace(namespace)
        selectors: list[Json] = [*({"matchLabels": labels} for labels in self._label_sets(wanted & home)), {}]
        return [({"podSelector": selector}, self._endpoints.by_pod_labels(selector) & home) for selector in selectors]

    def _peer_selectors(self, namespace: str, wanted: PodSet) -> Iterator[tuple[Json, PodSet]]:
        homes = dict.fromkeys(workload.namespace for workload, pods in self._pods.items() if pods & wanted)
        for home in homes:
            for selector, pods in self._pod_selectors(home, wanted):
                if home == namespace:
                    yield selector, pods
                else:
                    narrowed = {} if selector == {"podSelector": {}} else selector
                    yield {"namespaceSelector": {"matchLabels": {NAME_LABEL: home}}, **narrowed}, pods

    def _label_sets(self, pods: PodSet) -> Iterator[dict[str, str]]:
        """Sets of one, two or three labels that one of the Pods carries, small ones first, the usual names for an app before others."""
        carried = dict.fromkeys(
            tuple(sorted(((k, v) for k, v in endpoint.pod.labels.items() if k not in CONTROLLERS_LABELS), key=_usual_first))
            for endpoint in map(self._endpoints.pods.__getitem__, members(pods))
            if endpoint.pod is not None
        )
        for size in range(1, _MOST_LABELS + 1):
            for labels in dict.fromkeys(chosen for each in carried for chosen in combinations(each, size)):
                yield dict(labels)

    def _cover(self, wanted: PodSet, candidates: Iterable[tuple[Json, PodSet]]) -> Sequence[tuple[Json, PodSet]]:
        """The fewest candidates that together choose exactly the wanted Pods; as many of them as possible where none do."""
        useful: dict[PodSet, tuple[Json, PodSet]] = {}
        for selector, pods in candidates:
            if pods and not pods & ~wanted:
                useful.setdefault(pods, (selector, pods))
        best = [one for one in useful.values() if not any(one[1] != other and not one[1] & ~other for other in useful)]
        if len(best) <= _MOST_CANDIDATES:
            for size in range(1, min(len(best), 3) + 1):
                for chosen in combinations(best, size):
                    if _union(chosen) == wanted:
                        return chosen
        greedy: list[tuple[Json, PodSet]] = []
        left = wanted
        while best and (choice := max(best, key=lambda one: (one[1] & left).bit_count()))[1] & left:
            greedy.append(choice)
            left &= ~choice[1]
        return greedy

    def _policy(self, namespace: str, selector: Json, direction: str, rules: list[Json], pods: PodSet) -> Object:
        subjects = [workload.name for workload, own in self._pods.items() if own & pods]
        stem = f"{subjects[0] if len(subjects) == 1 else 'pods'}-{direction}"
        name = next(name for n in count(1) if (namespace, name := stem if n == 1 else f"{stem}-{n}") not in self._taken)
        self._taken.add((namespace, name))
        spec = {"podSelector": selector, "policyTypes": [direction.capitalize()], **({direction: rules} if rules else {})}
        data = {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": name, "namespace": namespace},
            "spec": spec,
        }
        return Object("networking.k8s.io/v1", "NetworkPolicy", namespace, name, data)


def _usual_first(label: tuple[str, str]) -> tuple[int, str]:
    usual = ("app", "app.kubernetes.io/name", "k8s-app", "name")
    return (usual.index(label[0]) if label[0] in usual else len(usual)), label[0]


def _union(chosen: Iterable[tuple[Json, PodSet]]) -> PodSet:
    union = 0
    for _, pods in chosen:
        union |= pods
    return union


def _policy_ports(ports: PortSet) -> Iterator[Json]:
    for protocol, ranges in zip(PROTOCOLS, ports.ranges, strict=True):
        for low, high in ranges:
            if (low, high) == EVERY_PORT:
                yield {"protocol": protocol}
            else:
                yield {"protocol": protocol, "port": low, **({"endPort": high} if high != low else {})}


def _unmet(cluster: Cluster, reach: Reachability, wishes: Sequence[_Wish]) -> Iterator[Unmet]:
    for wish in wishes:
        server = Peer(workload=wish.server)
        for found in wish.found(reach):
            if found != wish.ports:
                protocol, port = _first_difference(found, wish.ports)
                reason = decide(cluster, Connection(wish.client, server, protocol, port)).reason
                yield Unmet(wish.client, server, wish.ports.told(), found.told(), reason)
                break


def _first_difference(found: PortSet, wanted: PortSet) -> tuple[str, int]:
    edges = {
        (protocol, port)
        for ports in (found, wanted)
        for protocol, ranges in zip(PROTOCOLS, ports.ranges, strict=True)
        for low, high in ranges
        for port in (low, high, low - 1, high + 1)
    }
    return next(edge for edge in sorted(edges) if found.holds(*edge) != wanted.holds(*edge))
