"""A policy that forgets DNS: the way to the Service is open, and the question for its address is dropped."""

from __future__ import annotations

import pytest

from simulator import Answer, Scenario, run

CLUSTER = """\
apiVersion: v1
kind: Pod
metadata: {name: frontend, labels: {app: frontend}}
spec:
  containers: [{name: app, image: app}]
---
apiVersion: v1
kind: Pod
metadata: {name: backend, labels: {app: backend}}
spec:
  containers: [{name: app, image: app}]
---
apiVersion: v1
kind: Service
metadata: {name: backend}
spec:
  clusterIP: 10.96.0.50
  selector: {app: backend}
  ports: [{port: 80}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: frontend-out}
spec:
  podSelector: {matchLabels: {app: frontend}}
  policyTypes: [Egress]
  egress:
  - to: [{podSelector: {matchLabels: {app: backend}}}]
"""
ALLOW_DNS = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: dns}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - ports: [{protocol: UDP, port: 53}]
"""


def ask(manifests: str, host: str, pod: str = "frontend", **profile: str) -> Answer:
    given = {
        "profile": profile,
        "manifests": [{"name": "all.yaml", "text": manifests}],
        "requests": [{"from": {"pod": {"namespace": "default", "name": pod}}, "host": host}],
    }
    return run(Scenario.of(given, str)).answers[0]


def test_a_name_does_not_resolve_where_dns_was_forgotten() -> None:
    """curl ends with (6), and the last hop names the DNS Service."""
    answer = ask(CLUSTER, "backend")
    assert (answer.outcome, answer.curl_exit) == ("unresolved", 6)
    assert answer.hops[-1].object is not None
    assert answer.hops[-1].object.name == "kube-dns"


@pytest.mark.parametrize(
    ("manifests", "host", "pod", "profile"),
    [
        (CLUSTER, "10.96.0.50", "frontend", {}),
        (CLUSTER, "backend", "backend", {}),
        (CLUSTER + ALLOW_DNS, "backend", "frontend", {}),
        (CLUSTER, "backend", "frontend", {"networkPolicy": "ignored"}),
    ],
)
def test_and_resolves_where_nothing_stops_the_question(manifests: str, host: str, pod: str, profile: dict[str, str]) -> None:
    """By address, from a Pod that no policy selects, with DNS permitted, or where nobody enforces policies."""
    assert ask(manifests, host, pod, **profile).outcome == "answered"
