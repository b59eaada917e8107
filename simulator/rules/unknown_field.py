"""A field that the kind does not have: strict validation refuses the object, and without it the field would be dropped silently.

Mirrors: apimachinery strict decoding (`strict decoding error: unknown field`), kubectl's default `--validate=strict`.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import dotted
from simulator.diagnosis.refusals import Refusal, refusals
from simulator.diagnosis.repairs import SELECTORS, TOP_LEVEL, repair
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import meant

_V1BETA1 = "; that is the form of v1beta1, v1 has service.name and service.port.number"


def check(state: State) -> Iterator[Finding]:
    for found in refusals(state, RULE.id):
        path, near = found.problem.path, list(found.problem.facts.get("near") or ())
        name = str(path[-1]) if path else ""
        if name == "servicePort" and "serviceName" in (found.at(path[:-1]).value or ()):
            continue
        holder = dotted(path[:-1]) or "the object"
        shifted = path[:1] == ("metadata",) and len(path) == 2 and name in TOP_LEVEL
        selects = len(path) > 1 and path[-2] in SELECTORS and not near
        note = (
            "; it belongs beside metadata, two columns to the left"
            if shifted
            else (
                "; labels belong under matchLabels here" if selects else _V1BETA1 if name in ("serviceName", "servicePort") else meant(near)
            )
        )
        yield RULE.finding(
            found.object,
            f'{holder} has no field "{name}", so the API server refuses the {found.object.kind}{note}',
            path=path,
            places=found.places,
            facts={"field": dotted(path), "near": near, "server": found.problem.message},
            fixes=repair(found),
            hint="Compare the spelling and the indentation with the reference of this kind.",
            check=f"kubectl explain {found.object.kind.lower()}{'.' + _explained(found) if len(path) > 1 else ''}",
        )


def _explained(found: Refusal) -> str:
    return ".".join(str(step) for step in found.problem.path[:-1] if isinstance(step, str))


RULE = Rule(
    id="unknown-field",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation",),
    check=check,
)
