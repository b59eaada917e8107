"""Many calls over what a client keeps open: one Pod has them all, unless the client or a proxy spreads single calls."""

from __future__ import annotations

import pytest

from simulator import Scenario, run

SHOP = """
apiVersion: v1
kind: Pod
metadata: {name: shop, annotations: {sim/load-balancing: %s}}
spec: {containers: [{name: shop, image: shop}]}
---
apiVersion: v1
kind: Service
metadata: {name: quotes}
spec: {%s selector: {app: quotes}, ports: [{port: 50051}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: quotes}
spec:
  replicas: 3
  selector: {matchLabels: {app: quotes}}
  template:
    metadata: {labels: {app: quotes}}
    spec: {containers: [{name: quotes, image: quotes, ports: [{containerPort: 50051}]}]}
"""
ROUTE = """---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: quotes}
spec:
  parentRefs: [{group: "", kind: Service, name: quotes, port: 50051}]
  rules: [{backendRefs: [{name: quotes, port: 50051}]}]
"""
HEADLESS = "clusterIP: None,"


def shares(policy: str, address: str = "", more: str = "", **question: str) -> list[float]:
    request = {"from": {"pod": {"name": "shop"}}, "host": "quotes", "port": 50051, "protocol": "gRPC", **question}
    given = {"manifests": [{"name": "a.yaml", "text": SHOP % (policy, address) + more}], "requests": [request]}
    answer = run(Scenario.of(given, str)).answers[0]
    assert answer.outcome == "answered"
    return [round(backend.share, 3) for backend in answer.backends]


@pytest.mark.parametrize(
    ("policy", "address", "more", "pods"),
    [
        ("pick_first", "", "", 1),
        ("round_robin", "", "", 1),
        ("pick_first", HEADLESS, "", 1),
        ("round_robin", HEADLESS, "", 3),
        ("pick_first", "", ROUTE, 3),
    ],
)
def test_calls_are_spread_where_several_addresses_are_used_or_a_proxy_reads_them(policy: str, address: str, more: str, pods: int) -> None:
    assert shares(policy, address, more, connection="kept") == [round(1 / pods, 3)] * pods


def test_a_new_connection_each_may_meet_any_pod() -> None:
    assert shares("pick_first") == shares("pick_first", HEADLESS) == [0.333] * 3
