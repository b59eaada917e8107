"""A numeric targetPort on which, as far as can be told, no process of the Pods listens.

Models: a process listens on the declared container ports, or as `sim/listens` says. Declaring a port is optional in Kubernetes, so this is
a hint, not a law; where a Pod declares no port at all, the rule is silent.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.core_v1 import Pod
from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import Object
from simulator.controllers.probes import listens
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.services import with_meant_pods
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, makers


def check(state: State) -> Iterator[Finding]:
    for service, view, pods in with_meant_pods(state):
        for index, port in enumerate(view.ports):
            heard = [(pod, listens(pod, n, port.protocol)[0]) for pod in pods if (n := Pod.of(pod).target_port(port)) is not None]
            if not isinstance(port.target, int) or not heard or any(listening for _, listening in heard):
                continue
            pod = heard[0][0]
            others = sorted({p.port for p in Pod.of(pod).ports if p.protocol == port.protocol and listens(pod, p.port, p.protocol)[0]})
            written = "targetPort" if service.document and service.document.value_span(("spec", "ports", index, "targetPort")) else "port"
            path = ("spec", "ports", index, "targetPort")
            udp = "" if port.protocol == "TCP" else f"/{port.protocol}"
            yield RULE.finding(
                service.ref,
                f"port {port.port}{udp} leads to port {port.target} of {makers(state, pods)}, but {_heard(pod)}; if nothing listens there, "
                "clients are refused although the endpoints are listed",
                path=path,
                places=[
                    state.place(service, ("spec", "ports", index, written), "traffic is sent to this port of the Pods"),
                    state.template_place(pod, ("spec", "containers", 0, "ports"), "what the Pods declare", key=True),
                ],
                facts={"port": port.port, "target_port": port.target, "listens": others},
                fixes=possible(state.edit(service, path, others[0])) if len(others) == 1 else (),
                hint="On which port does the process itself listen? Its log or its configuration says.",
                check=kubectl(service.namespace, f"port-forward pod/{pod.name} {port.target}"),
            )


def _heard(pod: Object) -> str:
    """What is known of the ports on which the Pods listen."""
    said = pod.annotations.get("sim/listens")
    declared = listed(f"{p.port}/{p.protocol}" for p in Pod.of(pod).ports)
    return (
        f"the process is said to listen on {said or 'nothing'} (sim/listens)" if said is not None else f"the containers declare {declared}"
    )


RULE = Rule(
    id="target-port-not-listened",
    severity=Severity.WARNING,
    basis=Basis.MODELLED,
    sources=("https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/#is-the-service-defined-correctly",),
    check=check,
)
