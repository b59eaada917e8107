"""An externalName with a scheme, a port or a path: DNS can alias host names only.

Mirrors: kubernetes `pkg/apis/core/validation/validation.go` (`externalName` must be an RFC 1123 subdomain).
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
            f"externalName must be a host name alone, without scheme, port or path: {found.problem.message}",
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            fixes=repair(found),
            hint="Which part of an address does DNS know?",
            check=f"kubectl explain {found.object.kind.lower()}",
        )


RULE = Rule(
    id="external-name-not-a-host",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#externalname",),
    check=check,
)
