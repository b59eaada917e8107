"""Circumstances that no manifest shows: hairpin mode, an internal load balancer, kinds that are not installed, a Pod's own loopback."""

from __future__ import annotations

import pytest

from simulator import Client, Ref, Report, Request, Scenario, SourceFile, Via, run
from simulator.profile import Profile

PODS = """
apiVersion: v1
kind: Pod
metadata: {name: web-1, labels: {app: web}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-2, labels: {app: web}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 80}]}]}
---
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations: {external-dns.alpha.kubernetes.io/hostname: web.example.com%s}
spec: {type: %s, selector: {app: web}, ports: [{port: 80}]}
"""
ITSELF = Client(pod=Ref("Pod", "default", "web-1"))
OTHER = Client(pod=Ref("Pod", "default", "web-2"))


def asked(request: Request, kind: str = "ClusterIP", annotation: str = "", pods: str = PODS, **profile: object) -> Report:
    return run(Scenario(Profile.of(profile), (SourceFile("web.yaml", pods + SERVICE % (annotation, kind)),), (request,)))


def test_a_pod_comes_back_to_itself_in_hairpin_mode_alone() -> None:
    """Half of its connections end at itself and are lost; others, and its own address, are not concerned."""
    off = asked(Request(ITSELF, host="web"), hairpin=False).answers[0]
    assert off.extra["outcomes"] == {"answered": 0.5, "timed-out": 0.5}
    assert "hairpin mode is off" in next(hop.reason for hop in off.hops if hop.stage == "bridge")
    alone = PODS.split("---\n")[0] + "---\n"
    assert asked(Request(ITSELF, host="web"), pods=alone, hairpin=False).answers[0].outcome == "timed-out"
    assert asked(Request(ITSELF, host="web"), pods=alone).answers[0].outcome == "answered"
    assert (
        "outcomes" not in asked(Request(Client(node="node-1"), via=Via(Ref("Service", "default", "web"))), hairpin=False).answers[0].extra
    )


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_a_pods_own_loopback(host: str) -> None:
    """It is the Pod itself, without policies, Services or the network."""
    report = asked(Request(OTHER, host=host), hairpin=False)
    assert [backend.pod.name for backend in report.answers[0].backends if backend.pod] == ["web-2"]


@pytest.mark.parametrize(
    ("annotation", "outcome"),
    [
        ("", "timed-out"),
        (", service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing", "answered"),
        (", service.beta.kubernetes.io/aws-load-balancer-scheme: internal", "timed-out"),
        (', service.beta.kubernetes.io/aws-load-balancer-internal: "false"', "answered"),
        (', service.beta.kubernetes.io/aws-load-balancer-internal: "true"', "timed-out"),
    ],
)
def test_on_aws_a_load_balancer_is_internal_unless_it_is_asked_for(annotation: str, outcome: str) -> None:
    """Its name leads nowhere from outside; the Service works inside, and elsewhere the annotation means nothing."""
    report = asked(Request(host="web.example.com"), "LoadBalancer", annotation, loadBalancers="aws")
    assert report.answers[0].outcome == outcome
    service = report.cluster.get("Service", "default", "web")
    assert service is not None
    assert service.status["loadBalancer"]["ingress"][0]["hostname"].endswith(".elb.eu-central-1.amazonaws.com")
    assert asked(Request(OTHER, host="web"), "LoadBalancer", annotation, loadBalancers="aws").answers[0].outcome == "answered"
    assert asked(Request(host="web.example.com"), "LoadBalancer", annotation).answers[0].outcome == "answered"


def test_kinds_that_are_not_installed() -> None:
    """kubectl says so, and the finding says what is missing instead of what may have been misspelt."""
    route = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web}\nspec: {}\n"
    report = run(Scenario(Profile.of({"gatewayAPI": "absent"}), (SourceFile("route.yaml", route),)))
    assert (
        'no matches for kind "HTTPRoute" in version "gateway.networking.k8s.io/v1"\nensure CRDs are installed first' in report.apply.stderr
    )
    assert [(each.rule, "are not installed here" in each.message, each.fixes) for each in report.findings] == [("no-such-kind", True, ())]
    assert run(Scenario(manifests=(SourceFile("route.yaml", route),))).verdicts[0].accepted


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"gatewayAPI": "beta"}, "gatewayAPI is standard or absent"), ({"loadBalancers": "gcp"}, "loadBalancers is true, false or aws")],
)
def test_unknown_circumstances_are_refused(given: dict[str, object], sentence: str) -> None:
    """One sentence that names the key."""
    with pytest.raises(ValueError, match=sentence):
        Profile.of(given)
