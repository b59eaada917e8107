"""A second object in one YAML document, for want of a line `---`: the last key wins, and one object is lost without a word.

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
            hint="Count the objects that you wrote and the objects that kubectl says it created.",
            check="kubectl apply --dry-run=client -o yaml -f FILE",
        )


RULE = Rule(
    id="missing-document-separator",
    severity=Severity.WARNING,
    basis=Basis.IMPLEMENTED,
    sources=("https://kubernetes.io/docs/concepts/workloads/management/#organizing-resource-configurations",),
    check=check,
)
