"""Weights that look like per cent but do not add up to 100: the shares are other than the numbers suggest.

Models: that weights near 100 in sum were meant as per cent. A share is weight / sum of weights.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.routes import routes
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed


def check(state: State) -> Iterator[Finding]:
    for route in routes(state):
        for rule in route.rules:
            weights = [backend.weight for backend in rule.backends]
            total = sum(weights)
            if len(weights) < 2 or total == 100 or not 50 < total < 200:
                continue
            shares = [f"{b.target.name} {100 * b.weight / total:.0f} %" for b in rule.backends]
            path = (*rule.backends[0].path, "weight")
            yield RULE.finding(
                route.object.ref,
                f"the weights add up to {total}, and they are parts, not per cent: the shares are {listed(shares)}",
                path=path,
                places=[
                    state.place(route.object, (*b.path, "weight"), f"{100 * b.weight / total:.0f} % of the requests")
                    for b in rule.backends[:3]
                ],
                facts={"weights": weights, "total": total, "shares": shares},
                hint="Divide each weight by their sum.",
                check=kubectl(route.object.namespace, f"describe {route.kind.lower()} {route.object.name}"),
            )


RULE = Rule(
    id="weights-not-percent",
    severity=Severity.NOTE,
    basis=Basis.MODELLED,
    sources=("https://gateway-api.sigs.k8s.io/guides/traffic-splitting/",),
    check=check,
)
