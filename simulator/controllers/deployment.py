"""Deployment: one ReplicaSet for each template it has had, all Pods in the newest.

Responsible for: ReplicaSets of Deployments.
Leaves to others: their Pods (`replica_set`), status (`workload_status`).
Mirrors: kubernetes `pkg/controller/deployment`. Modelled: a roll-out is shown as it ends, not step by step.
"""

from __future__ import annotations

from collections.abc import Mapping

from simulator.api.apps_v1 import Workload
from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.controllers.pod_template_hash import pod_template_hash
from simulator.controllers.pods import made

HASH_LABEL = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def reconcile(cluster: Cluster) -> Cluster:
    changed = [each for obj in cluster.of("Deployment") for each in _sync(cluster, Workload.of(obj))]
    return cluster.with_objects(changed) if changed else cluster


def _sync(cluster: Cluster, workload: Workload) -> list[Object]:
    existing = cluster.owned_by(workload.ref, "ReplicaSet")
    current = next((each for each in existing if _same_template(each.spec.get("template") or {}, workload.template)), None)
    changed = [_scaled(each, 0) for each in existing if each is not current and each.spec.get("replicas") != 0]
    if current is None:
        changed.append(_replica_set(workload, len(existing) + 1))
    elif current.spec.get("replicas") != workload.replicas:
        changed.append(_scaled(current, workload.replicas))
    return changed


def _same_template(one: Mapping[str, Json], other: Mapping[str, Json]) -> bool:
    """Equal but for the hash label (deployment/util `EqualIgnoreHash`)."""
    if one.get("spec") != other.get("spec"):
        return False
    metadata, others = dict(one.get("metadata") or {}), dict(other.get("metadata") or {})
    labels, their_labels = dict(metadata.pop("labels", None) or {}), dict(others.pop("labels", None) or {})
    labels.pop(HASH_LABEL, None)
    their_labels.pop(HASH_LABEL, None)
    return metadata == others and labels == their_labels


def _scaled(replica_set: Object, replicas: int) -> Object:
    return replica_set.with_data({**replica_set.data, "spec": {**replica_set.spec, "replicas": replicas}})


def _replica_set(workload: Workload, revision: int) -> Object:
    deployment, template = workload.object, workload.template
    digest = pod_template_hash(template)
    metadata = template.get("metadata") or {}
    labels = {**workload.template_labels, HASH_LABEL: digest}
    annotations = {key: value for key, value in deployment.annotations.items() if key != LAST_APPLIED}
    selector = {**workload.selector, "matchLabels": {**(workload.selector.get("matchLabels") or {}), HASH_LABEL: digest}}
    spec = {"replicas": workload.replicas, "selector": selector, "template": {**template, "metadata": {**metadata, "labels": labels}}}
    own = {"labels": labels, "annotations": {**annotations, REVISION: str(revision)}}
    return made(deployment, "apps/v1", "ReplicaSet", f"{deployment.name}-{digest}", own, spec=spec)
