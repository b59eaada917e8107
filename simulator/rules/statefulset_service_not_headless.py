"""A StatefulSet whose `serviceName` names a Service with a cluster address: DNS then has one name for all, none per Pod.

Mirrors: CoreDNS `plugin/kubernetes`, which gives endpoints names of their own under headless Services only.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.core_v1 import Service
from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    for owner in state.given("StatefulSet"):
        name = owner.spec.get("serviceName") or ""
        service = state.cluster.get("Service", owner.namespace, name)
        if service is None or Service.of(service).headless:
            continue
        yield RULE.finding(
            owner.ref,
            f"serviceName {name} is a Service with a cluster address, so {owner.name}-0.{name} does not resolve: "
            "only a headless Service (clusterIP: None) gives each Pod a name",
            path=("spec", "serviceName"),
            places=[
                state.place(service, ("spec", "clusterIP"), "not headless", key=True),
                state.place(owner, ("spec", "serviceName"), "the Pods' names in DNS hang on this Service"),
            ],
            facts={"service": name},
            fixes=possible(state.edit(service, ("spec", "clusterIP"), "None")) if Service.of(service).type == "ClusterIP" else (),
            hint="Which kind of Service lists its Pods in DNS one by one?",
            check=kubectl(owner.namespace, f"get service {name}"),
        )


RULE = Rule(
    id="statefulset-service-not-headless",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#limitations",),
    check=check,
)
