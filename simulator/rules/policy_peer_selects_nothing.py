"""A policy's peer that means no Pod: the namespaces are there, but no Pod in them has the labels.

Mirrors: networking/v1 `NetworkPolicyPeer` (without a namespaceSelector, Pods of the policy's own namespace are meant).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.policies import namespaces, peer_pods, policy_rules
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.selector_match import closest
from simulator.diagnosis.state import State, child
from simulator.diagnosis.wording import kubectl, listed, pairs


def check(state: State) -> Iterator[Finding]:
    for rule in policy_rules(state):
        suspects = {path for pair in rule.split for path in pair}
        for peer, path in rule.peers:
            labels = child(child(peer, "podSelector"), "matchLabels")
            homes = namespaces(state, rule.policy, peer) if labels else ()
            if path in suspects or not homes or not any(state.pods(home) for home in homes) or peer_pods(state, rule.policy, peer):
                continue
            found = next(filter(None, (closest(state, home, labels) for home in homes)), None)
            close = [d for d in found[1] if d.close and d.key == d.wanted_key] if found else []
            key = close[0].wanted_key if close else next(iter(labels))
            elsewhere = sorted({p.namespace for p in state.pods() if labels.items() <= p.labels.items()})
            note = f"; Pods of {found[0].name} carry {close[0].key}={close[0].value}" if found and close else (
                f"; there are such Pods in {listed(elsewhere)}, which would take a namespaceSelector" if elsewhere else "")  # fmt: skip
            where = (*path, "podSelector", "matchLabels", key)
            yield RULE.finding(
                rule.policy.ref,
                f"podSelector {pairs(labels)} matches 0 Pods in {listed(homes)}, so this rule lets nobody through{note}",
                path=where,
                places=[
                    state.place(rule.policy, where, "no Pod there carries this"),
                    state.template_place(found[0], ("metadata", "labels", key), "the Pods carry this") if found and close else None,
                ],
                facts={"selector": pairs(labels), "namespaces": list(homes), "matched": 0, "elsewhere": elsewhere},
                fixes=likely(state.edit(rule.policy, where, close[0].value)) if close else (),
                hint="Without a namespaceSelector, a podSelector means Pods of the policy's own namespace.",
                check=kubectl(homes[0], "get pods --show-labels"),
            )


RULE = Rule(
    id="policy-peer-selects-nothing",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors",),
    check=check,
    of_absence=True,
)
