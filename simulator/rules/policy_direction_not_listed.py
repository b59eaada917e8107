"""A policy with rules for a direction that its policyTypes leave out: those rules are ignored, and that direction stays open.

Mirrors: networking/v1 `NetworkPolicySpec.policyTypes` (Egress is added by default only where egress rules are given).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.networking_v1 import EGRESS, INGRESS
from simulator.diagnosis.policies import isolates
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State, child
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    for policy in state.given("NetworkPolicy"):
        for direction in (EGRESS, INGRESS):
            rules = child(policy.document.data if policy.document else {}, "spec").get(direction)
            if rules is None or isolates(policy, direction):
                continue
            types = list(policy.spec.get("policyTypes") or ())
            what = f"its {direction} rules are ignored" if rules else f"the empty {direction} list denies nothing"
            path = ("spec", "policyTypes")
            given = policy.document is not None and policy.document.value_span(path) is not None
            edit = state.edit(
                policy, (*path, len(types)) if given else path, direction.capitalize() if given else [*types, direction.capitalize()]
            )
            yield RULE.finding(
                policy.ref,
                f"policyTypes {'is' if given else 'defaults to'} {', '.join(types)}, so {what} and {direction} stays open",
                path=path,
                places=[
                    state.place(policy, ("spec", direction), "not listed in policyTypes", key=True),
                    state.place(policy, path, f"{direction.capitalize()} is missing here") if given else None,
                ],
                facts={"direction": direction, "policy_types": types, "rules": len(rules)},
                fixes=likely(edit),
                hint="Which directions does policyTypes name?",
                check=kubectl(policy.namespace, f"describe networkpolicy {policy.name}"),
            )


RULE = Rule(
    id="policy-direction-not-listed",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource",),
    check=check,
)
