"""A kind that the API server does not have in this version: another spelling, another group, a version that is gone, or CRDs not installed.

Mirrors: kubectl's REST mapping (`no matches for kind`, `ensure CRDs are installed first`).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Fix, Severity
from simulator.api.meta import Json
from simulator.diagnosis.near import near
from simulator.diagnosis.refusals import Refusal, refusals
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.schema import table


def check(state: State) -> Iterator[Finding]:
    known = sorted(table(state.cluster.profile.kubernetes).names, key=lambda name: ("alpha" in name[0] or "beta" in name[0], name))
    for found in refusals(state, RULE.id):
        data: Json = found.document.data if found.document else {}
        version, kind = str(data.get("apiVersion") or ""), str(data.get("kind") or "")
        served = [v for v, k in known if k == kind]
        close = near(kind, (k for _, k in known)) or ([k for _, k in known if k.lower() == kind.lower()][:1])
        note = f"; {kind} is served as {served[0]}" if served else f'; did you mean kind "{close[0]}"?' if close else ""
        yield RULE.finding(
            found.object,
            f'there is no kind "{kind}" in version "{version}"{note}',
            path=("apiVersion",) if served else ("kind",),
            places=found.places,
            facts={"kind": kind, "version": version, "served": served, "near": close, "server": found.problem.message},
            fixes=_fix(found, served, [v for v, k in known if close and k == close[0]], close),
            hint="Kind and apiVersion go together; both are case-sensitive.",
            check="kubectl api-resources",
        )


def _fix(found: Refusal, served: list[str], served_close: list[str], close: list[str]) -> tuple[Fix, ...]:
    if found.document is None or not (served or close):
        return ()
    edits = [] if served else [found.edit(close[0], ("kind",))]
    if found.document.data.get("apiVersion") not in (served or served_close):
        edits.append(found.edit((served or served_close)[0], ("apiVersion",)))
    return likely(*edits)


RULE = Rule(
    id="no-such-kind",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/reference/using-api/deprecation-guide/",),
    check=check,
)
