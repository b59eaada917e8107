"""A NetworkPolicy whose podSelector matches Pods of another namespace, and none of its own.

Mirrors: networking/v1 `NetworkPolicySpec.podSelector` (Pods of the policy's own namespace only).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.state import State, child
from simulator.diagnosis.wording import kubectl, listed, makers, pairs


def check(state: State) -> Iterator[Finding]:
    for policy in state.given("NetworkPolicy"):
        wanted = child(child(policy.spec, "podSelector"), "matchLabels")
        if not wanted or state.cluster.matching("Pod", policy.namespace, child(policy.spec, "podSelector")):
            continue
        pods = [p for p in state.pods() if wanted.items() <= p.labels.items()]
        if not pods:
            continue
        homes = sorted({p.namespace for p in pods})
        yield RULE.finding(
            policy.ref,
            f"podSelector {pairs(wanted)} matches 0 Pods in namespace {policy.namespace}, but {makers(state, pods)} in {listed(homes)}: "
            "a policy protects Pods of its own namespace only",
            path=("metadata", "namespace"),
            places=[
                state.place(policy, ("metadata", "namespace"), f"the policy looks in {policy.namespace}", key=True),
                state.place(state.origin(pods[0]), ("metadata", "namespace"), f"the Pods live in {homes[0]}", key=True),
            ],
            facts={"selector": pairs(wanted), "namespaces": homes, "matched": 0},
            fixes=possible(state.edit(policy, ("metadata", "namespace"), homes[0])) if len(homes) == 1 else (),
            hint="In which namespace are the Pods, and in which is the policy?",
            check=kubectl(policy.namespace, "get networkpolicy -A"),
        )


RULE = Rule(
    id="policy-wrong-namespace",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource",),
    check=check,
)
