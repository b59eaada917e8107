"""A workload whose selector does not match its own Pod template's labels.

Mirrors: kubernetes `pkg/apis/apps/validation/validation.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Fix, Severity
from simulator.api.meta import dotted
from simulator.diagnosis.refusals import Refusal, refusals
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State, child


def check(state: State) -> Iterator[Finding]:
    for found in refusals(state, RULE.id):
        yield RULE.finding(
            found.object,
            f"{found.object.kind} {found.object.name} would not recognise its own Pods: {found.problem.message}",
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            fixes=_fix(found),
            hint="A workload must recognise the Pods that it makes.",
            check=f"kubectl explain {found.object.kind.lower()}",
        )


def _fix(found: Refusal) -> tuple[Fix, ...]:
    """The template takes on the labels that the selector asks for."""
    document = found.document
    wanted = child(child(child(document.data, "spec"), "selector"), "matchLabels") if document else {}
    carried = child(child(child(child(document.data, "spec"), "template"), "metadata"), "labels") if document else {}
    lacking = {key: value for key, value in wanted.items() if carried.get(key) != value}
    labels = ("spec", "template", "metadata", "labels")
    return likely(*(found.edit(value, (*labels, key)) for key, value in lacking.items()))


RULE = Rule(
    id="workload-selector-mismatch",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector",),
    check=check,
)
