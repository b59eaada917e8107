"""A request at a Gateway's address: which listener takes it, and whose rules then decide.

Responsible for: the Gateway's address, choosing the listener by port, server name and host, listener isolation, misdirected requests.
Leaves to others: HTTP rules (`gateway_http`), TLS, TCP and UDP routes (`gateway_streams`), status (`controllers.gateway`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/gateway_types.go` (Listeners): of several listeners on a port the most specific hostname
takes the request, and only its own routes count. The client is taken to trust whatever certificate it is shown (modelled, `curl -k`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from simulator.api.diagnostics import Basis
from simulator.api.gateway_v1 import Gateway
from simulator.api.hostnames import matches, specificity
from simulator.api.meta import Ref
from simulator.api.traffic import Answer, Hop, Request
from simulator.cluster import Cluster
from simulator.controllers.gateway_attachment import ListenerKey, attachments, routes
from simulator.controllers.gateway_listeners import GatewayState, ListenerState, gateways
from simulator.dataplane.gateway_http import Arrival, answer, by_gateway
from simulator.dataplane.gateway_streams import stream
from simulator.dataplane.gateway_table import RouteTable, entries
from simulator.dataplane.gateway_tls import client_objection
from simulator.dataplane.hops import hop
from simulator.dataplane.http_messages import DEFAULT_PORTS, HttpRequest

_WITHOUT_CERTIFICATE = ("InvalidCertificateRef", "RefNotPermitted")


def route(cluster: Cluster, request: Request) -> Answer:
    """The answer to a request that is sent to the address of the Gateway in `request.via`."""
    ref = request.via.ref if request.via else Ref("Gateway", "", "")
    state = gateways(cluster).get(ref)
    if state is None or not state.addresses:
        return _no_address(cluster, ref, state)
    port = request.port or (443 if request.protocol == "TLS" else DEFAULT_PORTS.get(request.scheme, 80))
    here = [s for s in state.all_listeners if s.listener.port == port and (s.listener.protocol == "UDP") == (request.protocol == "UDP")]
    arrived = _arrived(cluster, state)
    usable = [s for s in here if s.usable]
    if usable:
        return _at_listeners(cluster, request, state, usable, arrived)
    closed = _closed(request, state, port, here, arrived)
    if here and all(s.unresolved is not None and s.unresolved.reason in _WITHOUT_CERTIFICATE and s.accepted for s in here):
        return _supposing_certificates(closed, _at_listeners(cluster, request, state, here, arrived))
    return closed


def _arrived(cluster: Cluster, state: GatewayState) -> Hop:
    gateway = state.gateway
    reason, basis = "the address in the Gateway's status", Basis.SPECIFIED
    if cluster.get("GatewayClass", "", gateway.class_name) is None:
        reason, basis = f"GatewayClass {gateway.class_name} was not given; it is taken to be there, and served", Basis.MODELLED
    return hop("gateway", f"{gateway.object.ref} at {state.addresses[0][1]}", reason, gateway.object, basis=basis)


def _closed(request: Request, state: GatewayState, port: int, here: Sequence[ListenerState], arrived: Hop) -> Answer:
    """A port that no valid listener has."""
    obj = state.gateway.object
    has = ", ".join(f"{s.listener.port} ({s.listener.name})" for s in state.all_listeners if s.usable) or "no port"
    reason, path = f"the Gateway listens on {has}", ("spec", "listeners")
    told = hop("listener", f"nothing listens on port {port}", reason, obj, path)
    if here:
        fault = here[0].rejected or here[0].unresolved
        text = f"{fault.reason}: {fault.message}" if fault else ""
        told = hop("listener", f"{here[0].listener.name} is not programmed", text, here[0].owner, here[0].listener.path)
    outcome, code = ("timed-out", 28) if request.protocol == "UDP" else ("refused", 7)
    return Answer(outcome, code, "network", hops=(arrived, told))


def _supposing_certificates(closed: Answer, supposed: Answer) -> Answer:
    """Refused for want of a certificate; the way is followed on all the same, so that the rest of it can be seen."""
    first = hop("listener", "supposing that the certificate were there", "the way would go on as follows", basis=Basis.MODELLED)
    extra = {"supposing": "the certificate of the listener"}
    return replace(closed, backends=supposed.backends, hops=(*closed.hops, first, *supposed.hops[1:]), extra=extra)


def _at_listeners(cluster: Cluster, request: Request, state: GatewayState, listeners: Sequence[ListenerState], arrived: Hop) -> Answer:
    protocol = listeners[0].listener.protocol
    if protocol in ("TCP", "UDP"):
        return stream(cluster, request, listeners[0], (arrived, _listener_hop(listeners[0], "the only listener on this port")))
    if protocol == "HTTP":
        return _plain_http(cluster, request, state, listeners, arrived)
    return _tls(cluster, request, state, listeners, arrived)


def _no_address(cluster: Cluster, ref: Ref, state: GatewayState | None) -> Answer:
    obj = cluster.find(ref)
    if obj is None:
        told = hop("gateway", "there is no such Gateway", f"no {ref} in the cluster")
    elif state is None:
        told = hop(
            "gateway", "no address", "no controller serves the Gateway's class: its conditions stay Unknown, Waiting for controller", obj
        )
    else:
        reason = state.fault.message if state.fault else "no listener could be configured" if state.addresses else "no address was assigned"
        told = hop("gateway", "not programmed", reason, obj)
    return Answer("unresolved", 6, "network", hops=(told,))


def _listener_hop(state: ListenerState, reason: str) -> Hop:
    listener = state.listener
    host = f", hostname {listener.hostname}" if listener.hostname else ""
    return hop("listener", f"{listener.name}: {listener.protocol} on {listener.port}{host}", reason, state.owner, listener.path)


def _most_specific(states: Sequence[ListenerState], host: str) -> tuple[ListenerState | None, str]:
    """The listener whose hostname covers the host best, and why it."""
    covering = sorted(
        (s for s in states if matches(s.listener.hostname, host)), key=lambda s: specificity(s.listener.hostname), reverse=True
    )
    if not covering:
        return None, f"no listener on this port has a hostname that covers {host}"
    best = covering[0]
    if len(covering) > 1:
        return best, f"hostname {best.listener.hostname or '(any)'} is more specific than {covering[1].listener.hostname or '(any)'}"
    return best, "the only listener on this port that covers the host" if len(states) > 1 else "the only listener on this port"


def _plain_http(cluster: Cluster, request: Request, gateway: GatewayState, listeners: Sequence[ListenerState], arrived: Hop) -> Answer:
    if request.scheme == "https" or request.protocol == "TLS":
        told = hop(
            "listener",
            "the TLS handshake fails",
            "the listeners on this port speak plain HTTP",
            gateway.gateway.object,
            ("spec", "listeners"),
        )
        return Answer("rejected", 35, "gateway", hops=(arrived, told))
    http = HttpRequest.of(request, gateway.addresses[0][1])
    arrival = Arrival(cluster, request, http, listeners[0].listener.port, (arrived,))
    state, reason = _most_specific(listeners, http.hostname)
    if state is None:
        return by_gateway(
            arrival.then(hop("listener", "no listener for this host: 404", reason, gateway.gateway.object, ("spec", "listeners"))), 404
        )
    return _by_listener(arrival.then(_listener_hop(state, reason)), state)


def _by_listener(arrival: Arrival, state: ListenerState) -> Answer:
    table = arrival.cluster.derived(_tables).get(state.key) or RouteTable(())
    return answer(arrival, table, state.owner, state.listener.path, lambda: _attached(arrival.cluster, state))


def _attached(cluster: Cluster, state: ListenerState) -> str:
    """Which routes a listener has, or which would like to be there and are not accepted."""
    known = attachments(cluster)
    names = [str(each.route.object.ref) for each in known.by_listener.get(state.key, ())]
    if names:
        return f"attached to listener {state.listener.name}: {_few(names)}"
    wanting = [
        f"{each.route.object.ref} is not accepted ({each.fault.reason})"
        for attached in known.by_route.values()
        for each in attached
        if each.fault is not None and each.parent.ref == state.owner.ref
    ]
    return f"no route is attached to listener {state.listener.name}" + (f": {_few(wanting)}" if wanting else "")


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _tls(cluster: Cluster, request: Request, gateway: GatewayState, listeners: Sequence[ListenerState], arrived: Hop) -> Answer:
    if request.scheme != "https" and request.protocol not in ("TLS",):
        told = hop(
            "listener", "the connection is closed", "the listeners on this port want TLS, the client speaks plain text",
            gateway.gateway.object, ("spec", "listeners"), Basis.MODELLED,
        )  # fmt: skip
        return Answer("rejected", 52, "gateway", hops=(arrived, told))
    http = HttpRequest.of(request, gateway.addresses[0][1])
    name = (request.sni or http.hostname).lower()
    state, reason = _most_specific(listeners, name)
    if state is None:
        told = hop("listener", "the TLS handshake fails", reason, gateway.gateway.object, ("spec", "listeners"))
        return Answer("rejected", 35, "gateway", hops=(arrived, told))
    hops = (arrived, _listener_hop(state, f"server name {name}: {reason}"))
    if state.listener.protocol == "TLS":
        return stream(cluster, request, state, hops)
    objection = client_objection(cluster, state, request)
    if objection:
        return Answer(
            "rejected", 56, "gateway", hops=(*hops, hop("listener", "the TLS handshake fails", objection, state.owner, state.listener.path))
        )
    if request.protocol == "TLS":
        return Answer("answered", 0, "gateway", source="gateway", hops=hops)
    arrival = Arrival(cluster, request, http, state.listener.port, hops)
    meant, _ = _most_specific([s for s in listeners if s.listener.protocol == "HTTPS"], http.hostname)
    if meant is not None and meant.key != state.key:
        mine = f"the Host is listener {meant.listener.name}'s, but the connection was made to {state.listener.name} by its server name"
        return by_gateway(arrival.then(hop("listener", "misdirected request: 421", mine, meant.owner, meant.listener.path)), 421)
    if meant is None:
        return by_gateway(arrival.then(hop("listener", "no listener for this host: 404", f"none covers {http.hostname}", state.owner)), 404)
    return _by_listener(arrival, state)


def _tables(cluster: Cluster) -> dict[ListenerKey, RouteTable]:
    """Every HTTP listener's rules, indexed."""
    return {
        key: RouteTable(
            entry for each in attached if each.route.kind in ("HTTPRoute", "GRPCRoute") for entry in entries(each.route, each.hostnames)
        )
        for key, attached in attachments(cluster).by_listener.items()
    }


def gateway_for_host(cluster: Cluster, host: str, port: int) -> Ref | None:
    """The Gateway that a name outside would lead to, as if its owner had pointed the name there (modelled).

    A Gateway that has a route for the host goes before one with only a listener for it, or a route that asked in vain; one that listens
    on the port before one that does not; then the more specific hostname, then namespace and name.
    """
    found = [
        (rank, port in ports, specificity(pattern), ref) for rank, pattern, ports, ref in cluster.derived(_names) if matches(pattern, host)
    ]
    best = max((each[:3] for each in found), default=None)
    return min((each[3] for each in found if each[:3] == best), key=lambda r: (r.namespace, r.name), default=None)


def unserved_gateway_for_host(cluster: Cluster, host: str) -> Ref | None:
    """The first Gateway without an address that a route for the host, or a listener of its own, stands for."""
    wanted = [parent.ref for route in routes(cluster) if any(matches(h, host) for h in route.hostnames) for parent in route.parents]
    wanted += [
        gateway.object.ref
        for gateway in map(Gateway.of, cluster.of("Gateway"))
        if any(each.hostname and matches(each.hostname, host) for each in gateway.listeners)
    ]
    return next((ref for ref in wanted if ref.kind == "Gateway" and cluster.find(ref) is not None), None)


def _names(cluster: Cluster) -> Sequence[tuple[int, str, frozenset[int], Ref]]:
    """Rank and hostname, the ports of the Gateway, and the Gateway."""
    return [
        (rank, pattern, frozenset(s.listener.port for s in state.all_listeners if s.usable), ref)
        for ref, state in gateways(cluster).items()
        for rank, pattern in _claims(cluster, state)
        if state.addresses and pattern
    ]


def _claims(cluster: Cluster, state: GatewayState) -> Iterator[tuple[int, str]]:
    """Every hostname that has to do with a Gateway: 1 for those of its routes, 0 for others."""
    known = attachments(cluster)
    for listener in state.all_listeners:
        yield 0, listener.listener.hostname
        for attached in known.by_listener.get(listener.key, ()):
            for hostname in attached.hostnames:
                yield 1, hostname
    for each in known.by_route.values():
        for attachment in each:
            if attachment.fault is not None and attachment.gateway is state:
                for hostname in attachment.route.hostnames:
                    yield 0, hostname
