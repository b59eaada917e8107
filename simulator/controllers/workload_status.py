"""Status of workloads: how many Pods there are, how many of them are ready.

Responsible for: `status` of Deployment, ReplicaSet, ReplicationController, StatefulSet, DaemonSet, Job.
Leaves to others: the Pods themselves (`kubelet`).
Mirrors: the status functions of kubernetes `pkg/controller/{deployment,replicaset,statefulset,daemon,job}`.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.api.apps_v1 import Workload
from simulator.api.core_v1 import Pod
from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.controllers.kubelet import LONG_AGO
from simulator.controllers.pods import is_active


def reconcile(cluster: Cluster) -> Cluster:
    kinds = {
        "ReplicaSet": _replica_set,
        "ReplicationController": _replica_set,
        "StatefulSet": _stateful_set,
        "DaemonSet": _daemon_set,
        "Job": _job,
    }
    changed = []
    for kind, status in kinds.items():
        for obj in cluster.of(kind):
            pods = [Pod.of(pod) for pod in cluster.owned_by(obj.ref, "Pod") if kind == "Job" or is_active(pod)]
            changed.append(obj.with_status(**status(Workload.of(obj), pods)))
    cluster = cluster.with_objects(changed) if changed else cluster
    deployments = [_with_status(cluster, obj) for obj in cluster.of("Deployment")]
    return cluster.with_objects(deployments) if deployments else cluster


def _with_status(cluster: Cluster, deployment: Object) -> Object:
    return deployment.with_status(**_deployment(Workload.of(deployment), cluster.owned_by(deployment.ref, "ReplicaSet")))


def _observed(workload: Workload) -> dict[str, Json]:
    return {"observedGeneration": workload.object.metadata.get("generation") or 1}


def _some(**counts: int) -> dict[str, Json]:
    """Counts as the API writes them: a zero is left out."""
    return {name: count for name, count in counts.items() if count}


def _ready(pods: Sequence[Pod]) -> int:
    return sum(pod.ready for pod in pods)


def _replica_set(workload: Workload, pods: Sequence[Pod]) -> dict[str, Json]:
    ready = _ready(pods)
    return {
        **_observed(workload),
        "replicas": len(pods),
        **_some(fullyLabeledReplicas=len(pods), readyReplicas=ready, availableReplicas=ready),
    }


def _stateful_set(workload: Workload, pods: Sequence[Pod]) -> dict[str, Json]:
    ready = _ready(pods)
    revisions = sorted({pod.labels.get("controller-revision-hash", "") for pod in pods})
    status: dict[str, Json] = {**_observed(workload), "replicas": len(pods), "availableReplicas": ready, "collisionCount": 0}
    if revisions:
        status.update(currentRevision=revisions[0], updateRevision=revisions[0])
    return {**status, **_some(readyReplicas=ready, currentReplicas=len(pods), updatedReplicas=len(pods))}


def _daemon_set(workload: Workload, pods: Sequence[Pod]) -> dict[str, Json]:
    ready, number = _ready(pods), len(pods)
    counts = {"currentNumberScheduled": number, "desiredNumberScheduled": number, "numberMisscheduled": 0, "numberReady": ready}
    return {
        **_observed(workload),
        **counts,
        **_some(numberAvailable=ready, numberUnavailable=number - ready, updatedNumberScheduled=number),
    }


def _job(_workload: Workload, pods: Sequence[Pod]) -> dict[str, Json]:
    active = [pod for pod in pods if not pod.finished and not pod.terminating]
    succeeded, failed = (sum(pod.phase == phase for pod in pods) for phase in ("Succeeded", "Failed"))
    terminating = sum(pod.terminating for pod in pods)
    return {**_some(active=len(active), succeeded=succeeded, failed=failed), "ready": _ready(active), "terminating": terminating}


def _deployment(workload: Workload, replica_sets: Sequence[Object]) -> dict[str, Json]:
    def total(field: str) -> int:
        return sum(each.status.get(field) or 0 for each in replica_sets)

    replicas, ready = total("replicas"), total("readyReplicas")
    current = sum(each.status.get("replicas") or 0 for each in replica_sets if each.spec.get("replicas"))
    missing = max(workload.replicas - ready, 0)
    counts = _some(replicas=replicas, updatedReplicas=current, readyReplicas=ready, availableReplicas=ready, unavailableReplicas=missing)
    return {**_observed(workload), **counts, "conditions": _conditions(workload, ready, replica_sets)}


def _conditions(workload: Workload, ready: int, replica_sets: Sequence[Object]) -> list[dict[str, Json]]:
    """Available while no more Pods are missing than `maxUnavailable` forgives (a quarter, rounded down, by default)."""
    moment = workload.object.metadata.get("creationTimestamp") or LONG_AGO
    available = ready >= workload.replicas - _max_unavailable(workload)
    name = next((each.name for each in replica_sets if each.spec.get("replicas") == workload.replicas), workload.ref.name)

    def condition(kind: str, holds: bool, reason: str, message: str) -> dict[str, Json]:
        times = {"lastUpdateTime": moment, "lastTransitionTime": moment}
        return {"type": kind, "status": "True" if holds else "False", **times, "reason": reason, "message": message}

    if available:
        first = condition("Available", True, "MinimumReplicasAvailable", "Deployment has minimum availability.")
    else:
        first = condition("Available", False, "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    if ready >= workload.replicas:
        return [first, condition("Progressing", True, "NewReplicaSetAvailable", f'ReplicaSet "{name}" has successfully progressed.')]
    return [first, condition("Progressing", True, "ReplicaSetUpdated", f'ReplicaSet "{name}" is progressing.')]


def _max_unavailable(workload: Workload) -> int:
    strategy = workload.object.spec.get("strategy") or {}
    if strategy.get("type") == "Recreate":
        return 0
    given = (strategy.get("rollingUpdate") or {}).get("maxUnavailable", "25%")
    if isinstance(given, int):
        return given
    percent = given.rstrip("%")
    return workload.replicas * int(percent) // 100 if percent.isdecimal() else 0
