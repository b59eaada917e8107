"""How many load balancers a set of manifests orders, and how many one shared Gateway would leave.

Responsible for: counting, by what orders them. Prices are an input, never a claim.
Leaves to others: moving to a Gateway (`migrate`). A model: each Service of type LoadBalancer and each Gateway orders one; an Ingress
controller has one for all its Ingresses, the AWS Load Balancer Controller one for each Ingress or `group.name`.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.api.meta import Ref
from simulator.cluster import Cluster
from simulator.controllers.gateway_listeners import gateways
from simulator.controllers.ingress import by_controller


@dataclass(frozen=True, slots=True)
class LoadBalancer:
    """One load balancer and the objects that share it. `what` is Service, Gateway or the Ingress controller's name."""

    what: str
    shared_by: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Bill:
    """`now` are ordered today; `with_one_gateway` is how many are left when all that speaks HTTP moves behind one Gateway."""

    now: tuple[LoadBalancer, ...]
    with_one_gateway: int

    @property
    def saved(self) -> int:
        return len(self.now) - self.with_one_gateway

    def cost(self, price: float) -> tuple[float, float]:
        """What `now` and one shared Gateway cost at a price for each load balancer, in the price's own unit."""
        return len(self.now) * price, self.with_one_gateway * price


HTTP_PORTS = frozenset({80, 443, 8080, 8443})


def load_balancer_bill(cluster: Cluster) -> Bill:
    """Counts what is ordered. Gateways, Ingresses and Services that speak HTTP fit behind one Gateway; other Services keep their own."""
    services = [obj for obj in cluster.of("Service") if obj.spec.get("type") == "LoadBalancer"]
    ordered = [LoadBalancer("Service", (obj.ref,)) for obj in services]
    ordered += [LoadBalancer("Gateway", (ref,)) for ref in gateways(cluster)]
    ordered += [LoadBalancer(key, tuple(i.object.ref for i in ingresses)) for key, ingresses in by_controller(cluster).items()]
    own = sum(not _speaks_http(obj.spec.get("ports") or ()) for obj in services)
    return Bill(tuple(ordered), own + (1 if len(ordered) > own else 0))


def _speaks_http(ports: object) -> bool:
    """By the port's appProtocol or number: a guess that a Service does not confirm."""
    found = list(ports) if isinstance(ports, (list, tuple)) else []
    return bool(found) and all(
        str(p.get("appProtocol") or "").startswith(("http", "kubernetes.io/")) or p.get("port") in HTTP_PORTS for p in found
    )
