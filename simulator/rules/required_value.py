"""A field that must be given is not.

Mirrors: apimachinery `field.Required`, the validation of each kind.
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
            f"{dotted(found.problem.path) or 'a field'} is required{_detail(found.problem.message)}",
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            fixes=repair(found),
            hint="Which field does the message name, and where would it stand?",
            check=f"kubectl explain {found.object.kind.lower()}",
        )


def _detail(message: str) -> str:
    """What the server adds to "Required value"; all that it says where it says it otherwise."""
    _, required, detail = message.partition("Required value")
    return detail if required else f": {message}"


RULE = Rule(
    id="required-value",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/reference/kubernetes-api/",),
    check=check,
)
