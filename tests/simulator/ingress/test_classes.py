"""Who serves an Ingress, and its ADDRESS."""

from __future__ import annotations

import pytest

from simulator.api.traffic import Request
from simulator.cluster import Cluster
from simulator.trace import trace
from tests.simulator.ingress.town import AWS, NGINX, OTHER, ask, ingress, ingress_class, path, town

PATHS = path("/", "one")


def address(cluster: Cluster, name: str = "web") -> str:
    stored = cluster.get("Ingress", "shop", name)
    assert stored is not None
    given = (stored.status.get("loadBalancer") or {}).get("ingress") or [{}]
    return given[0].get("ip") or given[0].get("hostname") or ""


@pytest.mark.parametrize(
    ("changes", "classes", "profile", "reason"),
    [
        ({}, [], {}, ""),
        ({"class_name": "none"}, [], {}, "ClassNotFound"),
        ({"class_name": ""}, [], {}, "NoClass"),
        ({"class_name": ""}, [ingress_class("std", OTHER, default=True)], {}, ""),
        ({}, [], {"ingressControllers": []}, "ControllerNotRunning"),
        ({}, [], {"ingressControllers": [NGINX]}, ""),
        ({"class_name": "other"}, [ingress_class("other", OTHER)], {"ingressControllers": [NGINX]}, "ControllerNotRunning"),
        ({"class_name": "", "annotations": "kubernetes.io/ingress.class: nginx"}, [], {}, ""),
        ({"class_name": "", "annotations": "kubernetes.io/ingress.class: traefik"}, [], {}, "ClassNotFound"),
    ],
)
def test_who_serves_an_ingress(changes: dict[str, str], classes: list[str], profile: dict[str, list[str]], reason: str) -> None:
    """Without a class, a default or a running controller ADDRESS stays empty, and the trace says which of them it is."""
    cluster = town(ingress(PATHS, **changes), *classes, **profile)
    answer = ask(cluster)
    assert (address(cluster) != "") is (reason == "")
    assert answer.status == (200 if not reason else None)
    if reason:
        assert answer.outcome == "unresolved"
        assert answer.hops[-1].reason.startswith(reason)


def test_of_two_default_classes_the_newest_is_taken() -> None:
    """Admission picks the newest default class, and the first by name among those of one age."""
    old = ingress_class("a-old", OTHER, default=True)
    new = ingress_class("z-new", AWS, default=True, created="2026-02-02T00:00:00Z")
    assert address(town(ingress(PATHS, class_name=""), old, new)).endswith(".elb.amazonaws.com")
    assert not address(town(ingress(PATHS, class_name=""), old, ingress_class("b", AWS, default=True))).endswith(".amazonaws.com")


def test_ingresses_of_one_controller_share_its_address() -> None:
    """All but the AWS controller's, which orders a load balancer for each Ingress or group."""
    other = ingress(path("/", "two"), host="b.example.com", name="b")
    cluster = town(ingress(PATHS), other)
    assert address(cluster) == address(cluster, "b") != ""
    aws = town(ingress(PATHS), other, controller=AWS)
    assert address(aws) != address(aws, "b")
    group = "alb.ingress.kubernetes.io/group.name: all"
    grouped = town(ingress(PATHS, annotations=group), ingress(path("/", "two"), name="b", annotations=group), controller=AWS)
    assert address(grouped) == address(grouped, "b")


def test_without_load_balancers_there_is_no_address() -> None:
    """A controller whose own Service stays pending has nothing to write into the status."""
    cluster = town(ingress(PATHS), loadBalancers=False)
    assert address(cluster) == ""
    assert ask(cluster).outcome == "unresolved"


def test_a_request_may_be_taken_by_another_ingress_of_the_same_controller() -> None:
    """The address is the controller's: the host decides, not the Ingress that was dialled."""
    cluster = town(ingress(PATHS), ingress(path("/", "two"), host="b.example.com", name="b"))
    assert [backend.service.name for backend in ask(cluster, host="b.example.com").backends if backend.service] == ["two"]


def test_a_name_whose_ingress_nobody_serves_is_not_known() -> None:
    """There is no address to point the name to; the hop says why."""
    answer = trace(town(ingress(PATHS, class_name="none")), Request(host="shop.example.com"))
    assert answer.outcome == "unresolved"
    assert answer.hops[-1].reason == 'ClassNotFound: there is no IngressClass "none"'
    assert trace(town(ingress(PATHS)), Request(host="shop.example.com")).status == 200
