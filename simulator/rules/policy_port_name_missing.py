"""A policy that opens a named port which none of the Pods it leads to declares: nothing is opened.

Mirrors: networking/v1 `NetworkPolicyPort.port` (a name is looked up among the ports of each Pod that is connected to).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.core_v1 import Pod
from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.near import near
from simulator.diagnosis.policies import policy_rules, servers
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, meant


def check(state: State) -> Iterator[Finding]:
    for rule in policy_rules(state):
        for port, path in rule.ports:
            name, protocol = port.get("port"), port.get("protocol") or "TCP"
            if not isinstance(name, str):
                continue
            declared = [p for pod in servers(state, rule) for p in Pod.of(pod).ports]
            if not declared or any((p.name, p.protocol) == (name, protocol) for p in declared):
                continue
            names = list(dict.fromkeys(p.name for p in declared if p.name and p.protocol == protocol))
            close = near(name, names)
            where = (*path, "port")
            yield RULE.finding(
                rule.policy.ref,
                f'no Pod that this rule leads to has a {protocol} port named "{name}" '
                f"({listed(names) or 'none is named'}), so it opens nothing"
                f"{meant(close)}",
                path=where,
                places=[state.place(rule.policy, where, "looked up among the Pods' port names")],
                facts={"port": name, "names": names, "near": close},
                fixes=likely(state.edit(rule.policy, where, close[0])) if close else (),
                hint="Which names do the Pods give to their ports?",
                check=kubectl(rule.policy.namespace, "describe pods"),
            )


RULE = Rule(
    id="policy-port-name-missing",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/",),
    check=check,
)
