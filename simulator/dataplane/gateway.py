"""A request at a Gateway's address: which listener takes it, and whose rules then decide.

Responsible for: the Gateway's address, choosing the listener by port, server name and host, listener isolation, misdirected requests.
Leaves to others: HTTP rules (`gateway_http`), TLS, TCP and UDP routes (`gateway_streams`), status (`controllers.gateway`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/gateway_types.go` (Listeners): of several listeners on a port the most specific hostname
takes the request, and only its own routes count. The client is taken to trust whatever certificate it is shown (modelled, `curl -k`).
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.api.diagnostics import Basis
from simulator.api.hostnames import matches, specificity
from simulator.api.meta import Ref
from simulator.api.traffic import Answer, Hop, Request
from simulator.cluster import Cluster
from simulator.controllers.gateway_attachment import ListenerKey, attachments
from simulator.controllers.gateway_listeners import GatewayState, ListenerState, gateways
from simulator.dataplane.gateway_http import Arrival, answer, by_gateway
from simulator.dataplane.gateway_streams import stream
from simulator.dataplane.gateway_table import RouteTable, entries
from simulator.dataplane.gateway_tls import client_objection
from simulator.dataplane.hops import hop
from simulator.dataplane.http_messages import DEFAULT_PORTS, HttpRequest


def route(cluster: Cluster, request: Request) -> Answer:
    """The answer to a request that is sent to the address of the Gateway in `request.via`."""
    ref = request.via.ref if request.via else Ref("Gateway", "", "")
    state = gateways(cluster).get(ref)
    if state is None or not state.programmed:
        return _no_address(cluster, ref, state)
    address = state.addresses[0][1]
    arrived = hop("gateway", f"{ref} at {address}", "the address in the Gateway's status", state.gateway.object)
    port = request.port or DEFAULT_PORTS.get(request.scheme, 80)
    protocol = "UDP" if request.protocol == "UDP" else "TCP"
    open_here = [
        s for s in state.all_listeners if s.usable and s.listener.port == port and (s.listener.protocol == "UDP") == (protocol == "UDP")
    ]
    if not open_here:
        has = ", ".join(f"{s.listener.port} ({s.listener.name})" for s in state.all_listeners if s.usable)
        closed = hop(
            "listener",
            f"nothing listens on port {port}",
            f"the Gateway's listeners are on {has}",
            state.gateway.object,
            ("spec", "listeners"),
        )
        outcome, code = ("timed-out", 28) if protocol == "UDP" else ("refused", 7)
        return Answer(outcome, code, "network", hops=(arrived, closed))
    if open_here[0].listener.protocol in ("TCP", "UDP"):
        return stream(cluster, request, open_here[0], (arrived, _listener_hop(open_here[0], "the only listener on this port")))
    if open_here[0].listener.protocol == "HTTP":
        return _plain_http(cluster, request, state, open_here, address, arrived)
    return _tls(cluster, request, state, open_here, address, arrived)


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


def _plain_http(
    cluster: Cluster, request: Request, gateway: GatewayState, listeners: Sequence[ListenerState], address: str, arrived: Hop
) -> Answer:
    if request.scheme == "https" or request.protocol == "TLS":
        told = hop(
            "listener",
            "the TLS handshake fails",
            "the listeners on this port speak plain HTTP",
            gateway.gateway.object,
            ("spec", "listeners"),
        )
        return Answer("rejected", 35, "gateway", hops=(arrived, told))
    http = HttpRequest.of(request, address)
    arrival = Arrival(cluster, request, http, listeners[0].listener.port, (arrived,))
    state, reason = _most_specific(listeners, http.hostname)
    if state is None:
        return by_gateway(
            arrival.then(hop("listener", "no listener for this host: 404", reason, gateway.gateway.object, ("spec", "listeners"))), 404
        )
    return _by_listener(arrival.then(_listener_hop(state, reason)), state)


def _by_listener(arrival: Arrival, state: ListenerState) -> Answer:
    table = arrival.cluster.derived(_tables).get(state.key) or RouteTable(())
    return answer(arrival, table, f"listener {state.listener.name} of {state.owner.ref}")


def _tls(
    cluster: Cluster, request: Request, gateway: GatewayState, listeners: Sequence[ListenerState], address: str, arrived: Hop
) -> Answer:
    if request.scheme != "https" and request.protocol not in ("TLS",):
        told = hop(
            "listener", "the connection is closed", "the listeners on this port want TLS, the client speaks plain text",
            gateway.gateway.object, ("spec", "listeners"), Basis.MODELLED,
        )  # fmt: skip
        return Answer("rejected", 52, "gateway", hops=(arrived, told))
    http = HttpRequest.of(request, address)
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
    """The Gateway that a name outside would lead to: one with a listener on the port, and a route, that name the host (modelled).

    Of several the one with the most specific hostname, then the first by namespace and name.
    """
    found = []
    for ref, state in gateways(cluster).items():
        for listener in state.all_listeners if state.programmed else ():
            if not listener.usable or listener.listener.port != port or listener.listener.protocol in ("TCP", "UDP"):
                continue
            for attached in attachments(cluster).by_listener.get(listener.key, ()):
                found += [(specificity(h), ref) for h in attached.hostnames if h and matches(h, host)]
    best = max((how for how, _ in found), default=None)
    return min((ref for how, ref in found if how == best), key=lambda r: (r.namespace, r.name), default=None)
