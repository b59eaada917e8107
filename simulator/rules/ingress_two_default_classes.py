"""Two IngressClasses that both claim to be the default: which one an Ingress without a class gets depends on their age.

Mirrors: kubernetes `plugin/pkg/admission/network/defaultingressclass` (`getDefaultClass`: the newest wins, then the name).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.ingress_v1 import DEFAULT_CLASS_ANNOTATION
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import listed


def check(state: State) -> Iterator[Finding]:
    defaults = [c for c in state.given("IngressClass") if c.annotations.get(DEFAULT_CLASS_ANNOTATION) == "true"]
    if len(defaults) < 2:
        return
    path = ("metadata", "annotations", DEFAULT_CLASS_ANNOTATION)
    second = defaults[1]
    yield RULE.finding(
        second.ref,
        f"IngressClasses {listed(c.name for c in defaults)} are {'both' if len(defaults) == 2 else 'all'} marked as the default: "
        "an Ingress without a class gets the newest of them, whichever that is",
        path=path,
        places=[state.place(second, path, "a second default"), state.place(defaults[0], path, "the first")],
        facts={"classes": [c.name for c in defaults]},
        fixes=possible(state.edit(second, path, "false")) if len(defaults) == 2 else (),
        hint="How many defaults can there be?",
        check="kubectl get ingressclass -o yaml",
    )


RULE = Rule(
    id="ingress-two-default-classes",
    severity=Severity.WARNING,
    basis=Basis.IMPLEMENTED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class",),
    check=check,
)
