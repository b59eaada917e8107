"""A Service whose selector matches Pods of another namespace, and none of its own.

Mirrors: the endpointslice controller, which lists Pods in the Service's namespace only.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.services import elsewhere, makes_none, without_pods
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import listed, makers, pairs


def check(state: State) -> Iterator[Finding]:
    for service, selector in without_pods(state):
        pods = elsewhere(state, service.namespace, selector)
        if not pods or makes_none(state, service.namespace, selector):
            continue
        asked = pairs(selector)
        homes = sorted({pod.namespace for pod in pods})
        who = makers(state, pods)
        verb = "carries" if len(pods) == 1 else "carry"
        yield RULE.finding(
            service.ref,
            f"selector {asked} matches 0 Pods in namespace {service.namespace}: {who} {verb} these labels, but in "
            f"namespace {listed(homes)}",
            path=("metadata", "namespace"),
            places=[
                state.place(service, ("metadata", "namespace"), f"the Service looks for Pods in {service.namespace}", key=True),
                state.place(state.origin(pods[0]), ("metadata", "namespace"), f"the Pods live in {pods[0].namespace}", key=True),
            ],
            facts={"selector": asked, "namespace": service.namespace, "namespaces": homes, "matched": 0,
                   "summary": f"Endpoints: <none>, selector {asked} matches 0 pods"},
            fixes=possible(state.edit(service, ("metadata", "namespace"), homes[0])) if len(homes) == 1 else (),
            hint="A Service and its Pods must share a namespace. In which one is each?",
            check=f"kubectl get pods -A -l {asked}",
        )  # fmt: skip


RULE = Rule(
    id="wrong-namespace",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service",),
    check=check,
)
