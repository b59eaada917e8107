"""Endpoints objects of Services that have a selector: deprecated since 1.33, still written, still what `kubectl get ep` shows.

Responsible for: subsets of ready and not-ready addresses.
Leaves to others: EndpointSlices, which are what counts (`endpoint_slices`).
Mirrors: kubernetes `pkg/controller/endpoint/endpoints_controller.go` and `RepackSubsets`. Modelled: no cut at a thousand addresses.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.api.core_v1 import Pod, Service, family_of
from simulator.api.discovery_v1 import EndpointPort
from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.controllers.endpoint_slices import HEADLESS_LABEL, endpoint_ports
from simulator.controllers.kubelet import LONG_AGO

MANAGED_LABEL = "endpoints.kubernetes.io/managed-by"


def reconcile(cluster: Cluster) -> Cluster:
    new = [
        _endpoints(obj, service, [Pod.of(pod) for pod in cluster.selected("Pod", obj.namespace, service.selector)])
        for obj in cluster.of("Service")
        if (service := Service.of(obj)).type != "ExternalName" and service.selector is not None
    ]
    return cluster.with_objects(new) if new else cluster


def _endpoints(obj: Object, service: Service, pods: Sequence[Pod]) -> Object:
    labels = {**obj.labels, MANAGED_LABEL: "endpoint-controller"}
    if not service.cluster_ips:
        labels[HEADLESS_LABEL] = ""
    created = obj.metadata.get("creationTimestamp") or LONG_AGO
    metadata = {"name": obj.name, "namespace": obj.namespace, "labels": labels, "creationTimestamp": created}
    data: dict[str, Json] = {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata}
    subsets = _subsets(service, pods)
    if subsets:
        data["subsets"] = subsets
    return Object("v1", "Endpoints", obj.namespace, obj.name, data)


def _subsets(service: Service, pods: Sequence[Pod]) -> list[dict[str, Json]]:
    """Addresses with the same ports share a subset; an address is ready or not ready for all its ports."""
    ports_of: dict[tuple[str, bool], list[EndpointPort]] = {}
    address_of: dict[str, dict[str, Json]] = {}
    for pod in pods:
        ip = next((ip for ip in pod.ips if family_of(ip) == service.ip_families[0]), None)
        if ip is None or pod.finished or (pod.terminating and not service.publish_not_ready_addresses):
            continue
        found = endpoint_ports(service, pod)
        if found or (service.headless and not service.ports):
            ready = service.publish_not_ready_addresses or pod.ready
            ports_of.setdefault((ip, ready), []).extend(found)
            address_of[ip] = _address(service, pod, ip)
    grouped: dict[tuple[EndpointPort, ...], dict[bool, list[str]]] = {}
    for (ip, ready), found_ports in ports_of.items():
        grouped.setdefault(tuple(sorted(set(found_ports), key=lambda port: (port.name, port.port, port.protocol))), {True: [], False: []})[
            ready
        ].append(ip)
    subsets = []
    for ports, ips in grouped.items():
        subset: dict[str, Json] = {
            key: [address_of[ip] for ip in ips[ready]] for key, ready in (("addresses", True), ("notReadyAddresses", False)) if ips[ready]
        }
        if ports:
            subset["ports"] = [{key: value for key, value in port.data.items() if value} for port in ports]
        subsets.append(subset)
    return subsets


def _address(service: Service, pod: Pod, ip: str) -> dict[str, Json]:
    target = {"kind": "Pod", "namespace": pod.ref.namespace, "name": pod.ref.name, **({"uid": pod.uid} if pod.uid else {})}
    address: dict[str, Json] = {"ip": ip, "nodeName": pod.node, "targetRef": target}
    if pod.hostname and pod.subdomain == service.ref.name:
        address["hostname"] = pod.hostname
    return address
