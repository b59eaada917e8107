"""StatefulSet: Pods with a number, a host name of their own, and a place in the order.

Responsible for: which Pods it makes and deletes.
Leaves to others: DNS names (`dns`), status (`workload_status`).
Mirrors: kubernetes `pkg/controller/statefulset`, `history.HashControllerRevision`. With the policy OrderedReady no Pod is made
before all the lower ones are ready. Pods that exist are kept, whatever their revision: `events.RollOut` replaces them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from simulator.api.apps_v1 import Workload
from simulator.api.core_v1 import Pod
from simulator.api.meta import Json, Object, Ref
from simulator.cluster import Cluster
from simulator.controllers.kubelet import Circumstances
from simulator.controllers.names import fnv32, safe_encode
from simulator.controllers.pods import most_pods, pod_from

REVISION_LABEL = "controller-revision-hash"


def reconcile(cluster: Cluster) -> Cluster:
    changed: list[Object] = []
    removed: list[Ref] = []
    for obj in cluster.of("StatefulSet"):
        more, gone = _sync(cluster, Workload.of(obj))
        changed += more
        removed += gone
    return cluster.with_objects(changed, removed) if changed or removed else cluster


def _sync(cluster: Cluster, workload: Workload) -> tuple[list[Object], list[Ref]]:
    owner, spec = workload.object, workload.object.spec
    start = (spec.get("ordinals") or {}).get("start") or 0
    wanted = [f"{owner.name}-{ordinal}" for ordinal in range(start, start + min(workload.replicas, most_pods(cluster)))]
    revision = f"{owner.name}-{revision_hash(workload.template)}"
    owned = {pod.name: pod for pod in cluster.owned_by(owner.ref, "Pod")}
    gone = [pod.ref for name, pod in owned.items() if name not in wanted]
    in_order = spec.get("podManagementPolicy", "OrderedReady") == "OrderedReady"
    made: list[Object] = []
    for index, name in enumerate(wanted):
        if name in owned:
            ready = Pod.of(owned[name]).ready
        else:
            made.append(_pod(workload, name, start + index, revision))
            ready = Circumstances.of_template(workload.template).starts_ready(index)
        if in_order and not ready:
            break
    return made, gone


def _pod(workload: Workload, name: str, ordinal: int, revision: str) -> Object:
    labels = {"apps.kubernetes.io/pod-index": str(ordinal), REVISION_LABEL: revision, "statefulset.kubernetes.io/pod-name": name}
    identity: dict[str, Json] = {"hostname": name}
    if workload.object.spec.get("serviceName"):
        identity["subdomain"] = workload.object.spec["serviceName"]
    return pod_from(workload.object, workload.template, name, labels, **identity)


def revision_hash(template: Mapping[str, Json]) -> str:
    """The hash of a ControllerRevision that holds this template as a patch (StatefulSet and DaemonSet `getPatch`)."""
    patch = {"spec": {"template": {**template, "$patch": "replace"}}}
    data = json.dumps(patch, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return safe_encode(str(fnv32(data.encode() + b"0")))
