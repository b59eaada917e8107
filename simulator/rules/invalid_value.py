"""A value that the API server's validation does not accept.

Mirrors: apimachinery `field.Error` and the validation of each kind.
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
            f"the API server refuses the {found.object.kind}: {found.problem.message}",
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            fixes=repair(found),
            hint="The message names the field and what it accepts.",
            check=f"kubectl explain {found.object.kind.lower()}",
        )


RULE = Rule(
    id="invalid-value",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/reference/kubernetes-api/",),
    check=check,
)
