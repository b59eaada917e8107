"""Which controller serves an Ingress, and the address that it writes into the status.

Responsible for: IngressClasses, the default class, the older annotation, ADDRESS.
Leaves to others: routing (`dataplane.ingress`).
Mirrors: kubernetes `plugin/pkg/admission/network/defaultingressclass` for the default, and ingress-nginx
`internal/ingress/controller/ingressclass` for the annotation. One address for all Ingresses of a controller is how ingress-nginx and most
others work (implemented); the AWS Load Balancer Controller orders one load balancer for each Ingress or `group.name`.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.api.ingress_v1 import DEFAULT_CLASS_ANNOTATION, Ingress
from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.controllers.external_addresses import external_address

NGINX = "k8s.io/ingress-nginx"
AWS = "ingress.k8s.aws/alb"
AWS_GROUP = "alb.ingress.kubernetes.io/group.name"


@dataclass(frozen=True, slots=True)
class Served:
    """Who serves an Ingress: its class and that class's controller. `reason` is empty where it is served.

    Reasons: NoClass (none given, no default), ClassNotFound, ControllerNotRunning.
    """

    class_name: str
    controller: str
    reason: str = ""
    message: str = ""


def served_by(cluster: Cluster, ingress: Ingress) -> Served:
    """The class and the controller of an Ingress, or why no controller takes it up."""
    name = ingress.class_annotation or ingress.class_name or _default_class(cluster)
    if not name:
        return Served("", "", "NoClass", "the Ingress names no class, and no IngressClass is marked as the default")
    stored = cluster.get("IngressClass", "", name)
    running = cluster.profile.ingress_controllers
    if stored is None and name == "nginx" and ingress.class_annotation and NGINX in running:
        return Served(name, NGINX)  # ingress-nginx takes the annotation by its own --ingress-class, no object needed
    if stored is None:
        return Served(name, "", "ClassNotFound", f'there is no IngressClass "{name}"')
    controller = stored.spec.get("controller") or ""
    if controller in running or "*" in running:
        return Served(name, controller)
    return Served(name, controller, "ControllerNotRunning", f"no controller {controller} runs in this cluster")


def _default_class(cluster: Cluster) -> str:
    """The class that admission gives to an Ingress without one: of several defaults the newest, then the first by name."""
    marked = [c for c in cluster.of("IngressClass") if c.annotations.get(DEFAULT_CLASS_ANNOTATION) == "true"]
    newest = max((c.metadata.get("creationTimestamp") or "" for c in marked), default="")
    return min((c.name for c in marked if (c.metadata.get("creationTimestamp") or "") == newest), default="")


def reconcile(cluster: Cluster) -> Cluster:
    """The cluster with the addresses of all Ingresses that are served."""
    return cluster.with_objects(_with_address(cluster, obj) for obj in cluster.of("Ingress"))


def _with_address(cluster: Cluster, obj: Object) -> Object:
    service = served_by(cluster, Ingress.of(obj))
    if service.reason or not cluster.profile.load_balancers:
        return obj.with_status(loadBalancer={})
    return obj.with_status(loadBalancer={"ingress": [_address(service, obj)]})


def _address(service: Served, obj: Object) -> Json:
    if service.controller != AWS:
        return {"ip": external_address(f"ingress {service.controller}")}
    return {"hostname": f"k8s-{load_balancer_key(service, obj)}.elb.amazonaws.com"}


def load_balancer_key(service: Served, obj: Object) -> str:
    """The same for all Ingresses behind one load balancer: the controller's name or, for AWS, the group or the Ingress itself."""
    if service.controller != AWS:
        return service.controller
    group = obj.annotations.get(AWS_GROUP, "")
    shown = group or f"{obj.namespace[:8]}-{obj.name[:8]}"
    return f"{shown}-{zlib.crc32((group or str(obj.ref)).encode()):08x}"


def by_controller(cluster: Cluster) -> Mapping[str, Sequence[Ingress]]:
    """Load balancer key -> the Ingresses that are served behind it, oldest first."""
    return cluster.derived(_by_controller)


def _by_controller(cluster: Cluster) -> Mapping[str, Sequence[Ingress]]:
    groups: dict[str, list[Ingress]] = {}
    for obj in sorted(cluster.of("Ingress"), key=lambda o: (o.metadata.get("creationTimestamp") or "", o.namespace, o.name)):
        ingress = Ingress.of(obj)
        service = served_by(cluster, ingress)
        if not service.reason:
            groups.setdefault(load_balancer_key(service, obj), []).append(ingress)
    return groups
