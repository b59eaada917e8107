"""What became of each parentRef and backendRef of the routes given, as the Gateway's controller judges it.

Responsible for: pairing the judgement with the place in the manifest.
Leaves to others: the judgement (`controllers.gateway_*`), the telling.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.api.diagnostics import Fix
from simulator.api.gateway_v1 import ROUTE_KINDS, BackendRef, ParentReference, Route
from simulator.api.meta import Object, Path
from simulator.controllers.gateway_attachment import attachments
from simulator.controllers.gateway_listeners import ListenerState, gateways
from simulator.controllers.gateway_references import Fault, backend_fault
from simulator.diagnosis.rule import possible
from simulator.diagnosis.state import State

NAMESPACE_NAME = "kubernetes.io/metadata.name"


@dataclass(frozen=True, slots=True)
class Refused:
    """A parentRef of a route that its controller did not accept, and the listeners of that parent."""

    route: Object
    parent: ParentReference
    path: Path
    fault: Fault
    listeners: Sequence[ListenerState]

    @property
    def meant(self) -> Sequence[ListenerState]:
        """The listeners that the parentRef asks for by section name and port."""
        wanted = self.parent
        return [s for s in self.listeners if wanted.section_name in ("", s.listener.name) and wanted.port in (None, s.listener.port)]


def routes(state: State) -> Iterator[Route]:
    """The routes given, kind by kind."""
    for kind in ROUTE_KINDS:
        yield from map(Route.of, state.given(kind))


def parents(state: State) -> Iterator[tuple[Object, ParentReference, Path]]:
    """Every parentRef of every route given."""
    for route in routes(state):
        for index, parent in enumerate(route.parents):
            yield route.object, parent, ("spec", "parentRefs", index)


def refused(state: State, reason: str) -> Iterator[Refused]:
    """The parentRefs that are not accepted for this reason."""
    for route in routes(state):
        judged = attachments(state.cluster).by_route.get(route.object.ref, ())
        for index, parent in enumerate(route.parents):
            found = next((a for a in judged if a.parent == parent), None)
            if found is not None and found.fault is not None and found.fault.reason == reason:
                gateway = gateways(state.cluster).get(parent.ref)
                listeners = gateway.listeners if gateway else ()
                yield Refused(route.object, parent, ("spec", "parentRefs", index), found.fault, listeners)


def backends(state: State, reason: str) -> Iterator[tuple[Object, BackendRef, Fault]]:
    """The backendRefs that cannot be used for this reason."""
    for route in routes(state):
        for rule in route.rules:
            for backend in rule.backends:
                fault = backend_fault(state.cluster, route.object, backend)
                if fault is not None and fault.reason == reason:
                    yield route.object, backend, fault


def letting_in(state: State, found: Refused) -> tuple[Fix, ...]:
    """The listener takes routes from this namespace too, or the namespace gets the labels that the listener asks for."""
    listener = found.meant[0].listener
    gateway = state.cluster.find(found.parent.ref)
    labels = listener.namespaces.selector.get("matchLabels") or {}
    home = state.cluster.get("Namespace", "", found.route.namespace)
    if listener.namespaces.source == "Selector" and labels and home is not None and home.document is not None:
        return possible(*(state.edit(home, ("metadata", "labels", key), value) for key, value in labels.items()))
    chosen = {"from": "Selector", "selector": {"matchLabels": {NAMESPACE_NAME: found.route.namespace}}}
    return possible(state.edit(gateway, (*listener.path, "allowedRoutes", "namespaces"), chosen)) if gateway else ()
