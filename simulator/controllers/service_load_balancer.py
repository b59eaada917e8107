"""External addresses for Services of type LoadBalancer, where the profile has something that hands them out.

Responsible for: `status.loadBalancer`.
Leaves to others: the load balancer's own way to a node (`dataplane.service_proxy`).
Mirrors: cloud-provider `controllers/service`; the addresses, from the documentation range 203.0.113.0/24 upwards, are modelled.
"""

from __future__ import annotations

from ipaddress import IPv4Address

from simulator.cluster import Cluster

FIRST = IPv4Address("203.0.113.100")


def reconcile(cluster: Cluster) -> Cluster:
    if not cluster.profile.load_balancers:
        return cluster
    waiting = sorted((s for s in cluster.of("Service") if s.spec.get("type") == "LoadBalancer"), key=lambda s: (s.namespace, s.name))
    given = [
        s.with_status(loadBalancer={"ingress": [{"ip": s.spec.get("loadBalancerIP") or str(FIRST + number), "ipMode": "VIP"}]})
        for number, s in enumerate(waiting)
        if not (s.status.get("loadBalancer") or {}).get("ingress")
    ]
    return cluster.with_objects(given) if given else cluster
