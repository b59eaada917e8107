"""A Gateway whose class exists, but whose controller does not run: PROGRAMMED stays Unknown, "Waiting for controller".

Models: which controllers run (`profile.gatewayControllers`); Kubernetes itself brings none.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.controllers.gateway_listeners import gateways
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed


def check(state: State) -> Iterator[Finding]:
    for gateway in state.given("Gateway"):
        name = gateway.spec.get("gatewayClassName") or ""
        found = state.cluster.get("GatewayClass", "", name)
        if found is None or gateway.ref in gateways(state.cluster):
            continue
        controller = found.spec.get("controllerName") or ""
        running = state.cluster.profile.gateway_controllers
        yield RULE.finding(
            gateway.ref,
            f"GatewayClass {name} is for controller {controller}, but "
            f"{f'only {listed(running)} runs' if running else 'no Gateway controller runs'}"
            " in this cluster: the Gateway waits for ever",
            path=("spec", "gatewayClassName"),
            places=[
                state.place(gateway, ("spec", "gatewayClassName"), "asks for this class"),
                state.place(found, ("spec", "controllerName"), "the controller that would serve it"),
            ],
            facts={"class": name, "controller": controller, "running": list(running)},
            hint="What does the PROGRAMMED column say, and who would have to change it?",
            check=kubectl(gateway.namespace, f"get gateway {gateway.name}"),
        )


RULE = Rule(
    id="gateway-class-not-served",
    severity=Severity.ERROR,
    basis=Basis.MODELLED,
    sources=("https://gateway-api.sigs.k8s.io/api-types/gatewayclass/",),
    check=check,
)
