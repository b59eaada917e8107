"""Typed views over the Gateway API's stored objects: only the fields that routing and status need, with the API's defaults applied.

Responsible for: reading fields of Gateway, ListenerSet, the five route kinds, ReferenceGrant and BackendTLSPolicy.
Leaves to others: storing and validating objects (`admission`), status (`controllers.gateway`), traffic (`dataplane.gateway`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/*_types.go`, standard channel of 1.6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.api.meta import Json, Object, Path, Ref

GROUP = "gateway.networking.k8s.io"
ROUTE_KINDS = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")
KINDS_OF_PROTOCOL: Mapping[str, tuple[str, ...]] = {
    "HTTP": ("HTTPRoute", "GRPCRoute"),
    "HTTPS": ("HTTPRoute", "GRPCRoute"),
    "TLS": ("TLSRoute",),
    "TCP": ("TCPRoute",),
    "UDP": ("UDPRoute",),
}
"""The route kinds that a listener of each protocol can carry. A protocol that is missing here is not supported."""


def group_of(api_version: str) -> str:
    """The API group of an apiVersion: "" for the core group."""
    return api_version.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class ObjectReference:
    """A reference to an object that may live in another namespace (Secret, ConfigMap, Service)."""

    group: str
    kind: str
    namespace: str
    name: str

    @classmethod
    def of(cls, given: Mapping[str, Json], namespace: str, kind: str, group: str = "") -> ObjectReference:
        """`namespace`, `kind` and `group` stand where the reference leaves them out."""
        stated = given.get("group")
        return cls(
            group if stated is None else stated, given.get("kind") or kind, given.get("namespace") or namespace, given.get("name") or ""
        )

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.namespace, self.name)


@dataclass(frozen=True, slots=True)
class ParentReference:
    """What a route wants to be attached to. `data` is the reference as the API server stores it, for the status."""

    group: str
    kind: str
    namespace: str
    name: str
    section_name: str
    port: int | None
    data: Json

    @classmethod
    def of(cls, given: Mapping[str, Json], namespace: str) -> ParentReference:
        stated = given.get("group")
        group = GROUP if stated is None else stated
        kind = given.get("kind") or "Gateway"
        data = {"group": group, "kind": kind, **given}
        return cls(
            group,
            kind,
            given.get("namespace") or namespace,
            given.get("name") or "",
            given.get("sectionName") or "",
            given.get("port"),
            data,
        )

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.namespace, self.name)


@dataclass(frozen=True, slots=True)
class AllowedNamespaces:
    """Which namespaces may attach: All, Same, Selector or None (`from`), and the selector of Selector."""

    source: str
    selector: Mapping[str, Json]

    @classmethod
    def of(cls, given: Mapping[str, Json] | None, default: str) -> AllowedNamespaces:
        given = given or {}
        return cls(given.get("from") or default, given.get("selector") or {})


@dataclass(frozen=True, slots=True)
class Listener:
    """One listener of a Gateway or a ListenerSet. `kinds` is empty where the spec names none; `tls_mode` "" without TLS."""

    name: str
    hostname: str
    port: int
    protocol: str
    tls_mode: str
    certificates: tuple[ObjectReference, ...]
    namespaces: AllowedNamespaces
    kinds: tuple[tuple[str, str], ...]
    path: Path

    @classmethod
    def of(cls, given: Mapping[str, Json], namespace: str, path: Path) -> Listener:
        tls = given.get("tls") or {}
        allowed = given.get("allowedRoutes") or {}
        kinds = tuple((GROUP if k.get("group") is None else k["group"], k.get("kind") or "") for k in allowed.get("kinds") or ())
        return cls(
            name=given.get("name") or "",
            hostname=(given.get("hostname") or "").lower(),
            port=given.get("port") or 0,
            protocol=given.get("protocol") or "",
            tls_mode=(tls.get("mode") or "Terminate") if "tls" in given else "",
            certificates=tuple(ObjectReference.of(c, namespace, "Secret") for c in tls.get("certificateRefs") or ()),
            namespaces=AllowedNamespaces.of(allowed.get("namespaces"), "Same"),
            kinds=kinds,
            path=path,
        )


@dataclass(frozen=True, slots=True)
class FrontendValidation:
    """How clients' certificates are checked. `mode` is AllowValidOnly or AllowInsecureFallback."""

    mode: str
    certificates: tuple[ObjectReference, ...]

    @classmethod
    def of(cls, given: Mapping[str, Json] | None, namespace: str) -> FrontendValidation | None:
        validation = (given or {}).get("validation")
        if not validation:
            return None
        refs = tuple(ObjectReference.of(c, namespace, "") for c in validation.get("caCertificateRefs") or ())
        return cls(validation.get("mode") or "AllowValidOnly", refs)


@dataclass(frozen=True, slots=True)
class Gateway:
    """`addresses` are (type, value); `parameters` is (group, kind, name) of infrastructure.parametersRef."""

    object: Object
    class_name: str
    listeners: tuple[Listener, ...]
    addresses: tuple[tuple[str, str], ...]
    allowed_listeners: AllowedNamespaces
    parameters: tuple[str, str, str] | None
    client_certificate: ObjectReference | None
    frontend_default: FrontendValidation | None
    frontend_by_port: Mapping[int, FrontendValidation | None]

    @classmethod
    def of(cls, obj: Object) -> Gateway:
        spec, namespace = obj.spec, obj.namespace
        parameters = (spec.get("infrastructure") or {}).get("parametersRef")
        tls = spec.get("tls") or {}
        client = (tls.get("backend") or {}).get("clientCertificateRef")
        frontend = tls.get("frontend") or {}
        return cls(
            object=obj,
            class_name=spec.get("gatewayClassName") or "",
            listeners=_listeners(obj),
            addresses=tuple((a.get("type") or "IPAddress", a.get("value") or "") for a in spec.get("addresses") or ()),
            allowed_listeners=AllowedNamespaces.of((spec.get("allowedListeners") or {}).get("namespaces"), "None"),
            parameters=(parameters.get("group") or "", parameters.get("kind") or "", parameters.get("name") or "") if parameters else None,
            client_certificate=ObjectReference.of(client, namespace, "Secret") if client else None,
            frontend_default=FrontendValidation.of(frontend.get("default"), namespace),
            frontend_by_port={p.get("port"): FrontendValidation.of(p.get("tls"), namespace) for p in frontend.get("perPort") or ()},
        )

    def frontend_validation(self, port: int) -> FrontendValidation | None:
        """What clients of the HTTPS listeners on a port must show; None where nothing is asked."""
        return self.frontend_by_port.get(port, self.frontend_default)


@dataclass(frozen=True, slots=True)
class ListenerSet:
    object: Object
    parent: Ref
    listeners: tuple[Listener, ...]

    @classmethod
    def of(cls, obj: Object) -> ListenerSet:
        parent = obj.spec.get("parentRef") or {}
        ref = Ref(parent.get("kind") or "Gateway", parent.get("namespace") or obj.namespace, parent.get("name") or "")
        return cls(obj, ref, _listeners(obj))


def _listeners(obj: Object) -> tuple[Listener, ...]:
    return tuple(Listener.of(given, obj.namespace, ("spec", "listeners", i)) for i, given in enumerate(obj.spec.get("listeners") or ()))


@dataclass(frozen=True, slots=True)
class ValueMatch:
    """A header or query parameter that must have a value: Exact or RegularExpression."""

    name: str
    value: str
    type: str


@dataclass(frozen=True, slots=True)
class Match:
    """One match of an HTTP or gRPC rule: everything in it must hold.

    For gRPC, `path_type` is the method match's type (Exact or RegularExpression), `service` and `rpc` its parts, "" for any.
    """

    path_type: str = "PathPrefix"
    path: str = "/"
    method: str = ""
    headers: tuple[ValueMatch, ...] = ()
    query: tuple[ValueMatch, ...] = ()
    service: str = ""
    rpc: str = ""

    @classmethod
    def http(cls, given: Mapping[str, Json]) -> Match:
        path = given.get("path") or {}
        return cls(
            path.get("type") or "PathPrefix",
            path.get("value") or "/",
            given.get("method") or "",
            _first_of_each(given.get("headers"), str.lower),
            _first_of_each(given.get("queryParams"), str),
        )

    @classmethod
    def grpc(cls, given: Mapping[str, Json]) -> Match:
        method = given.get("method") or {}
        return cls(
            path_type=method.get("type") or "Exact",
            path="",
            headers=_first_of_each(given.get("headers"), str.lower),
            service=method.get("service") or "",
            rpc=method.get("method") or "",
        )


def _first_of_each(given: Sequence[Mapping[str, Json]] | None, key: type[str] | Json) -> tuple[ValueMatch, ...]:
    """Of several entries with one name only the first counts (HTTPHeaderMatch, HTTPQueryParamMatch)."""
    found: dict[str, ValueMatch] = {}
    for entry in given or ():
        name = key(entry.get("name") or "")
        found.setdefault(name, ValueMatch(name, entry.get("value") or "", entry.get("type") or "Exact"))
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class BackendRef:
    target: ObjectReference
    port: int | None
    weight: int
    filters: tuple[Mapping[str, Json], ...]
    path: Path

    @classmethod
    def of(cls, given: Mapping[str, Json], namespace: str, path: Path) -> BackendRef:
        weight = given.get("weight")
        return cls(
            ObjectReference.of(given, namespace, "Service"),
            given.get("port"),
            1 if weight is None else weight,
            tuple(given.get("filters") or ()),
            path,
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a route. `matches` is empty for TLS, TCP and UDP; timeouts are the API's words ("500ms"), "" where none."""

    name: str
    matches: tuple[Match, ...]
    filters: tuple[Mapping[str, Json], ...]
    backends: tuple[BackendRef, ...]
    request_timeout: str
    backend_timeout: str
    session_persistence: bool
    path: Path


@dataclass(frozen=True, slots=True)
class Route:
    """A route of any of the five kinds."""

    object: Object
    parents: tuple[ParentReference, ...]
    hostnames: tuple[str, ...]
    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, obj: Object) -> Route:
        spec = obj.spec
        return cls(
            obj,
            tuple(ParentReference.of(p, obj.namespace) for p in spec.get("parentRefs") or ()),
            tuple(h.lower() for h in spec.get("hostnames") or ()),
            tuple(_rule(obj, given, ("spec", "rules", i)) for i, given in enumerate(_rules(obj))),
        )

    @property
    def kind(self) -> str:
        return self.object.kind

    @property
    def age(self) -> tuple[str, str, str]:
        """Sorts the older route first, then by namespace and name: how ties between routes are broken."""
        return age(self.object)


def _rules(obj: Object) -> Sequence[Mapping[str, Json]]:
    rules: Sequence[Mapping[str, Json]] | None = obj.spec.get("rules")
    if not rules and obj.kind == "HTTPRoute":
        return ({},)  # the API's default: one rule that matches every path
    return rules or ()


def _rule(obj: Object, given: Mapping[str, Json], path: Path) -> Rule:
    timeouts = given.get("timeouts") or {}
    matches: tuple[Match, ...] = ()
    if obj.kind == "HTTPRoute":
        matches = tuple(Match.http(m) for m in given.get("matches") or ()) or (Match(),)
    elif obj.kind == "GRPCRoute":
        matches = tuple(Match.grpc(m) for m in given.get("matches") or ()) or (Match.grpc({}),)
    return Rule(
        given.get("name") or "",
        matches,
        tuple(given.get("filters") or ()),
        tuple(BackendRef.of(b, obj.namespace, (*path, "backendRefs", i)) for i, b in enumerate(given.get("backendRefs") or ())),
        timeouts.get("request") or "",
        timeouts.get("backendRequest") or "",
        bool(given.get("sessionPersistence")),
        path,
    )


@dataclass(frozen=True, slots=True)
class BackendTLSPolicy:
    """`targets` are (group, kind, name, section name); `alternative_names` are (type, value)."""

    object: Object
    targets: tuple[tuple[str, str, str, str], ...]
    hostname: str
    certificates: tuple[ObjectReference, ...]
    well_known: str
    alternative_names: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, obj: Object) -> BackendTLSPolicy:
        validation = obj.spec.get("validation") or {}
        return cls(
            obj,
            tuple(
                (t.get("group") or "", t.get("kind") or "", t.get("name") or "", t.get("sectionName") or "")
                for t in obj.spec.get("targetRefs") or ()
            ),
            validation.get("hostname") or "",
            tuple(ObjectReference.of(c, obj.namespace, "") for c in validation.get("caCertificateRefs") or ()),
            validation.get("wellKnownCACertificates") or "",
            tuple((s.get("type") or "", s.get("hostname") or s.get("uri") or "") for s in validation.get("subjectAltNames") or ()),
        )


def age(obj: Object) -> tuple[str, str, str]:
    """Sorts older objects first, then by namespace and name: the API's rule for ties."""
    return obj.metadata.get("creationTimestamp") or "", obj.namespace, obj.name
