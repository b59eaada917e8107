"""The status that a Gateway controller writes: classes, listeners, routes, with the API's reasons."""

from __future__ import annotations

import pytest

from tests.simulator.gateway.certificates import CA, authority, secret
from tests.simulator.gateway.shop import condition, gateway, route, service, to, world
from tests.simulator.worlds import running

HTTPS = "[{{name: https, port: 443, protocol: HTTPS, tls: {{certificateRefs: [{ref}]}}}}]"
LISTENER_SET = """
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {{name: {name}, namespace: {namespace}, creationTimestamp: "{created}"}}
spec:
  parentRef: {{name: edge, namespace: shop}}
  listeners: {listeners}
"""
GRANT = """
---
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: {{name: grant, namespace: {namespace}}}
spec:
  from: [{{group: {group}, kind: {source}, namespace: shop}}]
  to: [{{group: "", kind: {kind}{name}}}]
"""


def listener_set(listeners: str, name: str = "extra", namespace: str = "shop", created: str = "2026-01-01T00:00:00Z") -> str:
    return LISTENER_SET.format(name=name, namespace=namespace, listeners=listeners, created=created)


def grant(
    namespace: str = "pay", source: str = "HTTPRoute", kind: str = "Service", name: str = "", group: str = "gateway.networking.k8s.io"
) -> str:
    return GRANT.format(namespace=namespace, source=source, kind=kind, name=f", name: {name}" if name else "", group=group)


def test_served_gateway_is_accepted_and_programmed() -> None:
    """A Gateway of a served class has an address, its conditions hold, and they carry its generation."""
    cluster = world(gateway())
    stored = cluster.get("Gateway", "shop", "edge")
    assert stored is not None
    assert {c["type"]: (c["status"], c["reason"]) for c in stored.status["conditions"]} == {
        "Accepted": ("True", "Accepted"),
        "Programmed": ("True", "Programmed"),
        "ResolvedRefs": ("True", "ResolvedRefs"),
    }
    assert {c["observedGeneration"] for c in stored.status["conditions"]} == {3}
    assert stored.status["addresses"][0]["type"] == "IPAddress"


def test_unserved_class_leaves_the_defaults() -> None:
    """Where no controller serves the class, the conditions stay Unknown, and the route has no parents in its status."""
    cluster = world(gateway(), route(to("web")), service("web"), gatewayControllers=[])
    assert condition(cluster, "Gateway", "edge", "Programmed") == ("Unknown", "Pending")
    assert condition(cluster, "GatewayClass", "example", "Accepted", namespace="") == ("Unknown", "Pending")
    stored = cluster.get("HTTPRoute", "shop", "web")
    assert stored is not None
    assert not stored.status.get("parents")


def test_class_that_was_not_given_is_taken_to_be_there() -> None:
    """Without any GatewayClass among the manifests the Gateway is served; with another class than its own it is not."""
    text = gateway().replace("gatewayClassName: example", "gatewayClassName: cilium")
    assert condition(running(text), "Gateway", "edge", "Accepted") == ("True", "Accepted")
    assert condition(world(text), "Gateway", "edge", "Accepted") == ("Unknown", "Pending")


def test_without_load_balancers_no_address_is_assigned() -> None:
    """Programmed is False with AddressNotAssigned where nothing hands out external addresses."""
    cluster = world(gateway(), loadBalancers=False)
    assert condition(cluster, "Gateway", "edge", "Programmed") == ("False", "AddressNotAssigned")
    static = world(gateway(more="addresses: [{value: 192.0.2.7}]"), loadBalancers=False)
    assert condition(static, "Gateway", "edge", "Programmed") == ("True", "Programmed")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("addresses: [{type: example.com/pool, value: a}]", "UnsupportedAddress"),
        ("infrastructure: {parametersRef: {group: example.com, kind: Settings, name: none}}", "InvalidParameters"),
    ],
)
def test_gateway_that_cannot_be_accepted(more: str, reason: str) -> None:
    """Address types and parameters that are not known keep the whole Gateway from being accepted."""
    cluster = world(gateway(more=more))
    assert condition(cluster, "Gateway", "edge", "Accepted") == ("False", reason)
    assert condition(cluster, "Gateway", "edge", "Programmed")[0] == "False"


def test_listeners_of_an_unknown_protocol() -> None:
    """An unsupported protocol spoils its listener, and the Gateway only if no other listener is left."""
    odd = "{name: odd, port: 99, protocol: SMTP}"
    cluster = world(gateway(f"[{odd}]"))
    assert condition(cluster, "Gateway", "edge", "Accepted") == ("False", "ListenersNotValid")
    assert condition(cluster, "Gateway", "edge", "Accepted", parent="odd") == ("False", "UnsupportedProtocol")
    mixed = world(gateway(f"[{odd}, {{name: http, port: 80, protocol: HTTP}}]"))
    assert condition(mixed, "Gateway", "edge", "Accepted") == ("True", "ListenersNotValid")
    assert condition(mixed, "Gateway", "edge", "Programmed", parent="http") == ("True", "Programmed")


@pytest.mark.parametrize(
    ("kinds", "supported", "status"),
    [
        ("[{kind: HTTPRoute}]", ["HTTPRoute"], "True"),
        ("[{kind: HTTPRoute}, {kind: TCPRoute}]", ["HTTPRoute"], "False"),
        ("[{kind: Pancake}]", [], "False"),
        ("[{group: example.com, kind: HTTPRoute}]", [], "False"),
    ],
)
def test_supported_kinds_are_those_allowed_that_the_protocol_can_carry(kinds: str, supported: list[str], status: str) -> None:
    """InvalidRouteKinds where a kind does not fit the listener's protocol; the kinds that do fit stay supported."""
    cluster = world(gateway(f"[{{name: http, port: 80, protocol: HTTP, allowedRoutes: {{kinds: {kinds}}}}}]"))
    stored = cluster.get("Gateway", "shop", "edge")
    assert stored is not None
    assert [kind["kind"] for kind in stored.status["listeners"][0]["supportedKinds"]] == supported
    assert condition(cluster, "Gateway", "edge", "ResolvedRefs", parent="http")[0] == status


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("protocol: HTTP, hostname: a.com", "protocol: HTTP, hostname: b.com", "NoConflicts"),
        ("protocol: HTTP", "protocol: TCP", "ProtocolConflict"),
        ("protocol: TCP", "protocol: TCP", "HostnameConflict"),
        ("protocol: TCP", "protocol: UDP", "NoConflicts"),
        (
            "protocol: TLS, hostname: a.com, tls: {mode: Passthrough}",
            "protocol: TLS, hostname: b.com, tls: {mode: Passthrough}",
            "NoConflicts",
        ),
    ],
)
def test_conflicts_on_one_port(one: str, other: str, reason: str) -> None:
    """Listeners share a port if they are of one layer and differ by hostname; in one Gateway no party of a conflict wins."""
    cluster = world(gateway(f"[{{name: one, port: 80, {one}}}, {{name: other, port: 80, {other}}}]"))
    for name in ("one", "other"):
        assert condition(cluster, "Gateway", "edge", "Conflicted", parent=name) == ("False" if reason == "NoConflicts" else "True", reason)


@pytest.mark.parametrize(
    ("ref", "reason"),
    [
        ("{name: web-tls}", "ResolvedRefs"),
        ("{name: none}", "InvalidCertificateRef"),
        ("{name: broken}", "InvalidCertificateRef"),
        ("{name: web-tls, kind: ConfigMap}", "InvalidCertificateRef"),
        ("{name: web-tls, group: example.com}", "InvalidCertificateRef"),
        ("{name: web-tls, namespace: pay}", "RefNotPermitted"),
        ("{name: redacted}", "ResolvedRefs"),
    ],
)
def test_certificates(ref: str, reason: str) -> None:
    """A listener's Secret must be there, hold PEM, and be permitted. A value that was redacted is taken for good."""
    redacted = secret("redacted", certificate="REDACTED!", key="REDACTED!")
    cluster = world(
        gateway(HTTPS.format(ref=ref)), secret("web-tls"), secret("web-tls", "pay"), secret("broken", certificate="hello"), redacted
    )  # fmt: skip
    good = reason == "ResolvedRefs"
    assert condition(cluster, "Gateway", "edge", "ResolvedRefs", parent="https") == (str(good), reason)
    assert condition(cluster, "Gateway", "edge", "Programmed", parent="https")[0] == str(good)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (grant(source="Gateway", kind="Secret"), "ResolvedRefs"),
        (grant(source="Gateway", kind="Secret", name="web-tls"), "ResolvedRefs"),
        (grant(source="Gateway", kind="Secret", name="another"), "RefNotPermitted"),
        (grant(source="HTTPRoute", kind="Secret"), "RefNotPermitted"),
        (grant(source="Gateway", kind="Service"), "RefNotPermitted"),
        (grant(source="Gateway", kind="Secret", group="example.com"), "RefNotPermitted"),
        (grant(namespace="shop", source="Gateway", kind="Secret"), "RefNotPermitted"),
    ],
)
def test_grants_for_certificates(given: str, reason: str) -> None:
    """A ReferenceGrant counts in the namespace that is referred to, for exactly the kinds and names that it says."""
    cluster = world(gateway(HTTPS.format(ref="{name: web-tls, namespace: pay}")), secret("web-tls", "pay"), given)
    assert condition(cluster, "Gateway", "edge", "ResolvedRefs", parent="https")[1] == reason


def test_frontend_validation_needs_an_authority() -> None:
    """An HTTPS listener whose CA cannot be read is not accepted; a port of its own setting is judged by that."""
    tls = "tls: {frontend: {default: {validation: {caCertificateRefs: [{kind: ConfigMap, group: '', name: none}]}},"
    tls += " perPort: [{port: 8443, tls: {validation: {mode: AllowInsecureFallback, caCertificateRefs: [{kind: ConfigMap, group: '', name: ca}]}}}]}}"
    two = "{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: web-tls}]}}"
    cluster = world(
        gateway(f"[{two}, {two.replace('443', '8443').replace('name: https', 'name: other')}]", more=tls), secret("web-tls"), authority("ca", certificate=CA)
    )  # fmt: skip
    assert condition(cluster, "Gateway", "edge", "Accepted", parent="https") == ("False", "NoValidCACertificate")
    assert condition(cluster, "Gateway", "edge", "ResolvedRefs", parent="https") == ("False", "InvalidCACertificateRef")
    assert condition(cluster, "Gateway", "edge", "Accepted", parent="other") == ("True", "Accepted")
    assert condition(cluster, "Gateway", "edge", "InsecureFrontendValidationMode") == ("True", "ConfigurationChanged")


def test_overlapping_tls_hostnames_are_marked() -> None:
    """Listeners that end TLS on one port for hosts of each other carry OverlappingTLSConfig; others have no such condition."""
    tls = "tls: {certificateRefs: [{name: web-tls}]}"
    hosts = {"a": "'*.example.com'", "b": "www.example.com", "c": "www.example.org"}
    listeners = ", ".join(f"{{name: {name}, port: 443, protocol: HTTPS, hostname: {host}, {tls}}}" for name, host in hosts.items())
    stored = world(gateway(f"[{listeners}]"), secret("web-tls")).get("Gateway", "shop", "edge")
    assert stored is not None
    marked = {
        each["name"]: [c["reason"] for c in each["conditions"] if c["type"] == "OverlappingTLSConfig"]
        for each in stored.status["listeners"]
    }
    assert marked == {"a": ["OverlappingHostnames"], "b": ["OverlappingHostnames"], "c": []}


def test_client_certificate_of_a_gateway() -> None:
    """What a Gateway shows to backends is a reference of the Gateway itself; it does not keep it from being accepted."""
    cluster = world(gateway(more="tls: {backend: {clientCertificateRef: {name: none}}}"))
    assert condition(cluster, "Gateway", "edge", "ResolvedRefs") == ("False", "InvalidClientCertificateRef")
    assert condition(cluster, "Gateway", "edge", "Accepted") == ("True", "Accepted")


@pytest.mark.parametrize(
    ("allowed", "namespace", "reason"),
    [
        ("", "shop", "NotAllowed"),
        ("{from: Same}", "shop", "Accepted"),
        ("{from: Same}", "pay", "NotAllowed"),
        ("{from: All}", "pay", "Accepted"),
        ("{from: Selector, selector: {matchLabels: {team: pay}}}", "pay", "Accepted"),
        ("{from: Selector, selector: {matchLabels: {team: pay}}}", "shop", "NotAllowed"),
    ],
)
def test_listener_sets_are_attached_where_the_gateway_allows_them(allowed: str, namespace: str, reason: str) -> None:
    """None are allowed unless the Gateway says so."""
    more = f"allowedListeners: {{namespaces: {allowed}}}" if allowed else ""
    cluster = world(gateway(more=more), listener_set("[{name: own, port: 81, protocol: HTTP}]", namespace=namespace))
    assert condition(cluster, "ListenerSet", "extra", "Accepted", namespace)[1] == reason
    stored = cluster.get("Gateway", "shop", "edge")
    assert stored is not None
    assert stored.status["attachedListenerSets"] == (reason == "Accepted")


def test_the_older_object_keeps_a_contested_listener() -> None:
    """The Gateway's listener goes before a set's, an older set's before a younger one's; siblings of a loser stay."""
    every = "allowedListeners: {namespaces: {from: All}}"
    cluster = world(
        gateway("[{name: http, port: 80, protocol: HTTP, hostname: a.com}]", more=every),
        listener_set("[{name: b, port: 80, protocol: HTTP, hostname: b.com}]", name="younger", created="2026-02-02T00:00:00Z"),
        listener_set(
            "[{name: a, port: 80, protocol: HTTP, hostname: a.com}, {name: b, port: 80, protocol: HTTP, hostname: b.com}]", name="older"
        ),
    )
    assert condition(cluster, "Gateway", "edge", "Conflicted", parent="http")[0] == "False"
    assert condition(cluster, "ListenerSet", "older", "Conflicted", parent="a") == ("True", "HostnameConflict")
    assert condition(cluster, "ListenerSet", "older", "Accepted", parent="b") == ("True", "Accepted")
    assert condition(cluster, "ListenerSet", "older", "Accepted")[0] == "True"
    assert condition(cluster, "ListenerSet", "younger", "Accepted") == ("False", "ListenersNotValid")


ALL = "allowedRoutes: {namespaces: {from: All}}"


@pytest.mark.parametrize(
    ("listener", "changes", "reason"),
    [
        ("", {}, "Accepted"),
        ("", {"parents": "[{name: edge, namespace: shop, sectionName: other}]"}, "NoMatchingParent"),
        ("", {"parents": "[{name: edge, namespace: shop, port: 81}]"}, "NoMatchingParent"),
        ("", {"parents": "[{name: edge, namespace: shop, port: 80, sectionName: http}]"}, "Accepted"),
        ("", {"namespace": "pay"}, "NotAllowedByListeners"),
        (ALL, {"namespace": "pay"}, "Accepted"),
        ("allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: pay}}}}", {"namespace": "pay"}, "Accepted"),
        ("allowedRoutes: {kinds: [{kind: GRPCRoute}]}", {}, "NotAllowedByListeners"),
        ("", {"kind": "TCPRoute"}, "NotAllowedByListeners"),
        ("hostname: shop.example.com", {"hostnames": "[pay.example.com]"}, "NoMatchingListenerHostname"),
        ("hostname: '*.example.com'", {"hostnames": "[pay.example.com]"}, "Accepted"),
        ("hostname: shop.example.com", {"hostnames": "['*.example.com', other.org]"}, "Accepted"),
        ("hostname: '*.a.example.com'", {"hostnames": "['*.example.com']"}, "Accepted"),
        ("hostname: '*.example.com'", {"hostnames": "[example.com]"}, "NoMatchingListenerHostname"),
    ],
)
def test_why_a_route_is_accepted_or_not(listener: str, changes: dict[str, str], reason: str) -> None:
    """Section and port, then namespace and kind, then hostnames. Only accepted routes count as attached."""
    cluster = world(gateway(f"[{{name: http, port: 80, protocol: HTTP, {listener}}}]"), route(to("web"), **changes), service("web"))
    kind, namespace = changes.get("kind", "HTTPRoute"), changes.get("namespace", "shop")
    assert condition(cluster, kind, "web", "Accepted", namespace, parent=0) == (str(reason == "Accepted"), reason)
    stored = cluster.get("Gateway", "shop", "edge")
    assert stored is not None
    assert stored.status["listeners"][0]["attachedRoutes"] == (reason == "Accepted")


@pytest.mark.parametrize(
    ("backend", "extra", "reason"),
    [
        ("{name: web, port: 80}", "", "ResolvedRefs"),
        ("{name: none, port: 80}", "", "BackendNotFound"),
        ("{name: web, port: 81}", "", "BackendNotFound"),
        ("{name: web, kind: Deployment, group: apps}", "", "InvalidKind"),
        ("{name: web, namespace: pay, port: 80}", "", "RefNotPermitted"),
        ("{name: web, namespace: pay, port: 80}", grant(), "ResolvedRefs"),
        ("{name: web, namespace: pay, port: 80}", grant(source="TCPRoute"), "RefNotPermitted"),
        ("{name: none, namespace: pay, port: 80}", "", "RefNotPermitted"),
    ],
)
def test_references_of_routes(backend: str, extra: str, reason: str) -> None:
    """A backend in another namespace needs a grant there; without one nothing is said about whether it exists."""
    cluster = world(gateway(), route(f"[{{backendRefs: [{backend}]}}]"), service("web"), service("web", "pay"), extra)
    assert condition(cluster, "HTTPRoute", "web", "ResolvedRefs", parent=0)[1] == reason
    assert condition(cluster, "HTTPRoute", "web", "Accepted", parent=0) == ("True", "Accepted")


def test_http_and_grpc_routes_do_not_share_a_hostname() -> None:
    """Of an HTTPRoute and a GRPCRoute with one hostname on a listener the older one is accepted."""
    young = route(to("web"), name="young", kind="GRPCRoute", created="2026-02-02T00:00:00Z", hostnames="[a.com, b.com]")
    cluster = world(gateway(), young, route(to("web"), name="old", hostnames="['*.com']"), service("web"))
    assert condition(cluster, "HTTPRoute", "old", "Accepted", parent=0) == ("True", "Accepted")
    assert condition(cluster, "GRPCRoute", "young", "Accepted", parent=0)[0] == "False"


def test_status_does_not_depend_on_the_order_of_the_documents() -> None:
    """The same objects in reverse give the same statuses."""
    pieces = [gateway(), route(to("web")), route(to("none"), name="b"), service("web"), grant()]
    forward, backward = world(*pieces), world(*reversed(pieces))
    assert {o.ref: o.status for o in forward if o.kind != "Pod"} == {o.ref: o.status for o in backward if o.kind != "Pod"}
