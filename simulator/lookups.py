"""Lookup -> LookupAnswer: the question on its way to the cluster's DNS, and what the asker's resolver makes of it.

Responsible for: whether a question gets there, which it does or not by the rules for all packets; the asker's resolver.
Leaves to others: what the server answers (`dns`), a question lost now and then (`dns_stall`), policies (`dataplane`).
Mirrors: a resolver that hears nothing gives up: nslookup does not go on to the rest of its search list.
"""

from __future__ import annotations

from dataclasses import replace

from simulator import dns
from simulator.api.core_v1 import Pod
from simulator.api.diagnostics import Basis
from simulator.api.traffic import Hop, Lookup, LookupAnswer
from simulator.cluster import Cluster
from simulator.dataplane.delivery import TIMED_OUT, deliver
from simulator.dataplane.endpoints import serving
from simulator.dataplane.service_proxy import KEPT, Caller
from simulator.dns_stall import stall

UNHEARD = "TIMEOUT"
"""In place of an rcode: no answer came."""


def look_up(cluster: Cluster, lookup: Lookup) -> LookupAnswer:
    """The queries that the asker's resolver makes, until one brings records, a server outside has the last word, or none answers."""
    if lookup.pod is None:
        return dns.resolve(cluster, dns.resolver_of(cluster, None), lookup.name, lookup.type.upper())
    stored = cluster.find(lookup.pod)
    if stored is None:
        hop = Hop("dns", dns.NXDOMAIN, f"there is no {lookup.pod} to ask from", lookup.pod)
        return LookupAnswer((), dns.NXDOMAIN, (), (hop,))
    pod = Pod.of(stored)
    resolver = dns.resolver_of(cluster, pod)
    if resolver.in_cluster and pod.ips and pod.node:
        caller = Caller(pod.ips[0], pod.node, None if pod.host_network else pod.ref)
        hops = unheard(cluster, caller, lookup.name)
        if hops:
            first = resolver.candidates(lookup.name)[0]
            return LookupAnswer(((first, lookup.type.upper(), UNHEARD),), UNHEARD, (), hops)
    answer = dns.resolve(cluster, resolver, lookup.name, lookup.type.upper())
    if not answer.records and not answer.upstream:
        return answer
    seconds, told = stall(cluster, pod, resolver)
    return replace(answer, stall=seconds, hops=(*answer.hops, *told))


def unheard(cluster: Cluster, caller: Caller, name: str) -> tuple[Hop, ...]:
    """Why no question of this caller reaches the cluster's DNS, or () if one does: policies hold for look-ups as for all traffic."""
    servers = serving(cluster, dns.CLUSTER_DNS, 53, "UDP").endpoints
    ends = [deliver(cluster, caller, endpoint, "UDP", KEPT) for endpoint in servers]
    if not ends or any(end.outcome != TIMED_OUT for end in ends):
        return ()
    reason = f"{name}: the question to {dns.CLUSTER_DNS}, port 53/UDP, is dropped on the way"
    return (*ends[0].hops, Hop("dns", "no answer", reason, dns.CLUSTER_DNS, Basis.MODELLED))
