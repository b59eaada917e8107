"""A namespaceSelector and a podSelector as two items of `from` or `to`, where one item was probably meant: "or" instead of "and".

Models: that two such neighbours were meant as one peer. What it opens is computed, and where it opens nothing the rule is silent.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Edit, Finding, Severity
from simulator.api.meta import Path
from simulator.api.networking_v1 import PEERS_FIELD
from simulator.diagnosis.policies import PolicyRule, changes, policy_rules, told
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl
from simulator.patch import patched_tree


def check(state: State) -> Iterator[Finding]:
    for rule in policy_rules(state):
        for path, next_path in rule.split:
            yield from _suspect(state, rule, path, next_path)


def _suspect(state: State, rule: PolicyRule, path: Path, next_path: Path) -> Iterator[Finding]:
    peers = {p: peer for peer, p in rule.peers}
    field, value = next(iter(peers[next_path].items()))
    edits = [state.edit(rule.policy, next_path, remove=True), state.edit(rule.policy, (*path, field), value)]
    joined = [Edit("", 0, next_path, remove=True), Edit("", 0, (*path, field), value)]
    closed = changes(state, [rule.policy.with_data(patched_tree(rule.policy.data, joined))])
    if not closed:
        return
    yield RULE.finding(
        rule.policy.ref,
        f"the two items of {PEERS_FIELD[rule.direction]} mean one or the other; as one item (both) these would be closed: {told(closed)}",
        path=next_path,
        places=[
            state.place(rule.policy, next_path, "this dash begins a second peer: or"),
            state.place(rule.policy, path, "the first peer"),
        ],
        facts={"direction": rule.direction, "closed": len(closed)},
        fixes=possible(*edits),
        hint="Count the dashes: each begins a peer of its own, and any of them is enough.",
        check=kubectl(rule.policy.namespace, f"describe networkpolicy {rule.policy.name}"),
    )


RULE = Rule(
    id="policy-one-dash-too-many",
    severity=Severity.WARNING,
    basis=Basis.MODELLED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors",),
    check=check,
)
