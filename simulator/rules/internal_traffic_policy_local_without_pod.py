"""`internalTrafficPolicy: Local` with nodes that run none of the Service's Pods: clients on those nodes get no answer.

Mirrors: kube-proxy `pkg/proxy/topology.go` and the DROP rule for Services without local endpoints.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.readiness import nodes_without
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.services import with_pods
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed


def check(state: State) -> Iterator[Finding]:
    for service, view, _ in with_pods(state):
        if view.headless or view.internal_traffic_policy != "Local":
            continue
        empty = nodes_without(state, service, view)
        if empty:
            yield RULE.finding(
                service.ref,
                f"internalTrafficPolicy: Local, but {listed(empty)} run{'s' if len(empty) == 1 else ''} no ready Pod of this Service: "
                "clients on such a node wait until they time out",
                path=("spec", "internalTrafficPolicy"),
                places=[state.place(service, ("spec", "internalTrafficPolicy"), "a client is served only by Pods on its own node")],
                facts={"nodes": empty},
                fixes=possible(state.edit(service, ("spec", "internalTrafficPolicy"), "Cluster")),
                hint="Does every node that has clients also run one of the Pods?",
                check=kubectl(service.namespace, "get pods -o wide"),
            )


RULE = Rule(
    id="internal-traffic-policy-local-without-pod",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service-traffic-policy/",),
    check=check,
)
