"""A port number in quotes: text is taken for the name of a port, and a name must have a letter.

Mirrors: apimachinery `validation.IsValidPortName`.
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
            f"{dotted(found.problem.path)} is a number in quotes, so it is taken for a port name: {found.problem.message}",
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            fixes=repair(found),
            hint="A number without quotes is a port; in quotes it is a name.",
            check=f"kubectl explain {found.object.kind.lower()}",
        )


RULE = Rule(
    id="target-port-quoted-number",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports",),
    check=check,
)
