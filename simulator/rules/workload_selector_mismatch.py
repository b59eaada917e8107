"""A workload whose selector does not match its own Pod template's labels.

Mirrors: kubernetes `pkg/apis/apps/validation/validation.go`.
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
        if found.verdict and any(p.code == "required-value" and p.path == ("spec", "selector") for p in found.verdict.problems):
            continue
        yield RULE.finding(
            found.object,
            f"{found.object.kind} {found.object.name} would not recognise its own Pods: {found.problem.message}",
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            fixes=repair(found),
            hint="A workload must recognise the Pods that it makes.",
            check=f"kubectl explain {found.object.kind.lower()}",
        )


RULE = Rule(
    id="workload-selector-mismatch",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector",),
    check=check,
)
