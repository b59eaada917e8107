"""Which routes are attached to which listeners, and why a route that wants to be is not.

Responsible for: parentRefs by section name and port, allowed namespaces and kinds, hostname intersection, HTTP and gRPC routes that
claim one hostname; Services as parents (mesh).
Leaves to others: listeners themselves (`gateway_listeners`), backends (`gateway_references`), matching requests (`dataplane`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/shared_types.go` (ParentReference, RouteConditionReason), `grpcroute_types.go` (hostnames).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.api.gateway_v1 import GROUP, ROUTE_KINDS, ParentReference, Route
from simulator.api.hostnames import intersection
from simulator.api.meta import Ref
from simulator.cluster import Cluster
from simulator.controllers.gateway_listeners import GatewayState, ListenerState, allows, gateways
from simulator.controllers.gateway_references import Fault

MESH_CONTROLLER = "simulator.portside/mesh"
"""The name under which routes with a Service as parent get their status: which mesh runs, the manifests do not say."""

ListenerKey = tuple[Ref, str]


@dataclass(frozen=True, slots=True)
class Attached:
    """A route on one listener, with the hostnames that remain of its own there; `("",)` is every host of the listener."""

    route: Route
    hostnames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """What became of one parentRef. `fault` is None where the route is accepted; `gateway` is None for a Service as parent."""

    route: Route
    parent: ParentReference
    controller: str
    gateway: GatewayState | None
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Attachments:
    """`by_route`: every parentRef that a controller answers for. `by_listener`, `by_service`: who is accepted there, oldest first."""

    by_route: Mapping[Ref, tuple[Attachment, ...]]
    by_listener: Mapping[ListenerKey, tuple[Attached, ...]]
    by_service: Mapping[Ref, tuple[Attachment, ...]]


def attachments(cluster: Cluster) -> Attachments:
    return cluster.derived(_attachments)


def routes(cluster: Cluster) -> Sequence[Route]:
    """All routes of the five kinds, the oldest first."""
    return cluster.derived(_routes)


def _routes(cluster: Cluster) -> Sequence[Route]:
    return sorted((Route.of(obj) for kind in ROUTE_KINDS for obj in cluster.of(kind)), key=lambda route: route.age)


def _attachments(cluster: Cluster) -> Attachments:
    candidates = [(route, parent) for route in routes(cluster) for parent in route.parents]
    claims: dict[ListenerKey, list[Attached]] = defaultdict(list)
    tried: list[tuple[Route, ParentReference, GatewayState | None, list[ListenerKey], Fault | None]] = []
    for route, parent in candidates:
        if (parent.group, parent.kind) == ("", "Service"):
            tried.append((route, parent, None, [], _service_fault(cluster, parent)))
            continue
        gateway, listeners = _parent(cluster, parent)
        if gateway is None:
            continue
        hosts, fault = _admitted(cluster, route, parent, listeners)
        for state, hostnames in hosts:
            claims[state.key].append(Attached(route, hostnames))
        tried.append((route, parent, gateway, [state.key for state, _ in hosts], fault))
    accepted = {key: _one_type_per_hostname(claimed) for key, claimed in claims.items()}
    on_listener = {(key, attached.route.object.ref) for key, each in accepted.items() for attached in each}
    by_route: dict[Ref, list[Attachment]] = defaultdict(list)
    by_service: dict[Ref, list[Attachment]] = defaultdict(list)
    for route, parent, gateway, keys, fault in tried:
        ref = route.object.ref
        if keys and not any((key, ref) in on_listener for key in keys):
            fault = Fault("HostnameConflict", "an older route of the other type (HTTPRoute, GRPCRoute) has this hostname on the listener")
        attachment = Attachment(route, parent, gateway.controller if gateway else MESH_CONTROLLER, gateway, fault)
        by_route[ref].append(attachment)
        if gateway is None and fault is None:
            by_service[parent.ref].append(attachment)
    return Attachments(
        {ref: tuple(each) for ref, each in by_route.items()}, accepted, {ref: tuple(each) for ref, each in by_service.items()}
    )


def _service_fault(cluster: Cluster, parent: ParentReference) -> Fault | None:
    service = cluster.find(parent.ref)
    if service is None:
        return Fault("NoMatchingParent", f'there is no Service "{parent.name}" in namespace "{parent.namespace}"')
    ports = [p.get("port") for p in service.spec.get("ports") or ()]
    if parent.port is not None and parent.port not in ports:
        return Fault("NoMatchingParent", f"Service {parent.namespace}/{parent.name} has no port {parent.port}")
    return None


def _parent(cluster: Cluster, parent: ParentReference) -> tuple[GatewayState | None, tuple[ListenerState, ...]]:
    """The served Gateway behind a parentRef and the listeners that it means; no Gateway where nobody answers for it."""
    if parent.group != GROUP:
        return None, ()
    if parent.kind == "Gateway":
        gateway = gateways(cluster).get(parent.ref)
        return gateway, gateway.listeners if gateway else ()
    if parent.kind == "ListenerSet":
        for gateway in gateways(cluster).values():
            for each in gateway.sets:
                if each.set.object.ref == parent.ref:
                    return gateway, each.listeners if each.fault is None else ()
    return None, ()


def _admitted(
    cluster: Cluster, route: Route, parent: ParentReference, listeners: Sequence[ListenerState]
) -> tuple[list[tuple[ListenerState, tuple[str, ...]]], Fault | None]:
    """The listeners that take the route, with its hostnames there; or why none does. The order of the tests is the API's."""
    where = f"{parent.kind} {parent.namespace}/{parent.name}"
    meant = [s for s in listeners if parent.section_name in ("", s.listener.name) and parent.port in (None, s.listener.port)]
    if not meant:
        asked = [f"named {parent.section_name}"] * bool(parent.section_name) + [f"on port {parent.port}"] * (parent.port is not None)
        has = ", ".join(f"{s.listener.name} ({s.listener.port})" for s in listeners) or "none"
        return [], Fault(
            "NoMatchingParent", f"{where} has no listener {' '.join(asked) or 'to attach to'}; it has {has}".replace("  ", " ")
        )
    namespace = route.object.namespace
    open_to = [s for s in meant if allows(cluster, s.listener.namespaces, s.owner.namespace, namespace)]
    if not open_to:
        return [], Fault("NotAllowedByListeners", f"no listener of {where} allows routes from namespace {namespace}: {_allowed(meant)}")
    fitting = [s for s in open_to if (GROUP, route.kind) in s.kinds]
    if not fitting:
        return [], Fault("NotAllowedByListeners", f"no listener of {where} takes routes of kind {route.kind}")
    if route.kind in ("TCPRoute", "UDPRoute"):
        return [(s, ("",)) for s in fitting], None
    hosts = [(s, hostnames) for s in fitting if (hostnames := _hostnames(s.listener.hostname, route.hostnames))]
    if hosts:
        return hosts, None
    has = ", ".join(s.listener.hostname for s in fitting)
    return [], Fault(
        "NoMatchingListenerHostname", f"hostnames {', '.join(route.hostnames)} have nothing in common with the listeners' of {where}: {has}"
    )


def _allowed(listeners: Sequence[ListenerState]) -> str:
    return "; ".join(f"{s.listener.name} allows {s.listener.namespaces.source}" for s in listeners)


def _hostnames(listener: str, route: Sequence[str]) -> tuple[str, ...]:
    """What remains of a route's hostnames on a listener; empty where they have nothing in common."""
    if not route:
        return (listener,)
    common = (intersection(listener, hostname) for hostname in route)
    return tuple(dict.fromkeys(hostname for hostname in common if hostname is not None))


def _one_type_per_hostname(claims: Sequence[Attached]) -> tuple[Attached, ...]:
    """Drops a route whose hostname an older route of the other HTTP type already has on this listener. `claims` are oldest first."""
    kept: dict[tuple[str, Ref], Attached] = {}
    kinds = {attached.route.kind for attached in claims}
    for attached in claims:
        mixed = {"HTTPRoute", "GRPCRoute"} <= kinds
        rivals = [k for k in kept.values() if k.route.kind != attached.route.kind] if mixed else []
        if any(intersection(a, b) is not None for rival in rivals for a in rival.hostnames for b in attached.hostnames):
            continue
        key = (attached.route.kind, attached.route.object.ref)
        earlier = kept.get(key)
        hostnames = tuple(dict.fromkeys((*earlier.hostnames, *attached.hostnames))) if earlier else attached.hostnames
        kept[key] = Attached(attached.route, hostnames)
    return tuple(kept.values())
