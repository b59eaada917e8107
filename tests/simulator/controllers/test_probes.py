"""Readiness probes: a Pod is Ready when its probe asks where a process listens."""

from __future__ import annotations

import pytest

from simulator import Scenario, SourceFile, run

POD = """
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}, annotations: {%s}}
spec:
  containers:
  - name: web
    image: web
    ports: [%s]
    readinessProbe: {%s}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
"""
DECLARED = "{name: http, containerPort: 8080}"


def ready(probe: str, ports: str = DECLARED, annotations: str = "") -> tuple[bool, list[str]]:
    """Whether the Pod is Ready, and the faults that are told."""
    report = run(Scenario(manifests=(SourceFile("web.yaml", POD % (annotations, ports, probe)),)))
    pod = report.cluster.get("Pod", "default", "web")
    assert pod is not None
    conditions = {each["type"]: each["status"] for each in pod.status["conditions"]}
    assert (conditions["Ready"] == "True") == pod.status["containerStatuses"][0]["ready"]
    return conditions["Ready"] == "True", [finding.rule for finding in report.findings]


@pytest.mark.parametrize(
    "probe",
    [
        "httpGet: {path: /, port: 8080}",
        "httpGet: {path: /, port: http}",
        "tcpSocket: {port: 8080}",
        "grpc: {port: 8080}",
        "exec: {command: [ok]}",
        "httpGet: {path: /, port: 8081, host: elsewhere.example.com}",
    ],
)
def test_a_probe_that_finds_somebody(probe: str) -> None:
    """By number or name, over HTTP, TCP and gRPC; commands and other hosts are taken to pass."""
    assert ready(probe) == (True, [])


@pytest.mark.parametrize(
    ("probe", "rule"),
    [
        ("httpGet: {path: /, port: 8081}", "probe-port-not-listened"),
        ("tcpSocket: {port: 8081}", "probe-port-not-listened"),
        ("grpc: {port: 8081}", "probe-port-not-listened"),
        ("httpGet: {path: /, port: web}", "probe-port-name-missing"),
    ],
)
def test_a_probe_that_asks_in_vain(probe: str, rule: str) -> None:
    """The Pod is not Ready, and the fault is told once: at the probe."""
    assert ready(probe) == (False, [rule])


def test_what_the_process_does_has_the_last_word() -> None:
    """`sim/listens` before the declared ports, `sim/ready` before everything; where no port is declared any answers."""
    assert ready("httpGet: {path: /, port: 8081}", annotations='sim/listens: "8080,8081"') == (True, [])
    assert ready("httpGet: {path: /, port: 8080}", annotations='sim/listens: "9090"')[0] is False
    assert ready("httpGet: {path: /, port: 8081}", annotations='sim/ready: "true"')[0] is True
    assert ready("httpGet: {path: /, port: 8081}", ports="") == (True, [])
