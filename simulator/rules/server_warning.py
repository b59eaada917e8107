"""Something that the API server accepts with a warning.

Mirrors: the API server's warnings (`Warning: ...` in kubectl), e.g. `pkg/api/service/warnings.go`.
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
            f"the API server accepts it and warns: {found.problem.message}",
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            hint="kubectl prints the same line after Warning.",
            check=f"kubectl explain {found.object.kind.lower()}",
            severity=Severity.NOTE if "last-applied-configuration" in found.problem.message else None,
        )


RULE = Rule(
    id="server-warning",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/blog/2020/09/03/warnings/",),
    check=check,
)
