"""A route's backendRef that names a port which its Service does not have: its share of the requests is answered 500.

Mirrors: kubernetes-sigs/gateway-api `apis/v1/object_reference_types.go` (`port` is the Service's port, not the targetPort).
Models: that it counts as a reference which cannot be used; the specification does not say so, Cilium, kgateway and Kuma do.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.backends import portless, route_backends
from simulator.diagnosis.rule import Rule, likely, possible
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed


def check(state: State) -> Iterator[Finding]:
    for backend, service, view in portless(state, route_backends(state)):
        index = next((i for i, p in enumerate(view.ports) if p.target == backend.port), None)
        has = listed(str(p.port) for p in view.ports)
        note = f"; {backend.port} is its targetPort, the Pods' port" if index is not None else ""
        path = (*backend.path, "port")
        fixes = likely(state.edit(backend.user, path, view.ports[index].port)) if index is not None else ()
        if index is None and len(view.ports) == 1:
            fixes = possible(state.edit(backend.user, path, view.ports[0].port))
        yield RULE.finding(
            backend.object,
            f"the backend asks for port {backend.port} of Service {service.namespace}/{service.name}, which has {has}{note}",
            path=path,
            places=[
                state.place(backend.user, path, "a port of the Service is wanted here"),
                state.place(service, ("spec", "ports", index or 0, "port"), "the Service's port"),
            ],
            facts={"service": service.name, "port": backend.port, "ports": [p.port for p in view.ports]},
            fixes=fixes,
            hint="A backendRef names the Service's own port.",
            check=kubectl(service.namespace, f"get service {service.name}"),
        )


RULE = Rule(
    id="backend-port-missing",
    severity=Severity.ERROR,
    basis=Basis.MODELLED,
    sources=(
        "https://gateway-api.sigs.k8s.io/api-types/httproute/#backendrefs-optional",
        "https://github.com/cilium/cilium/pull/47766",
    ),
    check=check,
)
