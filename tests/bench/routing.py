"""How many requests are traced in a second through a Gateway: 50, 200 and 400 routes of 20 rules each, on hosts of their own or all on one.

`python -m tests.bench.routing` prints a table; `measure` gives one row. Every request goes the whole way: listener, route, weights,
endpoints, hops with their reasons. The first one also builds the routing table, so it stands apart.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulator.api.meta import Object, Ref
from simulator.api.traffic import Request, Via
from simulator.cluster import Cluster
from simulator.controllers import reconcile
from simulator.profile import Profile
from simulator.trace import trace

SIZES = (50, 200, 400)
RULES = 20
REQUESTS = 2000
GATEWAY_API = "gateway.networking.k8s.io/v1"


@dataclass(frozen=True, slots=True)
class Row:
    """`first`: seconds of CPU until the first answer. `per_second`: answers in a second of CPU after it."""

    routes: int
    one_host: bool
    first: float
    per_second: float


def measure(routes: int, one_host: bool) -> Row:
    cluster = _cluster(routes, one_host)
    requests = [
        Request(via=Via(Ref("Gateway", "shop", "edge")), host=_host(n % routes, one_host), path=f"/r{n % routes}/p{n % RULES}/below")
        for n in range(REQUESTS)
    ]
    started = time.process_time()
    trace(cluster, requests[0])
    first = time.process_time() - started
    started = time.process_time()
    if any(trace(cluster, request).status != 200 for request in requests):
        raise AssertionError("a request went astray: the figures would mean nothing")
    return Row(routes, one_host, first, REQUESTS / (time.process_time() - started))


def _host(route: int, one_host: bool) -> str:
    return "shop.example.com" if one_host else f"h{route}.example.com"


def _cluster(routes: int, one_host: bool) -> Cluster:
    return reconcile(Cluster(Profile(), _objects(routes, one_host)))


def _objects(routes: int, one_host: bool) -> Iterator[Object]:
    yield _object("v1", "Node", "", "node-1", {"status": {"addresses": [{"type": "InternalIP", "address": "192.168.10.11"}]}})
    yield _object(GATEWAY_API, "GatewayClass", "", "example", {"spec": {"controllerName": "example.com/gateway-controller"}})
    listeners = [{"name": "http", "port": 80, "protocol": "HTTP"}]
    yield _object(GATEWAY_API, "Gateway", "shop", "edge", {"spec": {"gatewayClassName": "example", "listeners": listeners}})
    ports = [{"port": 80, "targetPort": 8080}]
    yield _object("v1", "Service", "shop", "web", {"spec": {"clusterIP": "10.96.0.10", "selector": {"app": "web"}, "ports": ports}})
    pod = {"metadata": {"labels": {"app": "web"}}, "spec": {"nodeName": "node-1", "containers": [{"name": "web", "image": "web"}]}}
    yield _object("v1", "Pod", "shop", "web-0", pod)
    for number in range(routes):
        rules = [
            {"matches": [{"path": {"type": "PathPrefix", "value": f"/r{number}/p{rule}"}}], "backendRefs": [{"name": "web", "port": 80}]}
            for rule in range(RULES)
        ]
        spec = {"parentRefs": [{"name": "edge"}], "hostnames": [_host(number, one_host)], "rules": rules}
        yield _object(GATEWAY_API, "HTTPRoute", "shop", f"route-{number}", {"spec": spec})


def _object(version: str, kind: str, namespace: str, name: str, body: dict[str, Any]) -> Object:
    metadata = {"name": name, "namespace": namespace, **body.get("metadata", {})}
    return Object(version, kind, namespace, name, {"apiVersion": version, "kind": kind, **body, "metadata": metadata})


def table() -> str:
    lines = [f"{'routes':>7} {'hosts':>6} {'first answer':>13} {'requests/s':>11}"]
    for one_host in (False, True):
        for routes in SIZES:
            row = measure(routes, one_host)
            lines.append(f"{row.routes:7} {1 if one_host else row.routes:6} {row.first:11.3f} s {row.per_second:11,.0f}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
