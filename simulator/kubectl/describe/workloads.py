"""`kubectl describe` of Pods and of what makes them: Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob.

Mirrors: `describePod`, `DescribePodTemplate`, `describeDeployment` and their siblings in kubectl `pkg/describe/describe.go`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.kubectl.describe.containers import describe_containers, describe_resources, describe_volumes
from simulator.kubectl.describe.sheet import Sheet, moment
from simulator.kubectl.quantities import amount
from simulator.kubectl.selectors import NONE, format_selector

_HASH = "pod-template-hash"
_UNSET = "<unset>"


def describe_pod(sheet: Sheet, pod: Object, _: Cluster) -> None:
    spec, status = pod.spec, pod.status
    sheet.line(0, "Name:", pod.name)
    sheet.line(0, "Namespace:", pod.namespace)
    for title, value in (
        ("Priority:", spec.get("priority")),
        ("Priority Class Name:", spec.get("priorityClassName") or None),
        ("Runtime Class Name:", spec.get("runtimeClassName") or None),
        ("Service Account:", spec.get("serviceAccountName") or None),
    ):
        if value is not None:
            sheet.line(0, title, value)
    sheet.line(0, "Node:", f"{spec['nodeName']}/{status.get('hostIP', '')}" if spec.get("nodeName") else NONE)
    if status.get("startTime"):
        sheet.line(0, "Start Time:", moment(status["startTime"]))
    sheet.labels("Labels", pod.labels)
    sheet.annotations("Annotations", pod.annotations)
    _phase(sheet, pod)
    sheet.line(0, "IP:", status.get("podIP") or "")
    addresses = status.get("podIPs") or ()
    sheet.line(0, *(["IPs:"] if addresses else ["IPs:", NONE]))
    for address in addresses:
        sheet.line(1, "IP:", address.get("ip", ""))
    _controlled_by(sheet, pod)
    if status.get("nominatedNodeName"):
        sheet.line(0, "NominatedNodeName:", status["nominatedNodeName"])
    if spec.get("resources") is not None:
        sheet.line(0, "Resources:")
        describe_resources(sheet, 1, spec["resources"])
    _pod_containers(sheet, pod)
    _pod_conditions(sheet, pod)
    describe_volumes(sheet, spec.get("volumes") or ())
    sheet.line(0, "QoS Class:", status.get("qosClass") or _quality_of_service(spec))
    sheet.labels("Node-Selectors", spec.get("nodeSelector"))
    sheet.many("Tolerations", _tolerations(spec.get("tolerations") or ()))
    _spread(sheet, spec)
    sheet.events()


def _phase(sheet: Sheet, pod: Object) -> None:
    phase = pod.status.get("phase", "")
    if pod.metadata.get("deletionTimestamp") and phase not in ("Failed", "Succeeded"):
        sheet.line(0, "Status:", "Terminating (lasts 0s)")
        sheet.line(0, "Termination Grace Period:", f"{pod.metadata.get('deletionGracePeriodSeconds') or 0}s")
    else:
        sheet.line(0, "Status:", phase)
    for title, field in (("Reason:", "reason"), ("Message:", "message")):
        if pod.status.get(field):
            sheet.line(0, title, pod.status[field])
    seccomp = (pod.spec.get("securityContext") or {}).get("seccompProfile")
    if seccomp:
        sheet.line(0, "SeccompProfile:", seccomp.get("type", ""))


def _controlled_by(sheet: Sheet, item: Object) -> None:
    if item.controller is not None:
        sheet.line(0, "Controlled By:", f"{item.controller.kind}/{item.controller.name}")


def _pod_containers(sheet: Sheet, pod: Object) -> None:
    def field_value(path: str) -> str:
        return _field_value(pod, path)

    for title, field, statuses, always in (
        ("Init Containers", "initContainers", "initContainerStatuses", False),
        ("Containers", "containers", "containerStatuses", True),
        ("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses", False),
    ):
        if always or pod.spec.get(field):
            describe_containers(sheet, title, pod.spec.get(field) or (), pod.status.get(statuses) or (), field_value)


def _field_value(pod: Object, path: str) -> str:
    """What `fieldRef` hands to a container (kubernetes `pkg/fieldpath`)."""
    if path.endswith("']"):
        section, _, key = path.removesuffix("']").partition("['")
        return str((pod.labels if section == "metadata.labels" else pod.annotations).get(key, ""))
    value: Json = pod.data
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return "" if value is None else str(value)


def _pod_conditions(sheet: Sheet, pod: Object) -> None:
    conditions = pod.status.get("conditions") or ()
    gates = pod.spec.get("readinessGates") or ()
    if gates:
        sheet.line(0, "Readiness Gates:")
        sheet.line(1, "Type", "Status")
    for gate in gates:
        kind = gate.get("conditionType", "")
        sheet.line(1, f"{kind} ", f"{next((c.get('status') for c in conditions if c.get('type') == kind), NONE)} ")
    if conditions:
        sheet.line(0, "Conditions:")
        sheet.line(1, "Type", "Status")
    for condition in conditions:
        sheet.line(1, f"{condition.get('type', '')} ", f"{condition.get('status', '')} ")


def _quality_of_service(spec: Mapping[str, Json]) -> str:
    """`ComputePodQOS` of kubernetes `pkg/apis/core/helper/qos`: only CPU and memory count."""
    containers = [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]
    asked = [
        {
            side: {
                name: value
                for name, value in ((c.get("resources") or {}).get(side) or {}).items()
                if name in ("cpu", "memory") and amount(value)
            }
            for side in ("requests", "limits")
        }
        for c in containers
    ]
    if not any(sides["requests"] or sides["limits"] for sides in asked):
        return "BestEffort"
    guaranteed = all(
        len(sides["limits"]) == 2
        and all(amount(sides["requests"].get(name, 0)) == amount(limit) for name, limit in sides["limits"].items())
        for sides in asked
    )
    return "Guaranteed" if guaranteed else "Burstable"


def _tolerations(tolerations: Sequence[Mapping[str, Json]]) -> Sequence[str]:
    return [_toleration(toleration) for toleration in sorted(tolerations, key=lambda t: str(t.get("key") or ""))]


def _toleration(toleration: Mapping[str, Json]) -> str:
    key, value, effect = (str(toleration.get(field) or "") for field in ("key", "value", "effect"))
    text = key + (f"={value}" if value else "") + (f":{effect}" if effect else "")
    if toleration.get("operator") == "Exists" and not value:
        text += " op=Exists" if text else "op=Exists"
    seconds = toleration.get("tolerationSeconds")
    return text if seconds is None else f"{text} for {seconds}s"


def _spread(sheet: Sheet, spec: Mapping[str, Json], indent: str = "") -> None:
    constraints = sorted(spec.get("topologySpreadConstraints") or (), key=lambda c: str(c.get("topologyKey", "")))
    lines = [
        f"{c.get('topologyKey', '')}:{c.get('whenUnsatisfiable', '')} when max skew {c.get('maxSkew')} is exceeded"
        + (f" for selector {format_selector(c['labelSelector'])}" if c.get("labelSelector") is not None else "")
        for c in constraints
    ]
    if lines:
        sheet.many("Topology Spread Constraints", lines, indent)


def _no_value(_: str) -> str:
    """A template's fieldRef stands for nothing yet."""
    return ""


def _template(sheet: Sheet, template: Mapping[str, Json]) -> None:
    metadata, spec = template.get("metadata") or {}, template.get("spec") or {}
    sheet.line(0, "Pod Template:")
    sheet.labels("Labels", metadata.get("labels"), "  ")
    if metadata.get("annotations"):
        sheet.annotations("  Annotations", metadata["annotations"])
    if spec.get("serviceAccountName"):
        sheet.line(1, "Service Account:", spec["serviceAccountName"])
    if spec.get("initContainers"):
        describe_containers(sheet, "Init Containers", spec["initContainers"], (), _no_value, "  ")
    describe_containers(sheet, "Containers", spec.get("containers") or (), (), _no_value, "  ")
    describe_volumes(sheet, spec.get("volumes") or (), "  ")
    _spread(sheet, spec, "  ")
    if spec.get("priorityClassName"):
        sheet.line(1, "Priority Class Name:", spec["priorityClassName"])
    sheet.labels("Node-Selectors", spec.get("nodeSelector"), "  ")
    sheet.many("Tolerations", _tolerations(spec.get("tolerations") or ()), "  ")


def _conditions(sheet: Sheet, item: Object) -> None:
    conditions = item.status.get("conditions") or ()
    if conditions:
        sheet.line(0, "Conditions:")
        sheet.line(1, "Type", "Status", "Reason")
        sheet.line(1, "----", "------", "------")
    for condition in conditions:
        sheet.line(1, f"{condition.get('type', '')} ", condition.get("status", ""), condition.get("reason") or "")


def _replicas(item: Object) -> int:
    replicas = item.spec.get("replicas")
    return 1 if replicas is None else int(replicas)


def _pods_status(item: Object, cluster: Cluster) -> str:
    phases = Counter(pod.status.get("phase") for pod in cluster.owned_by(item.ref, "Pod"))
    return f"{phases['Running']} Running / {phases['Pending']} Waiting / {phases['Succeeded']} Succeeded / {phases['Failed']} Failed"


def describe_deployment(sheet: Sheet, item: Object, cluster: Cluster) -> None:
    spec, status = item.spec, item.status
    strategy = spec.get("strategy") or {}
    sheet.line(0, "Name:", item.name)
    sheet.line(0, "Namespace:", item.namespace)
    sheet.line(0, "CreationTimestamp:", moment(item.metadata.get("creationTimestamp")))
    sheet.labels("Labels", item.labels)
    sheet.annotations("Annotations", item.annotations)
    sheet.line(0, "Selector:", format_selector(spec.get("selector")))
    counts = ((status.get(f"{word}Replicas") or 0, word) for word in ("updated", "available", "unavailable"))
    updated, available, unavailable = (f"{count} {word}" for count, word in counts)
    sheet.line(0, "Replicas:", f"{_replicas(item)} desired | {updated} | {status.get('replicas') or 0} total | {available} | {unavailable}")
    sheet.line(0, "StrategyType:", strategy.get("type", ""))
    sheet.line(0, "MinReadySeconds:", spec.get("minReadySeconds") or 0)
    rolling = strategy.get("rollingUpdate")
    if rolling:
        sheet.line(0, "RollingUpdateStrategy:", f"{rolling.get('maxUnavailable')} max unavailable, {rolling.get('maxSurge')} max surge")
    _template(sheet, spec.get("template") or {})
    _conditions(sheet, item)
    owned = sorted(cluster.owned_by(item.ref, "ReplicaSet"), key=lambda replica_set: replica_set.name)
    new = [replica_set for replica_set in owned if _same_template(replica_set, item)][:1]
    if owned:
        sheet.line(0, "OldReplicaSets:", _replica_sets([replica_set for replica_set in owned if replica_set not in new]))
        sheet.line(0, "NewReplicaSet:", _replica_sets(new))
    sheet.events()


def _same_template(replica_set: Object, deployment: Object) -> bool:
    """`EqualIgnoreHash` of the deployment controller: the templates, but for the hash label."""
    mine, theirs = replica_set.spec.get("template") or {}, deployment.spec.get("template") or {}
    return mine.get("spec") == theirs.get("spec") and _without_hash(mine) == _without_hash(theirs)


def _without_hash(template: Mapping[str, Json]) -> Mapping[str, Json]:
    return {key: value for key, value in ((template.get("metadata") or {}).get("labels") or {}).items() if key != _HASH}


def _replica_sets(replica_sets: Sequence[Object]) -> str:
    return ", ".join(f"{r.name} ({r.status.get('replicas') or 0}/{_replicas(r)} replicas created)" for r in replica_sets) or NONE


def describe_replica_set(sheet: Sheet, item: Object, cluster: Cluster) -> None:
    sheet.line(0, "Name:", item.name)
    sheet.line(0, "Namespace:", item.namespace)
    sheet.line(0, "Selector:", format_selector(item.spec.get("selector")))
    sheet.labels("Labels", item.labels)
    sheet.annotations("Annotations", item.annotations)
    _controlled_by(sheet, item)
    sheet.line(0, "Replicas:", f"{item.status.get('replicas') or 0} current / {_replicas(item)} desired")
    sheet.line(0, "Pods Status:", _pods_status(item, cluster))
    _template(sheet, item.spec.get("template") or {})
    _conditions(sheet, item)
    sheet.events()


def describe_stateful_set(sheet: Sheet, item: Object, cluster: Cluster) -> None:
    strategy = item.spec.get("updateStrategy") or {}
    sheet.line(0, "Name:", item.name)
    sheet.line(0, "Namespace:", item.namespace)
    sheet.line(0, "CreationTimestamp:", moment(item.metadata.get("creationTimestamp")))
    sheet.line(0, "Selector:", format_selector(item.spec.get("selector")))
    sheet.labels("Labels", item.labels)
    sheet.annotations("Annotations", item.annotations)
    sheet.line(0, "Replicas:", f"{_replicas(item)} desired | {item.status.get('replicas') or 0} total")
    sheet.line(0, "Update Strategy:", strategy.get("type", ""))
    rolling = strategy.get("rollingUpdate") or {}
    if rolling.get("partition") is not None:
        sheet.line(1, "Partition:", rolling["partition"])
        if rolling.get("maxUnavailable") is not None:
            sheet.line(1, "MaxUnavailable:", rolling["maxUnavailable"])
    sheet.line(0, "Pods Status:", _pods_status(item, cluster))
    _template(sheet, item.spec.get("template") or {})
    _volume_claims(sheet, item.spec.get("volumeClaimTemplates") or ())
    sheet.events()


def _volume_claims(sheet: Sheet, claims: Sequence[Mapping[str, Json]]) -> None:
    sheet.line(0, *(["Volume Claims:"] if claims else ["Volume Claims:", NONE]))
    for claim in claims:
        metadata, spec = claim.get("metadata") or {}, claim.get("spec") or {}
        sheet.line(1, "Name:", metadata.get("name", ""))
        sheet.line(1, "StorageClass:", spec.get("storageClassName") or "")
        sheet.labels("Labels", metadata.get("labels"), "  ")
        sheet.labels("Annotations", metadata.get("annotations"), "  ")
        sheet.line(1, "Capacity:", ((spec.get("resources") or {}).get("requests") or {}).get("storage", "<default>"))
        sheet.line(1, "Access Modes:", "[" + " ".join(spec.get("accessModes") or ()) + "]")


def describe_daemon_set(sheet: Sheet, item: Object, cluster: Cluster) -> None:
    node_selector = ((item.spec.get("template") or {}).get("spec") or {}).get("nodeSelector")
    sheet.line(0, "Name:", item.name)
    sheet.line(0, "Namespace:", item.namespace)
    sheet.line(0, "Selector:", format_selector(item.spec.get("selector")))
    sheet.line(0, "Node-Selector:", format_selector({"matchLabels": node_selector or {}}))
    sheet.labels("Labels", item.labels)
    sheet.annotations("Annotations", item.annotations)
    for title, field in (
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ):
        sheet.line(0, f"{title}: {item.status.get(field) or 0}")
    sheet.line(0, "Pods Status:", _pods_status(item, cluster))
    _template(sheet, item.spec.get("template") or {})
    sheet.events()


def describe_job(sheet: Sheet, item: Object, _: Cluster) -> None:
    spec, status = item.spec, item.status
    sheet.line(0, "Name:", item.name)
    sheet.line(0, "Namespace:", item.namespace)
    sheet.line(0, "Selector:", format_selector(spec.get("selector")))
    sheet.labels("Labels", item.labels)
    sheet.annotations("Annotations", item.annotations)
    _controlled_by(sheet, item)
    sheet.line(0, "Parallelism:", spec.get("parallelism", 1))
    sheet.line(0, "Completions:", spec.get("completions", _UNSET))
    for title, field in (("Completion Mode:", "completionMode"), ("Suspend:", "suspend"), ("Backoff Limit:", "backoffLimit")):
        if spec.get(field) is not None:
            sheet.line(0, title, str(spec[field]).lower() if field == "suspend" else spec[field])
    if spec.get("ttlSecondsAfterFinished") is not None:
        sheet.line(0, "TTL Seconds After Finished:", spec["ttlSecondsAfterFinished"])
    if status.get("startTime"):
        sheet.line(0, "Start Time:", moment(status["startTime"]))
    if status.get("completionTime"):
        sheet.line(0, "Completed At:", moment(status["completionTime"]))
        sheet.line(0, "Duration:", "0s")
    if spec.get("activeDeadlineSeconds") is not None:
        sheet.line(0, "Active Deadline Seconds:", f"{spec['activeDeadlineSeconds']}s")
    ready = f" ({status['ready']} Ready)" if status.get("ready") is not None else ""
    counts = [status.get(field) or 0 for field in ("active", "succeeded", "failed")]
    sheet.line(0, "Pods Statuses:", f"{counts[0]} Active{ready} / {counts[1]} Succeeded / {counts[2]} Failed")
    _template(sheet, spec.get("template") or {})
    sheet.events()


def describe_cron_job(sheet: Sheet, item: Object, _: Cluster) -> None:
    spec = item.spec
    sheet.line(0, "Name:", item.name)
    sheet.line(0, "Namespace:", item.namespace)
    sheet.labels("Labels", item.labels)
    sheet.annotations("Annotations", item.annotations)
    sheet.line(0, "Schedule:", spec.get("schedule", ""))
    sheet.line(0, "Concurrency Policy:", spec.get("concurrencyPolicy", ""))
    sheet.line(0, "Suspend:", _UNSET if spec.get("suspend") is None else bool(spec["suspend"]))
    sheet.line(0, "Successful Job History Limit:", spec.get("successfulJobsHistoryLimit", _UNSET))
    sheet.line(0, "Failed Job History Limit:", spec.get("failedJobsHistoryLimit", _UNSET))
    deadline = spec.get("startingDeadlineSeconds")
    sheet.line(0, "Starting Deadline Seconds:", _UNSET if deadline is None else f"{deadline}s")
    job = (spec.get("jobTemplate") or {}).get("spec") or {}
    sheet.line(0, "Selector:", format_selector(job["selector"]) if job.get("selector") is not None else _UNSET)
    sheet.line(0, "Parallelism:", job.get("parallelism", _UNSET))
    sheet.line(0, "Completions:", job.get("completions", _UNSET))
    if job.get("activeDeadlineSeconds") is not None:
        sheet.line(0, "Active Deadline Seconds:", f"{job['activeDeadlineSeconds']}s")
    _template(sheet, job.get("template") or {})
    last = item.status.get("lastScheduleTime")
    sheet.line(0, "Last Schedule Time:", moment(last) if last else _UNSET)
    sheet.line(0, "Active Jobs:", ", ".join(job.get("name", "") for job in item.status.get("active") or ()) or NONE)
    sheet.events()
