"""External addresses for Services of type LoadBalancer, where the profile has something that hands them out.

Responsible for: `status.loadBalancer`.
Leaves to others: which address (`external_addresses`), the way from it to a node (`dataplane.service_proxy`).
Mirrors: cloud-provider `controllers/service`.
"""

from __future__ import annotations

from simulator.api.meta import Object
from simulator.cluster import Cluster
from simulator.controllers.external_addresses import external_address


def reconcile(cluster: Cluster) -> Cluster:
    if not cluster.profile.load_balancers:
        return cluster
    given = [_served(obj) for obj in cluster.of("Service") if obj.spec.get("type") == "LoadBalancer" and not _has_address(obj)]
    return cluster.with_objects(given) if given else cluster


def _has_address(service: Object) -> bool:
    return bool((service.status.get("loadBalancer") or {}).get("ingress"))


def _served(service: Object) -> Object:
    address = service.spec.get("loadBalancerIP") or external_address(str(service.ref))
    return service.with_status(loadBalancer={"ingress": [{"ip": address, "ipMode": "VIP"}]})
