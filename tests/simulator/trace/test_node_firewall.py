"""A firewall before the nodes: what it does not let in from outside is dropped."""

from __future__ import annotations

import pytest

from simulator import Client, Ref, Request, Scenario, SourceFile, Via, run
from simulator.profile import Profile

WEB = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}
"""
SERVICE = Ref("Service", "default", "web")


@pytest.mark.parametrize(
    ("firewall", "request_", "outcome"),
    [
        (None, Request(via=Via(SERVICE, "nodePort", "node-1")), "answered"),
        ([22], Request(via=Via(SERVICE, "nodePort", "node-1")), "timed-out"),
        ([], Request(via=Via(SERVICE, "nodePort", "node-1")), "timed-out"),
        (["30000-32767"], Request(via=Via(SERVICE, "nodePort", "node-1")), "answered"),
        ([80], Request(host="192.168.10.11", port=30080), "timed-out"),
        ([30080], Request(host="192.168.10.11", port=30080), "answered"),
        ([22], Request(host="192.168.10.11", port=10250), "timed-out"),
        ([22], Request(client=Client(node="node-2"), via=Via(SERVICE, "nodePort", "node-1")), "answered"),
        ([22], Request(via=Via(SERVICE, "loadBalancerIP")), "answered"),
    ],
)
def test_what_is_let_in(firewall: list[object] | None, request_: Request, outcome: str) -> None:
    """Node ports from outside; traffic between nodes and behind the load balancer passes."""
    scenario = Scenario(Profile.of({"nodeFirewall": firewall}), (SourceFile("web.yaml", WEB),), (request_,))
    answer = run(scenario).answers[0]
    assert answer.outcome == outcome
    assert (answer.hops[-1].stage == "firewall") == (outcome == "timed-out")


@pytest.mark.parametrize(
    ("client", "via", "dialled"),
    [
        (Client(), Via(SERVICE, "nodePort", "node-2"), ("192.168.10.12", 30080)),
        (Client(), Via(SERVICE), ("198.18.146.48", 80)),
        (Client(node="node-2"), Via(SERVICE), ("10.102.255.243", 80)),
        (Client(node="node-2"), Via(SERVICE, "nodePort"), ("192.168.10.12", 30080)),
        (Client(), Via(SERVICE, "externalIP"), None),
    ],
)
def test_what_is_dialled(client: Client, via: Via, dialled: tuple[str, int] | None) -> None:
    """The address that stands in the client's URL, by kind; what has no such address is not dialled."""
    scenario = Scenario(manifests=(SourceFile("web.yaml", WEB),), requests=(Request(client=client, via=via, port=80),))
    assert run(scenario).answers[0].dialled == dialled
