"""What the AWS Load Balancer Controller does differently with an Ingress, as far as its documentation says.

Responsible for: the load balancer's scheme, target types, path patterns.
Leaves to others: hosts, Exact and Prefix paths, backends, answers (`ingress`).
Mirrors: kubernetes-sigs/aws-load-balancer-controller `docs/guide/ingress/{spec,annotations}.md`. Implemented by that controller; none of
it is in the Ingress specification.
"""

from __future__ import annotations

import re

from simulator.api.core_v1 import Service
from simulator.api.ingress_v1 import Ingress, IngressBackend
from simulator.cluster import Cluster
from simulator.dataplane import ingress_paths, regular_expressions
from simulator.dataplane.ingress_paths import Location

PREFIX = "alb.ingress.kubernetes.io/"


def internal(ingress: Ingress) -> bool:
    """Whether the load balancer has only private addresses: the default."""
    return ingress.object.annotations.get(f"{PREFIX}scheme", "internal") != "internet-facing"


def deploy_fault(cluster: Cluster, ingress: Ingress) -> str:
    """Why no load balancer comes about; "" where one does. Targets of type instance, the default, are reached by node ports."""
    if ingress.object.annotations.get(f"{PREFIX}target-type", "instance") == "ip":
        return ""
    backends: list[IngressBackend] = [path.backend for path in ingress.paths]
    for backend in [*backends, *([ingress.default_backend] if ingress.default_backend else [])]:
        stored = cluster.find(backend.service)
        if stored is not None and Service.of(stored).type not in ("NodePort", "LoadBalancer"):
            return (
                f"Service {backend.service.name} is of type {Service.of(stored).type}: with target-type instance it must be NodePort or "
                f"LoadBalancer (or set {PREFIX}target-type: ip)"
            )
    return ""


def matches(location: Location, path: str) -> bool:
    """As the specification has it, but in ImplementationSpecific paths `*` and `?` stand for characters."""
    if location.path.type != "ImplementationSpecific":
        return ingress_paths.matches(location, path)
    return _pattern_matches(location.path.path, path)


def _pattern_matches(pattern: str, path: str) -> bool:
    expression = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    try:
        return regular_expressions.match(expression, path, whole=True) is not None
    except regular_expressions.UnsupportedError:
        return False
