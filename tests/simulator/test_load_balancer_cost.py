"""How many load balancers a set of manifests orders."""

from __future__ import annotations

from simulator.load_balancer_cost import load_balancer_bill
from tests.simulator.gateway.shop import gateway, world
from tests.simulator.ingress.town import AWS, ingress, path, town


def service(name: str, port: int = 80) -> str:
    return f"""
---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: shop}}
spec: {{type: LoadBalancer, ports: [{{port: {port}}}]}}
"""


def test_twenty_services_and_one_gateway() -> None:
    """The lesson's twenty load balancers become one; at a price, so do their costs."""
    found = load_balancer_bill(world(*(service(f"s{number}") for number in range(20))))
    assert (len(found.now), found.with_one_gateway, found.saved) == (20, 1, 19)
    assert found.cost(25.0) == (500.0, 25.0)


def test_what_does_not_speak_http_keeps_its_own() -> None:
    """A database's port does not fit behind an HTTP listener."""
    found = load_balancer_bill(world(service("web"), service("db", 5432), gateway()))
    assert (len(found.now), found.with_one_gateway) == (3, 2)


def test_ingresses_share_or_not_by_their_controller() -> None:
    """ingress-nginx has one load balancer for all of them, the AWS controller one for each."""
    two = [ingress(path("/", "one")), ingress(path("/", "two"), name="b", host="b.example.com")]
    assert len(load_balancer_bill(town(*two)).now) == 1
    assert len(load_balancer_bill(town(*two, controller=AWS)).now) == 2


def test_nothing_ordered_nothing_saved() -> None:
    """Without load balancers there is nothing to share."""
    assert (load_balancer_bill(world()).now, load_balancer_bill(world()).with_one_gateway) == ((), 0)
