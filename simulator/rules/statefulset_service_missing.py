"""A StatefulSet whose `serviceName` names no Service: its Pods get no names of their own in DNS.

Mirrors: CoreDNS `plugin/kubernetes` (a Pod's name needs a headless Service of its `subdomain`); the API server does not check.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import Ref
from simulator.diagnosis.near import near
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, meant


def check(state: State) -> Iterator[Finding]:
    for owner in state.given("StatefulSet"):
        name = owner.spec.get("serviceName") or ""
        wanted = Ref("Service", owner.namespace, name)
        if not name or state.cluster.find(wanted) or wanted in state.refused:
            continue
        close = near(name, (s.name for s in state.given("Service", owner.namespace)))
        path = ("spec", "serviceName")
        yield RULE.finding(
            owner.ref,
            f'serviceName "{name}" is not a Service in namespace {owner.namespace}{meant(close)} '
            f"Without it, {owner.name}-0.{name} does not resolve" if close else
            f'serviceName "{name}" is not a Service in what was given; without it, {owner.name}-0.{name} does not resolve',
            path=path,
            places=[
                state.place(owner, path, "the Pods' names in DNS hang on this Service"),
                state.place(state.cluster.get("Service", owner.namespace, close[0]) if close else None, ("metadata", "name"), "its name"),
            ],
            facts={"service": name, "near": close},
            fixes=likely(state.edit(owner, path, close[0])) if close else (),
            hint="Which Service gives the Pods of this StatefulSet their names?",
            check=kubectl(owner.namespace, "get services"),
        )  # fmt: skip


RULE = Rule(
    id="statefulset-service-missing",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id",),
    check=check,
    of_absence=True,
)
