"""Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob: what the API server refuses.

Mirrors: kubernetes `pkg/apis/apps/validation/validation.go`, `pkg/apis/batch/validation/validation.go`.
"""

from __future__ import annotations

import re

from simulator.admission.field_errors import FieldError, forbidden, invalid, not_supported, required
from simulator.admission.validation import formats, pod
from simulator.admission.validation.metadata import immutable, label_selector, nonnegative, object_meta
from simulator.api.meta import Json, Path
from simulator.cluster import label_selector as matcher

SPEC: Path = ("spec",)
_STS_MUTABLE = {
    "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
}  # fmt: skip
_STS_FORBIDDEN = (
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
    "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
)


def deployment(data: Json, old: Json = None) -> list[FieldError]:
    spec = data.get("spec") or {}
    faults = object_meta(data, True, formats.dns_subdomain) + nonnegative(spec.get("replicas"), (*SPEC, "replicas"))
    faults += _selector(spec, "empty selector is invalid for deployment") + _template(spec, "ReplicaSet")
    faults += _strategy(spec.get("strategy") or {})
    faults += nonnegative(spec.get("minReadySeconds"), (*SPEC, "minReadySeconds"))
    faults += nonnegative(spec.get("revisionHistoryLimit"), (*SPEC, "revisionHistoryLimit"))
    deadline = spec.get("progressDeadlineSeconds")
    if deadline is not None:
        faults += nonnegative(deadline, (*SPEC, "progressDeadlineSeconds"))
        if deadline <= (spec.get("minReadySeconds") or 0):
            faults.append(invalid((*SPEC, "progressDeadlineSeconds"), deadline, "must be greater than minReadySeconds"))
    return faults + _same_selector(data, old)


def replica_set(data: Json, old: Json = None) -> list[FieldError]:
    spec = data.get("spec") or {}
    faults = object_meta(data, True, formats.dns_subdomain) + nonnegative(spec.get("replicas"), (*SPEC, "replicas"))
    faults += nonnegative(spec.get("minReadySeconds"), (*SPEC, "minReadySeconds"))
    faults += _selector(spec, "empty selector is invalid for deployment") + _template(spec, "ReplicaSet")
    return faults + _same_selector(data, old)


def daemon_set(data: Json, old: Json = None) -> list[FieldError]:
    spec = data.get("spec") or {}
    faults = object_meta(data, True, formats.dns_subdomain)
    faults += label_selector(spec.get("selector"), (*SPEC, "selector"))
    faults += _labels_match(spec)
    if spec.get("selector") == {} or _empty(spec.get("selector")):
        faults.append(invalid((*SPEC, "selector"), spec["selector"], "empty selector is invalid for daemonset"))
    faults += pod.template(spec.get("template"), (*SPEC, "template")) + _always(spec)
    faults += nonnegative(spec.get("minReadySeconds"), (*SPEC, "minReadySeconds"))
    return faults + _same_selector(data, old)


def stateful_set(data: Json, old: Json = None) -> list[FieldError]:
    spec = data.get("spec") or {}
    faults = object_meta(data, True, formats.dns_subdomain)
    management = spec.get("podManagementPolicy")
    if management not in ("OrderedReady", "Parallel"):
        faults.append(invalid((*SPEC, "podManagementPolicy"), management or "", "must be 'OrderedReady' or 'Parallel'"))
    strategy = spec.get("updateStrategy") or {}
    if strategy.get("type") not in ("RollingUpdate", "OnDelete"):
        faults.append(invalid((*SPEC, "updateStrategy"), strategy, "must be 'RollingUpdate' or 'OnDelete'"))
    elif strategy["type"] == "RollingUpdate":
        path = (*SPEC, "updateStrategy", "rollingUpdate", "partition")
        faults += nonnegative((strategy.get("rollingUpdate") or {}).get("partition"), path)
    faults += nonnegative(spec.get("replicas"), (*SPEC, "replicas"))
    faults += nonnegative(spec.get("minReadySeconds"), (*SPEC, "minReadySeconds"))
    faults += _selector(spec, "empty selector is invalid for statefulset")
    faults += _labels_match(spec) + pod.template(_with_claims(spec), (*SPEC, "template")) + _always(spec)
    if old is not None:
        before, after = old.get("spec") or {}, spec
        if {k: v for k, v in before.items() if k not in _STS_MUTABLE} != {k: v for k, v in after.items() if k not in _STS_MUTABLE}:
            faults.insert(0, forbidden(SPEC, _STS_FORBIDDEN))
    return faults


def _with_claims(spec: Json) -> Json:
    """The template with the volumes that its volumeClaimTemplates will give, so that mounts of them are found."""
    claims = [(claim.get("metadata") or {}).get("name") for claim in spec.get("volumeClaimTemplates") or []]
    given = spec.get("template") or {}
    inner = given.get("spec") or {}
    added = [{"name": name, "persistentVolumeClaim": {"claimName": name}} for name in claims if name]
    volumes = [*(inner.get("volumes") or []), *added]
    return {**given, "spec": {**inner, "volumes": volumes}} if added else given


def job(data: Json, old: Json = None) -> list[FieldError]:
    faults = object_meta(data, True, formats.dns_subdomain) + _job_spec(data.get("spec") or {}, SPEC)
    if old is not None:
        before, after = old.get("spec") or {}, data.get("spec") or {}
        for name in ("completions", "selector", "template", "completionMode"):
            faults += immutable(after.get(name), before.get(name), (*SPEC, name))
    return faults


def cron_job(data: Json, _old: Json = None) -> list[FieldError]:
    spec = data.get("spec") or {}
    faults = object_meta(data, True, formats.dns_subdomain)
    name = (data.get("metadata") or {}).get("name") or ""
    if len(name) > 52:
        faults.append(invalid(("metadata", "name"), name, "must be no more than 52 characters"))
    schedule = spec.get("schedule") or ""
    if not schedule:
        faults.append(required((*SPEC, "schedule")))
    else:
        faults += _schedule(schedule)
    policies = ("Allow", "Forbid", "Replace")
    if spec.get("concurrencyPolicy") not in policies:
        faults.append(not_supported((*SPEC, "concurrencyPolicy"), spec.get("concurrencyPolicy") or "", policies))
    for limit in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        faults += nonnegative(spec.get(limit), (*SPEC, limit))
    job_template = spec.get("jobTemplate") or {}
    return faults + _job_spec(job_template.get("spec") or {}, (*SPEC, "jobTemplate", "spec"))


def _schedule(schedule: str) -> list[FieldError]:
    """Whether a schedule has the five fields that cron wants; their values are not modelled."""
    if schedule.startswith("@") or re.match(r"(CRON_)?TZ=", schedule) or len(schedule.split()) == 5:
        return []
    found = len(schedule.split())
    return [invalid((*SPEC, "schedule"), schedule, f"expected exactly 5 fields, found {found}: [{schedule}]")]


def _job_spec(spec: Json, path: Path) -> list[FieldError]:
    faults = []
    for name in ("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"):
        faults += nonnegative(spec.get(name), (*path, name))
    faults += pod.template(spec.get("template"), (*path, "template"))
    policy = ((spec.get("template") or {}).get("spec") or {}).get("restartPolicy") or ""
    here = (*path, "template", "spec", "restartPolicy")
    if policy in ("", "Always"):
        faults.append(required(here, 'valid values: "OnFailure", "Never"'))
    elif policy not in ("OnFailure", "Never"):
        faults.append(not_supported(here, policy, ("OnFailure", "Never")))
    return faults


def _empty(selector: Json) -> bool:
    return selector is not None and not selector.get("matchLabels") and not selector.get("matchExpressions")


def _selector(spec: Json, empty_text: str) -> list[FieldError]:
    selector = spec.get("selector")
    path = (*SPEC, "selector")
    if selector is None:
        return [required(path)]
    faults = label_selector(selector, path)
    if _empty(selector):
        faults.append(invalid(path, selector, empty_text))
    return faults


def _labels_match(spec: Json) -> list[FieldError]:
    """The template's labels must satisfy the selector. No selector matches nothing; an empty one is told elsewhere."""
    selector = spec.get("selector")
    carried = ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    if selector is not None and (_empty(selector) or matcher(selector)(carried or {})):
        return []
    path = (*SPEC, "template", "metadata", "labels")
    return [invalid(path, carried, "`selector` does not match template `labels`")]


def _template(spec: Json, owner: str) -> list[FieldError]:
    faults = _labels_match(spec) + pod.template(spec.get("template"), (*SPEC, "template")) + _always(spec)
    if ((spec.get("template") or {}).get("spec") or {}).get("activeDeadlineSeconds") is not None:
        path = (*SPEC, "template", "spec", "activeDeadlineSeconds")
        faults.append(forbidden(path, f"activeDeadlineSeconds in {owner} is not Supported"))
    return faults


def _always(spec: Json) -> list[FieldError]:
    policy = ((spec.get("template") or {}).get("spec") or {}).get("restartPolicy")
    return [] if policy == "Always" else [not_supported((*SPEC, "template", "spec", "restartPolicy"), policy or "", ("Always",))]


def _strategy(strategy: Json) -> list[FieldError]:
    path = (*SPEC, "strategy")
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    if kind == "Recreate":
        return (
            [forbidden((*path, "rollingUpdate"), "may not be specified when strategy `type` is 'Recreate'")] if rolling is not None else []
        )
    if kind != "RollingUpdate":
        return [not_supported((*path, "type"), kind or "", ("Recreate", "RollingUpdate"))]
    faults = []
    for name in ("maxUnavailable", "maxSurge"):
        faults += _int_or_percent((rolling or {}).get(name, 0), (*path, "rollingUpdate", name))
    if not faults and all(str((rolling or {}).get(name, 0)).rstrip("%") == "0" for name in ("maxUnavailable", "maxSurge")):
        value = (rolling or {}).get("maxUnavailable", 0)
        faults.append(invalid((*path, "rollingUpdate", "maxUnavailable"), value, "may not be 0 when `maxSurge` is 0"))
    return faults


def _int_or_percent(value: Json, path: Path) -> list[FieldError]:
    if isinstance(value, int):
        return nonnegative(value, path)
    if re.match(r"[0-9]+%\Z", value):
        return []
    message = "a valid percent string must be a numeric string followed by an ending '%'"
    return [invalid(path, value, formats.regex_fault(message, "[0-9]+%", "1%", "93%"))]


def _same_selector(data: Json, old: Json) -> list[FieldError]:
    if old is None:
        return []
    return immutable((data.get("spec") or {}).get("selector"), (old.get("spec") or {}).get("selector"), (*SPEC, "selector"))
