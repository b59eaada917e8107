"""An Ingress backend that names a port which its Service does not have.

Mirrors: the API server, which does not check; ingress-nginx finds no endpoints for it and answers 503. `describe ingress` hides it.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.backends import ingress_backends, portless
from simulator.diagnosis.near import near
from simulator.diagnosis.rule import Rule, likely, possible
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, meant


def check(state: State) -> Iterator[Finding]:
    for backend, service, view in portless(state, ingress_backends(state)):
        if any(p.target == backend.port for p in view.ports):
            continue
        named = isinstance(backend.port, str)
        has = [p.name if named and p.name else str(p.port) for p in view.ports]
        close = near(str(backend.port), [p.name for p in view.ports if p.name]) if named else []
        path = (*backend.path, "port", "name" if named else "number")
        fixes = likely(state.edit(backend.user, path, close[0])) if close else ()
        if not named and len(view.ports) == 1:
            fixes = possible(state.edit(backend.user, path, view.ports[0].port))
        yield RULE.finding(
            backend.object,
            f"the backend asks for port {backend.port} of Service {service.name}, which has {listed(has)}{meant(close)}",
            path=path,
            places=[
                state.place(backend.user, path, "the Service has no such port"),
                state.place(service, ("spec", "ports"), "the ports it has", key=True),
            ],
            facts={"service": service.name, "port": backend.port, "ports": has, "near": close, "status": 503},
            fixes=fixes,
            hint="Compare the port of the backend with the ports of the Service.",
            check=kubectl(backend.object.namespace, f"get service {service.name}"),
        )


RULE = Rule(
    id="ingress-port-not-on-service",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource",),
    check=check,
)
