"""gRPC, TLS, TCP and UDP routes, and routes of a mesh."""

from __future__ import annotations

import pytest

from simulator.cluster import Cluster
from tests.simulator.gateway.certificates import secret
from tests.simulator.gateway.shop import ask, ask_from, gateway, parts, route, service, to, world

CLIENT = service("client")


@pytest.mark.parametrize(
    ("service_name", "method", "status", "winner"),
    [
        ("pay.Pay", "Charge", "OK", ["one"]),
        ("pay.Pay", "Refund", "OK", ["two"]),
        ("pay.Other", "Refund", "UNIMPLEMENTED", []),
    ],
)
def test_grpc_routes_by_service_and_method(service_name: str, method: str, status: str, winner: list[str]) -> None:
    """The longer match wins; what no rule matches is UNIMPLEMENTED, in the trailers of a 200."""
    rules = "[{matches: [{method: {service: pay.Pay, method: Charge}}], backendRefs: [{name: one, port: 80}]},"
    rules += " {matches: [{method: {service: pay.Pay}}], backendRefs: [{name: two, port: 80}]}]"
    cluster = world(gateway(), route(rules, kind="GRPCRoute"), service("one"), service("two"))
    answer = ask(cluster, protocol="gRPC", grpc_service=service_name, grpc_method=method)
    assert (answer.status, answer.grpc_status, list(parts(answer))) == (200, status, winner)


@pytest.mark.parametrize(("backend", "status"), [("gone", "UNAVAILABLE"), ("idle", "UNAVAILABLE"), ("one", "OK")])
def test_grpc_without_a_backend_is_unavailable(backend: str, status: str) -> None:
    """gRPC has a word of its own for a backend that cannot be used."""
    cluster = world(gateway(), route(to(backend), kind="GRPCRoute"), service("one"), service("idle", pods=0))
    assert ask(cluster, protocol="gRPC", grpc_service="a", grpc_method="b").grpc_status == status


def tls_world(mode: str) -> Cluster:
    certificate = ", certificateRefs: [{name: web-tls}]" if mode == "Terminate" else ""
    listener = f"[{{name: tls, port: 443, protocol: TLS, hostname: '*.example.com', tls: {{mode: {mode}{certificate}}}}}]"
    return world(
        gateway(listener), secret("web-tls"), service("one"), service("two"),
        route(to("one"), name="wide", kind="TLSRoute", hostnames="['*.example.com']"),
        route(to("two"), name="narrow", kind="TLSRoute", hostnames="[a.example.com]"),
    )  # fmt: skip


@pytest.mark.parametrize(("mode", "sees"), [("Passthrough", True), ("Terminate", False)])
def test_tls_routes_by_server_name(mode: str, sees: bool) -> None:
    """The most specific hostname takes the connection; with Passthrough the backend sees the TLS itself."""
    cluster = tls_world(mode)
    answer = ask(cluster, protocol="TLS", port=443, sni="a.example.com")
    assert (answer.outcome, list(parts(answer)), answer.extra["backend_sees_tls"]) == ("answered", ["two"], sees)
    assert list(parts(ask(cluster, protocol="TLS", port=443, sni="b.example.com"))) == ["one"]
    assert ask(cluster, protocol="TLS", port=443, sni="example.org").outcome == "rejected"
    assert ask(cluster, scheme="https", host="b.example.com").status == 200


def test_tcp_routes_share_by_weight_and_the_oldest_route_has_the_listener() -> None:
    """Only one route on a TCP listener gets connections; within it weights are shares."""
    weighted = "[{backendRefs: [{name: one, port: 80, weight: 3}, {name: two, port: 80, weight: 1}]}]"
    cluster = world(
        gateway("[{name: tcp, port: 9000, protocol: TCP}]"), service("one"), service("two"),
        route(weighted, name="old", kind="TCPRoute"),
        route(to("two"), name="young", kind="TCPRoute", created="2026-02-02T00:00:00Z"),
    )  # fmt: skip
    answer = ask(cluster, protocol="TCP", port=9000)
    assert (answer.outcome, parts(answer)) == ("answered", {"one": 0.75, "two": 0.25})
    assert "old is older than young" in next(hop for hop in answer.hops if hop.stage == "route").reason


@pytest.mark.parametrize(("kind", "protocol", "outcome"), [("TCPRoute", "TCP", "rejected"), ("UDPRoute", "UDP", "timed-out")])
def test_streams_without_a_backend(kind: str, protocol: str, outcome: str) -> None:
    """A connection is closed again; a datagram gets no answer."""
    cluster = world(gateway(f"[{{name: l, port: 53, protocol: {protocol}}}]"), route(to("none"), kind=kind))
    assert ask(cluster, protocol=protocol, port=53).outcome == outcome


def test_udp_needs_a_udp_port() -> None:
    """A UDPRoute finds the Service's UDP port, not the TCP port of the same number."""
    both = "{name: t, port: 80, protocol: TCP}, {name: u, port: 80, protocol: UDP, targetPort: 5353}"
    cluster = world(gateway("[{name: l, port: 53, protocol: UDP}]"), route(to("dns"), kind="UDPRoute"), service("dns", port=both))
    assert [backend.port for backend in ask(cluster, protocol="UDP", port=53).backends] == [5353]


SERVICE_PARENT = "[{group: '', kind: Service, name: web}]"
MARK = "filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: Seen-By, value: mesh}]}}]"


def test_mesh_routes_take_requests_between_pods() -> None:
    """A route with a Service as parent decides for Pods; from outside, and without such a route, kube-proxy does."""
    cluster = world(
        CLIENT, service("web"), service("two"), route(f"[{{{MARK}, backendRefs: [{{name: two, port: 80}}]}}]", parents=SERVICE_PARENT)
    )
    answer = ask_from(cluster, "client-0", "web")
    assert (list(parts(answer)), answer.response_headers) == (["two"], {"Seen-By": "mesh"})
    assert "mesh" not in [hop.stage for hop in ask_from(cluster, "client-0", "two").hops]


def test_mesh_route_for_one_port() -> None:
    """A parentRef with a port leaves the Service's other ports to kube-proxy."""
    ports = "{name: a, port: 80, targetPort: 8080}, {name: b, port: 81, targetPort: 8080}"
    parent = "[{group: '', kind: Service, name: web, port: 81}]"
    cluster = world(CLIENT, service("web", port=ports), route(f"[{{{MARK}, backendRefs: [{{name: web, port: 80}}]}}]", parents=parent))
    assert ask_from(cluster, "client-0", "web").response_headers == {}
    assert ask_from(cluster, "client-0", "web", port=81).response_headers == {"Seen-By": "mesh"}


def test_consumer_routes_are_for_their_own_namespace_and_need_no_grant_for_their_parent() -> None:
    """A route in the client's namespace, for a Service of another one, changes only that namespace's requests."""
    parent = "[{group: '', kind: Service, name: web, namespace: shop}]"
    consumer = route(f"[{{{MARK}, backendRefs: [{{name: web, namespace: shop, port: 80}}]}}]", namespace="pay", parents=parent)
    cluster = world(CLIENT, service("client", "pay"), service("web"), consumer)
    assert ask_from(cluster, "client-0", "web.shop", namespace="pay").response_headers == {"Seen-By": "mesh"}
    assert ask_from(cluster, "client-0", "web").response_headers == {}


def test_mesh_without_a_match_is_404() -> None:
    """Once a route is attached, what it does not match is not delivered."""
    rules = "[{matches: [{path: {value: /pay}}], backendRefs: [{name: web, port: 80}]}]"
    cluster = world(CLIENT, service("web"), route(rules, parents=SERVICE_PARENT))
    assert ask_from(cluster, "client-0", "web", path="/other").status == 404


def test_other_routes_of_a_mesh_are_not_modelled_and_say_so() -> None:
    """A TCPRoute with a Service as parent is not passed over in silence."""
    cluster = world(CLIENT, service("web"), service("two"), route(to("two"), kind="TCPRoute", parents=SERVICE_PARENT))
    assert ask_from(cluster, "client-0", "web", protocol="TCP", port=80).not_modelled == "TCPRoute shop/web has a Service as its parent"
    assert ask_from(cluster, "client-0", "two").not_modelled == ""
