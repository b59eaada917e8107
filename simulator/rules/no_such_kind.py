"""A kind that the API server does not have in this version: another spelling, another group, a version that is gone, or CRDs not installed.

Mirrors: kubectl's REST mapping (`no matches for kind`, `ensure CRDs are installed first`).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import Json
from simulator.diagnosis.refusals import refusals
from simulator.diagnosis.repairs import repair, served_as
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State


def check(state: State) -> Iterator[Finding]:
    version = state.cluster.profile.kubernetes
    for found in refusals(state, RULE.id):
        data: Json = found.document.data if found.document else {}
        given, kind = str(data.get("apiVersion") or ""), str(data.get("kind") or "")
        meant, versions = served_as(found, version)
        absent = meant == kind and given in versions
        note = (
            "; the definitions of the Gateway API are not installed here"
            if absent
            else f'; did you mean kind "{meant}"?'
            if meant not in ("", kind)
            else f"; {kind} is served as {versions[0]}"
            if versions
            else ""
        )
        yield RULE.finding(
            found.object,
            f'there is no kind "{kind}" in version "{given}"{note}',
            path=("apiVersion",) if meant == kind else ("kind",),
            places=found.places,
            facts={"kind": kind, "version": given, "meant": meant, "served": list(versions), "server": found.problem.message},
            fixes=() if absent else repair(found, version),
            hint="Which kinds come with Kubernetes, and which have to be installed?"
            if absent
            else "Kind and apiVersion go together; both are case-sensitive.",
            check="kubectl get crds" if absent else "kubectl api-resources",
        )


RULE = Rule(
    id="no-such-kind",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/reference/using-api/deprecation-guide/",),
    check=check,
)
