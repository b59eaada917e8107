"""A second version of an object that changes a field which cannot change: the address of a Service, the selector of a workload.

Mirrors: apimachinery `ValidateImmutableField` and kubernetes `pkg/apis/core/validation/validation.go` (`ValidateServiceUpdate`).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import dotted
from simulator.diagnosis.refusals import refusals
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    for found in refusals(state, RULE.id):
        about = found.object
        yield RULE.finding(
            about,
            f"{about.kind} {about.name} exists already, and this field cannot change in place: {found.problem.message}",
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            hint="Which fields may change while the object lives? For the others it must be deleted and made anew.",
            check=kubectl(about.namespace, f"get {about.kind.lower()} {about.name} -o yaml"),
        )


RULE = Rule(
    id="field-immutable",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#choosing-your-own-ip-address",),
    check=check,
)
