"""The probes of the workloads given, with the port that each asks.

Responsible for: finding them, containers and native sidecars alike. Leaves to others: judging the port.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulator.api.meta import Json, Object, Path
from simulator.diagnosis.state import POD_TEMPLATE, State, child, template_of

OUTCOME: Mapping[str, str] = {
    "livenessProbe": "and the kubelet restarts the container again and again",
    "readinessProbe": "so the Pod is never Ready and no Service sends to it",
    "startupProbe": "so the container never counts as started and is restarted",
}


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe over the network. `path` leads to its port, from the root of the workload's manifest; `ports` are its container's."""

    workload: Object
    kind: str
    container: str
    container_path: Path
    path: Path
    port: int | str
    ports: Sequence[Mapping[str, Json]]


def probes(state: State) -> Iterator[Probe]:
    """Every httpGet, tcpSocket and gRPC probe of the Pod itself."""
    for workload in state.workloads():
        spec = child(template_of(workload), "spec")
        for group in ("containers", "initContainers"):
            for index, container in enumerate(spec.get(group) or ()):
                where = (*POD_TEMPLATE[workload.kind], "spec", group, index)
                for kind in OUTCOME:
                    probe = child(container, kind)
                    for action in ("httpGet", "tcpSocket", "grpc"):
                        port = child(probe, action).get("port")
                        if isinstance(port, int | str) and not child(probe, action).get("host"):
                            path = (*where, kind, action, "port")
                            yield Probe(workload, kind, container.get("name") or "", where, path, port, container.get("ports") or ())
