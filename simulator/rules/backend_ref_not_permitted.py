"""A route's backendRef to another namespace, without a ReferenceGrant there: its share of the requests is answered 500.

Mirrors: kubernetes-sigs/gateway-api `apis/v1/referencegrant_types.go`, RefNotPermitted.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.routes import backends
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import an, kubectl


def check(state: State) -> Iterator[Finding]:
    for route, backend, _ in backends(state, "RefNotPermitted"):
        to = backend.target
        misplaced = next((g for g in state.given("ReferenceGrant") if g.namespace == route.namespace), None)
        where = f"; ReferenceGrant {misplaced.name} stands in {misplaced.namespace}, but it belongs to {to.namespace}" if misplaced else ""
        grant = {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "ReferenceGrant",
            "metadata": {"name": f"{route.name}-from-{route.namespace}"[:63].rstrip("-"), "namespace": to.namespace},
            "spec": {
                "from": [{"group": "gateway.networking.k8s.io", "kind": route.kind, "namespace": route.namespace}],
                "to": [{"group": to.group, "kind": to.kind, "name": to.name}],
            },
        }
        move = state.edit(misplaced, ("metadata", "namespace"), to.namespace) if misplaced else state.addition(route, grant)
        yield RULE.finding(
            route.ref,
            f"RefNotPermitted: {to.kind} {to.name} lives in namespace {to.namespace}, and no ReferenceGrant there lets "
            f"{an(route.kind)} from {route.namespace} refer to it{where}",
            path=(*backend.path, "namespace"),
            places=[
                state.place(route, (*backend.path, "namespace"), "another namespace, whose owner must agree"),
                state.place(misplaced, ("metadata", "namespace"), "a grant stands with what is referred to"),
            ],
            facts={"reason": "RefNotPermitted", "service": to.name, "namespace": to.namespace},
            fixes=likely(move),
            hint="Who may allow this reference: the one who refers, or the one who is referred to?",
            check=kubectl(to.namespace, "get referencegrant"),
        )


RULE = Rule(
    id="backend-ref-not-permitted",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://gateway-api.sigs.k8s.io/api-types/referencegrant/",),
    check=check,
)
