"""ReplicaSet and ReplicationController: as many Pods as `replicas` says, orphans with the right labels adopted.

Responsible for: which Pods these two make, adopt and delete.
Leaves to others: ReplicaSets of a Deployment (`deployment`), their status (`workload_status`).
Mirrors: kubernetes `pkg/controller/replicaset/replica_set.go`. Not modelled: Pods that end are not replaced, since a manifest
that says they end says so of their successors too.
"""

from __future__ import annotations

from simulator.api.apps_v1 import Workload
from simulator.api.core_v1 import Pod
from simulator.api.meta import Object, Ref
from simulator.cluster import Cluster, label_selector
from simulator.controllers.kubelet import Circumstances
from simulator.controllers.pods import first_to_go, is_active, most_pods, new_names, owner_reference, pod_from


def reconcile(cluster: Cluster) -> Cluster:
    changed: list[Object] = []
    removed: list[Ref] = []
    for kind in ("ReplicaSet", "ReplicationController"):
        for obj in cluster.of(kind):
            more, gone = _sync(cluster, Workload.of(obj))
            changed += more
            removed += gone
    return cluster.with_objects(changed, removed) if changed or removed else cluster


def _sync(cluster: Cluster, workload: Workload) -> tuple[list[Object], list[Ref]]:
    owner = workload.object
    owned = cluster.owned_by(owner.ref, "Pod")
    adopted = [_adopted(pod, owner) for pod in _orphans(cluster, workload)]
    pods = [*owned, *adopted]
    active = [pod for pod in pods if is_active(pod)]
    ended = sum(1 for pod in pods if Pod.of(pod).finished)
    missing = min(workload.replicas, most_pods(cluster)) - len(active) - ended
    if missing < 0:
        gone = [pod.ref for pod in first_to_go(active)[:-missing]]
        return [pod for pod in adopted if pod.ref not in gone], gone
    if not pods and missing and Circumstances.of_template(workload.template).terminating:
        missing += 1  # the first one is on its way out, and its successor is there already
    return [*adopted, *(pod_from(owner, workload.template, name) for name in new_names(owner, missing, pods))], []


def _orphans(cluster: Cluster, workload: Workload) -> list[Object]:
    matches = label_selector(workload.selector)
    candidates = cluster.selected("Pod", workload.ref.namespace, workload.selector.get("matchLabels") or {})
    return [pod for pod in candidates if pod.controller is None and is_active(pod) and matches(pod.labels)]


def _adopted(pod: Object, owner: Object) -> Object:
    owners = [*(pod.metadata.get("ownerReferences") or ()), owner_reference(owner)]
    return pod.with_data({**pod.data, "metadata": {**pod.metadata, "ownerReferences": owners}})
