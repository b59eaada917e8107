"""A route that no listener of its parent lets in: wrong namespace (`allowedRoutes` defaults to the Gateway's own) or wrong kind.

Mirrors: kubernetes-sigs/gateway-api `apis/v1/gateway_types.go` (`AllowedRoutes`; the selector is over the namespace's labels).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.controllers.gateway_listeners import allows
from simulator.diagnosis.routes import letting_in, refused
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, pairs


def check(state: State) -> Iterator[Finding]:
    for found in refused(state, "NotAllowedByListeners"):
        route, parent = found.route, found.parent
        gateway = state.cluster.find(parent.ref)
        if gateway is None or not found.meant:
            continue
        listener = found.meant[0].listener
        source = listener.namespaces.source
        by_kind = any(allows(state.cluster, s.listener.namespaces, parent.namespace, route.namespace) for s in found.meant)
        kinds = listed(kind for _, kind in found.meant[0].kinds)
        selected = pairs(listener.namespaces.selector.get("matchLabels") or {})
        why = {
            "Same": f"its own namespace {parent.namespace} only",
            "Selector": f"namespaces whose own labels match {selected}, which those of {route.namespace} do not",
        }.get(source, "no namespace")
        message = (
            f"takes routes of kind {kinds}, not {route.kind}" if by_kind else f"allows routes from {why}; this one is in {route.namespace}"
        )
        path = (*listener.path, "allowedRoutes")
        yield RULE.finding(
            route.ref,
            f"NotAllowedByListeners: listener {listener.name} of {parent.kind} {parent.namespace}/{parent.name} {message}",
            path=found.path,
            places=[
                state.place(
                    route, (*found.path, "name"), f"is of kind {route.kind}" if by_kind else f"asks from namespace {route.namespace}"
                ),
                state.place(gateway, path, "whom the listener lets in", key=True),
            ],
            facts={"reason": "NotAllowedByListeners", "from": source, "namespace": route.namespace, "listener": listener.name},
            fixes=() if by_kind else letting_in(state, found),
            hint="From which namespaces does the listener take routes, and in which one is this route?",
            check=kubectl(route.namespace, f"describe {route.kind.lower()} {route.name}"),
        )


RULE = Rule(
    id="route-not-allowed",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://gateway-api.sigs.k8s.io/guides/multiple-ns/",),
    check=check,
)
