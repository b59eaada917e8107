"""What a Pod's processes listen on, and what the kubelet's readiness probes make of it.

Responsible for: ports that answer, probes that ask for one.
Leaves to others: a Pod's conditions (`kubelet`), connections between Pods (`dataplane.delivery`).
Mirrors: kubernetes `pkg/probe/util.go` (ResolveContainerPort), `pkg/kubelet/prober`. Modelled: a process listens on its containers'
declared ports, or on every port where none is declared, or as `sim/listens` says, and what listens answers a probe well; commands,
and probes of another host, are taken to pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulator.api.core_v1 import Pod
from simulator.api.meta import Json, Object

_OVER_THE_NETWORK = ("httpGet", "tcpSocket", "grpc")


def listens(pod: Object, port: int, protocol: str = "TCP") -> tuple[bool, str]:
    """Whether a process of the Pod listens on this port, and what makes the simulator think so."""
    given = pod.annotations.get("sim/listens")
    if given is not None:
        return (port, protocol) in listed(given), f"sim/listens says {given or 'nothing'}"
    declared = Pod.of(pod).ports
    if not declared:
        return True, "its containers declare no port, so any port is taken to answer"
    names = ", ".join(f"{p.port}/{p.protocol}" for p in declared)
    return any((p.port, p.protocol) == (port, protocol) for p in declared), f"its containers declare {names}"


def asks_network(probe: Mapping[str, Json]) -> bool:
    """Whether a probe asks the Pod's own address, and so passes only when somebody listens there."""
    return any(isinstance(asked := probe.get(action), Mapping) and not asked.get("host") for action in _OVER_THE_NETWORK)


def passes(pod: Object, container: Mapping[str, Json]) -> bool:
    """Whether the container's readiness probe finds somebody; where there is none, it counts as ready."""
    probe: Mapping[str, Json] = container.get("readinessProbe") or {}
    for action in _OVER_THE_NETWORK:
        asked = probe.get(action)
        if isinstance(asked, Mapping) and not asked.get("host"):
            port = _port(asked.get("port"), container.get("ports") or ())
            return port is not None and listens(pod, port)[0]
    return True


def _port(asked: Json, ports: Sequence[Mapping[str, Json]]) -> int | None:
    """The number that a probe asks for; None where its own container has no port of that name."""
    if isinstance(asked, str) and not asked.isdecimal():
        return next((port.get("containerPort") for port in ports if port.get("name") == asked), None)
    return int(asked) if isinstance(asked, int | str) else None


def listed(given: str) -> set[tuple[int, str]]:
    """The ports of `sim/listens: "8080,9090/UDP"`; what is no port is passed over."""
    found = set()
    for part in given.split(","):
        number, _, protocol = part.strip().partition("/")
        if number.isdecimal():
            found.add((int(number), protocol.upper() or "TCP"))
    return found
