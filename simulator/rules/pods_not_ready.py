"""A Service all of whose Pods exist but cannot take traffic: not Ready, waiting, unscheduled, ended.

Mirrors: kubernetes/endpointslice `utils.go` (`ready` condition, `ShouldPodBeInEndpoints`); kube-proxy uses ready endpoints only.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.readiness import unready, why
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import count, kubectl, makers, pairs


def check(state: State) -> Iterator[Finding]:
    for service, view, pods in unready(state):
        if view.headless:
            continue
        asked = pairs(view.selector or {})
        reason = why(pods)
        who = makers(state, pods)
        yield RULE.finding(
            service.ref,
            f"selector {asked} matches {count(len(pods), 'Pod')}, but none can take traffic: {who} "
            f"{'is' if len(pods) == 1 else 'are'} {reason}",
            path=("spec", "selector"),
            places=[
                state.place(service, ("spec", "selector"), "the selector matches", key=True),
                state.place(state.origin(pods[0]), ("metadata", "name"), f"{who}: {reason}"),
            ],
            facts={"selector": asked, "matched": len(pods), "ready": 0, "reason": reason,
                   "summary": f"Endpoints: none ready, selector {asked} matches {count(len(pods), 'pod')}, 0 ready"},
            hint="The selector is right. Look at the Pods themselves: are they Running, and is READY complete?",
            check=kubectl(service.namespace, f"get pods -l {asked}"),
        )  # fmt: skip


RULE = Rule(
    id="pods-not-ready",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions",),
    check=check,
)
