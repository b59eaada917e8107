"""A key given twice in one mapping: Kubernetes takes the last and says nothing.

Mirrors: sigs.k8s.io/yaml (a key given twice keeps its last value), which kubectl uses even with strict validation.
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
            found.problem.message,
            path=found.problem.path,
            places=found.places,
            facts={"key": str(found.problem.path[-1])},
            hint="Which of the two did you mean?",
            check="kubectl apply --dry-run=client -o yaml -f FILE",
        )


RULE = Rule(
    id="duplicate-key",
    severity=Severity.WARNING,
    basis=Basis.IMPLEMENTED,
    sources=("https://yaml.org/spec/1.1/#id861060",),
    check=check,
)
