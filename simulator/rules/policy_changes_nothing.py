"""A policy without which every connection would be decided the same: others already allow and deny as much.

Mirrors: networking/v1 (policies add up). The difference is computed over the workloads given; others may exist.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import Ref
from simulator.diagnosis.policies import changes, peer_pods, policy_rules, subjects
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    policies = state.given("NetworkPolicy")
    if len(policies) < 2 or not state.cluster.profile.enforces_network_policy:
        return
    speaks_of_others = {
        rule.policy.ref for rule in policy_rules(state) for peer, _ in rule.peers if not peer.get("ipBlock")
        and not peer_pods(state, rule.policy, peer)
    }  # fmt: skip
    removed: list[Ref] = []
    for policy in reversed(policies):
        if policy.ref in speaks_of_others or not subjects(state, policy):
            continue
        found = changes(state, [], [*removed, policy.ref])
        if found is None or found:
            continue
        removed.append(policy.ref)
        yield RULE.finding(
            policy.ref,
            "among the workloads given, this policy changes nothing: without it, every connection would be decided the same",
            path=("spec",),
            places=[state.place(policy, ("metadata", "name"), "makes no difference here")],
            facts={"changes": 0},
            hint="Policies add up. Which other policy selects the same Pods?",
            check=kubectl(policy.namespace, "get networkpolicy"),
        )


RULE = Rule(
    id="policy-changes-nothing",
    severity=Severity.NOTE,
    basis=Basis.MODELLED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation",),
    check=check,
)
