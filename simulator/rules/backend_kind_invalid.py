"""A route's backendRef to something that is no Service, such as a Deployment: its share of the requests is answered 500.

Mirrors: kubernetes-sigs/gateway-api `apis/v1/shared_types.go` (RouteReasonInvalidKind).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.gateway_v1 import group_of
from simulator.diagnosis.backends import broken_share
from simulator.diagnosis.routes import backends
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import an, kubectl


def check(state: State) -> Iterator[Finding]:
    for route, backend, _ in backends(state, "InvalidKind"):
        to = backend.target
        target = next((o for o in state.given(to.kind, to.namespace) if o.name == to.name), None)
        note = (
            f" ({to.kind} is of group {group_of(target.api_version) or 'core'})"
            if target and group_of(target.api_version) != to.group
            else ""
        )
        yield RULE.finding(
            route.ref,
            f"InvalidKind: the backend is {an(to.kind)}{note}, but a route sends to Services; {broken_share(route.kind)}",
            path=(*backend.path, "kind"),
            places=[state.place(route, (*backend.path, "kind"), "leave this out, or say Service")],
            facts={"reason": "InvalidKind", "kind": to.kind, "group": to.group},
            hint="What stands between a route and its Pods?",
            check=kubectl(route.namespace, f"describe {route.kind.lower()} {route.name}"),
        )


RULE = Rule(
    id="backend-kind-invalid",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://gateway-api.sigs.k8s.io/api-types/httproute/#backendrefs-optional",),
    check=check,
)
