"""External addresses for Services of type LoadBalancer, where the profile has something that hands them out.

Responsible for: `status.loadBalancer`; the scheme of a load balancer on AWS.
Leaves to others: which address (`external_addresses`), the way from it to a node (`dataplane.service_proxy`).
Mirrors: cloud-provider `controllers/service`; kubernetes-sigs/aws-load-balancer-controller `docs/guide/service/{nlb,annotations}.md`.
"""

from __future__ import annotations

import zlib

from simulator.api.meta import Object
from simulator.cluster import Cluster
from simulator.controllers.external_addresses import external_address

AWS_PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"


def reconcile(cluster: Cluster) -> Cluster:
    if not cluster.profile.load_balancers:
        return cluster
    given = [_served(cluster, obj) for obj in cluster.of("Service") if obj.spec.get("type") == "LoadBalancer" and not _has_address(obj)]
    return cluster.with_objects(given) if given else cluster


def _has_address(service: Object) -> bool:
    return bool((service.status.get("loadBalancer") or {}).get("ingress"))


def internal(cluster: Cluster, service: Object) -> bool:
    """Whether the Service's load balancer has only private addresses: on AWS the default, elsewhere never (modelled)."""
    if cluster.profile.load_balancers != "aws":
        return False
    older = service.annotations.get(f"{AWS_PREFIX}internal", "")
    return service.annotations.get(f"{AWS_PREFIX}scheme", "internet-facing" if older == "false" else "internal") != "internet-facing"


def _aws_name(service: Object) -> str:
    """The name in AWS's own zone that the controller writes, with a number made from the Service's name (modelled)."""
    number = zlib.crc32(str(service.ref).encode())
    return f"k8s-{service.namespace[:8]}-{service.name[:8]}-{number:08x}.elb.eu-central-1.amazonaws.com"


def _served(cluster: Cluster, service: Object) -> Object:
    if cluster.profile.load_balancers == "aws":
        return service.with_status(loadBalancer={"ingress": [{"hostname": _aws_name(service)}]})
    address = service.spec.get("loadBalancerIP") or external_address(str(service.ref))
    return service.with_status(loadBalancer={"ingress": [{"ip": address, "ipMode": "VIP"}]})
