"""An ipBlock that names addresses of Pods or Services: the first change with every new Pod, the second are never seen.

Mirrors: networking/v1 `IPBlock`; its documentation asks for addresses outside the cluster, since a Pod's are short-lived.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.policies import policy_rules
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State, child
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    profile = state.cluster.profile
    for rule in policy_rules(state):
        for peer, path in rule.peers:
            cidr = child(peer, "ipBlock").get("cidr") or ""
            if any(_within(cidr, network) for network in profile.pod_networks):
                message = f"ipBlock {cidr} lies in the Pod network {profile.pod_cidr}: it matches whichever Pods have these addresses today"
            elif any(_within(cidr, network) for network in profile.service_networks):
                message = (
                    f"ipBlock {cidr} lies in the Service network {profile.service_cidr}, which a policy never sees: it is asked about Pods"
                )
            else:
                continue
            where = (*path, "ipBlock", "cidr")
            yield RULE.finding(
                rule.policy.ref,
                message,
                path=where,
                places=[state.place(rule.policy, where, "addresses inside the cluster")],
                facts={"cidr": cidr, "pod_cidr": profile.pod_cidr, "service_cidr": profile.service_cidr},
                hint="How else could these Pods be named, so that the policy still holds when they are replaced?",
                check=kubectl(rule.policy.namespace, "get pods -o wide"),
            )


def _within(inner: str, outer: str) -> bool:
    try:
        one, two = ipaddress.ip_network(inner, strict=False), ipaddress.ip_network(outer, strict=False)
    except ValueError:
        return False
    return one.version == two.version and int(two[0]) <= int(one[0]) and int(one[-1]) <= int(two[-1])


RULE = Rule(
    id="policy-ip-block-on-pods",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors",),
    check=check,
)
