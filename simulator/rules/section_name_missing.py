"""A route that asks for a listener which its parent does not have, by `sectionName` or by `port`.

Mirrors: kubernetes-sigs/gateway-api `apis/v1/shared_types.go` (`ParentReference.sectionName`, `.port`), NoMatchingParent.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import Path
from simulator.diagnosis.near import near
from simulator.diagnosis.routes import refused
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, meant


def check(state: State) -> Iterator[Finding]:
    for found in refused(state, "NoMatchingParent"):
        route, parent = found.route, found.parent
        names = [s.listener.name for s in found.listeners]
        if not names or not (parent.section_name or parent.port):
            continue
        by_name = bool(parent.section_name) and parent.section_name not in names
        close = near(parent.section_name, names) or (names if len(names) == 1 else []) if by_name else []
        path: Path = (*found.path, "sectionName" if by_name else "port")
        asked = f'has no listener "{parent.section_name}"' if by_name else f"has no such listener on port {parent.port}"
        has = listed(f"{s.listener.name} (port {s.listener.port})" for s in found.listeners)
        yield RULE.finding(
            route.ref,
            f"NoMatchingParent: {parent.kind} {parent.namespace}/{parent.name} {asked}; it has "
            f"{has}{meant(near(parent.section_name, names))}",
            path=path,
            places=[
                state.place(route, path, "asks for this listener"),
                state.place(state.cluster.find(parent.ref), ("spec", "listeners", 0, "name"), "a listener's name"),
            ],
            facts={"reason": "NoMatchingParent", "section_name": parent.section_name, "port": parent.port, "listeners": names},
            fixes=likely(state.edit(route, path, close[0])) if close else (),
            hint="Compare sectionName with the names of the listeners, and port with their ports.",
            check=kubectl(route.namespace, f"describe {route.kind.lower()} {route.name}"),
        )


RULE = Rule(
    id="section-name-missing",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://gateway-api.sigs.k8s.io/api-types/httproute/#attaching-to-gateways",),
    check=check,
)
