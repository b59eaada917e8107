"""A NetworkPolicy whose podSelector matches no Pod of its namespace: it protects nobody.

Mirrors: networking/v1 `NetworkPolicySpec.podSelector` (Pods of the policy's own namespace only).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Fix, Severity
from simulator.api.meta import Path
from simulator.diagnosis.policies import subjects
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.selector_match import closest, labelled
from simulator.diagnosis.state import State, child
from simulator.diagnosis.wording import kubectl, makers, pairs


def check(state: State) -> Iterator[Finding]:
    if not state.workloads():
        return
    for policy in state.given("NetworkPolicy"):
        wanted = child(child(policy.spec, "podSelector"), "matchLabels")
        if subjects(state, policy) or state.cluster.matching("Pod", policy.namespace, child(policy.spec, "podSelector")):
            continue
        elsewhere = [p for p in state.pods() if wanted and wanted.items() <= p.labels.items()]
        scaled_to_zero = wanted and labelled(state, policy.namespace, wanted)
        if elsewhere or scaled_to_zero:
            continue
        found = closest(state, policy.namespace, wanted) if wanted else None
        path: Path = ("spec", "podSelector")
        message = f"podSelector {pairs(wanted)} matches 0 Pods in namespace {policy.namespace}: the policy protects nobody"
        places = [state.place(policy, path, "matches no Pod", key=True)]
        fixes: tuple[Fix, ...] = ()
        if found is not None:
            workload, apart = found
            pods = state.pods_of(workload)
            d = apart[0]
            carried = pairs({d.key: d.value}) if d.key else f"no label {d.wanted_key}"
            message += f"; {makers(state, pods) if pods else workload.name} {'carries' if len(pods) == 1 else 'carry'} {carried}"
            path = ("spec", "podSelector", "matchLabels", d.wanted_key)
            places = [
                state.place(policy, path, "the policy asks for this"),
                state.template_place(workload, ("metadata", "labels", d.key), "the Pods carry this") if d.key else None,
            ]
            if d.key == d.wanted_key and all(x.close for x in apart) and len(apart) == 1:
                fixes = likely(state.edit(policy, path, d.value))
        yield RULE.finding(
            policy.ref, message, path=path, places=places, facts={"selector": pairs(wanted), "matched": 0}, fixes=fixes,
            hint="Compare podSelector with the labels of the Pods that you want to protect.",
            check=kubectl(policy.namespace, "get pods --show-labels"),
        )  # fmt: skip


RULE = Rule(
    id="policy-selects-nothing",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource",),
    check=check,
    of_absence=True,
)
