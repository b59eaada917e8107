"""Who can reach whom: every pair of workloads and the outside at once, and what a change of manifests changes.

Responsible for: the matrix, its differences.
Leaves to others: what policies mean (`network_policy.policies`), drawing it (the bot).

Pods that every policy treats alike form a class, and so do outside addresses that every `ipBlock` treats alike. Verdicts are computed
between classes, of which there are few, and only read for pairs of workloads, of which there are many.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import overload

from simulator.api.meta import Ref
from simulator.api.networking_v1 import EGRESS, INGRESS
from simulator.api.traffic import Peer, Reach, ReachChange
from simulator.cluster import Cluster
from simulator.dataplane.network_policy.addresses import AddressRange, cidr, split_space
from simulator.dataplane.network_policy.endpoints import Endpoint, PodSet, members
from simulator.dataplane.network_policy.policies import Policies, Rule, policies_of
from simulator.dataplane.network_policy.port_set import ALL_PORTS, NO_PORT, PortSet
from simulator.dataplane.workloads import given_workloads


def matrix(cluster: Cluster) -> Reachability:
    """What each workload may reach of each other, and of the outside."""
    return Reachability(cluster)


@dataclass(frozen=True, slots=True)
class Outside:
    """Outside addresses that no policy tells apart: `ranges` in order, and the class that they form."""

    ranges: tuple[AddressRange, ...]
    position: int


class Reachability(Sequence[Reach]):
    """The matrix of one cluster: all ordered pairs of given workloads, then what is open between each and the outside.

    A pair is what some Pod of the one may open to some Pod of the other; a workload with itself, what its Pods may open among each
    other, and everything where there is but one, for a Pod always reaches itself. Outside means every address that is not in the profile's
    Pod and Service networks; the entry of a workload joins what is open to any of them, `outside_of` keeps them apart.
    """

    def __init__(self, cluster: Cluster) -> None:
        policies = policies_of(cluster)
        workloads = given_workloads(cluster)
        self.workloads: Sequence[Ref] = list(workloads)
        self._classes = _Classes(cluster, policies, [pod.ref for pods in workloads.values() for pod in pods])
        self._members: Mapping[Ref, Mapping[int, int]] = {
            workload: Counter(self._classes.of_pod[pod.ref] for pod in pods) for workload, pods in workloads.items()
        }
        """The classes of each workload's Pods, and how many of them are in each."""
        self.outside: Sequence[Outside] = self._classes.outside
        self._outside_entries = list(self._with_outside())

    def between(self, client: Ref, server: Ref) -> PortSet:
        """The ports of workload `server` that are open to workload `client`; none if either is not in the matrix."""
        if client == server and client in self._members:
            return self._among(self._members[client])
        return self._open(self._members.get(client, ()), self._members.get(server, ()))

    def outside_of(self, workload: Ref, direction: str) -> Iterator[tuple[Outside, PortSet]]:
        """What is open between a workload and each part of the outside, by direction as seen from the workload."""
        own = tuple(self._members.get(workload, ()))
        for part in self.outside:
            yield part, self._open([part.position], own) if direction == INGRESS else self._open(own, [part.position])

    def _among(self, own: Mapping[int, int]) -> PortSet:
        pairs = [(one, other) for one, other in product(own, own) if one != other or own[one] > 1]
        ports = NO_PORT if pairs else ALL_PORTS
        for one, other in pairs:
            ports |= self._classes.row(one)[other]
        return ports

    def _open(self, clients: Collection[int], servers: Collection[int]) -> PortSet:
        if len(clients) == len(servers) == 1:
            return self._classes.row(next(iter(clients)))[next(iter(servers))]
        ports = NO_PORT
        for client, server in product(clients, servers):
            ports |= self._classes.row(client)[server]
        return ports

    def _with_outside(self) -> Iterator[Reach]:
        outside = [part.position for part in self.outside]
        for workload in self.workloads:
            own, peer = tuple(self._members[workload]), Peer(workload=workload)
            if inwards := self._open(outside, own):
                yield Reach(Peer(external=True), peer, inwards.told())
            if outwards := self._open(own, outside):
                yield Reach(peer, Peer(external=True), outwards.told())

    @property
    def _pairs(self) -> int:
        return len(self.workloads) ** 2

    def __len__(self) -> int:
        return self._pairs + len(self._outside_entries)

    @overload
    def __getitem__(self, index: int) -> Reach: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Reach]: ...
    def __getitem__(self, index: int | slice) -> Reach | Sequence[Reach]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        if index >= self._pairs:
            return self._outside_entries[index - self._pairs]
        one, other = (self.workloads[i] for i in divmod(index, len(self.workloads)))
        return Reach(Peer(workload=one), Peer(workload=other), self.between(one, other).told())


class _Classes:
    """Pods and outside addresses in classes, and what is open between classes, row by row as they are asked for."""

    def __init__(self, cluster: Cluster, policies: Policies, pods: Iterable[Ref]) -> None:
        self._spares_host_network = policies.spares_host_network
        self._policies = policies.all if cluster.profile.enforces_network_policy else ()
        self._rules = [rule for policy in self._policies for rules in policy.rules.values() for rule in rules]
        position = {endpoint.pod.ref: i for i, endpoint in enumerate(policies.endpoints.pods) if endpoint.pod}
        wanted = [(ref, position[ref]) for ref in pods]
        classes = self._split(policies, sum(1 << i for _, i in wanted))
        class_of = {i: number for number, pod_set in enumerate(classes) for i in members(pod_set)}
        self.of_pod: Mapping[Ref, int] = {ref: class_of[i] for ref, i in wanted}
        self._endpoints: list[Endpoint] = [policies.endpoints.pods[next(members(pod_set))] for pod_set in classes]
        self.outside: list[Outside] = []
        for ranges in _outside_ranges(cluster, self._rules):
            self.outside.append(Outside(ranges, len(self._endpoints)))
            self._endpoints.append(Endpoint(None, None, ((ranges[0].version, ranges[0].low),), {}))
        self._admitted = {id(rule): [i for i, e in enumerate(self._endpoints) if rule.admits(e)] for rule in self._rules}
        self._known: dict[PortSet, PortSet] = {ALL_PORTS: ALL_PORTS}
        """Each set of ports once, so that equal ones are the same object and `_both` finds its answers again."""
        self._one_sided: dict[object, Sequence[PortSet]] = {}
        self._ingress = [self._side(endpoint, INGRESS) for endpoint in self._endpoints]
        self._rows: dict[int, Sequence[PortSet]] = {}
        self._common: dict[tuple[int, int], PortSet] = {}

    def row(self, client: int) -> Sequence[PortSet]:
        """What the class `client` may reach of each class."""
        row = self._rows.get(client)
        if row is None:
            egress = self._side(self._endpoints[client], EGRESS)
            row = self._rows[client] = [self._both(out, into[client]) for out, into in zip(egress, self._ingress, strict=True)]
        return row

    def _split(self, policies: Policies, pods: PodSet) -> list[PodSet]:
        """The coarsest classes of `pods` that no policy, rule or port name tells apart."""
        names = {name for rule in self._rules for name in rule.named}
        by_ports: dict[object, PodSet] = {}
        for i, endpoint in enumerate(policies.endpoints.pods):
            node = (endpoint.node, endpoint.host_network) if self._spares_host_network else ()
            told_apart = (node, tuple(endpoint.ports.get(name) for name in sorted(names)))
            by_ports[told_apart] = by_ports.get(told_apart, 0) | 1 << i
        cuts = {*by_ports.values(), *(policy.subjects for policy in self._policies), *(rule.pods for rule in self._rules)}
        classes = [pods] if pods else []
        for cut in cuts:
            classes = [part for each in classes for part in (each & cut, each & ~cut) if part]
        return classes

    def _side(self, subject: Endpoint, direction: str) -> Sequence[PortSet]:
        """What one direction's policies leave open between `subject` and each class, as if the other side had none."""
        isolating = [p for p in self._policies if direction in p.rules and subject.is_in(p.subjects)]
        if not isolating:
            return self._one_sided.setdefault(None, [ALL_PORTS] * len(self._endpoints))
        rules = [rule for policy in isolating for rule in policy.rules[direction]]
        names = tuple(subject.ports.get(name) for rule in rules for name in rule.named) if direction == INGRESS else ()
        key = (direction, tuple(map(id, rules)), names, subject.node if self._spares_host_network else "")
        if key not in self._one_sided:
            self._one_sided[key] = self._open_by(rules, subject, direction)
        return self._one_sided[key]

    def _open_by(self, rules: Sequence[Rule], subject: Endpoint, direction: str) -> Sequence[PortSet]:
        side = [NO_PORT] * len(self._endpoints)
        for rule in rules:
            same = rule.ports_at(subject) if direction == INGRESS or not rule.named else None
            for i in self._admitted[id(rule)]:
                side[i] |= rule.ports_at(self._endpoints[i]) if same is None else same
        if self._spares_host_network:
            for i, endpoint in enumerate(self._endpoints):
                if endpoint.host_network and endpoint.node and endpoint.node == subject.node:
                    side[i] = ALL_PORTS
        return [self._known.setdefault(ports, ports) for ports in side]

    def _both(self, out: PortSet, into: PortSet) -> PortSet:
        if out is ALL_PORTS:
            return into
        if into is ALL_PORTS:
            return out
        key = (id(out), id(into))
        common = self._common.get(key)
        if common is None:
            common = self._common[key] = out & into
        return common


def _outside_ranges(cluster: Cluster, rules: Iterable[Rule]) -> Iterator[tuple[AddressRange, ...]]:
    """The addresses that are neither Pods' nor Services', in groups that no rule tells apart."""
    blocks = [(number, block) for number, rule in enumerate(rules) for block in rule.blocks]
    inside = [found for text in (*cluster.profile.pod_networks, *cluster.profile.service_networks) if (found := cidr(text))]
    pieces = list(split_space([*inside, *(each for _, block in blocks for each in block.ranges)]))
    starts = [(piece.version, piece.low) for piece in pieces]
    admitting: list[set[int]] = [set() for _ in pieces]
    for number, block in blocks:
        first, last = (bisect_left(starts, (block.within.version, edge)) for edge in (block.within.low, block.within.high + 1))
        for i in range(first, last):
            if starts[i] in block:
                admitting[i].add(number)
    groups: dict[frozenset[int], list[AddressRange]] = {}
    for piece, start, numbers in zip(pieces, starts, admitting, strict=True):
        if not any(start in network for network in inside):
            groups.setdefault(frozenset(numbers), []).append(piece)
    yield from map(tuple, groups.values())


def diff(before: Reachability, after: Reachability) -> Sequence[ReachChange]:
    """Every pair for which something else is open after than before, workloads first and then the outside by address ranges.

    That a new workload's Pods reach each other is no news; where it was there before, that is told as for any pair.
    """
    workloads = list(dict.fromkeys([*before.workloads, *after.workloads]))
    lasting = set(before.workloads) & set(after.workloads)
    changes = []
    for client, server in product(workloads, workloads):
        if client == server and client not in lasting:
            continue
        was, will_be = before.between(client, server), after.between(client, server)
        changes.append(_change(Peer(workload=client), Peer(workload=server), was, will_be))
    for workload in workloads:
        for direction in (INGRESS, EGRESS):
            for addresses, was, will_be in _outside_of_both(before, after, workload, direction):
                outside, own = Peer(external=True, addresses=addresses), Peer(workload=workload)
                client_peer, server_peer = (outside, own) if direction == INGRESS else (own, outside)
                changes.append(_change(client_peer, server_peer, was, will_be))
    return [change for change in changes if change]


def _change(client: Peer, server: Peer, was: PortSet, will_be: PortSet) -> ReachChange | None:
    if was == will_be:
        return None
    return ReachChange(client, server, "changed" if was and will_be else "introduced" if will_be else "removed", was.told(), will_be.told())


def _outside_of_both(
    before: Reachability, after: Reachability, workload: Ref, direction: str
) -> Iterator[tuple[tuple[str, ...], PortSet, PortSet]]:
    """Outside addresses in groups that neither side tells apart. No addresses are told where there is but one group."""
    outside_after = list(after.outside_of(workload, direction))
    whole = len(before.outside) == len(after.outside) == 1
    for part, was in before.outside_of(workload, direction):
        for other, will_be in outside_after:
            shared = [common for one, two in product(part.ranges, other.ranges) if (common := one & two)]
            if shared:
                yield () if whole else tuple(map(str, shared)), was, will_be
