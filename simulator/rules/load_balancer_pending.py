"""A Service of type LoadBalancer in a cluster where nothing hands out addresses.

Models: that a load balancer controller runs or not (`profile.loadBalancers`); Kubernetes itself has none.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.core_v1 import Service
from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    for service in state.given("Service"):
        view = Service.of(service)
        if view.type != "LoadBalancer" or view.ingress or state.cluster.profile.load_balancers:
            continue
        yield RULE.finding(
            service.ref,
            "EXTERNAL-IP stays <pending>: the Service asks for a load balancer, but this cluster runs nothing that provides one",
            path=("spec", "type"),
            places=[state.place(service, ("spec", "type"), "asks whoever provides load balancers")],
            facts={"node_ports": [p.node_port for p in view.ports if p.node_port], "summary": "EXTERNAL-IP: <pending>"},
            fixes=possible(state.edit(service, ("spec", "type"), "NodePort")),
            hint="Who in this cluster would make a load balancer? Kubernetes itself brings none.",
            check=kubectl(service.namespace, f"get service {service.name}"),
        )


RULE = Rule(
    id="load-balancer-pending",
    severity=Severity.ERROR,
    basis=Basis.MODELLED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer",),
    check=check,
)
