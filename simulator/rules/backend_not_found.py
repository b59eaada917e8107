"""A route's backendRef that names a Service which does not exist: its share of the requests is answered 500.

Mirrors: kubernetes-sigs/gateway-api `apis/v1/httproute_types.go` (an invalid `backendRefs` must be answered 500), BackendNotFound.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.backends import broken_share, missing, route_backends
from simulator.diagnosis.near import near
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, meant


def check(state: State) -> Iterator[Finding]:
    for backend in missing(state, route_backends(state)):
        name, namespace = backend.service.name, backend.service.namespace
        services = state.given("Service")
        close = near(name, (s.name for s in services if s.namespace == namespace))
        homes = [s.namespace for s in services if s.name == name]
        where = f"; one lives in {listed(homes)}" if homes else meant(close) or ("" if services else "; perhaps it was not given")
        yield RULE.finding(
            backend.object,
            f'BackendNotFound: there is no Service "{name}" in namespace {namespace}, so {broken_share(backend.object.kind)}{where}',
            path=(*backend.path, "name"),
            places=[
                state.place(backend.user, (*backend.path, "name"), f"looked up in {namespace}"),
                state.place(
                    state.cluster.get("Service", namespace, close[0]) if close else None, ("metadata", "name"), "close to this one"
                ),
            ],
            facts={"reason": "BackendNotFound", "service": name, "namespace": namespace, "near": close},
            fixes=likely(state.edit(backend.user, (*backend.path, "name"), close[0])) if close else (),
            hint="Which Services does that namespace have?",
            check=kubectl(backend.object.namespace, f"describe {backend.object.kind.lower()} {backend.object.name}"),
            severity=Severity.ERROR if services else Severity.NOTE,
        )


RULE = Rule(
    id="backend-not-found",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://gateway-api.sigs.k8s.io/api-types/httproute/#backendrefs-optional",),
    check=check,
    of_absence=True,
)
