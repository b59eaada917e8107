"""An Ingress backend that names a Service which its namespace does not have.

Mirrors: the API server, which does not check; kubectl `describe ingress` (`<error: services "web" not found>`); ingress-nginx answers 503.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.backends import ingress_backends, missing
from simulator.diagnosis.near import near
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, meant


def check(state: State) -> Iterator[Finding]:
    for backend in missing(state, ingress_backends(state)):
        services = state.given("Service", backend.service.namespace)
        if [s for s in state.given("Service") if s.name == backend.service.name]:
            continue
        close = near(backend.service.name, (s.name for s in services))
        path = (*backend.path, "name")
        unseen = "" if services else "; perhaps it stands in a manifest that was not given"
        yield RULE.finding(
            backend.object,
            f'the backend is Service "{backend.service.name}", but namespace {backend.service.namespace} has no Service of that name'
            f"{meant(close) or unseen}",
            path=path,
            places=[
                state.place(backend.user, path, "no Service has this name"),
                state.place(state.cluster.get("Service", backend.service.namespace, close[0]) if close else None, ("metadata", "name"),
                            "close to this one"),
            ],
            facts={"service": backend.service.name, "near": close, "status": 503},
            fixes=likely(state.edit(backend.user, path, close[0])) if close else (),
            hint="Which Services does the namespace of the Ingress have?",
            check=kubectl(backend.object.namespace, f"describe ingress {backend.object.name}"),
            severity=Severity.ERROR if services else Severity.NOTE,
        )  # fmt: skip


RULE = Rule(
    id="ingress-service-missing",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource",),
    check=check,
    of_absence=True,
)
