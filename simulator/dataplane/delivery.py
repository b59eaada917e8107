"""The last steps of a connection: NetworkPolicy between the ends, then the Pod itself: does it run, does anything listen there.

Responsible for: the fate of a connection that is on its way to one address and port.
Leaves to others: how it got that address (`service_proxy`, `gateway`, `ingress`), the policies' verdict (`network_policy`).
Modelled: what a process listens on (`controllers.probes`); an address that is no Pod's answers. That a port nobody listens on refuses at
once is TCP's own rule (a Pod's kernel sends RST).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

from simulator.api.core_v1 import Node, Pod
from simulator.api.diagnostics import Basis
from simulator.api.meta import Json, Object, Path, Ref
from simulator.api.traffic import Backend, Connection, ConnectionAnswer, Hop, Peer
from simulator.cluster import Cluster
from simulator.controllers.probes import listens
from simulator.dataplane.endpoints import Endpoint
from simulator.dataplane.hops import hop
from simulator.dataplane.network_policy import decide
from simulator.dataplane.service_proxy import KEPT, Caller
from simulator.dataplane.workloads import owners

ANSWERED, REFUSED, TIMED_OUT = "answered", "refused", "timed-out"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a connection to one endpoint ends: answered, refused or timed-out, `by` the backend or the network."""

    outcome: str
    by: str
    hops: tuple[Hop, ...]


def deliver(cluster: Cluster, caller: Caller, endpoint: Endpoint, protocol: str = "TCP", source: str = KEPT) -> Delivery:
    """Takes a connection to an endpoint. `source` is whose address the endpoint sees, as `service_proxy.Proxied` gives it."""
    verdict = policies(cluster, caller, endpoint, protocol, source)
    if not verdict.allowed:
        hops = verdict.hops or (Hop("network-policy", "denied", verdict.reason, endpoint.pod),)
        return Delivery(TIMED_OUT, "network", hops)
    stored = cluster.find(endpoint.pod) if endpoint.pod else None
    if stored is None:
        reason = f"{endpoint.ip} is no Pod of this cluster; it is taken to answer"
        return Delivery(ANSWERED, "backend", (*verdict.hops, Hop("pod", "answered", reason, None, Basis.MODELLED)))
    arrived = _at_pod(cluster, stored, endpoint.port, protocol)
    return Delivery(arrived.outcome, arrived.by, (*verdict.hops, *arrived.hops))


def backend(endpoint: Endpoint, share: float, service: Ref | None = None, service_port: int | None = None) -> Backend:
    return Backend(service, service_port, endpoint.pod, endpoint.node, endpoint.ip, endpoint.port, share)


def policies(cluster: Cluster, caller: Caller, endpoint: Endpoint, protocol: str, source: str) -> ConnectionAnswer:
    """Policies see a packet as it is on the wire: behind a node's address, the ends are judged one at a time."""
    if not cluster.of("NetworkPolicy"):
        return ConnectionAnswer(True, (), "there is no NetworkPolicy")
    server = Peer(pod=endpoint.pod) if endpoint.pod and cluster.find(endpoint.pod) else Peer(ip=endpoint.ip)
    client = Peer(pod=caller.pod) if caller.pod else Peer(ip=caller.ip)
    if source == KEPT:
        return decide(cluster, Connection(client, server, protocol, endpoint.port))
    node = cluster.get("Node", "", source.removeprefix("node "))
    address = Peer(ip=next(iter(Node.of(node).ips), caller.ip) if node else caller.ip)
    legs = [Connection(address, server, protocol, endpoint.port)]
    if caller.pod:
        legs.insert(0, Connection(client, address, protocol, endpoint.port))
    verdicts = [decide(cluster, leg) for leg in legs]
    denied = next((verdict for verdict in verdicts if not verdict.allowed), None)
    return denied or ConnectionAnswer(True, (), verdicts[-1].reason, reduce(add, (verdict.hops for verdict in verdicts)))


def _at_pod(cluster: Cluster, pod: Object, port: int, protocol: str) -> Delivery:
    view, ref = Pod.of(pod), pod.ref
    node = cluster.get("Node", "", view.node)
    if node is not None and not Node.of(node).ready:
        hop = _hop(cluster, pod, "lost", f"{view.node}, where it runs, does not answer", Basis.MODELLED)
        return Delivery(TIMED_OUT, "network", (hop,))
    if view.finished or not _runs(pod.status):
        hop = _hop(cluster, pod, "refused", f"no container of {ref.name} is running, so nothing listens on port {port}", Basis.MODELLED)
        return Delivery(REFUSED, "backend", (hop,))
    listening, why = listens(pod, port, protocol)
    if not listening:
        hop = _hop(cluster, pod, "refused", f"nothing in Pod {ref.name} listens on port {port}/{protocol}: {why}", Basis.MODELLED)
        return Delivery(REFUSED, "backend", (hop,))
    return Delivery(ANSWERED, "backend", (_hop(cluster, pod, "answered", f"port {port}/{protocol}: {why}", Basis.MODELLED),))


def _runs(status: Mapping[str, Json]) -> bool:
    containers = status.get("containerStatuses")
    if containers:
        return any("running" in (container.get("state") or {}) for container in containers)
    return status.get("phase") in (None, "Running", "Unknown")


def _hop(cluster: Cluster, pod: Object, decision: str, reason: str, basis: Basis) -> Hop:
    """A step at a Pod; its place is that of the manifest that it comes from, be it a workload's."""
    given = (cluster.find(ref) for ref in owners(cluster, pod))
    origin = next((obj for obj in given if obj is not None and obj.document is not None), pod)
    path: Path = ("spec", "containers") if origin is pod else ("spec", "template", "spec", "containers")
    return replace(hop("pod", decision, reason, origin, path, basis), object=pod.ref)
