"""kube-proxy: which endpoints a connection to a Service's address may reach, or how it ends, and whose address the Pod sees.

Responsible for: ClusterIP, node port, load balancer and external addresses under both traffic policies, source ranges, hairpin,
session affinity, the differences between the proxy modes.
Leaves to others: the endpoints (`endpoints`), what a node uses of them (`topology`), what lies behind (`delivery`), names (`dns`).
Mirrors: kubernetes `pkg/proxy/{iptables,nftables,ipvs}/proxier.go`, with Pods told by their cluster CIDR. Rules act where a packet
first meets kube-proxy: on the client's own node, or on the node that it came in by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network

from simulator.api.core_v1 import Service, ServicePort, family_of
from simulator.api.diagnostics import Basis
from simulator.api.meta import Ref
from simulator.cluster import Cluster
from simulator.controllers.kubelet import nodes
from simulator.dataplane.endpoints import Endpoint, of_port
from simulator.dataplane.topology import Usable, categorize

CLUSTER_IP, NODE_PORT, LOAD_BALANCER_IP, EXTERNAL_IP = "clusterIP", "nodePort", "loadBalancerIP", "externalIP"
SENT, REJECTED, DROPPED = "sent", "rejected", "dropped"
KEPT = "kept"
_STRANGER = "; a Pod of another node counts as outside here, since most network plugins put the address of its node in place of its own"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends: a Pod on the Pod network, a process on a node (a host-network Pod too), or something outside (neither)."""

    ip: str
    node: str = ""
    pod: Ref | None = None

    @property
    def inside(self) -> bool:
        return bool(self.node)

    def __str__(self) -> str:
        return str(self.pod) if self.pod else f"a process on {self.node}" if self.node else self.ip


@dataclass(frozen=True, slots=True)
class Proxied:
    """What kube-proxy does with a new connection: `sent` to one of `choices` (endpoint and share), `rejected` or `dropped`.

    `source` is `kept` or `node NAME`: whose address the endpoint sees. `reason` is a CamelCase word, `message` a sentence.
    """

    outcome: str
    choices: tuple[tuple[Endpoint, float], ...] = ()
    source: str = KEPT
    reason: str = ""
    message: str = ""
    basis: Basis = Basis.IMPLEMENTED


def proxy(cluster: Cluster, service: Service, port: ServicePort, destination: str, node: str, caller: Caller) -> Proxied:
    """The verdict on one address and port of a Service. `destination` is one of the four kinds; `node` the node whose rules act.

    A load balancer with no `node` named spreads over the nodes that pass its health check.
    """
    family = service.ip_families[0]
    known = of_port(cluster, service, port, family)
    if destination == LOAD_BALANCER_IP and not node:
        each = [_on_node(cluster, service, known, destination, name, caller) for name in _behind_load_balancer(cluster, service, known)]
        return _spread(each)
    return _on_node(cluster, service, known, destination, node, caller)


def unknown_port(cluster: Cluster, service: Service, port: int) -> Proxied:
    """A connection to a ClusterIP at a port that the Service does not have."""
    has = ", ".join(str(p.port) for p in service.ports) or "none"
    start = f"Service {service.ref.name} has no port {port} (it has {has})"
    if cluster.profile.proxy_mode == "iptables":
        return Proxied(
            DROPPED, reason="PortNotFound", message=f"{start}: no rule matches, and the packet leaves by the node's default route"
        )
    return Proxied(REJECTED, reason="PortNotFound", message=f"{start}: the {cluster.profile.proxy_mode} rules reject it")


def portless(cluster: Cluster, service: str) -> Proxied:
    """A packet to a ClusterIP that is for no port, such as ping's: all rules that lead on to Pods ask for protocol and port."""
    start = f"the address of Service {service} stands for its ports, and ICMP has none"
    match cluster.profile.proxy_mode:
        case "iptables":
            left = "no rule matches, and the packet is lost on the node's default route"
            return Proxied(DROPPED, reason="NoPort", message=f"{start}: {left}")
        case "nftables":
            return Proxied(REJECTED, reason="NoPort", message=f"{start}: the nftables rules reject what is for none of them")
    bound = "the nodes have the address on kube-ipvs0, and a filter rule rejects there what is for none of them"
    return Proxied(REJECTED, reason="NoPort", message=f"{start}: {bound}")


def unallocated(cluster: Cluster, ip: str) -> Proxied:
    """A connection to an address of the Service network that no Service has."""
    acts = "nftables drops it" if cluster.profile.proxy_mode == "nftables" else "no rule matches, and the packet is lost on its way out"
    return Proxied(DROPPED, reason="NoSuchServiceAddress", message=f"no Service has the address {ip}: {acts}")


def in_service_network(cluster: Cluster, ip: str) -> bool:
    return any(_within(ip, cidr) for cidr in cluster.profile.service_networks)


def _on_node(cluster: Cluster, service: Service, known: Sequence[Endpoint], destination: str, node: str, caller: Caller) -> Proxied:
    view = next((n for n in nodes(cluster) if n.name == node), None)
    usable = categorize(known, node, view.zone if view else "")
    if not usable.anywhere:
        return Proxied(REJECTED, reason="NoEndpoints", message="no endpoint is ready: the connection is rejected at once")
    if destination == LOAD_BALANCER_IP and service.source_ranges and not any(_within(caller.ip, r) for r in service.source_ranges):
        ranges = ", ".join(service.source_ranges)
        return Proxied(DROPPED, reason="SourceNotInRanges", message=f"{caller.ip} is not in loadBalancerSourceRanges {ranges}")
    if destination == CLUSTER_IP:
        return _to_cluster_ip(service, usable, node, caller, cluster.profile.proxy_mode)
    return _from_outside(service, usable, node, caller)


def _to_cluster_ip(service: Service, usable: Usable, node: str, caller: Caller, mode: str) -> Proxied:
    local = service.internal_traffic_policy == "Local"
    source = KEPT if caller.pod else f"node {node}"
    chosen = usable.local if local else usable.cluster
    if not chosen and mode == "ipvs" and not service.externally_reachable:
        message = f"internalTrafficPolicy is Local and no ready endpoint is on {node}: its virtual server is empty, and the kernel rejects"
        return Proxied(REJECTED, reason="NoLocalEndpoints", message=message)
    if not chosen and mode == "ipvs":
        found = _sent(service, usable, usable.cluster, False, source, caller, node)
        told = f"ipvs mode takes all where internalTrafficPolicy Local finds none on {node}, as the Service has an outside too"
        return replace(found, message=f"{found.message}; {told}")
    if not chosen:
        return Proxied(
            DROPPED, reason="NoLocalEndpoints",
            message=f"internalTrafficPolicy is Local and no ready endpoint is on {node}: the packet is dropped", basis=Basis.SPECIFIED,
        )  # fmt: skip
    return _sent(service, usable, chosen, local, source, caller, node)


def _from_outside(service: Service, usable: Usable, node: str, caller: Caller) -> Proxied:
    local = service.external_traffic_policy == "Local" and service.externally_reachable
    if not local:
        return _sent(service, usable, usable.cluster, False, f"node {node}", caller, node)
    if caller.inside and caller.node == node:
        source = KEPT if caller.pod else f"node {node}"
        found = _sent(service, usable, usable.cluster, False, source, caller, node)
        return replace(found, message=f"{found.message}; on its own node externalTrafficPolicy Local still lets it reach every endpoint")
    if not usable.local:
        message = (
            f"externalTrafficPolicy is Local and no ready endpoint is on {node}: the packet is dropped{_STRANGER if caller.pod else ''}"
        )
        basis = Basis.MODELLED if caller.pod else Basis.SPECIFIED
        return Proxied(DROPPED, reason="NoLocalEndpoints", message=message, basis=basis)
    if caller.pod:
        found = _sent(service, usable, usable.local, True, f"node {caller.node}", caller, node)
        return replace(found, message=f"{found.message}{_STRANGER}", basis=Basis.MODELLED)
    return _sent(service, usable, usable.local, True, KEPT, caller, node)


def _sent(
    service: Service, usable: Usable, chosen: Sequence[Endpoint], local: bool, source: str, caller: Caller, node: str
) -> Proxied:  # fmt: skip
    share = 1 / len(chosen)
    where = f"on {node}" if local else {"PreferSameNode": f"hinted for {node}", "PreferSameZone": f"hinted for the zone of {node}"}.get(
        usable.nearness if any(e.ready for e in chosen) else "", "of the cluster"
    )  # fmt: skip
    state = "ready" if any(e.ready for e in chosen) else "terminating, still serving"
    message = f"one of {len(chosen)} {state} endpoints {where}" if len(chosen) > 1 else f"the only {state} endpoint {where}"
    if service.session_affinity == "ClientIP" and len(chosen) > 1:
        message += f", and for {service.affinity_seconds} s after the last connection the same one again (sessionAffinity ClientIP)"
    if [e.pod for e in chosen] == [caller.pod]:
        source = f"node {node}"
        message += "; it is the client itself, whose packets come back under the node's address (hairpin)"
    return Proxied(SENT, tuple((endpoint, share) for endpoint in chosen), source, "", message)


def _behind_load_balancer(cluster: Cluster, service: Service, known: Sequence[Endpoint]) -> list[str]:
    """The nodes that a load balancer sends to: with externalTrafficPolicy Local those that answer the health check, else all."""
    names = [node.name for node in nodes(cluster) if node.ready]
    if service.external_traffic_policy != "Local":
        return names
    return [name for name in names if any(e.ready and e.node == name for e in known)] or names


def _spread(each: Sequence[Proxied]) -> Proxied:
    """The same connection over several nodes, each as likely."""
    if not each:
        return Proxied(DROPPED, reason="NoNodes", message="there is no ready node behind the load balancer")
    shares: dict[Endpoint, float] = {}
    sending = [found for found in each if found.outcome == SENT]
    for found in sending:
        for endpoint, share in found.choices:
            shares[endpoint] = shares.get(endpoint, 0) + share / len(sending)
    return replace((sending or each)[0], choices=tuple(shares.items()))


def _within(ip: str, cidr: str) -> bool:
    try:
        return family_of(ip) == family_of(cidr) and ip_address(ip) in ip_network(cidr.strip(), strict=False)
    except ValueError:
        return False
