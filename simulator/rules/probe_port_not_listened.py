"""A probe of a port number that its container does not declare, while it declares others.

Models: a process listens on the declared container ports, or as `sim/listens` says. Declaring a port is optional in Kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.controllers.probes import listed as ports_of
from simulator.diagnosis.probes import OUTCOME, probes
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.state import State, child, template_of
from simulator.diagnosis.wording import kubectl, listed


def check(state: State) -> Iterator[Finding]:
    for probe in probes(state):
        annotations = child(child(template_of(probe.workload), "metadata"), "annotations")
        declared = [p.get("containerPort") for p in probe.ports if p.get("protocol", "TCP") == "TCP"]
        known = annotations.get("sim/listens")
        heard = sorted(port for port, protocol in ports_of(known) if protocol == "TCP") if known is not None else declared
        if not isinstance(probe.port, int) or probe.port in heard or (known is None and not probe.ports):
            continue
        has = listed(str(number) for number in heard) or "no TCP port"
        told = f"the process listens on {has}, so" if known is not None else f"the container declares {has}; if nothing listens there,"
        yield RULE.finding(
            probe.workload.ref,
            f"{probe.kind} of container {probe.container} asks port {probe.port}, but {told} the probe fails, {OUTCOME[probe.kind]}",
            path=probe.path,
            places=[
                state.place(probe.workload, probe.path, "asked by the kubelet"),
                state.place(probe.workload, (*probe.container_path, "ports"), "the ports it declares", key=True) if probe.ports else None,
            ],
            facts={"probe": probe.kind, "container": probe.container, "port": probe.port, "ports": declared},
            fixes=possible(state.edit(probe.workload, probe.path, heard[0])) if len(heard) == 1 else (),
            hint="On which port does the process answer its health checks?",
            check=kubectl(probe.workload.namespace, f"describe {probe.workload.kind.lower()} {probe.workload.name}"),
        )


RULE = Rule(
    id="probe-port-not-listened",
    severity=Severity.WARNING,
    basis=Basis.MODELLED,
    sources=("https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",),
    check=check,
)
