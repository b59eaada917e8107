"""A Corefile that sends names on to an address at which CoreDNS itself listens: each such question comes back.

Mirrors: CoreDNS `plugin/forward`, `plugin/loop` (it ends the process); a loopback address in a Pod is the Pod's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.controllers.coredns import CONFIG, NODE_FILE, servers
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State


def check(state: State) -> Iterator[Finding]:
    found = state.cluster.derived(servers)
    for config in state.given(CONFIG.kind, CONFIG.namespace):
        if config.ref != CONFIG or not found.circular:
            continue
        target = min(found.circular)
        named = f"{target}, where {state.cluster.profile.node_nameserver} stands" if target == NODE_FILE else target
        comes = (
            "the plugin loop ends its process, and no name resolves" if found.down else "the question goes in circles and is not answered"
        )
        yield RULE.finding(
            CONFIG,
            f"the Corefile forwards names to {named}, and that is CoreDNS itself: {comes}",
            path=("data", "Corefile"),
            places=[state.place(config, ("data", "Corefile"), "its forward leads back to CoreDNS")],
            facts={"target": target, "halts": bool(found.down)},
            hint="Whose address is a loopback address, or the cluster's DNS Service, when a Pod of CoreDNS dials it?",
            check="kubectl -n kube-system logs -l k8s-app=kube-dns",
        )


RULE = Rule(
    id="coredns-forwards-to-itself",
    severity=Severity.ERROR,
    basis=Basis.IMPLEMENTED,
    sources=("https://coredns.io/plugins/loop/", "https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/"),
    check=check,
)
