"""An Ingress whose class does not exist.

Mirrors: ingress-nginx, which serves an Ingress only if its IngressClass names this controller; the API server does not check.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import Ref
from simulator.diagnosis.ingresses import class_path, unserved
from simulator.diagnosis.near import near
from simulator.diagnosis.rule import Rule, likely, possible
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, meant


def check(state: State) -> Iterator[Finding]:
    classes = [c.name for c in state.cluster.of("IngressClass")]
    for ingress, served in unserved(state, "ClassNotFound"):
        name, path = served.class_name, class_path(ingress)
        if Ref("IngressClass", "", name) in state.refused:
            continue
        close = near(name, classes)
        has = f"the cluster has {listed(classes)}" if classes else "the cluster has none"
        edit = state.edit(ingress, path, (close or classes or [""])[0])
        yield RULE.finding(
            ingress.ref,
            f'there is no IngressClass "{name}" ({has}), so no controller serves this Ingress and its ADDRESS stays empty{meant(close)}',
            path=path,
            places=[state.place(ingress, path, "no IngressClass has this name")],
            facts={"class": name, "classes": classes, "near": close},
            fixes=likely(edit) if close else possible(edit) if len(classes) == 1 else (),
            hint="Which IngressClasses does the cluster have?",
            check=kubectl("", "get ingressclass"),
        )


RULE = Rule(
    id="ingress-class-not-found",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class",),
    check=check,
    of_absence=True,
)
