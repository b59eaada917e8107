"""Objects for a namespace that the manifests do not make: where the cluster does not have it either, kubectl apply fails.

Models: that the namespace exists elsewhere, so that everything else can be told; the API server's answer is told as it would be.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.near import near
from simulator.diagnosis.refusals import refusals
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import meant


def check(state: State) -> Iterator[Finding]:
    told = set()
    own = [n.name for n in state.given("Namespace")]
    for found in refusals(state, RULE.id):
        namespace = found.object.namespace
        if namespace in told:
            continue
        told.add(namespace)
        close = near(namespace, [*own, "default"])
        stored = state.cluster.find(found.object)
        places = (state.place(stored, ("metadata", "namespace"), "not made by these manifests"),) if stored else found.places
        edit = state.edit(stored, ("metadata", "namespace"), close[0]) if stored and close else None
        yield RULE.finding(
            found.object,
            f'no manifest given makes namespace "{namespace}"; unless it exists, kubectl answers: namespaces "{namespace}" not found'
            f"{meant(close)}",
            path=("metadata", "namespace"),
            places=places,
            facts={"namespace": namespace, "near": close},
            fixes=likely(edit) if edit else (),
            hint="A namespace must exist before anything can be put into it.",
            check="kubectl get namespaces",
        )


RULE = Rule(
    id="namespace-missing",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",),
    check=check,
    of_absence=True,
)
