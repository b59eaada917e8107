"""Pods and other objects from their owner's template, as every workload controller makes them.

Responsible for: metadata of made objects, how many Pods are too many to simulate, whether a Pod still counts for its owner, which of
too many go first.
Leaves to others: how many and which (`replica_set` and its siblings), where they run (`kubelet`).
Mirrors: kubernetes `pkg/controller/controller_utils.go` (GetPodFromTemplate, FilterActivePods, ActivePodsWithRanks).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count as count_from

from simulator.api.core_v1 import Pod
from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.controllers.names import fnv32a, generated

MOST_PODS, FEWEST_EACH = 6_000, 10
"""However many replicas are asked for, workloads share this many Pods among them, and each may have the fewest (modelled)."""


def most_pods(cluster: Cluster) -> int:
    """How many Pods one workload may have, so that no manifest makes the simulator run out of time or memory."""
    return cluster.derived(_most_pods)


def _most_pods(cluster: Cluster) -> int:
    workloads = sum(len(cluster.of(kind)) for kind in ("ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Job"))
    return max(FEWEST_EACH, MOST_PODS // max(workloads, 1))


def owner_reference(owner: Object) -> dict[str, Json]:
    """The `ownerReferences` entry of what `owner` controls."""
    reference = {"apiVersion": owner.api_version, "kind": owner.kind, "name": owner.name, "controller": True, "blockOwnerDeletion": True}
    if "uid" in owner.metadata:
        reference["uid"] = owner.metadata["uid"]
    return reference


def made(owner: Object, api_version: str, kind: str, name: str, metadata: Mapping[str, Json], **parts: Json) -> Object:
    """An object that `owner`'s controller makes in its namespace, with its time of creation."""
    own: dict[str, Json] = {"name": name, "namespace": owner.namespace, **metadata, "ownerReferences": [owner_reference(owner)]}
    if "creationTimestamp" in owner.metadata:
        own["creationTimestamp"] = owner.metadata["creationTimestamp"]
    return Object(api_version, kind, owner.namespace, name, {"apiVersion": api_version, "kind": kind, "metadata": own, **parts})


def pod_from(owner: Object, template: Mapping[str, Json], name: str, labels: Mapping[str, str] | None = None, **spec: Json) -> Object:
    """A Pod of `owner` from a template; `labels` and `spec` go over the template's own."""
    of_template = template.get("metadata") or {}
    metadata: dict[str, Json] = {"labels": {**(of_template.get("labels") or {}), **(labels or {})}}
    if of_template.get("annotations"):
        metadata["annotations"] = of_template["annotations"]
    if not name.startswith(f"{owner.name}-") or owner.kind != "StatefulSet":
        metadata["generateName"] = f"{owner.name}-"
    return made(owner, "v1", "Pod", name, metadata, spec={**(template.get("spec") or {}), **spec}, status={"phase": "Pending"})


def new_names(owner: Object, count: int, siblings: Sequence[Object]) -> list[str]:
    """Names for `count` more Pods of `owner`, none of which a sibling has."""
    taken = {pod.name for pod in siblings}
    names: list[str] = []
    state = fnv32a(f"{owner.namespace}/{owner.kind}/{owner.name}/{','.join(sorted(taken))}".encode())
    for number in count_from(1):
        if len(names) == count:
            break
        name = generated(f"{owner.name}-", f"{state}/{number}")
        if name not in taken:
            taken.add(name)
            names.append(name)
    return names


def is_active(pod: Object) -> bool:
    """Whether a Pod counts for its owner: neither ended nor on its way out (`IsPodActive`)."""
    return not pod.metadata.get("deletionTimestamp") and pod.status.get("phase") not in ("Succeeded", "Failed")


def first_to_go(pods: Sequence[Object]) -> list[Object]:
    """Pods in the order in which a controller deletes what is too many: unbound, pending, not ready, youngest first."""
    views = [(Pod.of(pod), -age, pod) for age, pod in enumerate(pods)]
    views.sort(key=lambda item: (bool(item[0].node), item[0].phase != "Pending", item[0].ready, item[1]))
    return [pod for _, _, pod in views]
