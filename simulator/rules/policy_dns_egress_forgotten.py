"""Pods whose egress is restricted, and which are not let through to the cluster's DNS: no name resolves.

Mirrors: networking/v1 (egress isolation); CoreDNS runs in kube-system as `k8s-app: kube-dns` and answers on UDP and TCP port 53.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import Ref
from simulator.api.networking_v1 import EGRESS
from simulator.diagnosis.policies import without_dns
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, makers

DNS_RULE = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ],
    "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
}


def check(state: State) -> Iterator[Finding]:
    told: set[Ref] = set()
    for policy in state.given("NetworkPolicy") if state.cluster.profile.enforces_network_policy else ():
        cut_off = [pod for pod in without_dns(state, policy) if state.origin(pod).ref not in told]
        told |= {state.origin(pod).ref for pod in cut_off}
        if cut_off:
            rules = policy.spec.get(EGRESS) or ()
            yield RULE.finding(
                policy.ref,
                f"egress of {makers(state, cut_off)} is restricted, and nothing allows DNS (UDP and TCP port 53 to "
                "kube-system): no name resolves there",
                path=("spec", EGRESS),
                places=[state.place(policy, ("spec", EGRESS), "DNS is not among these", key=True)],
                facts={"pods": len(cut_off), "denies_all": not rules},
                fixes=possible(state.edit(policy, ("spec", EGRESS, len(rules)), DNS_RULE)),
                hint="Before a Pod connects to a name, whom does it ask?",
                check=kubectl(policy.namespace, "exec POD -- nslookup kubernetes.default"),
                severity=None if rules else Severity.NOTE,
            )


RULE = Rule(
    id="policy-dns-egress-forgotten",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-egress-traffic",),
    check=check,
)
