"""Request -> Answer: the way of one request, hop by hop, each naming objects, decision and reason.

Responsible for: where the request goes first (a name, a Service's address, a Gateway, an Ingress, a Pod) and joining the hops.
Leaves to others: each hop's decision (`dns`, `dataplane`).
Modelled: nothing outside the cluster is known but the profile's sites; a backend that listens answers 200.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address

from simulator import calls, dns, lookups
from simulator.api.core_v1 import Node, Pod, Service, ServicePort, is_address
from simulator.api.diagnostics import Basis
from simulator.api.meta import Object, Ref
from simulator.api.traffic import Answer, Client, Hop, Request, Via
from simulator.cluster import Cluster
from simulator.controllers.kubelet import nodes
from simulator.controllers.service_load_balancer import internal
from simulator.dataplane import gateway, ingress, public_names, service_proxy, sites
from simulator.dataplane.addresses import owner_of
from simulator.dataplane.delivery import ANSWERED, REFUSED, TIMED_OUT, Delivery, backend, deliver
from simulator.dataplane.echo import ICMP, NO_SUCH_NAME, echo
from simulator.dataplane.endpoints import Endpoint, pod_at, serving
from simulator.dataplane.gateway_mesh import mesh_route
from simulator.dataplane.hops import hop
from simulator.dataplane.http_messages import HttpRequest
from simulator.dataplane.kept_connections import keeps_connection, over_kept
from simulator.dataplane.network_policy.decision import OUTSIDE_ADDRESS
from simulator.dataplane.service_proxy import CLUSTER_IP, EXTERNAL_IP, KEPT, LOAD_BALANCER_IP, NODE_PORT, Caller, Proxied
from simulator.dns_stall import stall

UNRESOLVED = "unresolved"
CURL_EXIT = {ANSWERED: 0, UNRESOLVED: 6, REFUSED: 7, TIMED_OUT: 28}
SCHEME_PORTS = {"http": 80, "https": 443}
ROUTES: Mapping[str, Callable[[Cluster, Request], Answer]] = {"Gateway": gateway.route, "Ingress": ingress.route}
"""Kind of the object that is dialled -> what takes the request from there."""


def trace(cluster: Cluster, request: Request) -> Answer:
    """Follows one request to its end. Nothing it meets is an error: what does not exist ends the way, and a hop says so."""
    if request.call:
        try:
            return trace(cluster, calls.called(cluster, request))
        except ValueError as fault:
            return _no_model(str(fault), ())
    via = request.via
    if via is not None and request.protocol == ICMP:
        return _no_model("a ping is sent to a name or an address, and not by way of an object", ())
    if via is not None and via.ref.kind in ROUTES:
        return ROUTES[via.ref.kind](cluster, request)
    sender = calls.sender(cluster, request.client)
    caller = _caller(cluster, request.client, sender)
    if caller is None:
        missing = request.client.pod or Ref("Node", "", request.client.node or "")
        return _no_model(f"there is no running {missing} to send from", (Hop("client", "missing", f"no running {missing}", missing),))
    way = Way(cluster, request, caller, sender)
    if via is None:
        return way.to_host(request.host or "", ())
    stored = cluster.find(via.ref)
    if stored is None:
        reason = f'there is no {via.ref.kind} "{via.ref.name}" in namespace "{via.ref.namespace}"'
        return _failed(UNRESOLVED, "network", (Hop("service", "missing", reason, via.ref),))
    if stored.kind != "Service":
        return _no_model(f"a request cannot be dialled at a {stored.kind}", ())
    return replace(way.via_service(stored, via), dialled=way.socket(Service.of(stored), via))


def _caller(cluster: Cluster, client: Client, sender: Object | None) -> Caller | None:
    """Whose address the packets bear. A host-network Pod sends as a process of its node. None where nobody can send."""
    if sender is not None:
        pod = Pod.of(sender)
        return Caller(pod.ips[0], pod.node, None if pod.host_network else pod.ref)
    if client.node is not None:
        found = next((node for node in nodes(cluster) if node.name == client.node), None)
        return Caller(found.ips[0] if found.ips else "", found.name) if found else None
    return None if client.pod else Caller(client.ip or OUTSIDE_ADDRESS)


def _failed(outcome: str, by: str, hops: tuple[Hop, ...], source: str = "") -> Answer:
    return Answer(outcome, CURL_EXIT[outcome], by, hops=hops, source=source)


def _no_model(what: str, hops: tuple[Hop, ...]) -> Answer:
    return Answer(UNRESOLVED, CURL_EXIT[UNRESOLVED], "network", hops=hops, not_modelled=what)


@dataclass(frozen=True)
class Way:
    """One request under way: who sends what, in which state of the cluster."""

    cluster: Cluster
    request: Request
    caller: Caller
    sender: Object | None

    @property
    def protocol(self) -> str:
        return "UDP" if self.request.protocol == "UDP" else "TCP"

    @property
    def port(self) -> int:
        return self.request.port or (443 if self.request.protocol == "TLS" else SCHEME_PORTS.get(self.request.scheme, 80))

    # ------------------------------------------------------------------ a name

    def to_host(self, host: str, hops: tuple[Hop, ...], direct: bool = False) -> Answer:
        """Resolves a name where the client stands (`direct`: by the cluster's DNS whoever asks) and goes where it points."""
        if not host:
            return _no_model("the request names neither a host nor an object to dial", hops)
        if is_address(host.strip("[]")):
            return self.to_address(host.strip("[]"), hops)
        sender = self.sender
        pod = Pod.of(sender) if sender else None
        if pod is not None and host == "localhost":
            return self.to_address("127.0.0.1", hops)
        if sender is not None and (aliased := _host_alias(sender, host)):
            return self.to_address(aliased, (*hops, hop("dns", aliased, "/etc/hosts, from hostAliases", sender, ("spec", "hostAliases"))))
        if not self.caller.inside and not direct:
            return self._from_outside(host, hops)
        resolver = dns.resolver_of(self.cluster, pod)
        if pod is None and not direct:
            resolver = dns.NODE_RESOLVER
        unheard = lookups.unheard(self.cluster, self.caller, host) if resolver.in_cluster and not direct else ()
        if unheard:
            return self._unresolved((*hops, *unheard))
        answer = dns.resolve(self.cluster, resolver, host, "A")
        if not answer.upstream and not any(r.type == "A" for r in answer.records):
            six = dns.resolve(self.cluster, resolver, host, "AAAA")
            answer = six if answer.rcode == dns.NOERROR or any(r.type == "AAAA" for r in six.records) else answer
        hops = (*hops, *answer.hops)
        addresses = [record.value for record in answer.records if record.type in ("A", "AAAA")]
        if answer.upstream:
            return _no_model(f"{host} is asked outside the cluster: its address, and whether it answers, is not known here", hops)
        if not addresses:
            return self._unresolved(hops)
        if pod is not None and not direct:
            hops = (*hops, *stall(self.cluster, pod, resolver)[1])
        if self.request.protocol == ICMP:
            return echo(self.cluster, self.caller, sender, addresses, answer.records[-1].name.rstrip("."), hops)
        if len(addresses) == 1:
            return self.to_address(addresses[0], hops)
        choices: Sequence[tuple[Endpoint, float]] = [(self._endpoint_at(ip), 1 / len(addresses)) for ip in addresses]
        if keeps_connection(self.request):
            choices, told = over_kept(self.sender, choices, len(addresses))
            hops = (*hops, *told)
        return self._deliver(choices, KEPT, None, hops)

    def _unresolved(self, hops: tuple[Hop, ...]) -> Answer:
        failed = _failed(UNRESOLVED, "network", hops)
        return replace(failed, curl_exit=NO_SUCH_NAME) if self.request.protocol == ICMP else failed

    def _from_outside(self, host: str, hops: tuple[Hop, ...]) -> Answer:
        if site := self.cluster.profile.site(host):
            return self.to_address(site.address, hops)
        if self.request.protocol == ICMP:
            return _no_model(f"where {host} leads outside the cluster, and whether it answers a ping, is not known here", hops)
        found = public_names.leads_to(self.cluster, host, self.port)
        if found is not None:
            ref, told = found
            stored = self.cluster.find(ref) if ref.kind not in ROUTES else None
            answer = self.via_service(stored, Via(ref, LOAD_BALANCER_IP)) if stored else self._by_route(ref)
            return replace(answer, hops=(*hops, told, *answer.hops))
        unserved = public_names.unserved(self.cluster, host)
        if unserved is not None:
            return self._by_route(unserved)
        reason = "the names of the cluster's zone are known only inside it, and no Gateway or Ingress serves this one"
        return _failed(UNRESOLVED, "network", (*hops, Hop("dns", dns.NXDOMAIN, f"{host}: {reason}", basis=Basis.MODELLED)))

    def _by_route(self, ref: Ref) -> Answer:
        return ROUTES[ref.kind](self.cluster, replace(self.request, via=Via(ref)))

    # ------------------------------------------------------------------ an address

    def to_address(self, ip: str, hops: tuple[Hop, ...]) -> Answer:
        """Goes to an address and the request's port."""
        if self.request.protocol == ICMP:
            return echo(self.cluster, self.caller, self.sender, [ip], self.request.host or ip, hops)
        if self.sender is not None and is_address(ip) and ip_address(ip).is_loopback:
            pod = Pod.of(self.sender)
            return self._deliver([(self._pod_endpoint(pod), 1.0)], KEPT, None, (*hops, Hop("dns", ip, "the Pod itself", pod.ref)))
        kind, ref = owner_of(self.cluster, ip)
        stored = self.cluster.find(ref) if ref else None
        if stored is not None and kind in ROUTES:
            return self._by_route(stored.ref)
        if stored is not None and kind == "Node":
            return self._to_node(Node.of(stored), hops)
        if stored is not None:
            node = self.caller.node or ("" if kind == LOAD_BALANCER_IP else self._any_node())
            return self._to_service(stored, kind, node, hops)
        if service_proxy.in_service_network(self.cluster, ip):
            return self._ended(service_proxy.unallocated(self.cluster, ip), None, hops)
        at = pod_at(self.cluster, ip)
        if at is None and (site := self.cluster.profile.site(ip)):
            return sites.visit(self.cluster, self.caller, site, self.request, self.port, hops)
        if at is None:
            return _no_model(f"{ip} is outside the cluster: whether it answers is not known here", hops)
        if not self.caller.inside:
            reason = f"{ip} is an address of the Pod network, which has no route from outside"
            return _failed(TIMED_OUT, "network", (*hops, Hop("pod", "unreachable", reason, at, Basis.MODELLED)))
        return self._deliver([(self._endpoint_at(ip), 1.0)], KEPT, None, hops)

    def _to_node(self, node: Node, hops: tuple[Hop, ...]) -> Answer:
        """A node's own address: a node port, or a Pod on the host network."""
        if not self.caller.inside and not self.cluster.profile.admits(self.port):
            return self._firewalled(node.name, self.port, hops)
        for obj in self.cluster.of("Service"):
            for port in Service.of(obj).ports:
                if port.node_port == self.port and port.protocol == self.protocol:
                    return self._to_port(obj, port, NODE_PORT, node.name, hops)
        for obj in self.cluster.of("Pod"):
            pod = Pod.of(obj)
            if pod.host_network and pod.node == node.name and any((p.port, p.protocol) == (self.port, self.protocol) for p in pod.ports):
                return self._deliver([(self._pod_endpoint(pod), 1.0)], KEPT, None, hops)
        reason = f"no Service has the node port {self.port}, and no host-network Pod on {node.name} listens there"
        return _failed(REFUSED, "network", (*hops, Hop("kube-proxy", "refused", reason, Ref("Node", "", node.name), Basis.MODELLED)))

    def _firewalled(self, node: str, port: int, hops: tuple[Hop, ...]) -> Answer:
        """Kubernetes opens no firewall for its node ports: what stands before the nodes drops what it is not told to let in."""
        ranges = ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in self.cluster.profile.node_firewall or ())
        reason = f"the firewall before the nodes lets in {ranges or 'nothing'} from outside, and {port} is not among that"
        last = Hop("firewall", "dropped", reason, Ref("Node", "", node), Basis.MODELLED)
        return _failed(TIMED_OUT, "network", (*hops, last))

    def _endpoint_at(self, ip: str) -> Endpoint:
        ref = pod_at(self.cluster, ip)
        stored = self.cluster.find(ref) if ref else None
        return Endpoint(ip, self.port, ref, Pod.of(stored).node if stored else "", "")

    def _pod_endpoint(self, pod: Pod) -> Endpoint:
        return Endpoint(pod.ips[0], self.port, pod.ref, pod.node, "")

    def _any_node(self) -> str:
        return next((node.name for node in nodes(self.cluster)), "")

    # ------------------------------------------------------------------ a Service

    def socket(self, service: Service, via: Via) -> tuple[str, int] | None:
        """The address and port that a client of one of a Service's addresses types; None where there is no such address."""
        address, port = self._address(service, via), service.port(self.port, self.protocol)
        node = self.cluster.get("Node", "", via.node or self.caller.node or self._any_node())
        given = {
            CLUSTER_IP: service.cluster_ips,
            NODE_PORT: Node.of(node).ips if node and port and port.node_port else (),
            LOAD_BALANCER_IP: [entry.get("ip") or entry.get("hostname") or "" for entry in service.ingress],
            EXTERNAL_IP: service.external_ips,
        }.get(address)
        return (given[0], port.node_port if port and address == NODE_PORT else self.port) if given else None

    def _address(self, service: Service, via: Via) -> str:
        """Which of the Service's addresses is dialled."""
        default = (
            CLUSTER_IP if self.caller.inside else {"LoadBalancer": LOAD_BALANCER_IP, "NodePort": NODE_PORT}.get(service.type, CLUSTER_IP)
        )
        return via.address or default

    def via_service(self, stored: Object, via: Via) -> Answer:
        """Dials one of a Service's addresses."""
        service = Service.of(stored)
        address = self._address(service, via)
        if address not in (CLUSTER_IP, NODE_PORT, LOAD_BALANCER_IP, EXTERNAL_IP):
            return _no_model(f'a Service has no address of the kind "{address}"', ())
        if via.node and self.cluster.get("Node", "", via.node) is None:
            return _failed(
                TIMED_OUT, "network", (Hop("service", "unreachable", f"there is no node {via.node}", Ref("Node", "", via.node)),)
            )
        if address == CLUSTER_IP and not service.cluster_ips:
            name = f"{stored.name}.{stored.namespace}.svc.{self.cluster.profile.cluster_domain}"
            return self.to_host(name, (), direct=True)
        missing = {
            LOAD_BALANCER_IP: not service.ingress and "nothing has given the Service an external address: it stays pending",
            EXTERNAL_IP: not service.external_ips and "the Service has no externalIPs",
        }.get(address)
        if missing:
            return _failed(UNRESOLVED, "network", (hop("service", "no address", missing, stored, ("spec", "type")),))
        if address == LOAD_BALANCER_IP and not self.caller.inside and internal(self.cluster, stored):
            reason = "the load balancer is internal, the default on AWS: without the scheme internet-facing it has private addresses alone"
            last = hop("load balancer", "no way in", reason, stored, ("metadata", "annotations"), Basis.IMPLEMENTED)
            return _failed(TIMED_OUT, "network", (last,))
        if address == CLUSTER_IP and not self.caller.inside and not via.node:
            reason = "a ClusterIP exists only in the rules of the nodes: there is no route to it from outside"
            return _failed(TIMED_OUT, "network", (hop("service", "unreachable", reason, stored, ("spec", "type"), Basis.MODELLED),))
        node = via.node if address == NODE_PORT else self.caller.node or via.node
        if not node and address != LOAD_BALANCER_IP:
            node = self.caller.node or self._any_node()
        if address == LOAD_BALANCER_IP and service.ingress[0].get("ipMode") == "Proxy":
            return self._to_service(stored, NODE_PORT, node or self._any_node(), ())
        return self._to_service(stored, address, node, ())

    def _to_service(self, stored: Object, address: str, node: str, hops: tuple[Hop, ...]) -> Answer:
        service = Service.of(stored)
        port = service.port(self.port, self.protocol)
        if port is None and self.request.port is None and self.request.protocol in ("TCP", "UDP", "TLS") and len(service.ports) == 1:
            port = service.ports[0]
        if port is None:
            return self._ended(service_proxy.unknown_port(self.cluster, service, self.port), stored, hops, ("spec", "ports"))
        return self._to_port(stored, port, address, node, hops)

    def _to_port(self, stored: Object, port: ServicePort, address: str, node: str, hops: tuple[Hop, ...]) -> Answer:
        service = Service.of(stored)
        index = service.ports.index(port)
        path = ("spec", "ports", index)
        if address == NODE_PORT and not port.node_port:
            reason = f"port {port.port} of the Service has no node port, so nothing listens on the nodes for it"
            return _failed(REFUSED, "network", (*hops, hop("service", "no node port", reason, stored, path)))
        dialled = {
            NODE_PORT: f"{node}:{port.node_port}",
            CLUSTER_IP: f"{service.cluster_ips[0] if service.cluster_ips else ''}:{port.port}",
        }
        told = f"{address} {dialled.get(address, port.port)} stands for targetPort {port.target}/{port.protocol}"
        hops = (*hops, hop("service", told, f"port {port.port} of Service {stored.name}", stored, path))
        balanced = self.request.via is not None and self.request.via.address == LOAD_BALANCER_IP
        if address == NODE_PORT and not balanced and not self.caller.inside and not self.cluster.profile.admits(port.node_port):
            return self._firewalled(node, port.node_port, hops)
        meshed = mesh_route(self.cluster, self.request, stored.ref, port.port, hops) if address == CLUSTER_IP else None
        if meshed is not None:
            return meshed
        proxied = service_proxy.proxy(self.cluster, service, port, address, node, self.caller)
        if proxied.reason == "NoEndpoints":
            why = serving(self.cluster, stored.ref, port.port, port.protocol)
            message = f"{why.message}: {self.cluster.profile.proxy_mode} mode rejects the connection at once"
            proxied = replace(proxied, reason=why.reason, message=message)
        if proxied.outcome != service_proxy.SENT:
            return self._ended(proxied, stored, hops, ("spec", "selector"))
        where = ", ".join(f"{e.ip}:{e.port}" for e, _ in proxied.choices[:3]) + (" ..." if len(proxied.choices) > 3 else "")
        hops = (*hops, hop("kube-proxy", where, proxied.message, stored, path, proxied.basis))
        choices: Sequence[tuple[Endpoint, float]] = proxied.choices
        if keeps_connection(self.request):
            choices, kept = over_kept(self.sender, choices, 1)
            hops = (*hops, *kept)
        return self._deliver(choices, proxied.source, (stored.ref, port.port), hops)

    def _ended(self, proxied: Proxied, stored: Object | None, hops: tuple[Hop, ...], path: tuple[str, ...] = ()) -> Answer:
        """What kube-proxy, or the lack of a rule of it, makes of a connection that goes nowhere."""
        outcome = REFUSED if proxied.outcome == service_proxy.REJECTED else TIMED_OUT
        last = hop("kube-proxy", proxied.outcome, f"{proxied.reason}: {proxied.message}", stored, path, proxied.basis)
        return _failed(outcome, "kube-proxy", (*hops, last))

    # ------------------------------------------------------------------ the end

    def _deliver(
        self, choices: Sequence[tuple[Endpoint, float]], source: str, service: tuple[Ref, int] | None, hops: tuple[Hop, ...]
    ) -> Answer:  # fmt: skip
        outside = [site for endpoint, _ in choices if endpoint.pod is None and (site := self.cluster.profile.site(endpoint.ip))]
        if outside and len(choices) == 1:
            return sites.visit(self.cluster, self.caller, outside[0], self.request, choices[0][0].port, hops)
        ends = [(endpoint, share, self._end(endpoint, source, service is not None)) for endpoint, share in choices]
        shares = _by_outcome(ends)
        outcome = ANSWERED if ANSWERED in shares else max(shares, key=lambda each: (shares[each], each))
        for each in shares:
            first = next(end for _, _, end in ends if end.outcome == each)
            hops = (*hops, *first.hops)
        by = next(end.by for _, _, end in ends if end.outcome == outcome)
        reached = [] if outcome == TIMED_OUT else [(e, share / shares[outcome]) for e, share, end in ends if end.outcome == outcome]
        ref, port = service or (None, None)
        backends = tuple(backend(endpoint, share, ref, port) for endpoint, share in reached)
        extra = {"outcomes": shares} if len(shares) > 1 else {}
        answer = Answer(outcome, CURL_EXIT[outcome], by, backends=backends, source=source, hops=hops, extra=extra)
        return self._answered(answer) if outcome == ANSWERED else answer

    def _end(self, endpoint: Endpoint, source: str, proxied: bool) -> Delivery:
        """How the connection to one endpoint ends. One that comes back to its own Pod by way of a Service needs hairpin mode."""
        if proxied and not self.cluster.profile.hairpin and self.caller.pod is not None and endpoint.pod == self.caller.pod:
            reason = "the packet would have to leave the bridge by the port that it came in by, and hairpin mode is off there"
            return Delivery(TIMED_OUT, "network", (Hop("bridge", "dropped", reason, endpoint.pod, Basis.MODELLED),))
        return deliver(self.cluster, self.caller, endpoint, self.protocol, source)

    def _answered(self, answer: Answer) -> Answer:
        if self.request.protocol not in ("HTTP", "gRPC"):
            return answer
        seen = HttpRequest.of(self.request, self.request.via.ref.name if self.request.via else "")
        return replace(
            answer,
            status=200,
            grpc_status="OK" if self.request.protocol == "gRPC" else None,
            backend_request={
                "method": seen.method, "scheme": seen.scheme, "host": seen.host, "path": seen.path, "query": seen.query,
                "headers": dict(seen.headers), "sni": self.request.sni,
            },
            response_headers=self.request.backend_response_headers,
        )  # fmt: skip


def _by_outcome(ends: Sequence[tuple[Endpoint, float, Delivery]]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for _, share, end in ends:
        shares[end.outcome] = shares.get(end.outcome, 0) + share
    return shares


def _host_alias(pod: Object, host: str) -> str | None:
    aliases = pod.spec.get("hostAliases") or ()
    return next((alias["ip"] for alias in aliases if alias.get("ip") and host in (alias.get("hostnames") or ())), None)
