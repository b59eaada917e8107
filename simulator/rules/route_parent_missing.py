"""A route whose parent does not exist: nobody answers for it, so its status stays empty.

Mirrors: kubernetes-sigs/gateway-api `apis/v1/shared_types.go` (`ParentReference`; the namespace defaults to the route's own).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.near import near
from simulator.diagnosis.routes import parents
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, meant


def check(state: State) -> Iterator[Finding]:
    for route, parent, path in parents(state):
        if state.cluster.find(parent.ref) is not None or parent.ref in state.refused:
            continue
        given = state.given(parent.kind)
        homes = [g.namespace for g in given if g.name == parent.name]
        close = near(parent.name, (g.name for g in given if g.namespace == parent.namespace))
        edit = state.edit(route, (*path, "name"), close[0]) if close else state.edit(route, (*path, "namespace"), (homes or [""])[0])
        where = (
            f"; {parent.kind} {parent.name} lives in {listed(homes)}"
            if homes
            else meant(close) or ("" if given else "; perhaps it was not given")
        )
        yield RULE.finding(
            route.ref,
            f'the parent is {parent.kind} "{parent.name}" in namespace {parent.namespace}, but there is none of that name{where}',
            path=(*path, "name"),
            places=[
                state.place(route, (*path, "name"), f"looked up in {parent.namespace}"),
                *(state.place(g, ("metadata", "name"), f"lives in {g.namespace}") for g in given if g.name in (parent.name, *close)),
            ],
            facts={"parent": parent.name, "namespace": parent.namespace, "namespaces": homes, "near": close},
            fixes=likely(edit) if close or len(homes) == 1 else (),
            hint="In which namespace does a parentRef look if it names none?",
            check=kubectl(parent.namespace, f"get {parent.kind.lower()}"),
            severity=Severity.ERROR if given else Severity.NOTE,
        )


RULE = Rule(
    id="route-parent-missing",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://gateway-api.sigs.k8s.io/api-types/httproute/#attaching-to-gateways",),
    check=check,
    of_absence=True,
)
