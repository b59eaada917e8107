"""A route whose hostnames have nothing in common with those of the listeners it asks for.

Mirrors: kubernetes-sigs/gateway-api `apis/v1/httproute_types.go` (`hostnames`), NoMatchingListenerHostname.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.near import near
from simulator.diagnosis.routes import refused
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, meant


def check(state: State) -> Iterator[Finding]:
    for found in refused(state, "NoMatchingListenerHostname"):
        route, hosts = found.route, list(found.route.spec.get("hostnames") or ())
        listeners = [s.listener for s in found.meant if s.listener.hostname]
        if not hosts or not listeners:
            continue
        close = near(hosts[0], (one.hostname for one in listeners if not one.hostname.startswith("*")))
        path = ("spec", "hostnames", 0)
        yield RULE.finding(
            route.ref,
            f"NoMatchingListenerHostname: the route is for {listed(hosts)}, but {found.parent.kind} "
            f"{found.parent.namespace}/{found.parent.name} "
            f"listens for {listed(one.hostname for one in listeners)}{meant(close)}",
            path=path,
            places=[
                state.place(route, path, "the route's host"),
                state.place(state.cluster.find(found.parent.ref), (*listeners[0].path, "hostname"), "the listener's host"),
            ],
            facts={
                "reason": "NoMatchingListenerHostname",
                "hostnames": hosts,
                "listeners": [one.hostname for one in listeners],
                "near": close,
            },
            fixes=likely(state.edit(route, path, close[0])) if close else (),
            hint="Is there any host that both the listener and the route would take? A wildcard stands for at least one label.",
            check=kubectl(route.namespace, f"describe {route.kind.lower()} {route.name}"),
        )


RULE = Rule(
    id="route-hostname-no-intersection",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://gateway-api.sigs.k8s.io/api-types/httproute/#hostnames",),
    check=check,
)
