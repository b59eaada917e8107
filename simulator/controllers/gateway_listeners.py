"""The listeners of a Gateway and of the ListenerSets attached to it: which are valid, and what is wrong with the others.

Responsible for: supported kinds, conflicts, certificates, frontend validation, which ListenerSets a Gateway allows, addresses.
Leaves to others: routes (`gateway_attachment`), writing status (`gateway_status`), traffic (`dataplane.gateway`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/gateway_types.go`, `listenerset_types.go`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from simulator.api.gateway_v1 import (
    GROUP,
    KINDS_OF_PROTOCOL,
    AllowedNamespaces,
    FrontendValidation,
    Gateway,
    Listener,
    ListenerSet,
    age,
    group_of,
)
from simulator.api.meta import Object, Ref
from simulator.cluster import Cluster, label_selector
from simulator.controllers.external_addresses import external_address
from simulator.controllers.gateway_references import Authorities, Fault, authorities, certificate_fault

ADDRESS_TYPES = ("IPAddress", "Hostname")
SUPPOSED_CONTROLLER = "example.com/gateway-controller"
"""The controller of a GatewayClass that was not given and is taken to be there."""


@dataclass(frozen=True, slots=True)
class ListenerState:
    """A listener as its controller sees it. `owner` is the Gateway or ListenerSet that it stands in.

    `conflict` is HostnameConflict or ProtocolConflict, "" without one. `rejected` and `unresolved` are why Accepted or ResolvedRefs
    does not hold. `kinds` are the route kinds that it carries; `authorities` those that clients' certificates are checked against.
    """

    owner: Object
    listener: Listener
    kinds: tuple[tuple[str, str], ...] = ()
    conflict: str = ""
    rejected: Fault | None = None
    unresolved: Fault | None = None
    validation: FrontendValidation | None = None
    authorities: Authorities | None = None

    @property
    def key(self) -> tuple[Ref, str]:
        return self.owner.ref, self.listener.name

    @property
    def accepted(self) -> bool:
        return self.rejected is None

    @property
    def usable(self) -> bool:
        """Whether it can be configured: accepted, and nothing that it needs is missing."""
        kinds_only = self.unresolved is not None and self.unresolved.reason == "InvalidRouteKinds" and bool(self.kinds)
        return self.accepted and (self.unresolved is None or kinds_only)


@dataclass(frozen=True, slots=True)
class ListenerSetState:
    """A ListenerSet that names a served Gateway. `fault` says why it is not attached."""

    set: ListenerSet
    listeners: tuple[ListenerState, ...]
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class GatewayState:
    """A Gateway that a controller serves. `fault` says why Accepted does not hold; `addresses` are (type, value)."""

    gateway: Gateway
    controller: str
    listeners: tuple[ListenerState, ...]
    sets: tuple[ListenerSetState, ...]
    fault: Fault | None
    addresses: tuple[tuple[str, str], ...] = field(default=())

    @property
    def programmed(self) -> bool:
        return self.fault is None and bool(self.addresses) and any(state.usable for state in self.all_listeners)

    @property
    def all_listeners(self) -> tuple[ListenerState, ...]:
        """Its own listeners, then those of the attached ListenerSets in their precedence."""
        return (*self.listeners, *(state for each in self.sets if each.fault is None for state in each.listeners))


def served_classes(cluster: Cluster) -> Mapping[str, str]:
    """GatewayClass -> controllerName, for the classes whose controller runs in this profile.

    Classes come with an implementation and are seldom among the manifests of those who use them. Where none is given, and the profile
    serves all, those that the Gateways name are taken to be there (modelled).
    """
    running = cluster.profile.gateway_controllers
    names = [(c.name, c.spec.get("controllerName") or "") for c in cluster.of("GatewayClass")]
    if not names:
        names = [(g.spec.get("gatewayClassName") or "", SUPPOSED_CONTROLLER) for g in cluster.of("Gateway")] if "*" in running else []
    return {name: controller for name, controller in names if "*" in running or controller in running}


def gateways(cluster: Cluster) -> Mapping[Ref, GatewayState]:
    """Every Gateway whose class is served."""
    return cluster.derived(_gateways)


def _gateways(cluster: Cluster) -> Mapping[Ref, GatewayState]:
    classes = served_classes(cluster)
    sets: dict[Ref, list[ListenerSet]] = defaultdict(list)
    for each in map(ListenerSet.of, cluster.of("ListenerSet")):
        sets[each.parent].append(each)
    found = {}
    for gateway in map(Gateway.of, cluster.of("Gateway")):
        if gateway.class_name in classes:
            ref = gateway.object.ref
            children = sorted(sets.get(ref, ()), key=lambda s: age(s.object))
            found[ref] = _gateway_state(cluster, gateway, classes[gateway.class_name], children)
    return found


def _gateway_state(cluster: Cluster, gateway: Gateway, controller: str, children: Sequence[ListenerSet]) -> GatewayState:
    fault = _parameters_fault(cluster, gateway) or _address_fault(gateway)
    allowed = [s for s in children if allows(cluster, gateway.allowed_listeners, gateway.object.namespace, s.object.namespace)]
    lists = [(gateway.object, gateway.listeners), *((s.object, s.listeners) for s in allowed)]
    judged = _with_conflicts([[_judge(cluster, gateway, owner, listener) for listener in listeners] for owner, listeners in lists])
    own, of_sets = judged[0], dict(zip((s.object.ref for s in allowed), judged[1:], strict=True))
    if fault is None and own and not any(state.accepted for state in own):
        fault = Fault("ListenersNotValid", "none of the listeners is valid")
    sets = []
    for each in children:
        states = of_sets.get(each.object.ref)
        wrong = None
        if states is None:
            wrong = Fault("NotAllowed", f"Gateway {gateway.object.name} does not allow ListenerSets from namespace {each.object.namespace}")
        elif fault is not None:
            wrong = Fault("ParentNotAccepted", f"Gateway {gateway.object.name} is not accepted")
        elif not any(state.usable for state in states):
            wrong = Fault("ListenersNotValid", "none of the listeners is valid")
        sets.append(ListenerSetState(each, tuple(states or ()), wrong))
    addresses = _addresses(cluster, gateway) if fault is None or fault.reason == "ListenersNotValid" else ()
    return GatewayState(gateway, controller, tuple(own), tuple(sets), fault, addresses)


def allows(cluster: Cluster, allowed: AllowedNamespaces, home: str, namespace: str) -> bool:
    """Whether objects of `namespace` may attach to one in namespace `home`."""
    match allowed.source:
        case "All":
            return True
        case "Same":
            return home == namespace
        case "Selector":
            stored = cluster.get("Namespace", "", namespace)
            labels = {"kubernetes.io/metadata.name": namespace, **(stored.labels if stored else {})}
            return label_selector(allowed.selector)(labels)
    return False


def _parameters_fault(cluster: Cluster, gateway: Gateway) -> Fault | None:
    if gateway.parameters is None:
        return None
    group, kind, name = gateway.parameters
    found = cluster.get(kind, gateway.object.namespace, name)
    if found is not None and group_of(found.api_version) == group:
        return None
    return Fault("InvalidParameters", f'infrastructure.parametersRef: there is no {kind}.{group or "core"} "{name}"')


def _address_fault(gateway: Gateway) -> Fault | None:
    unknown = next((kind for kind, _ in gateway.addresses if kind not in ADDRESS_TYPES), None)
    return None if unknown is None else Fault("UnsupportedAddress", f"address type {unknown} is not supported")


def _addresses(cluster: Cluster, gateway: Gateway) -> tuple[tuple[str, str], ...]:
    """What was asked for, or what a load balancer hands out. Static addresses are taken to be usable."""
    asked = [(kind, value) for kind, value in gateway.addresses if value]
    if asked or not cluster.profile.load_balancers:
        return tuple(asked)
    return (("IPAddress", external_address(str(gateway.object.ref))),)


def _judge(cluster: Cluster, gateway: Gateway, owner: Object, listener: Listener) -> ListenerState:
    """A listener by itself, without its neighbours."""
    supported = KINDS_OF_PROTOCOL.get(listener.protocol)
    if supported is None:
        names = ", ".join(KINDS_OF_PROTOCOL)
        return ListenerState(
            owner, listener, rejected=Fault("UnsupportedProtocol", f"protocol {listener.protocol} is not supported; {names} are")
        )
    all_kinds = tuple((GROUP, kind) for kind in supported)
    kinds = tuple(kind for kind in listener.kinds if kind in all_kinds) if listener.kinds else all_kinds
    unresolved = None
    wrong = next((kind for kind in listener.kinds if kind not in all_kinds), None)
    if wrong is not None:
        unresolved = Fault("InvalidRouteKinds", f"a listener of protocol {listener.protocol} cannot carry {wrong[1]}")
    if listener.protocol in ("HTTPS", "TLS") and listener.tls_mode != "Passthrough":
        unresolved = _certificates_fault(cluster, owner, listener) or unresolved
    state = ListenerState(owner, listener, kinds, unresolved=unresolved)
    validation = gateway.frontend_validation(listener.port) if listener.protocol == "HTTPS" else None
    if validation is None:
        return state
    trusted = authorities(cluster, "Gateway", gateway.object.namespace, validation.certificates)
    rejected = None if trusted.usable else Fault("NoValidCACertificate", "no CA certificate for checking clients could be read")
    return replace(state, unresolved=trusted.fault or unresolved, rejected=rejected, validation=validation, authorities=trusted)


def _certificates_fault(cluster: Cluster, owner: Object, listener: Listener) -> Fault | None:
    if not listener.certificates:
        return Fault("InvalidCertificateRef", "the listener ends TLS but names no certificate")
    faults = (certificate_fault(cluster, owner.kind, owner.namespace, ref) for ref in listener.certificates)
    return next((fault for fault in faults if fault is not None), None)


_LAYER = {"HTTP": "HTTP", "HTTPS": "TLS", "TLS": "TLS", "TCP": "TCP", "UDP": "UDP"}
"""Listeners of one port get along if they are of one layer and told apart by hostname; UDP ports are not TCP ports."""


def _conflict(one: Listener, other: Listener) -> str:
    """HostnameConflict or ProtocolConflict where both cannot be served, else ""."""
    mine, theirs = _LAYER[one.protocol], _LAYER[other.protocol]
    if one.port != other.port or (mine == "UDP") != (theirs == "UDP"):
        return ""
    if mine != theirs:
        return "ProtocolConflict"
    return "HostnameConflict" if one.hostname == other.hostname else ""


def _with_conflicts(lists: Sequence[Sequence[ListenerState]]) -> list[list[ListenerState]]:
    """Marks conflicts. Between objects the earlier one (the Gateway, then the older set) wins; within one object all parties lose."""
    held: dict[int, list[Listener]] = defaultdict(list)
    judged = []
    for states in lists:
        after_others = [_judged_against(state, held[state.listener.port]) for state in states]
        left = [state.listener for state in after_others if not state.conflict and state.listener.protocol in _LAYER]
        result = [_judged_against(state, [other for other in left if other is not state.listener]) for state in after_others]
        for state in result:
            if not state.conflict and state.listener.protocol in _LAYER:
                held[state.listener.port].append(state.listener)
        judged.append(result)
    return judged


def _judged_against(state: ListenerState, rivals: Sequence[Listener]) -> ListenerState:
    if state.conflict or state.listener.protocol not in _LAYER:
        return state
    conflict = next(filter(None, (_conflict(state.listener, other) for other in rivals)), "")
    return _conflicted(state, conflict) if conflict else state


def _conflicted(state: ListenerState, conflict: str) -> ListenerState:
    listener = state.listener
    by = f"hostname {listener.hostname or '(any)'}" if conflict == "HostnameConflict" else f"protocol {listener.protocol}"
    message = f"another listener on port {listener.port} stands in the way of {by}"
    return replace(state, conflict=conflict, rejected=Fault(conflict, message))
