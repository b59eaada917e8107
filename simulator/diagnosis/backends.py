"""The Service backends that Ingresses and routes name, with where they name them.

Responsible for: one flat list over all kinds of Ingress and route. Leaves to others: judging the references.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulator.api.core_v1 import Service
from simulator.api.meta import Json, Object, Path, Ref
from simulator.diagnosis.state import State, child

ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")


BROKEN_SHARE = {
    "HTTPRoute": "its share of the requests is answered 500",
    "GRPCRoute": "its share of the calls ends with UNAVAILABLE",
    "UDPRoute": "its share of the packets is dropped",
}
"""What clients meet where a backendRef cannot be used (Gateway API `backendRefs` of each kind); other routes reject connections."""


def broken_share(kind: str) -> str:
    """What becomes of the traffic that falls to a backend of a route of this kind which cannot be used."""
    return BROKEN_SHARE.get(kind, "its share of the connections is rejected")


@dataclass(frozen=True, slots=True)
class Backend:
    """One reference to a Service. `path` leads to the reference in the user's manifest; `port` is a number, a name, or 0 if absent."""

    user: Object
    service: Ref
    port: int | str
    path: Path

    @property
    def object(self) -> Ref:
        return self.user.ref


def users(state: State, service: Ref) -> Sequence[Backend]:
    """The references to one Service, each user once."""
    return state.derived(_users).get(service, ())


def _users(state: State) -> Mapping[Ref, Sequence[Backend]]:
    found: dict[Ref, dict[Ref, Backend]] = {}
    for backend in (*ingress_backends(state), *route_backends(state)):
        found.setdefault(backend.service, {}).setdefault(backend.object, backend)
    return {service: tuple(by_user.values()) for service, by_user in found.items()}


def ingress_backends(state: State) -> Iterator[Backend]:
    """Every Service backend of every Ingress given: the default one, then rule by rule."""
    for ingress in state.given("Ingress"):
        default = child(ingress.spec, "defaultBackend")
        if default.get("service"):
            yield _ingress_backend(ingress, default, ("spec", "defaultBackend"))
        for r, rule in enumerate(ingress.spec.get("rules") or ()):
            for p, path in enumerate(child(rule, "http").get("paths") or ()):
                backend = child(path, "backend")
                if backend.get("service"):
                    yield _ingress_backend(ingress, backend, ("spec", "rules", r, "http", "paths", p, "backend"))


def _ingress_backend(ingress: Object, backend: Mapping[str, Json], path: Path) -> Backend:
    service = child(backend, "service")
    port = child(service, "port")
    ref = Ref("Service", ingress.namespace, service.get("name") or "")
    return Backend(ingress, ref, port.get("number") or port.get("name") or 0, (*path, "service"))


def route_backends(state: State) -> Iterator[Backend]:
    """Every Service backendRef of every route given, in the order of rules."""
    for kind in ROUTES:
        for route in state.given(kind):
            for r, rule in enumerate(route.spec.get("rules") or ()):
                for b, ref in enumerate(rule.get("backendRefs") or ()):
                    if ref.get("kind", "Service") == "Service" and not ref.get("group"):
                        service = Ref("Service", ref.get("namespace") or route.namespace, ref.get("name") or "")
                        yield Backend(route, service, ref.get("port") or 0, ("spec", "rules", r, "backendRefs", b))


def missing(state: State, backends: Iterator[Backend]) -> Iterator[Backend]:
    """Those whose Service does not exist. One that was refused is told with the refusal."""
    for backend in backends:
        if state.cluster.find(backend.service) is None and backend.service not in state.refused:
            yield backend


def portless(state: State, backends: Iterator[Backend]) -> Iterator[tuple[Backend, Object, Service]]:
    """Those whose Service exists, but has no such port."""
    for backend in backends:
        stored = state.cluster.find(backend.service)
        if stored is None or not backend.port:
            continue
        view = Service.of(stored)
        if view.ports and view.port(backend.port) is None:
            yield backend, stored, view
