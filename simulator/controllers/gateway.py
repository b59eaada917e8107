"""The status that a conformant Gateway controller writes, for every class that is served in the profile.

Responsible for: conditions, supportedKinds, attachedRoutes, addresses, parents, ancestors, attachedListenerSets.
Leaves to others: the judgements (`gateway_listeners`, `gateway_attachment`, `gateway_references`, `gateway_policies`), traffic.
Objects of a class that nobody serves keep what the API server puts there: Unknown, Pending, "Waiting for controller".
Mirrors: kubernetes-sigs/gateway-api `apis/v1/*_types.go`, status fields and condition reasons.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulator.api.conditions import condition, waiting
from simulator.api.gateway_v1 import BackendRef, Route
from simulator.api.hostnames import intersection
from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.controllers.gateway_attachment import Attachment, attachments, routes
from simulator.controllers.gateway_listeners import GatewayState, ListenerSetState, ListenerState, gateways, served_classes
from simulator.controllers.gateway_policies import policy_statuses
from simulator.controllers.gateway_references import Fault, backend_fault, certificate_fault

_DEFAULTS = {"GatewayClass": ("Accepted",), "Gateway": ("Accepted", "Programmed"), "ListenerSet": ("Accepted", "Programmed")}


def reconcile(cluster: Cluster) -> Cluster:
    """The cluster with the statuses of all Gateway API objects."""
    waiting_still = [
        obj.with_status(conditions=[waiting(kind) for kind in kinds])
        for name, kinds in _DEFAULTS.items()
        for obj in cluster.of(name)
        if not obj.status.get("conditions")
    ]
    return cluster.with_objects([*waiting_still, *_classes(cluster), *_gateways(cluster), *_routes(cluster), *policy_statuses(cluster)])


def _condition(obj: Object, kind: str, fault: Fault | None, good: str) -> Json:
    return condition(obj, kind, fault is None, fault.reason if fault else good, fault.message if fault else "")


def _classes(cluster: Cluster) -> Iterator[Object]:
    for name in served_classes(cluster):
        obj = cluster.get("GatewayClass", "", name)
        if obj is not None:
            yield obj.with_status(conditions=[condition(obj, "Accepted", True, "Accepted")])


def _gateways(cluster: Cluster) -> Iterator[Object]:
    for state in gateways(cluster).values():
        obj = state.gateway.object
        yield obj.with_status(
            conditions=_gateway_conditions(cluster, state),
            listeners=[_listener(cluster, state, each, state.programmed) for each in state.listeners],
            addresses=[{"type": kind, "value": value} for kind, value in state.addresses],
            attachedListenerSets=sum(each.fault is None for each in state.sets),
        )
        for each in state.sets:
            yield _listener_set(cluster, state, each)


def _gateway_conditions(cluster: Cluster, state: GatewayState) -> list[Json]:
    obj = state.gateway.object
    partly = state.fault is None and any(not each.accepted for each in state.listeners)
    message = "some of the listeners are not valid" if partly else ""
    accepted = (
        condition(obj, "Accepted", True, "ListenersNotValid" if partly else "Accepted", message)
        if state.fault is None
        else _condition(obj, "Accepted", state.fault, "")
    )
    programmed = None
    if not state.programmed:
        programmed = Fault("Invalid", "nothing could be configured") if state.fault or state.addresses else _NO_ADDRESS
    conditions = [accepted, _condition(obj, "Programmed", programmed, "Programmed")]
    conditions.append(_condition(obj, "ResolvedRefs", _gateway_refs(cluster, state), "ResolvedRefs"))
    validations = [each.validation for each in state.listeners if each.validation is not None]
    if any(v.mode == "AllowInsecureFallback" for v in validations):
        text = "clients without a valid certificate are let in on some port"
        conditions.append(condition(obj, "InsecureFrontendValidationMode", True, "ConfigurationChanged", text))
    return conditions


_NO_ADDRESS = Fault("AddressNotAssigned", "no address has been assigned to the Gateway: nothing here hands out external addresses")


def _gateway_refs(cluster: Cluster, state: GatewayState) -> Fault | None:
    client = state.gateway.client_certificate
    if client is not None:
        fault = certificate_fault(cluster, "Gateway", state.gateway.object.namespace, client)
        if fault is not None:
            return fault if fault.reason == "RefNotPermitted" else Fault("InvalidClientCertificateRef", fault.message)
    broken = [each.listener.name for each in state.listeners if each.unresolved is not None]
    return Fault("ListenersNotResolved", f"references of these listeners do not resolve: {', '.join(broken)}") if broken else None


def _listener(cluster: Cluster, gateway: GatewayState, state: ListenerState, programmed: bool) -> Json:
    obj = state.owner
    not_programmed = None
    if not state.usable:
        not_programmed = Fault(state.conflict or "Invalid", "the listener could not be configured")
    elif not programmed:
        not_programmed = Fault("Pending", "the Gateway is not programmed")
    return {
        "name": state.listener.name,
        "supportedKinds": [] if state.conflict else [{"group": group, "kind": kind} for group, kind in state.kinds],
        "attachedRoutes": len(attachments(cluster).by_listener.get(state.key, ())),
        "conditions": [
            _condition(obj, "Accepted", state.rejected, "Accepted"),
            _condition(obj, "Programmed", not_programmed, "Programmed"),
            _condition(obj, "ResolvedRefs", state.unresolved, "ResolvedRefs"),
            condition(obj, "Conflicted", bool(state.conflict), state.conflict or "NoConflicts"),
            *_overlap(gateway, state),
        ],
    }


def _overlap(gateway: GatewayState, state: ListenerState) -> list[Json]:
    """OverlappingTLSConfig where another listener that ends TLS on the port shares hostnames; absent where none does."""
    rivals = [
        other.listener
        for other in gateway.all_listeners
        if other.key != state.key
        and other.listener.port == state.listener.port
        and "Terminate" == other.listener.tls_mode == state.listener.tls_mode
        and intersection(other.listener.hostname, state.listener.hostname) is not None
    ]
    if not rivals or state.conflict:
        return []
    text = f"listener {rivals[0].name} covers hostnames of this one: a connection may be reused across the two"
    return [condition(state.owner, "OverlappingTLSConfig", True, "OverlappingHostnames", text)]


def _listener_set(cluster: Cluster, gateway: GatewayState, state: ListenerSetState) -> Object:
    obj = state.set.object
    partly = state.fault is None and any(not each.usable for each in state.listeners)
    accepted = (
        condition(
            obj, "Accepted", True, "ListenersNotValid" if partly else "Accepted", "some of the listeners are not valid" if partly else ""
        )
        if state.fault is None
        else _condition(obj, "Accepted", state.fault, "")
    )
    programmed = state.fault
    if programmed is None and not (gateway.fault is None and gateway.addresses):
        programmed = Fault("ParentNotProgrammed", f"Gateway {gateway.gateway.object.name} is not programmed")
    listeners = [_listener(cluster, gateway, each, programmed is None) for each in state.listeners]
    return obj.with_status(conditions=[accepted, _condition(obj, "Programmed", programmed, "Programmed")], listeners=listeners)


def _routes(cluster: Cluster) -> Iterator[Object]:
    known = attachments(cluster).by_route
    for route in routes(cluster):
        each = known.get(route.object.ref, ())
        if not each and not route.object.status:
            continue  # no controller serves a parent of it, so nobody writes a status
        refs = _route_refs(cluster, route)
        yield route.object.with_status(parents=[_parent(attachment, refs) for attachment in each])


def _parent(attachment: Attachment, refs: Fault | None) -> Json:
    obj = attachment.route.object
    return {
        "parentRef": dict(attachment.parent.data),
        "controllerName": attachment.controller,
        "conditions": [_condition(obj, "Accepted", attachment.fault, "Accepted"), _condition(obj, "ResolvedRefs", refs, "ResolvedRefs")],
    }


def _route_refs(cluster: Cluster, route: Route) -> Fault | None:
    """The first reference of a route that does not resolve: backends, and those that requests are mirrored to."""
    return next(filter(None, _route_faults(cluster, route)), None)


def _route_faults(cluster: Cluster, route: Route) -> Iterator[Fault | None]:
    for rule in route.rules:
        for backend in rule.backends:
            yield backend_fault(cluster, route.object, backend)
            yield from _filter_faults(cluster, route, backend.filters)
        yield from _filter_faults(cluster, route, rule.filters)


def _filter_faults(cluster: Cluster, route: Route, filters: Sequence[Json]) -> Iterator[Fault | None]:
    for each in filters:
        mirror = (each.get("requestMirror") or {}).get("backendRef")
        if mirror:
            yield backend_fault(cluster, route.object, BackendRef.of(mirror, route.object.namespace, ()))
        if each.get("type") == "ExtensionRef":
            target = each.get("extensionRef") or {}
            yield Fault("InvalidKind", f"filter {target.get('kind')}.{target.get('group')} is not known to this Gateway")
