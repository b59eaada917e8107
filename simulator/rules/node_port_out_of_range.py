"""A nodePort outside the range that the cluster sets aside for node ports.

Mirrors: kubernetes `pkg/registry/core/service/portallocator` (30000-32767 unless the cluster says otherwise).
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
            found.problem.message,
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            fixes=repair(found),
            hint="Leave nodePort out and the cluster chooses one, or take one from the range.",
            check=f"kubectl explain {found.object.kind.lower()}",
        )


RULE = Rule(
    id="node-port-out-of-range",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",),
    check=check,
)
