"""An Ingress that names no class where no class is the default: no controller feels responsible.

Mirrors: kubernetes `plugin/pkg/admission/network/defaultingressclass` and ingress-nginx, which ignores an Ingress without a class.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.ingresses import unserved
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed


def check(state: State) -> Iterator[Finding]:
    classes = [c.name for c in state.cluster.of("IngressClass")]
    for ingress, _ in unserved(state, "NoClass"):
        known = f"the cluster has {listed(classes)}, and none is the default" if classes else "the cluster has no IngressClass"
        yield RULE.finding(
            ingress.ref,
            f"the Ingress names no class ({known}), so no controller serves it and its ADDRESS stays empty",
            path=("spec", "ingressClassName"),
            places=[state.place(ingress, ("spec",), "ingressClassName belongs here", key=True)],
            facts={"classes": classes},
            fixes=likely(state.edit(ingress, ("spec", "ingressClassName"), classes[0])) if len(classes) == 1 else (),
            hint="How does a controller know that an Ingress is meant for it?",
            check=kubectl("", "get ingressclass"),
        )


RULE = Rule(
    id="ingress-class-missing",
    severity=Severity.ERROR,
    basis=Basis.IMPLEMENTED,
    sources=(
        "https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class",
        "https://github.com/kubernetes/ingress-nginx/blob/main/docs/user-guide/multiple-ingress.md",
    ),
    check=check,
)
