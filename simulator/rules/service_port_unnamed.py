"""A Service with several ports of which one has no name.

Mirrors: kubernetes `pkg/apis/core/validation/validation.go` (`validateServicePort`: a name is required where there are several).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import dotted
from simulator.diagnosis.refusals import refusals
from simulator.diagnosis.repairs import repair
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State


def check(state: State) -> Iterator[Finding]:
    for found in refusals(state, RULE.id):
        yield RULE.finding(
            found.object,
            f"a Service with several ports needs a name for each of them: {found.problem.message}",
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            fixes=repair(found),
            hint="With one port the name may be left out. Why not with two?",
            check=f"kubectl explain {found.object.kind.lower()}",
        )


RULE = Rule(
    id="service-port-unnamed",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services",),
    check=check,
)
