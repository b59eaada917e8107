"""A Service with several ports of which one has no name.

Mirrors: kubernetes `pkg/apis/core/validation/validation.go` (`validateServicePort`: a name is required where there are several).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simulator.api.diagnostics import Basis, Finding, Fix, Severity
from simulator.api.meta import dotted
from simulator.diagnosis.refusals import Refusal, refusals
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State

_WELL_KNOWN = {80: "http", 443: "https", 5432: "postgres", 6379: "redis", 9090: "metrics"}


def check(state: State) -> Iterator[Finding]:
    for found in refusals(state, RULE.id):
        yield RULE.finding(
            found.object,
            f"a Service with several ports needs a name for each of them: {found.problem.message}",
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            fixes=_fix(found),
            hint="With one port the name may be left out. Why not with two?",
            check=f"kubectl explain {found.object.kind.lower()}",
        )


def _fix(found: Refusal) -> tuple[Fix, ...]:
    number = Refusal(replace(found.problem, path=(*found.problem.path[:-1], "port")), found.document, found.verdict).value
    return likely(found.edit(_WELL_KNOWN.get(number, f"port-{number}")))


RULE = Rule(
    id="service-port-unnamed",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services",),
    check=check,
)
