"""A Service whose workload makes no Pods just now: `replicas: 0`, or a CronJob between its times.

Mirrors: the replicaset controller, which makes as many Pods as `spec.replicas` says.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.services import makes_none, without_pods
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, pairs


def check(state: State) -> Iterator[Finding]:
    for service, selector in without_pods(state):
        for workload in makes_none(state, service.namespace, selector)[:1]:
            scaled = workload.spec.get("replicas") == 0
            why = "has replicas: 0" if scaled else "makes no Pod at this moment"
            asked = pairs(selector)
            yield RULE.finding(
                service.ref,
                f"selector {asked} is right, but {workload.kind} {workload.name}, whose Pods would carry these labels, {why}",
                path=("spec", "selector"),
                places=[
                    state.place(workload, ("spec", "replicas"), "no Pods are asked for"),
                    state.place(service, ("spec", "selector"), "the Service would select its Pods", key=True),
                ],
                facts={"selector": asked, "matched": 0, "workload": workload.name,
                       "summary": f"Endpoints: <none>, selector {asked} matches 0 pods"},
                fixes=possible(state.edit(workload, ("spec", "replicas"), 1)) if scaled else (),
                hint="The labels agree. How many Pods does the workload ask for?",
                check=kubectl(service.namespace, f"get {workload.kind.lower()} {workload.name}"),
            )  # fmt: skip


RULE = Rule(
    id="workload-scaled-to-zero",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#scaling-a-deployment",),
    check=check,
)
