"""A value of the wrong type: a number where text is wanted, a mapping where a list is, `true` where a label's value is.

Mirrors: Go's `encoding/json` as the API server uses it (`cannot unmarshal ... into Go struct field ... of type ...`).
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
        path, text = found.problem.path, found.problem.message
        yield RULE.finding(
            found.object,
            f"{dotted(path) or 'the document'} has a value of the wrong type: {text}",
            path=path,
            places=found.places,
            facts={"field": dotted(path), "server": text},
            fixes=repair(found),
            hint="Words like yes, no, on, off and true are not text in YAML, nor are bare numbers; quotes make them text.",
            check=f"kubectl explain {found.object.kind.lower()}.{'.'.join(str(s) for s in path if isinstance(s, str))}",
        )


RULE = Rule(
    id="wrong-type",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation",),
    check=check,
)
