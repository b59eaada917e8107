"""NetworkPolicies in a cluster whose network plugin does not enforce them: accepted, stored, without effect.

Models: whether policies are enforced (`profile.networkPolicy`); the API server accepts them in any case.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State


def check(state: State) -> Iterator[Finding]:
    policies = state.given("NetworkPolicy")
    if not policies or state.cluster.profile.enforces_network_policy:
        return
    yield RULE.finding(
        policies[0].ref,
        f"this cluster's network plugin does not enforce NetworkPolicies: {len(policies)} accepted, and all traffic still flows",
        path=("spec",),
        places=[state.place(policy, ("kind",), "stored, but without effect") for policy in policies[:3]],
        facts={"policies": [f"{p.namespace}/{p.name}" for p in policies]},
        hint="The API server only stores a policy. Which component acts on it?",
        check="kubectl get pods -n kube-system",
    )


RULE = Rule(
    id="policy-not-enforced",
    severity=Severity.ERROR,
    basis=Basis.MODELLED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites",),
    check=check,
)
