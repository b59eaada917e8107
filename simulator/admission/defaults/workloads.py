"""What a Deployment, ReplicaSet, StatefulSet, DaemonSet, Job or CronJob holds that nobody wrote.

Mirrors: kubernetes `pkg/apis/apps/v1/defaults.go`, `pkg/apis/batch/v1/defaults.go`, `pkg/registry/batch/job/strategy.go`.
"""

from __future__ import annotations

from simulator.admission.defaults.pod import template
from simulator.api.meta import Json


def deployment(data: Json) -> Json:
    given = data.get("spec") or {}
    spec = {"progressDeadlineSeconds": 600, "replicas": 1, "revisionHistoryLimit": 10, **given, "template": template(given.get("template"))}
    strategy = {"type": "RollingUpdate", **(given.get("strategy") or {})}
    if strategy["type"] == "RollingUpdate":
        strategy["rollingUpdate"] = {"maxSurge": "25%", "maxUnavailable": "25%", **(strategy.get("rollingUpdate") or {})}
    return {"status": {}, **data, "spec": {**spec, "strategy": strategy}}


def replica_set(data: Json) -> Json:
    given = data.get("spec") or {}
    return {"status": {"replicas": 0}, **data, "spec": {"replicas": 1, **given, "template": template(given.get("template"))}}


def stateful_set(data: Json) -> Json:
    given = data.get("spec") or {}
    spec = {"podManagementPolicy": "OrderedReady", "replicas": 1, "revisionHistoryLimit": 10, "serviceName": "", **given}
    strategy = {"type": "RollingUpdate", **(given.get("updateStrategy") or {})}
    if strategy["type"] == "RollingUpdate":
        strategy["rollingUpdate"] = {"partition": 0, **(strategy.get("rollingUpdate") or {})}
    spec["updateStrategy"] = strategy
    spec["persistentVolumeClaimRetentionPolicy"] = {
        "whenDeleted": "Retain", "whenScaled": "Retain", **(given.get("persistentVolumeClaimRetentionPolicy") or {}),
    }  # fmt: skip
    if spec.get("volumeClaimTemplates"):
        spec["volumeClaimTemplates"] = [_claim(claim) for claim in spec["volumeClaimTemplates"]]
    return {"status": {"availableReplicas": 0, "replicas": 0}, **data, "spec": {**spec, "template": template(given.get("template"))}}


def _claim(given: Json) -> Json:
    spec = {"volumeMode": "Filesystem", **(given.get("spec") or {})}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **given, "spec": spec, "status": {"phase": "Pending"}}


def daemon_set(data: Json) -> Json:
    given = data.get("spec") or {}
    strategy = {"type": "RollingUpdate", **(given.get("updateStrategy") or {})}
    if strategy["type"] == "RollingUpdate":
        strategy["rollingUpdate"] = {"maxSurge": 0, "maxUnavailable": 1, **(strategy.get("rollingUpdate") or {})}
    spec = {"revisionHistoryLimit": 10, **given, "template": template(given.get("template")), "updateStrategy": strategy}
    status = {"currentNumberScheduled": 0, "desiredNumberScheduled": 0, "numberMisscheduled": 0, "numberReady": 0}
    return {"status": status, **data, "spec": spec}


def job(data: Json) -> Json:
    """Also the selector and the Pod labels that the server derives from the Job's uid."""
    given = data.get("spec") or {}
    parallelism, completions = given.get("parallelism"), given.get("completions")
    spec = {
        "backoffLimit": 6, "completionMode": "NonIndexed", "manualSelector": False, "suspend": False,
        "podReplacementPolicy": "Failed" if given.get("podFailurePolicy") else "TerminatingOrFailed", **given,
        "parallelism": 1 if parallelism is None else parallelism, "template": template(given.get("template")),
    }  # fmt: skip
    if completions is None and parallelism is None:
        spec["completions"] = 1
    if not spec["manualSelector"] and not (data["metadata"].get("ownerReferences") or given.get("selector")):
        uid, name = data["metadata"]["uid"], data["metadata"].get("name") or ""
        labels = {"batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": name, "controller-uid": uid, "job-name": name}
        meta = spec["template"].get("metadata") or {}
        spec["template"] = {**spec["template"], "metadata": {**meta, "labels": {**(meta.get("labels") or {}), **labels}}}
        spec["selector"] = {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}
    return {"status": {}, **data, "spec": spec}


def cron_job(data: Json) -> Json:
    given = data.get("spec") or {}
    job_template = given.get("jobTemplate") or {}
    job_spec = job_template.get("spec") or {}
    inner = {**job_template, "spec": {**job_spec, "template": template(job_spec.get("template"))}}
    spec = {"concurrencyPolicy": "Allow", "failedJobsHistoryLimit": 1, "successfulJobsHistoryLimit": 3, "suspend": False, **given}
    return {"status": {}, **data, "spec": {**spec, "jobTemplate": {"metadata": {}, **inner}}}
