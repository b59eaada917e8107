"""Pods and the workloads they belong to: the top-level object that owns them, or the Pod itself.

Responsible for: walking `ownerReferences` up, through objects that are stored and to owners that are only named (a pasted live Pod).
Leaves to others: making Pods from workloads (`controllers`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulator.api.meta import Object, Ref
from simulator.cluster import Cluster


def owners(cluster: Cluster, pod: Object) -> Sequence[Ref]:
    """The Pod and what owns it, upwards. A Node that owns a static Pod's mirror is where it runs, not a workload."""
    chain = [pod.ref]
    item: Object | None = pod
    while item is not None:
        owner = item.controller
        if owner is None or owner.kind == "Node" or owner in chain:
            break
        chain.append(owner)
        item = cluster.find(owner)
    return chain


def workload_of(cluster: Cluster, pod: Object) -> Ref:
    return owners(cluster, pod)[-1]


def given_workloads(cluster: Cluster) -> Mapping[Ref, Sequence[Object]]:
    """The workloads that come from manifests, with their Pods: neither the cluster's own (CoreDNS) nor workloads without Pods."""
    found: dict[Ref, list[Object]] = {}
    for pod in cluster.of("Pod"):
        chain = owners(cluster, pod)
        if any((item := cluster.find(ref)) is not None and item.document is not None for ref in chain):
            found.setdefault(chain[-1], []).append(pod)
    return found
