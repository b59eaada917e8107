"""EndpointSlices of Services that have a selector.

Responsible for: which Pods are endpoints, their conditions and ports, slices of at most a hundred, the placeholder of an empty Service.
Leaves to others: topology hints (`topology_hints`), slices of Services without a selector (`mirroring`, or a person's hand),
choosing among the endpoints (`dataplane`).
Mirrors: kubernetes `k8s.io/endpointslice` (`reconciler.go`, `utils.go`). The real one fills slices in no particular order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulator.api.core_v1 import Pod, Service, family_of
from simulator.api.discovery_v1 import MANAGED_BY, SERVICE_NAME, EndpointPort
from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.controllers.kubelet import nodes
from simulator.controllers.names import generated
from simulator.controllers.pods import made
from simulator.controllers.topology_hints import HintsOf, hinter

CONTROLLER = "endpointslice-controller.k8s.io"
HEADLESS_LABEL = "service.kubernetes.io/headless"
RESERVED_LABELS = (SERVICE_NAME, MANAGED_BY, HEADLESS_LABEL)
MAX_ENDPOINTS = 100


def reconcile(cluster: Cluster) -> Cluster:
    """Every slice that this controller manages is made anew."""
    managed = [s.ref for s in cluster.of("EndpointSlice") if s.labels.get(MANAGED_BY) == CONTROLLER]
    zones = {node.name: node.zone for node in nodes(cluster)}
    hints = hinter(cluster)
    new: list[Object] = []
    for obj in cluster.of("Service"):
        service = Service.of(obj)
        if service.type == "ExternalName" or service.selector is None:
            continue
        pods = [Pod.of(pod) for pod in cluster.selected("Pod", obj.namespace, service.selector)]
        for family in service.ip_families:
            new += _slices(obj, service, family, [pod for pod in pods if _belongs(pod)], zones, hints)
    return cluster.with_objects(new, managed) if new or managed else cluster


def _belongs(pod: Pod) -> bool:
    """Whether a Pod can be an endpoint: it has an address and has not ended (`ShouldPodBeInEndpoints`)."""
    return bool(pod.ips) and not pod.finished


def _slices(obj: Object, service: Service, family: str, pods: Sequence[Pod], zones: dict[str, str], hints: HintsOf) -> Iterator[Object]:
    by_ports: dict[tuple[EndpointPort, ...], list[dict[str, Json]]] = {}
    for pod in pods:
        addresses = [ip for ip in pod.ips if family_of(ip) == family]
        if addresses:
            ports = endpoint_ports(service, pod)
            by_ports.setdefault(ports, []).append(_endpoint(service, pod, addresses, zones.get(pod.node, "")))
    hints(service, [endpoint for group in by_ports.values() for endpoint in group])
    groups = by_ports or {(): []}
    number = 0
    for ports, endpoints in groups.items():
        for start in range(0, len(endpoints) or 1, MAX_ENDPOINTS):
            number += 1
            yield _slice(obj, service, family, number, ports, endpoints[start : start + MAX_ENDPOINTS])


def endpoint_ports(service: Service, pod: Pod) -> tuple[EndpointPort, ...]:
    """The ports of a Service as they are in this Pod; those that the Pod does not have are left out (`getEndpointPorts`)."""
    found = ((port, pod.target_port(port)) for port in service.ports)
    return tuple(EndpointPort(port.name, number, port.protocol, port.app_protocol) for port, number in found if number is not None)


def _endpoint(service: Service, pod: Pod, addresses: Sequence[str], zone: str) -> dict[str, Json]:
    ready = service.publish_not_ready_addresses or (pod.ready and not pod.terminating)
    endpoint: dict[str, Json] = {
        "addresses": list(addresses),
        "conditions": {"ready": ready, "serving": pod.ready, "terminating": pod.terminating},
    }
    if pod.hostname and pod.subdomain == service.ref.name:
        endpoint["hostname"] = pod.hostname
    if pod.node:
        endpoint["nodeName"] = pod.node
    target = {"kind": "Pod", "namespace": pod.ref.namespace, "name": pod.ref.name}
    endpoint["targetRef"] = {**target, "uid": pod.uid} if pod.uid else target
    if zone:
        endpoint["zone"] = zone
    return endpoint


def _slice(obj: Object, service: Service, family: str, number: int, ports: Sequence[EndpointPort], endpoints: Sequence[Json]) -> Object:
    labels = {key: value for key, value in obj.labels.items() if key not in RESERVED_LABELS}
    labels.update({MANAGED_BY: CONTROLLER, SERVICE_NAME: obj.name})
    if not service.cluster_ips:
        labels[HEADLESS_LABEL] = ""
    prefix = f"{obj.name}-"
    name = generated(prefix, f"{obj.namespace}/{obj.name}/{family}/{number}")
    return made(
        obj, "discovery.k8s.io/v1", "EndpointSlice", name, {"generateName": prefix, "labels": labels},
        addressType=family, endpoints=list(endpoints) or None, ports=[port.data for port in ports] or None,
    )  # fmt: skip
