"""A route without parentRefs: accepted, and attached to nothing.

Mirrors: kubernetes-sigs/gateway-api `apis/v1/shared_types.go` (`CommonRouteSpec.parentRefs` is optional).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Edit, Finding, Severity
from simulator.diagnosis.routes import routes
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    for route in routes(state):
        if route.parents:
            continue
        own = [g for g in state.given("Gateway") if g.namespace == route.object.namespace]
        edit: Edit | None = state.edit(route.object, ("spec", "parentRefs"), [{"name": own[0].name}]) if len(own) == 1 else None
        yield RULE.finding(
            route.object.ref,
            f"the {route.kind} names no parent, so it is attached to no Gateway and no request ever reaches it",
            path=("spec", "parentRefs"),
            places=[state.place(route.object, ("spec",), "parentRefs belongs here", key=True)],
            facts={"gateways": [g.name for g in own]},
            fixes=possible(edit),
            hint="Which Gateway should carry this route?",
            check=kubectl(route.object.namespace, f"describe {route.kind.lower()} {route.object.name}"),
        )


RULE = Rule(
    id="route-without-parent",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://gateway-api.sigs.k8s.io/api-types/httproute/#attaching-to-gateways",),
    check=check,
)
