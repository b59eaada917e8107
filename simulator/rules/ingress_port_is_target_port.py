"""An Ingress backend that names the Pods' port where the Service's own port is wanted.

Mirrors: networking/v1 `ServiceBackendPort` (a port of the Service). ingress-nginx takes a targetPort as well, so there it is a warning;
other controllers have no endpoints for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.controllers.ingress import NGINX
from simulator.diagnosis.backends import ingress_backends, portless
from simulator.diagnosis.ingresses import serving
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    for backend, service, view in portless(state, ingress_backends(state)):
        index = next((i for i, p in enumerate(view.ports) if p.target == backend.port), None)
        if index is None:
            continue
        wanted = view.ports[index]
        lenient = serving(state, backend.user).controller == NGINX
        kind = "number" if isinstance(backend.port, int) else "name"
        path = (*backend.path, "port", kind)
        edits = (
            [state.edit(backend.user, path, wanted.port)]
            if kind == "number"
            else [state.edit(backend.user, path, remove=True), state.edit(backend.user, (*backend.path, "port", "number"), wanted.port)]
        )
        yield RULE.finding(
            backend.object,
            f"the backend asks for port {backend.port} of Service {service.name}, but {backend.port} is its targetPort; "
            f"the Service's own port is {wanted.port}"
            + ("; ingress-nginx sends to it all the same, other controllers answer with an error" if lenient else ""),
            path=path,
            places=[
                state.place(backend.user, path, "a port of the Service is wanted here"),
                state.place(service, ("spec", "ports", index, "targetPort"), "the Pods' port"),
                state.place(service, ("spec", "ports", index, "port"), "the Service's port"),
            ],
            facts={"service": service.name, "port": backend.port, "service_port": wanted.port},
            severity=Severity.WARNING if lenient else None,
            fixes=likely(*edits),
            hint="Which of the Service's two numbers do clients of the Service use?",
            check=kubectl(backend.object.namespace, f"get service {service.name}"),
        )


RULE = Rule(
    id="ingress-port-is-target-port",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=(
        "https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource",
        "https://github.com/kubernetes/ingress-nginx/blob/main/internal/ingress/controller/controller.go",
    ),
    check=check,
)
