"""Two ports of a Pod with one name: within a container it is refused, across containers the first wins.

Mirrors: kubernetes `pkg/apis/core/validation/validation.go` and `pkg/api/pod/warnings.go`.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import dotted
from simulator.diagnosis.refusals import refusals
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State


def check(state: State) -> Iterator[Finding]:
    for found in refusals(state, RULE.id):
        yield RULE.finding(
            found.object,
            f"two container ports have the same name: {found.problem.message}",
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            hint="A Service that names its targetPort reaches one of them. Which one did you mean?",
            check=f"kubectl explain {found.object.kind.lower()}",
        )


RULE = Rule(
    id="container-port-name-duplicate",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports",),
    check=check,
)
