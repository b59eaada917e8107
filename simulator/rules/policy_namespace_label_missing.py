"""A policy's namespaceSelector that no namespace satisfies: it looks at the namespace's own labels, not at its name.

Mirrors: networking/v1 `NetworkPolicyPeer.namespaceSelector`; the API server labels each namespace `kubernetes.io/metadata.name`.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.policies import namespaces, policy_rules
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State, child
from simulator.diagnosis.wording import pairs

NAMESPACE_NAME = "kubernetes.io/metadata.name"


def check(state: State) -> Iterator[Finding]:
    for rule in policy_rules(state):
        for peer, path in rule.peers:
            labels = child(child(peer, "namespaceSelector"), "matchLabels")
            if not labels or namespaces(state, rule.policy, peer):
                continue
            key, value = next(iter(labels.items()))
            home = state.cluster.get("Namespace", "", str(value))
            where = (*path, "namespaceSelector", "matchLabels", key)
            exists = f"; namespace {value} exists, but it does not carry this label" if home else "; perhaps it was not given"
            edits = (state.edit(rule.policy, where, remove=True), state.edit(rule.policy, (*where[:-1], NAMESPACE_NAME), value))
            yield RULE.finding(
                rule.policy.ref,
                f"namespaceSelector {pairs(labels)} matches no namespace, so this rule lets nobody through{exists}",
                path=where,
                places=[
                    state.place(rule.policy, where, "a label that a namespace must carry", key=True),
                    state.place(home, ("metadata", "name"), "a namespace's name is not its label"),
                ],
                facts={"selector": pairs(labels), "matched": 0, "namespace": value if home else ""},
                fixes=likely(*edits) if home and len(labels) == 1 and key != NAMESPACE_NAME else (),
                hint="Look at the labels of the namespaces themselves.",
                check="kubectl get namespaces --show-labels",
                severity=Severity.ERROR if home else None,
            )


RULE = Rule(
    id="policy-namespace-label-missing",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name",),
    check=check,
    of_absence=True,
)
