"""Who has an address: a Service, a Gateway, an Ingress, a Node.

Responsible for: addresses that objects state. Leaves to others: Pods' addresses (`endpoints`), what becomes of a packet there (`trace`).
"""

from __future__ import annotations

from collections.abc import Mapping

from simulator.api.core_v1 import Node, Service
from simulator.api.meta import Ref
from simulator.cluster import Cluster
from simulator.dataplane.service_proxy import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER_IP


def owner_of(cluster: Cluster, ip: str) -> tuple[str, Ref | None]:
    """As what an address is had ("Node", "Ingress", "Gateway", or a Service's kind of address), and by whom; ("", None) if not at all."""
    return cluster.derived(_owners).get(ip, ("", None))


def _owners(cluster: Cluster) -> Mapping[str, tuple[str, Ref]]:
    found: dict[str, tuple[str, Ref]] = {}
    for obj in cluster.of("Node"):
        found.update(dict.fromkeys(Node.of(obj).ips, ("Node", obj.ref)))
    for obj in cluster.of("Ingress"):
        given = (obj.status.get("loadBalancer") or {}).get("ingress") or ()
        found.update({entry["ip"]: ("Ingress", obj.ref) for entry in given if entry.get("ip")})
    for obj in cluster.of("Gateway"):
        found.update({entry["value"]: ("Gateway", obj.ref) for entry in obj.status.get("addresses") or () if entry.get("value")})
    for obj in cluster.of("Service"):
        service = Service.of(obj)
        found.update(dict.fromkeys(service.cluster_ips, (CLUSTER_IP, obj.ref)))
        found.update(dict.fromkeys(service.external_ips, (EXTERNAL_IP, obj.ref)))
        found.update({entry["ip"]: (LOAD_BALANCER_IP, obj.ref) for entry in service.ingress if entry.get("ip")})
    return found
