"""Listeners that cannot be served side by side: the same port and hostname twice, or two protocols on one port.

Mirrors: kubernetes-sigs/gateway-api `apis/v1/gateway_types.go` (distinct listeners), HostnameConflict and ProtocolConflict.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.controllers.gateway_listeners import gateways
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    for gateway in gateways(state.cluster).values():
        told = set()
        for found in gateway.all_listeners:
            listener = found.listener
            if not found.conflict or listener.port in told:
                continue
            told.add(listener.port)
            rivals = [s for s in gateway.all_listeners if s.listener.port == listener.port and s is not found]
            twice = (
                f"the same hostname ({listener.hostname or 'any host'})" if found.conflict == "HostnameConflict" else "different protocols"
            )
            names = " and ".join([listener.name, *(s.listener.name for s in rivals[:2])])
            yield RULE.finding(
                found.owner.ref,
                f"{found.conflict}: listeners {names} share port {listener.port} with {twice}, so none of them is accepted"
                if all(s.conflict for s in rivals) else
                f"{found.conflict}: listener {listener.name} wants port {listener.port} with {twice}, which an earlier listener holds",
                path=listener.path,
                places=[
                    state.place(found.owner, (*listener.path, "port"), "wants this port"),
                    *(state.place(s.owner, (*s.listener.path, "port"), "wants it too") for s in rivals[:2]),
                ],
                facts={"reason": found.conflict, "port": listener.port, "listeners": [listener.name, *(s.listener.name for s in rivals)]},
                hint="What tells two listeners on one port apart?",
                check=kubectl(found.owner.namespace, f"describe {found.owner.kind.lower()} {found.owner.name}"),
            )  # fmt: skip


RULE = Rule(
    id="listener-conflict",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://gateway-api.sigs.k8s.io/reference/spec/#listener",),
    check=check,
)
