"""Pings: a ClusterIP serves ports and no ICMP, each mode in its way; Pods and nodes answer."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Report, Scenario, curl_text, run
from simulator.kubectl.run import run_text

CLUSTER = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.0.80, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: each}
spec: {clusterIP: None, selector: {app: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}, annotations: {sim/listens: "", sim/ip: 10.244.1.80}}
spec: {containers: [{name: web, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: client, annotations: {sim/node: node-2}}
spec: {containers: [{name: client, image: client}]}
"""
POLICY = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut}
spec: {podSelector: {matchLabels: {app: web}}}
"""
CLIENT = {"pod": {"name": "client"}}


def ping(host: str, more: str = "", profile: dict[str, Any] | None = None, **question: Any) -> Report:
    request = {"from": CLIENT, "protocol": "ICMP", "host": host, **question}
    given = {"profile": profile or {}, "manifests": [{"name": "a.yaml", "text": CLUSTER + more}], "requests": [request]}
    return run(Scenario.of(given, str))


@pytest.mark.parametrize(
    ("mode", "outcome", "line"),
    [
        ("iptables", "timed-out", "3 packets transmitted, 0 received, 100% packet loss, time 2000ms"),
        ("nftables", "refused", "From 192.168.10.12 icmp_seq=1 Destination Port Unreachable"),
        ("ipvs", "refused", "From 10.96.0.80 icmp_seq=1 Destination Port Unreachable"),
    ],
)
def test_a_cluster_ip_answers_no_ping_in_any_mode(mode: str, outcome: str, line: str) -> None:
    report = ping("web", profile={"proxyMode": mode})
    answer = report.answers[0]
    assert (answer.outcome, answer.curl_exit, answer.answered_by, answer.backends) == (outcome, 1, "kube-proxy", ())
    printed = curl_text(report.scenario.requests[0], answer).splitlines()
    assert printed[0] == "PING web.default.svc.cluster.local (10.96.0.80) 56(84) bytes of data."
    assert line in printed
    assert [finding.rule for finding in report.findings] == ["target-port-not-listened"]


@pytest.mark.parametrize("host", ["each", "10.244.1.80", "192.168.10.11", "localhost"])
def test_what_has_an_address_of_its_own_answers_whatever_listens_there(host: str) -> None:
    report = ping(host)
    answer = report.answers[0]
    assert (answer.outcome, answer.curl_exit) == ("answered", 0)
    assert "3 packets transmitted, 3 received, 0% packet loss" in curl_text(report.scenario.requests[0], answer)


def test_a_name_that_is_none() -> None:
    report = ping("wbe")
    assert (report.answers[0].outcome, report.answers[0].curl_exit) == ("unresolved", 2)
    assert "# request 1: ping wbe\nping: wbe: Name or service not known\n" in run_text(report)


def test_an_address_that_no_service_has_is_lost_too() -> None:
    assert ping("10.96.0.81").answers[0].outcome == "timed-out"


@pytest.mark.parametrize(
    ("host", "more", "question", "why"),
    [
        ("each", POLICY, {}, "NetworkPolicy default/shut selects an end of this way"),
        ("198.51.100.10", "", {}, "outside the cluster"),
        ("shop.example.com", "", {}, "asked outside the cluster"),
        ("shop.example.com", "", {"from": "external"}, "where shop.example.com leads"),
        ("web", "", {"via": {"kind": "Service", "name": "web"}}, "not by way of an object"),
    ],
)
def test_what_nobody_can_know_is_said_to_be_unknown(host: str, more: str, question: dict[str, Any], why: str) -> None:
    assert why in ping(host, more, **question).answers[0].not_modelled


def test_ping_has_other_words_for_the_newer_protocol() -> None:
    six = CLUSTER.replace("clusterIP: 10.96.0.80", "ipFamilies: [IPv6], clusterIP: 'fd00:10:96::80'")
    profile = {"proxyMode": "nftables", "serviceCIDR": "10.96.0.0/16,fd00:10:96::/112", "podCIDR": "10.244.0.0/16,fd00:10:244::/56"}
    given = {
        "profile": profile,
        "manifests": [{"name": "a.yaml", "text": six}],
        "requests": [{"from": CLIENT, "protocol": "ICMP", "host": "web"}],
    }
    report = run(Scenario.of(given, str))
    printed = curl_text(report.scenario.requests[0], report.answers[0])
    assert printed.startswith("PING web.default.svc.cluster.local(fd00:10:96::80) 56 data bytes\nFrom ")
    assert "icmp_seq=3 Destination unreachable: Port unreachable" in printed
