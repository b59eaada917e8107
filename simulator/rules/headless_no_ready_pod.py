"""A headless Service none of whose Pods is ready: its name does not exist for clients.

Mirrors: CoreDNS `plugin/kubernetes` (`findServices`: a headless Service without ready endpoints answers NXDOMAIN);
kubernetes/dns specification 2.4.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.readiness import unready, why
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import count, kubectl, makers, pairs


def check(state: State) -> Iterator[Finding]:
    for service, view, pods in unready(state):
        if not view.headless:
            continue
        asked = pairs(view.selector or {})
        peers = any(state.origin(pod).kind == "StatefulSet" for pod in pods)
        yield RULE.finding(
            service.ref,
            f"headless Service {service.name} has no ready Pod, so DNS answers NXDOMAIN for its name: {makers(state, pods)} "
            f"{'is' if len(pods) == 1 else 'are'} {why(pods)}",
            path=("spec", "clusterIP"),
            places=[
                state.place(service, ("spec", "clusterIP"), "headless: DNS lists the ready Pods, nothing else"),
                state.place(state.origin(pods[0]), ("metadata", "name"), why(pods)),
            ],
            facts={"selector": asked, "matched": len(pods), "ready": 0, "peers": peers,
                   "summary": f"Endpoints: none ready, selector {asked} matches {count(len(pods), 'pod')}, 0 ready; DNS: NXDOMAIN"},
            fixes=possible(state.edit(service, ("spec", "publishNotReadyAddresses"), True)) if peers else (),
            hint="A headless name is nothing but the list of ready Pods.",
            check=kubectl(service.namespace, f"get pods -l {asked}"),
        )  # fmt: skip


RULE = Rule(
    id="headless-no-ready-pod",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://github.com/kubernetes/dns/blob/master/docs/specification.md",),
    check=check,
)
