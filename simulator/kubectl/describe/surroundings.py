"""`kubectl describe` of what Pods live in and read from: Namespace, Node, ConfigMap, Secret.

Mirrors: `describeNamespace`, `describeNode`, `ConfigMapDescriber`, `describeSecret` of kubectl `pkg/describe/describe.go`. The simulator
has no Leases and measures nothing: a Node's lease is shown with its holder alone, and shares of an unknown capacity are 0%.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence

from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.kubectl.describe.sheet import Sheet, moment
from simulator.kubectl.quantities import percent, total
from simulator.kubectl.tables import AGE, node_roles


def describe_namespace(sheet: Sheet, item: Object, _: Cluster) -> None:
    sheet.line(0, "Name:", item.name)
    sheet.labels("Labels", item.labels)
    sheet.annotations("Annotations", item.annotations)
    sheet.line(0, "Status:", item.status.get("phase", ""))
    sheet.line(0, "")
    sheet.line(0, "No resource quota.")
    sheet.line(0, "")
    sheet.line(0, "No LimitRange resource.")


def describe_config_map(sheet: Sheet, item: Object, _: Cluster) -> None:
    sheet.line(0, "Name:", item.name)
    sheet.line(0, "Namespace:", item.namespace)
    sheet.labels("Labels", item.labels)
    sheet.annotations("Annotations", item.annotations)
    sheet.line(0, "\nData\n====")
    for key, value in sorted((item.data.get("data") or {}).items()):
        sheet.line(0, f"{key}:\n----\n{value}\n")
    sheet.line(0, "\nBinaryData\n====")
    for key, value in sorted((item.data.get("binaryData") or {}).items()):
        sheet.line(0, f"{key}: {_size(value)} bytes")
    sheet.line(0, "")
    sheet.events()


def describe_secret(sheet: Sheet, item: Object, _: Cluster) -> None:
    sheet.line(0, "Name:", item.name)
    sheet.line(0, "Namespace:", item.namespace)
    sheet.labels("Labels", item.labels)
    sheet.annotations("Annotations", item.annotations)
    sheet.line(0, f"\nType:\t{item.data.get('type', '')}")
    sheet.line(0, "\nData\n====")
    for key, value in sorted((item.data.get("data") or {}).items()):
        sheet.line(0, f"{key}:", f"{_size(value)} bytes")


def _size(encoded: object) -> int:
    try:
        return len(base64.b64decode(str(encoded), validate=True))
    except (binascii.Error, ValueError):
        return 0


def describe_node(sheet: Sheet, node: Object, cluster: Cluster) -> None:
    spec, status = node.spec, node.status
    sheet.line(0, "Name:", node.name)
    sheet.line(0, "Roles:", node_roles(node))
    sheet.labels("Labels", node.labels)
    sheet.annotations("Annotations", node.annotations)
    sheet.line(0, "CreationTimestamp:", moment(node.metadata.get("creationTimestamp")))
    sheet.many("Taints", sorted(_taint(taint) for taint in spec.get("taints") or ()))
    sheet.line(0, "Unschedulable:", "true" if spec.get("unschedulable") else "false")
    sheet.line(0, "Lease:")
    for title, value in (("HolderIdentity:", node.name), ("AcquireTime:", "<unset>"), ("RenewTime:", "<unset>")):
        sheet.line(1, title, value)
    _node_conditions(sheet, status.get("conditions") or ())
    sheet.line(0, "Addresses:")
    for address in status.get("addresses") or ():
        sheet.line(1, f"{address.get('type', '')}:", address.get("address", ""))
    for title, field in (("Capacity:", "capacity"), ("Allocatable:", "allocatable")):
        if status.get(field):
            sheet.line(0, title)
        for name, quantity in sorted((status.get(field) or {}).items()):
            sheet.line(1, f"{name}:", quantity)
    _system(sheet, status.get("nodeInfo") or {})
    for title, value in (
        ("PodCIDR:", str(spec.get("podCIDR") or "")),
        ("PodCIDRs:", ",".join(spec.get("podCIDRs") or ())),
        ("ProviderID:", str(spec.get("providerID") or "")),
    ):
        if value:
            sheet.line(0, title, value)
    _node_pods(sheet, node, cluster)
    sheet.events()


def _taint(taint: Mapping[str, Json]) -> str:
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint.get('key', '')}{value}:{taint.get('effect', '')}"


def _node_conditions(sheet: Sheet, conditions: Sequence[Mapping[str, Json]]) -> None:
    if conditions:
        sheet.line(0, "Conditions:")
        sheet.line(1, "Type", "Status", "LastHeartbeatTime", "LastTransitionTime", "Reason", "Message")
        sheet.line(1, "----", "------", "-----------------", "------------------", "------", "-------")
    for condition in conditions:
        heartbeat, transition = (moment(condition.get(field)) for field in ("lastHeartbeatTime", "lastTransitionTime"))
        kind, status, reason, message = (condition.get(field) or "" for field in ("type", "status", "reason", "message"))
        sheet.line(1, f"{kind} ", f"{status} ", f"{heartbeat} ", f"{transition} ", f"{reason} ", message)


def _system(sheet: Sheet, info: Mapping[str, Json]) -> None:
    sheet.line(0, "System Info:")
    for title, field in (
        ("Machine ID", "machineID"), ("System UUID", "systemUUID"), ("Boot ID", "bootID"), ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"), ("Operating System", "operatingSystem"), ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"), ("Kubelet Version", "kubeletVersion"),
        ("Kube-Proxy Version", "kubeProxyVersion"),
    ):  # fmt: skip
        sheet.line(1, f"{title}:", info.get(field) or "")


def _node_pods(sheet: Sheet, node: Object, cluster: Cluster) -> None:
    pods = sorted(
        (
            pod
            for pod in cluster.of("Pod")
            if pod.spec.get("nodeName") == node.name and pod.status.get("phase") not in ("Succeeded", "Failed")
        ),
        key=lambda pod: (pod.namespace, pod.name),
    )
    whole = node.status.get("allocatable") or node.status.get("capacity") or {}
    sheet.line(0, "Non-terminated Pods:", f"({len(pods)} in total)")
    sheet.line(1, "Namespace", "Name", "", "CPU Requests", "CPU Limits", "Memory Requests", "Memory Limits", "Age")
    sheet.line(1, "---------", "----", "", "------------", "----------", "---------------", "-------------", "---")
    for pod in pods:
        shares = [_share([pod], side, name, whole) for name in ("cpu", "memory") for side in ("requests", "limits")]
        sheet.line(1, pod.namespace, pod.name, "", *shares, AGE)
    sheet.line(0, "Allocated resources:")
    sheet.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)")
    sheet.line(1, "Resource", "Requests", "Limits")
    sheet.line(1, "--------", "--------", "------")
    for name in ("cpu", "memory", "ephemeral-storage"):
        sheet.line(1, name, *(_share(pods, side, name, whole) for side in ("requests", "limits")))


def _share(pods: Sequence[Object], side: str, name: str, whole: Mapping[str, Json]) -> str:
    """What the Pods' containers ask for of a Node. Init containers that are done and the Pod overhead are left out."""
    amounts = [
        ((container.get("resources") or {}).get(side) or {}).get(name) for pod in pods for container in pod.spec.get("containers") or ()
    ]
    asked = total(quantity for quantity in amounts if quantity is not None)
    return f"{asked} ({percent(asked, whole.get(name, 0))}%)"
