"""An Ingress backend whose Service lives in another namespace: an Ingress can name Services of its own namespace only.

Mirrors: networking/v1 `IngressServiceBackend` ("must exist in the same namespace as the Ingress object").
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.backends import ingress_backends, missing
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed


def check(state: State) -> Iterator[Finding]:
    for backend in missing(state, ingress_backends(state)):
        namesakes = [s for s in state.given("Service") if s.name == backend.service.name]
        if not namesakes:
            continue
        homes = [s.namespace for s in namesakes]
        path = (*backend.path, "name")
        yield RULE.finding(
            backend.object,
            f'Service "{backend.service.name}" lives in namespace {listed(homes)}, but an Ingress in {backend.object.namespace} '
            f"can send to Services of {backend.object.namespace} only",
            path=path,
            places=[
                state.place(backend.user, path, f"looked up in {backend.object.namespace}"),
                state.place(namesakes[0], ("metadata", "namespace"), f"lives in {homes[0]}", key=True),
            ],
            facts={"service": backend.service.name, "namespaces": homes, "status": 503},
            fixes=possible(state.edit(backend.user, ("metadata", "namespace"), homes[0])) if len(homes) == 1 else (),
            hint="In which namespace does an Ingress look for its Services?",
            check=kubectl(backend.object.namespace, f"describe ingress {backend.object.name}"),
        )


RULE = Rule(
    id="ingress-cross-namespace",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource",),
    check=check,
)
