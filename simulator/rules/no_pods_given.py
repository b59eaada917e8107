"""A Service or a NetworkPolicy with a selector in manifests that hold no Pods at all: nothing is wrong, but nothing can be said.

Models: that the Pods live in manifests which were not given.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.services import without_pods
from simulator.diagnosis.state import State, child
from simulator.diagnosis.wording import kubectl, pairs


def check(state: State) -> Iterator[Finding]:
    if state.workloads() or state.refused_workloads:
        return
    for policy in state.given("NetworkPolicy"):
        wanted = child(child(policy.spec, "podSelector"), "matchLabels")
        if wanted:
            yield RULE.finding(
                policy.ref,
                f"there are no Pods in what was given, so podSelector {pairs(wanted)} has nothing to protect; "
                "add the workloads to see its effect",
                path=("spec", "podSelector"),
                places=[state.place(policy, ("spec", "podSelector"), "the policy protects such Pods", key=True)],
                facts={"selector": pairs(wanted), "matched": 0},
                hint="Give the workloads together with the policy.",
                check=kubectl(policy.namespace, f"get pods -l {pairs(wanted)}"),
            )
    for service, selector in without_pods(state):
        asked = pairs(selector)
        yield RULE.finding(
            service.ref,
            f"there are no Pods in what was given, so selector {asked} has nothing to match; add the workload to see where traffic goes",
            path=("spec", "selector"),
            places=[state.place(service, ("spec", "selector"), "the Service asks for this", key=True)],
            facts={"selector": asked, "matched": 0, "summary": f"Endpoints: <none>, no Pods in what was given (selector {asked})"},
            hint="Give the Deployment (or other workload) together with the Service.",
            check=kubectl(service.namespace, f"get pods -l {asked}"),
        )


RULE = Rule(
    id="no-pods-given",
    severity=Severity.NOTE,
    basis=Basis.MODELLED,
    sources=("https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/",),
    check=check,
    of_absence=True,
)
