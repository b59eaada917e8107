"""ICMP echo requests: who answers a ping, and what comes back where nobody does.

Responsible for: pings of Pods, nodes and ClusterIPs. Leaves to others: names (`dns`), kube-proxy's rules (`service_proxy`), what ping
prints (`kubectl.ping`).
Modelled: a Pod's kernel answers while the Pod has its address, whatever its containers do. What NetworkPolicies mean for ICMP, Kubernetes
leaves undefined (they are about TCP, UDP and SCTP), so no answer is given where one selects either end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address

from simulator.api.core_v1 import Node, Pod, is_address
from simulator.api.diagnostics import Basis
from simulator.api.meta import Object
from simulator.api.traffic import Answer, Backend, Connection, Hop, Peer
from simulator.cluster import Cluster
from simulator.dataplane import service_proxy
from simulator.dataplane.addresses import owner_of
from simulator.dataplane.delivery import ANSWERED, REFUSED, TIMED_OUT
from simulator.dataplane.endpoints import pod_at
from simulator.dataplane.hops import hop
from simulator.dataplane.network_policy import decide
from simulator.dataplane.service_proxy import CLUSTER_IP, KEPT, Caller

ICMP = "ICMP"
EXIT = {ANSWERED: 0, REFUSED: 1, TIMED_OUT: 1}
"""As ping ends: with 1 where no reply came."""
NO_SUCH_NAME = 2


@dataclass(frozen=True, slots=True)
class _End:
    """What became of a ping of one address. `sent_by`: whose address a Destination Unreachable bears."""

    outcome: str
    by: str
    hops: tuple[Hop, ...] = ()
    backend: Backend | None = None
    sent_by: str = ""
    not_modelled: str = ""


def echo(cluster: Cluster, caller: Caller, sender: Object | None, ips: Sequence[str], name: str, hops: tuple[Hop, ...]) -> Answer:
    """The answer to a ping of what a name led to; of several addresses ping takes one, each as likely. `name`: as ping prints it."""
    ends = [_end(cluster, caller, sender, ip) for ip in ips]
    untold = next((end.not_modelled for end in ends if end.not_modelled), "")
    if untold:
        return Answer("unresolved", NO_SUCH_NAME, "network", hops=hops, not_modelled=untold)
    shares = {end.outcome: sum(1 / len(ends) for each in ends if each.outcome == end.outcome) for end in ends}
    outcome = ANSWERED if ANSWERED in shares else ends[0].outcome
    alike = [(ip, end) for ip, end in zip(ips, ends, strict=True) if end.outcome == outcome]
    backends = tuple(replace(end.backend, share=1 / len(alike)) for _, end in alike if end.backend)
    told = {hop_: None for end in ends for hop_ in end.hops}
    ip, first = alike[0]
    extra = {"ping": {"name": name or ip, "address": ip, "sent_by": first.sent_by}} | ({"outcomes": shares} if len(shares) > 1 else {})
    return Answer(outcome, EXIT[outcome], first.by, backends=backends, source=KEPT if backends else "", hops=(*hops, *told), extra=extra)


def _end(cluster: Cluster, caller: Caller, sender: Object | None, ip: str) -> _End:
    if sender is not None and is_address(ip) and ip_address(ip).is_loopback:
        return _answered(sender)
    kind, ref = owner_of(cluster, ip)
    stored = cluster.find(ref) if ref else None
    if stored is not None and kind == "Node":
        if not caller.inside and cluster.profile.node_firewall is not None:
            return _unknown("whether the firewall before the nodes lets ICMP in is not known here")
        return _End(ANSWERED, "network", (hop("node", "answered", f"{ip} is the node's own address", stored, (), Basis.MODELLED),))
    if stored is not None and kind == CLUSTER_IP:
        return _cluster_ip(cluster, caller, stored, ip)
    if stored is not None:
        return _unknown(f"{ip} is an address of {stored.ref} that something outside Kubernetes hands out, and may answer pings or not")
    if service_proxy.in_service_network(cluster, ip):
        proxied = service_proxy.unallocated(cluster, ip)
        return _End(TIMED_OUT, "kube-proxy", (hop("kube-proxy", proxied.outcome, proxied.message, basis=proxied.basis),))
    at = pod_at(cluster, ip)
    pod = cluster.find(at) if at else None
    if pod is None:
        return _unknown(f"{ip} is outside the cluster: whether it answers a ping is not known here")
    return _pod(cluster, caller, pod)


def _unknown(what: str) -> _End:
    return _End(TIMED_OUT, "network", not_modelled=what)


def _cluster_ip(cluster: Cluster, caller: Caller, service: Object, ip: str) -> _End:
    if not caller.inside:
        reason = "a ClusterIP exists only in the rules of the nodes: there is no route to it from outside"
        return _End(TIMED_OUT, "network", (hop("service", "unreachable", reason, service, ("spec", "type"), Basis.MODELLED),))
    proxied = service_proxy.portless(cluster, service.name)
    last = hop("kube-proxy", proxied.outcome, f"{proxied.reason}: {proxied.message}", service, ("spec", "ports"), proxied.basis)
    if proxied.outcome == service_proxy.DROPPED:
        return _End(TIMED_OUT, "kube-proxy", (last,))
    node = cluster.get("Node", "", caller.node)
    bound = cluster.profile.proxy_mode == "ipvs"
    return _End(REFUSED, "kube-proxy", (last,), sent_by=ip if bound or node is None else next(iter(Node.of(node).ips), ip))


def _pod(cluster: Cluster, caller: Caller, pod: Object) -> _End:
    if not caller.inside:
        reason = f"{Pod.of(pod).ips[0]} is an address of the Pod network, which has no route from outside"
        return _End(TIMED_OUT, "network", (Hop("pod", "unreachable", reason, pod.ref, Basis.MODELLED),))
    client = Peer(pod=caller.pod) if caller.pod else Peer(ip=caller.ip)
    judged = decide(cluster, Connection(client, Peer(pod=pod.ref), "TCP", 1))
    if judged.hops:
        policies = ", ".join(dict.fromkeys(str(each.object) for each in judged.hops if each.object))
        return _unknown(
            f"{policies or 'a NetworkPolicy'} selects an end of this way, and what policies do with ICMP is left to each network plugin"
        )
    node = cluster.get("Node", "", Pod.of(pod).node)
    if Pod.of(pod).finished or (node is not None and not Node.of(node).ready):
        return _End(TIMED_OUT, "network", (hop("pod", "lost", f"nothing of {pod.ref} runs any more", pod, ("status",), Basis.MODELLED),))
    return _answered(pod)


def _answered(pod: Object) -> _End:
    view = Pod.of(pod)
    reason = "the kernel answers for the Pod's address, whether or not a process of it listens anywhere"
    told = hop("pod", "answered", reason, pod, ("status",), Basis.MODELLED)
    return _End(ANSWERED, "backend", (told,), Backend(None, None, pod.ref, view.node, view.ips[0], 0, 1.0))
