"""A rule all of whose backends have weight 0: nobody is left to send to, and every request is answered 500.

Mirrors: kubernetes-sigs/gateway-api `apis/v1/shared_types.go` (`BackendRef.weight`), `httproute_types.go` (no valid backends: 500).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.routes import routes
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import count, kubectl


def check(state: State) -> Iterator[Finding]:
    for route in routes(state):
        for rule in route.rules:
            if not rule.backends or any(backend.weight for backend in rule.backends):
                continue
            path = (*rule.backends[0].path, "weight")
            yield RULE.finding(
                route.object.ref,
                f"the weight of {count(len(rule.backends), 'backend')} is 0, and there is no other: nobody is left to send to"
                f"{', and every request of this rule is answered 500' if route.kind == 'HTTPRoute' else ''}",
                path=path,
                places=[state.place(route.object, (*b.path, "weight"), "weight 0: gets nothing") for b in rule.backends[:3]],
                facts={"backends": [b.target.name for b in rule.backends]},
                fixes=possible(state.edit(route.object, path, 1)),
                hint="A share is the weight divided by the sum of the weights. What is the sum here?",
                check=kubectl(route.object.namespace, f"describe {route.kind.lower()} {route.object.name}"),
            )


RULE = Rule(
    id="weights-all-zero",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://gateway-api.sigs.k8s.io/guides/traffic-splitting/",),
    check=check,
)
