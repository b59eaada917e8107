"""A value of the wrong type: a number where text is wanted, a mapping where a list is, `true` where a label's value is.

Mirrors: Go's `encoding/json` as the API server uses it (`cannot unmarshal ... into Go struct field ... of type ...`).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Fix, Severity
from simulator.api.meta import dotted
from simulator.diagnosis.refusals import Refusal, refusals
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State


def check(state: State) -> Iterator[Finding]:
    for found in refusals(state, RULE.id):
        path, text = found.problem.path, found.problem.message
        fixes = _quoted(found) if "of type string" in text else _unquoted(found) if "of type int" in text else ()
        yield RULE.finding(
            found.object,
            f"{dotted(path) or 'the document'} has a value of the wrong type: {text}",
            path=path,
            places=found.places,
            facts={"field": dotted(path), "server": text},
            fixes=fixes,
            hint="Words like yes, no, on, off and true are not text in YAML, nor are bare numbers; quotes make them text.",
            check=f"kubectl explain {found.object.kind.lower()}.{'.'.join(str(s) for s in path if isinstance(s, str))}",
        )


def _quoted(found: Refusal) -> tuple[Fix, ...]:
    """The value in quotes, where it is a bare word or number."""
    value = found.value
    if not isinstance(value, bool | int | float):
        return ()
    return likely(found.edit(str(value).lower() if isinstance(value, bool) else str(value)))


def _unquoted(found: Refusal) -> tuple[Fix, ...]:
    return likely(found.edit(int(found.value))) if isinstance(found.value, str) and found.value.isdecimal() else ()


RULE = Rule(
    id="wrong-type",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation",),
    check=check,
)
