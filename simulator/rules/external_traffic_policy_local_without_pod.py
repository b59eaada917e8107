"""`externalTrafficPolicy: Local` with nodes that run none of the Service's Pods: what arrives there from outside is dropped.

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
        if not view.externally_reachable or view.external_traffic_policy != "Local":
            continue
        empty = nodes_without(state, service, view)
        if not empty:
            continue
        checked = f"; a load balancer leaves them out by its health check on port {view.health_check_node_port}" if (
            view.health_check_node_port) else ""  # fmt: skip
        yield RULE.finding(
            service.ref,
            f"externalTrafficPolicy: Local, but {listed(empty)} run{'s' if len(empty) == 1 else ''} no ready Pod of this Service: "
            f"what reaches a node port there from outside is dropped{checked}",
            path=("spec", "externalTrafficPolicy"),
            places=[state.place(service, ("spec", "externalTrafficPolicy"), "a node serves only the Pods that run on it")],
            facts={"nodes": empty, "health_check_node_port": view.health_check_node_port},
            fixes=possible(state.edit(service, ("spec", "externalTrafficPolicy"), "Cluster")),
            hint="On which nodes do the Pods run, and which node was asked?",
            check=kubectl(service.namespace, "get pods -o wide"),
            severity=Severity.NOTE if view.health_check_node_port else None,
        )


RULE = Rule(
    id="external-traffic-policy-local-without-pod",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy",),
    check=check,
)
