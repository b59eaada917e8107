"""A request that a NetworkPolicy denies: perhaps as intended, perhaps not.

Mirrors: networking/v1 (a Pod that some policy selects is closed in that direction, except for what a policy allows).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.traffic import asked, ended
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    for index, (request, answer) in enumerate(state.traffic):
        last = answer.hops[-1] if answer.hops else None
        if last is None or last.stage != "network-policy" or answer.outcome == "answered" or last.object is None:
            continue
        policy = state.cluster.find(last.object)
        if policy is None or policy.kind != "NetworkPolicy":
            continue
        yield RULE.finding(
            policy.ref,
            f"{asked(request)} {ended(answer)}: {last.reason}",
            path=("spec",),
            places=[state.place(policy, ("spec", "podSelector"), "the policy selects the Pod", key=True)],
            facts={"request": index, "reason": last.reason},
            hint="Which policies select either end, and which of their rules would let this through?",
            check=kubectl(policy.namespace, f"describe networkpolicy {policy.name}"),
        )


RULE = Rule(
    id="policy-denies-request",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation",),
    check=check,
    of_request=True,
)
