"""A policy without which every connection would be decided the same: others already allow and deny as much.

Mirrors: networking/v1 (policies add up). The difference is computed over the workloads given; others may exist.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import Object
from simulator.diagnosis.policies import changes, peer_pods, policy_rules, subjects
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed


def check(state: State) -> Iterator[Finding]:
    policies = state.given("NetworkPolicy")
    if len(policies) < 2 or not state.cluster.profile.enforces_network_policy:
        return
    speaks_of_others = {
        rule.policy.ref for rule in policy_rules(state) for peer, _ in rule.peers if not peer.get("ipBlock")
        and not peer_pods(state, rule.policy, peer)
    }  # fmt: skip
    idle: list[Object] = []
    for policy in reversed(policies):
        if policy.ref not in speaks_of_others and subjects(state, policy):
            found = changes(state, [], [*(p.ref for p in idle), policy.ref])
            idle += [policy] if found is not None and not found else []
    if idle:
        one = len(idle) == 1
        yield RULE.finding(
            idle[-1].ref,
            f"among the workloads given, {'this policy changes' if one else f'{len(idle)} policies change'} nothing: without "
            f"{'it' if one else listed(p.name for p in reversed(idle))}, every connection would be decided the same",
            path=("spec",),
            places=[state.place(policy, ("metadata", "name"), "makes no difference here") for policy in reversed(idle[-3:])],
            facts={"policies": [f"{p.namespace}/{p.name}" for p in reversed(idle)]},
            hint="Policies add up. Which other policy selects the same Pods?",
            check=kubectl(idle[-1].namespace, "get networkpolicy"),
        )


RULE = Rule(
    id="policy-changes-nothing",
    severity=Severity.NOTE,
    basis=Basis.MODELLED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation",),
    check=check,
)
