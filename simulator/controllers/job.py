"""Job and CronJob: Pods that run to an end, now or at each hour of a schedule.

Responsible for: which Jobs and Pods they make.
Leaves to others: whether a Pod has ended (`kubelet`).
Mirrors: kubernetes `pkg/controller/job` and `cronjob`. Modelled: a CronJob is shown in its first run (a real one does nothing
until its schedule strikes), and a Job's Pods are shown while they run unless `sim/phase` says that they have ended.
"""

from __future__ import annotations

from simulator.api.apps_v1 import Workload
from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.controllers.pods import made, most_pods, new_names, pod_from

FIRST_RUN = "29000000"
"""Minutes since 1970 at which the first run is said to have been due: part of the Job's name."""


def reconcile(cluster: Cluster) -> Cluster:
    jobs = [_first_run(obj) for obj in cluster.of("CronJob") if not obj.spec.get("suspend") and not cluster.owned_by(obj.ref, "Job")]
    cluster = cluster.with_objects(jobs) if jobs else cluster
    pods = [pod for obj in cluster.of("Job") for pod in _sync(cluster, Workload.of(obj))]
    return cluster.with_objects(pods) if pods else cluster


def _first_run(cron_job: Object) -> Object:
    template = cron_job.spec.get("jobTemplate") or {}
    of_template = template.get("metadata") or {}
    metadata: dict[str, Json] = {key: of_template[key] for key in ("labels", "annotations") if of_template.get(key)}
    return made(cron_job, "batch/v1", "Job", f"{cron_job.name[:52]}-{FIRST_RUN}", metadata, spec=template.get("spec") or {})


def _sync(cluster: Cluster, workload: Workload) -> list[Object]:
    owner = workload.object
    owned = cluster.owned_by(owner.ref, "Pod")
    labels = {"batch.kubernetes.io/job-name": owner.name, "job-name": owner.name}
    uid = owner.metadata.get("uid")
    if uid:
        labels.update({"batch.kubernetes.io/controller-uid": uid, "controller-uid": uid})
    indexed = owner.spec.get("completionMode") == "Indexed"
    missing = range(len(owned), min(workload.replicas, most_pods(cluster)))
    return [
        pod_from(owner, workload.template, name, {**labels, **({"batch.kubernetes.io/job-completion-index": str(i)} if indexed else {})})
        for i, name in zip(missing, new_names(owner, len(missing), owned), strict=True)
    ]
