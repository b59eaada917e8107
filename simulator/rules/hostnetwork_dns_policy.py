"""A Pod on the node's network with the default DNS policy: it asks the node's resolver, which knows no Services.

Mirrors: kubelet `pkg/kubelet/network/dns/dns.go` (`getPodDNSType`: ClusterFirst on a host-network Pod falls back to Default).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import POD_TEMPLATE, State, child, template_of
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    for workload in state.workloads():
        spec = child(template_of(workload), "spec")
        if not spec.get("hostNetwork") or spec.get("dnsPolicy", "ClusterFirst") != "ClusterFirst":
            continue
        path = (*POD_TEMPLATE[workload.kind], "spec")
        yield RULE.finding(
            workload.ref,
            "hostNetwork: true with dnsPolicy ClusterFirst falls back to the node's resolver, so names of Services do not resolve there",
            path=(*path, "hostNetwork"),
            places=[state.place(workload, (*path, "hostNetwork"), "on the node's network, ClusterFirst means the node's resolver")],
            facts={"dns_policy": "ClusterFirst"},
            fixes=likely(state.edit(workload, (*path, "dnsPolicy"), "ClusterFirstWithHostNet")),
            hint="Which dnsPolicy is meant for Pods on the node's network?",
            check=kubectl(workload.namespace, "exec POD -- cat /etc/resolv.conf"),
        )


RULE = Rule(
    id="hostnetwork-dns-policy",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy",),
    check=check,
)
