"""A request to a name that no Service of the client's namespace has, though one is close.

Mirrors: kubernetes/dns specification (a Service has the name SERVICE.NAMESPACE.svc.ZONE); a name that nobody has is NXDOMAIN.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.near import near
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.traffic import asked, named_service
from simulator.diagnosis.wording import kubectl, meant


def check(state: State) -> Iterator[Finding]:
    for index, (request, answer) in enumerate(state.traffic):
        wanted = named_service(request)
        if answer.outcome != "unresolved" or request.client.external or wanted is None or state.cluster.find(wanted):
            continue
        close = near(wanted.name, (s.name for s in state.given("Service", wanted.namespace)))
        service = state.cluster.get("Service", wanted.namespace, close[0]) if close else None
        if service is None:
            continue
        yield RULE.finding(
            service.ref,
            f'{asked(request)} cannot resolve the name: there is no Service "{wanted.name}" in namespace {wanted.namespace}{meant(close)}',
            path=("metadata", "name"),
            places=[state.place(service, ("metadata", "name"), "the name that clients must use")],
            facts={"request": index, "host": request.host, "near": close},
            hint="Compare the name that the client uses with the names of the Services.",
            check=kubectl(wanted.namespace, "get services"),
        )


RULE = Rule(
    id="request-name-unknown",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/",),
    check=check,
    of_request=True,
)
