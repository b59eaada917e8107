"""DaemonSet: one Pod on each node that its template's node selector admits.

Responsible for: which Pods it makes and deletes.
Leaves to others: status (`workload_status`).
Mirrors: kubernetes `pkg/controller/daemon`. Its Pods tolerate a node that is not ready, as there.
Pods that exist are kept, whatever their revision: `events.RollOut` replaces them.
"""

from __future__ import annotations

from simulator.api.apps_v1 import Workload
from simulator.api.meta import Object, Ref
from simulator.cluster import Cluster
from simulator.controllers.kubelet import nodes
from simulator.controllers.pod_template_hash import pod_template_hash
from simulator.controllers.pods import most_pods, new_names, pod_from
from simulator.controllers.stateful_set import REVISION_LABEL


def reconcile(cluster: Cluster) -> Cluster:
    changed: list[Object] = []
    removed: list[Ref] = []
    for obj in cluster.of("DaemonSet"):
        more, gone = _sync(cluster, Workload.of(obj))
        changed += more
        removed += gone
    return cluster.with_objects(changed, removed) if changed or removed else cluster


def _sync(cluster: Cluster, workload: Workload) -> tuple[list[Object], list[Ref]]:
    owner = workload.object
    labels = {REVISION_LABEL: pod_template_hash(workload.template), "pod-template-generation": str(owner.metadata.get("generation") or 1)}
    selector = workload.pod_spec.get("nodeSelector") or {}
    wanted = [node.name for node in nodes(cluster) if all(node.labels.get(key) == value for key, value in selector.items())]
    wanted = wanted[: most_pods(cluster)]
    owned = cluster.owned_by(owner.ref, "Pod")
    served = {pod.spec.get("nodeName") for pod in owned}
    missing = [node for node in wanted if node not in served]
    names = new_names(owner, len(missing), owned)
    gone = [pod.ref for pod in owned if pod.spec.get("nodeName") not in wanted]
    pods = [pod_from(owner, workload.template, name, labels, nodeName=node) for node, name in zip(missing, names, strict=True)]
    return pods, gone
