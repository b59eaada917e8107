"""Hosts, path types, default backends and error answers."""

from __future__ import annotations

import pytest

from simulator.api.traffic import Answer
from tests.simulator.gateway.shop import service
from tests.simulator.ingress.town import AWS, NGINX, OTHER, ask, ingress, path, town


def target(answer: Answer) -> str | int | None:
    """The Service that answers, or the status."""
    found = {backend.service.name for backend in answer.backends if backend.service}
    return found.pop() if len(found) == 1 else answer.status


@pytest.mark.parametrize(
    ("kind", "value", "asked", "controllers"),
    [
        ("Prefix", "/", "/any/thing", "yes yes yes"),
        ("Exact", "/foo", "/foo", "yes yes yes"),
        ("Exact", "/foo", "/bar", "no no no"),
        ("Exact", "/foo", "/foo/", "no no no"),
        ("Exact", "/foo/", "/foo", "no no no"),
        ("Prefix", "/foo", "/foo/", "yes yes yes"),
        ("Prefix", "/foo/", "/foo/", "yes yes yes"),
        ("Prefix", "/aaa/bb", "/aaa/bbb", "no no no"),
        ("Prefix", "/aaa/bbb", "/aaa/bbb/ccc", "yes yes yes"),
        ("Prefix", "/aaa/bbb", "/aaa/bbbxyz", "no no no"),
        ("Prefix", "/foo", "/FOO", "no no no"),
        ("ImplementationSpecific", "/foo", "/foobar", "no yes no"),
        ("ImplementationSpecific", "/foo*", "/foobar/x", "no no yes"),
        ("ImplementationSpecific", "/a?c", "/abc", "no no yes"),
    ],
)
def test_path_types(kind: str, value: str, asked: str, controllers: str) -> None:
    """Exact and Prefix are the specification's; ImplementationSpecific is each controller's own (any, ingress-nginx, AWS)."""
    for controller, expected in zip((OTHER, NGINX, AWS), controllers.split(), strict=True):
        notes = "alb.ingress.kubernetes.io/scheme: internet-facing, alb.ingress.kubernetes.io/target-type: ip"
        cluster = town(ingress(path(value, "one", kind), annotations=notes), controller=controller)
        assert target(ask(cluster, asked)) == ("one" if expected == "yes" else 404), controller


@pytest.mark.parametrize("controller", [OTHER, NGINX])
def test_the_longest_path_wins_and_exact_before_prefix(controller: str) -> None:
    """The order of the rules plays no part; the hop says why."""
    paths = ", ".join([path("/a", "one"), path("/a/b", "two"), path("/a/b", "one", "Exact")])
    cluster = town(ingress(paths), controller=controller)
    assert [target(ask(cluster, asked)) for asked in ("/a/x", "/a/b/c", "/a/b")] == ["one", "two", "one"]
    exact = next(hop for hop in ask(cluster, "/a/b").hops if hop.stage == "path")
    assert exact.reason == "Exact /a/b beats Prefix /a/b: an exact path goes first"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.example.com", "one"),
        ("shop.example.com", "two"),
        ("a.b.example.com", 404),
        ("example.com", 404),
        ("SHOP.example.com:80", "two"),
    ],
)
def test_hosts(host: str, expected: str | int) -> None:
    """An exact host goes before a wildcard, which covers exactly one label."""
    cluster = town(ingress(path("/", "two")), ingress(path("/", "one"), host="*.example.com", name="wide"))
    assert target(ask(cluster, host=host)) == expected


def test_a_rule_without_a_host_takes_all_other_hosts() -> None:
    """But not the paths that a host of its own lacks."""
    cluster = town(ingress(path("/own", "one")), ingress(path("/", "two"), host="", name="rest"))
    assert target(ask(cluster, host="other.org")) == "two"
    assert target(ask(cluster, host=None)) == "two"
    assert target(ask(cluster, "/other")) == 404


def test_default_backends() -> None:
    """An Ingress's own default takes what its host's paths leave; one without rules takes every other host."""
    default = "defaultBackend: {service: {name: two, port: {number: 80}}}"
    own = town(ingress(path("/a", "one"), more=default))
    assert [target(ask(own, "/a")), target(ask(own, "/b")), target(ask(own, "/", host="other.org"))] == ["one", "two", 404]
    everything = town(ingress(more=default), ingress(path("/a", "one"), name="b"))
    assert target(ask(everything, "/", host="other.org")) == "two"


def test_of_two_alike_the_older_ingress_wins() -> None:
    """The same host and path twice: the older Ingress is served."""
    young = ingress(path("/", "one"), name="a-young", created="2026-02-02T00:00:00Z")
    assert target(ask(town(young, ingress(path("/", "two"))))) == "two"


@pytest.mark.parametrize(
    ("to", "port", "status", "words"),
    [
        ("one", "name: none", 503, "PortNotFound"),
        ("one", "number: 81", 503, "PortNotFound"),
        ("none", "number: 80", 503, "ServiceNotFound"),
        ("idle", "number: 80", 503, "SelectorMatchesNoPod"),
    ],
)
def test_backends_that_are_not_there_give_503(to: str, port: str, status: int, words: str) -> None:
    """A missing Service, port or Pod is 503 from the controller, and the hop tells which."""
    answer = ask(town(ingress(path("/", to, port=port))))
    assert (answer.status, answer.answered_by) == (status, "ingress")
    assert words in answer.hops[-1].reason


def test_502_and_504() -> None:
    """A Pod that refuses the connection is 502; one that takes longer than the controller waits, 504."""
    deaf = town(ingress(path("/", "deaf")), service("deaf", notes="sim/listens: '1'"))
    assert ask(deaf).status == 502
    slow = {"backend_behaviour": {"delay_response": "2m"}}
    assert ask(town(ingress(path("/", "one"))), extra=slow).status == 504


def test_other_ports_and_protocols_are_not_opened() -> None:
    """An Ingress is HTTP on 80 and 443."""
    cluster = town(ingress(path("/", "one")))
    assert ask(cluster, port=6379, protocol="TCP").outcome == "refused"
    assert ask(cluster, port=8080).outcome == "refused"
    assert ask(cluster, port=443).status == 400
    assert ask(cluster, port=80, scheme="https").outcome == "rejected"


def test_internal_load_balancer_of_aws() -> None:
    """Without scheme internet-facing the load balancer is internal; target-type instance wants node ports."""
    ip = "alb.ingress.kubernetes.io/target-type: ip"
    assert ask(town(ingress(path("/", "one"), annotations=ip), controller=AWS)).outcome == "timed-out"
    public = "alb.ingress.kubernetes.io/scheme: internet-facing"
    answer = ask(town(ingress(path("/", "one"), annotations=public), controller=AWS))
    assert answer.outcome == "unresolved"
    assert "must be NodePort or LoadBalancer" in answer.hops[-1].reason
