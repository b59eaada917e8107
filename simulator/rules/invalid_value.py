"""A value that the API server's validation does not accept.

Mirrors: apimachinery `field.Error` and the validation of each kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Fix, Severity
from simulator.api.meta import dotted
from simulator.diagnosis.near import near
from simulator.diagnosis.refusals import Refusal, refusals
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State


def check(state: State) -> Iterator[Finding]:
    for found in refusals(state, RULE.id):
        yield RULE.finding(
            found.object,
            f"the API server refuses the {found.object.kind}: {found.problem.message}",
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            fixes=_fix(found),
            hint="The message names the field and what it accepts.",
            check=f"kubectl explain {found.object.kind.lower()}",
        )


def _fix(found: Refusal) -> tuple[Fix, ...]:
    """The supported value that is close, or the name in lower case."""
    text = found.problem.message
    supported = re.findall(r'"([^"]*)"', text.partition("supported values:")[2])
    given = re.search(r'(?:Unsupported|Invalid) value: "([^"]*)"', text)
    if given is None:
        return ()
    close = near(given[1], supported) or ([given[1].lower()] if "RFC 1123" in text and not given[1].islower() else [])
    return likely(found.edit(close[0])) if close else ()


RULE = Rule(
    id="invalid-value",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/reference/kubernetes-api/",),
    check=check,
)
