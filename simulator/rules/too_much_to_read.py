"""Text beyond what this simulator reads: too long, too many documents, nested too deeply, aliases that multiply.

Models: the limits are the simulator's own; a real API server has others.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.refusals import refusals
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State


def check(state: State) -> Iterator[Finding]:
    for found in refusals(state, RULE.id):
        yield RULE.finding(
            found.object,
            f"not read from here on: {found.problem.message}",
            places=found.places,
            facts={"limit": found.problem.message},
            hint="Give only the manifests that belong to the question.",
        )


RULE = Rule(
    id="too-much-to-read",
    severity=Severity.ERROR,
    basis=Basis.MODELLED,
    sources=("https://kubernetes.io/docs/concepts/overview/working-with-objects/",),
    check=check,
)
