"""A Gateway whose GatewayClass does not exist: no controller feels responsible, the conditions stay Unknown.

Mirrors: kubernetes-sigs/gateway-api `apis/v1/gateway_types.go` (`gatewayClassName`; the default condition "Waiting for controller").
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import Ref
from simulator.diagnosis.near import near
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, meant


def check(state: State) -> Iterator[Finding]:
    classes = [c.name for c in state.given("GatewayClass")]
    for gateway in state.given("Gateway"):
        name = gateway.spec.get("gatewayClassName") or ""
        if not name or name in classes or Ref("GatewayClass", "", name) in state.refused:
            continue
        close = near(name, classes)
        path = ("spec", "gatewayClassName")
        lacks = (
            f"there is {listed(classes)}; without its class no controller serves this Gateway"
            if classes
            else "it is taken to be in the cluster"
        )
        yield RULE.finding(
            gateway.ref,
            f'no GatewayClass "{name}" was given: {lacks}{meant(close)}',
            path=path,
            places=[state.place(gateway, path, "no GatewayClass has this name")],
            facts={"class": name, "classes": classes, "near": close},
            fixes=likely(state.edit(gateway, path, (close or classes)[0])) if close or len(classes) == 1 else (),
            hint="Which GatewayClasses does the cluster have?",
            check=kubectl("", "get gatewayclass"),
            severity=Severity.ERROR if classes else Severity.NOTE,
        )


RULE = Rule(
    id="gateway-class-missing",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://gateway-api.sigs.k8s.io/api-types/gatewayclass/",),
    check=check,
    of_absence=True,
)
