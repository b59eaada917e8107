"""An Ingress whose class exists, but whose controller does not run.

Models: which controllers run (`profile.ingressControllers`); Kubernetes itself brings none.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.ingresses import class_path, unserved
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import listed


def check(state: State) -> Iterator[Finding]:
    running = state.cluster.profile.ingress_controllers
    for ingress, served in unserved(state, "ControllerNotRunning"):
        found = state.cluster.get("IngressClass", "", served.class_name)
        runs = f"only {listed(running)} runs here" if running else "no Ingress controller runs here"
        yield RULE.finding(
            ingress.ref,
            f"IngressClass {served.class_name} is for controller {served.controller}, but {runs}: nothing serves the Ingress",
            path=class_path(ingress),
            places=[
                state.place(ingress, class_path(ingress), "asks for this class"),
                state.place(found, ("spec", "controller"), "the controller that would serve it"),
            ],
            facts={"class": served.class_name, "controller": served.controller, "running": list(running)},
            hint="An Ingress is only a wish. Who in this cluster reads it?",
            check="kubectl get pods -A",
        )


RULE = Rule(
    id="ingress-no-controller",
    severity=Severity.ERROR,
    basis=Basis.MODELLED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/ingress-controllers/",),
    check=check,
)
