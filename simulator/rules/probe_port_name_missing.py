"""A probe that names a port which its own container does not declare: the kubelet cannot resolve it, and the probe fails.

Mirrors: kubernetes `pkg/probe/util.go` (`ResolveContainerPort`): a name is looked up among the ports of that one container.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.near import near
from simulator.diagnosis.probes import OUTCOME, probes
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, meant


def check(state: State) -> Iterator[Finding]:
    for probe in probes(state):
        names = [p["name"] for p in probe.ports if p.get("name")]
        if not isinstance(probe.port, str) or probe.port in names:
            continue
        close = near(probe.port, names) or (names if len(names) == 1 else [])
        has = f"declares {listed(names)}" if names else "names no port"
        yield RULE.finding(
            probe.workload.ref,
            f'{probe.kind} of container {probe.container} names port "{probe.port}", but that container {has}'
            f"{meant(near(probe.port, names))}{' T' if near(probe.port, names) else ': t'}he probe fails, {OUTCOME[probe.kind]}",
            path=probe.path,
            places=[
                state.place(probe.workload, probe.path, "looked up in this container only"),
                state.place(probe.workload, (*probe.container_path, "ports"), "the ports it declares", key=True) if probe.ports else None,
            ],
            facts={"probe": probe.kind, "container": probe.container, "port": probe.port, "names": names},
            fixes=likely(state.edit(probe.workload, probe.path, close[0])) if close else (),
            hint="A probe finds a named port only in its own container.",
            check=kubectl(probe.workload.namespace, f"describe {probe.workload.kind.lower()} {probe.workload.name}"),
        )


RULE = Rule(
    id="probe-port-name-missing",
    severity=Severity.ERROR,
    basis=Basis.IMPLEMENTED,
    sources=("https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",),
    check=check,
)
