"""A Service port whose named targetPort no selected Pod has.

Mirrors: kubernetes/endpointslice `getEndpointPorts` and component-helpers `FindPort`: name and protocol must both agree.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.core_v1 import Pod, ServicePort
from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import Object
from simulator.diagnosis.near import near
from simulator.diagnosis.rule import Rule, likely, possible
from simulator.diagnosis.services import with_meant_pods
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, makers, meant


def check(state: State) -> Iterator[Finding]:
    for service, view, pods in with_meant_pods(state):
        for index, port in enumerate(view.ports):
            lacking = [pod for pod in pods if Pod.of(pod).target_port(port) is None]
            if lacking:
                yield _finding(state, service, index, port, lacking, len(pods))


def _finding(state: State, service: Object, index: int, port: ServicePort, lacking: list[Object], selected: int) -> Finding:
    declared = [p for pod in lacking for p in Pod.of(pod).ports]
    names = list(dict.fromkeys(p.name for p in declared if p.name and p.protocol == port.protocol))
    numbers = sorted({p.port for p in declared if p.protocol == port.protocol})
    close = near(str(port.target), names) or (names if len(names) == 1 else [])
    other = next((p.protocol for p in declared if p.name == port.target), "")
    has = f"a {other} port of that name, not {port.protocol}" if other else f"named ports: {listed(names)}" if names else "no named port"
    path = ("spec", "ports", index, "targetPort")
    fixes = likely(state.edit(service, path, close[0])) if close else ()
    if not fixes and not other and len(numbers) == 1:
        fixes = possible(state.edit(service, path, numbers[0]))
    who = makers(state, lacking)
    return RULE.finding(
        service.ref,
        f'targetPort "{port.target}" of port {port.port} is not the name of a {port.protocol} container port: {who} '
        f"{'has' if len(lacking) == 1 else 'have'} {has}{meant(near(str(port.target), names))}",
        path=path,
        places=[
            state.place(service, path, "the Service looks for a container port of this name"),
            state.template_place(lacking[0], ("spec", "containers", 0, "ports"), f"what {who} declares" if len(lacking) == 1 else
                                 f"what {who} declare", key=True),
        ],
        facts={"target_port": str(port.target), "port": port.port, "names": names, "lacking": len(lacking), "selected": selected,
               "summary": f"Endpoints: no port, targetPort {port.target} is not named by {len(lacking)} of {selected} pods"},
        fixes=fixes,
        severity=None if len(lacking) == selected else Severity.WARNING,
        hint="A named targetPort is looked up among the containers' port names, Pod by Pod.",
        check=kubectl(service.namespace, f"get endpointslices -l kubernetes.io/service-name={service.name} -o yaml"),
    )  # fmt: skip


RULE = Rule(
    id="target-port-name-missing",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports",),
    check=check,
)
