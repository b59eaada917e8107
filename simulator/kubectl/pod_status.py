"""One word for what a Pod is doing, and how many of its containers are ready.

Responsible for: the READY, STATUS, RESTARTS and READINESS GATES cells of `kubectl get pods`.
Mirrors: `printPod` in kubernetes `pkg/printers/internalversion/printers.go`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.api.meta import Json, Object


@dataclass(slots=True)
class _Count:
    reason: str
    ready: int = 0
    restarts: int = 0
    sidecar_restarts: int = 0


def pod_cells(pod: Object) -> tuple[str, str, str, str]:
    """READY, STATUS, RESTARTS and READINESS GATES."""
    sidecars = {c.get("name") for c in pod.spec.get("initContainers") or () if c.get("restartPolicy") == "Always"}
    total = len(pod.spec.get("containers") or ()) + len(sidecars)
    count = _Count(_phase(pod))
    initializing = _initializing(pod, sidecars, count)
    if not initializing or _has_condition(pod, "Initialized"):
        count.restarts = count.sidecar_restarts
        _running(pod, count)
    return f"{count.ready}/{total}", _deleted(pod) or count.reason, str(count.restarts), _readiness_gates(pod)


def _phase(pod: Object) -> str:
    gated = any(c.get("type") == "PodScheduled" and c.get("reason") == "SchedulingGated" for c in pod.status.get("conditions") or ())
    return "SchedulingGated" if gated else str(pod.status.get("reason") or pod.status.get("phase") or "")


def _initializing(pod: Object, sidecars: set[str], count: _Count) -> bool:
    """Walks the init containers up to the first that is still at work; True if there is one."""
    init_containers = pod.spec.get("initContainers") or ()
    for index, status in enumerate(pod.status.get("initContainerStatuses") or ()):
        count.restarts += status.get("restartCount") or 0
        if status.get("name") in sidecars:
            count.sidecar_restarts += status.get("restartCount") or 0
        state = status.get("state") or {}
        terminated, waiting = state.get("terminated"), (state.get("waiting") or {}).get("reason")
        if terminated is not None and not terminated.get("exitCode"):
            continue
        if status.get("name") in sidecars and status.get("started"):
            count.ready += bool(status.get("ready"))
            continue
        if terminated is not None:
            count.reason = "Init:" + _termination(terminated)
        elif waiting and waiting != "PodInitializing":
            count.reason = f"Init:{waiting}"
        else:
            count.reason = f"Init:{index}/{len(init_containers)}"
        return True
    return False


def _running(pod: Object, count: _Count) -> None:
    has_running = False
    for status in reversed(pod.status.get("containerStatuses") or ()):
        count.restarts += status.get("restartCount") or 0
        state = status.get("state") or {}
        waiting, terminated = (state.get("waiting") or {}).get("reason"), state.get("terminated")
        if waiting:
            count.reason = waiting
        elif terminated is not None:
            count.reason = _termination(terminated)
        elif status.get("ready") and state.get("running") is not None:
            has_running = True
            count.ready += 1
    if count.reason == "Completed" and has_running:
        count.reason = "Running" if _has_condition(pod, "Ready") else "NotReady"


def _termination(terminated: Mapping[str, Json]) -> str:
    if terminated.get("reason"):
        return str(terminated["reason"])
    return f"Signal:{terminated['signal']}" if terminated.get("signal") else f"ExitCode:{terminated.get('exitCode', 0)}"


def _deleted(pod: Object) -> str:
    if not pod.metadata.get("deletionTimestamp"):
        return ""
    if pod.status.get("reason") == "NodeLost":
        return "Unknown"
    return "" if pod.status.get("phase") in ("Succeeded", "Failed") else "Terminating"


def _readiness_gates(pod: Object) -> str:
    gates = [gate.get("conditionType", "") for gate in pod.spec.get("readinessGates") or ()]
    return f"{sum(_has_condition(pod, gate) for gate in gates)}/{len(gates)}" if gates else "<none>"


def _has_condition(pod: Object, kind: str) -> bool:
    return any(c.get("type") == kind and c.get("status") == "True" for c in pod.status.get("conditions") or ())
