"""What clients meet in a roll-out, in seconds: the old Pod's end, open requests, the new Pod's start, the strategy."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Ref, RolloutAnswer, Scenario, kubectl_rollout, report_as_json, run, run_text
from simulator.rollouts import fenceposts

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  %s
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}, annotations: {%s}}
    spec:
      terminationGracePeriodSeconds: %s
      containers:
      - {name: log, image: log}
      - {name: web, image: web, ports: [{containerPort: 8080}], %s}
"""
SLOW = "sim/starts-after: '15', sim/on-sigterm: finish, sim/longest-request: '25'"
READY = "readinessProbe: {httpGet: {path: /, port: 8080}}"


def sleep(seconds: int) -> str:
    return f"lifecycle: {{preStop: {{sleep: {{seconds: {seconds}}}}}}}"


def rolled_out(
    *container: str, process: str = "", spec: str = "", grace: object = 30, profile: dict[str, Any] | None = None, kind: str = "Deployment"
) -> RolloutAnswer:
    text = DEPLOYMENT % (spec, process, grace, ", ".join(filter(None, container)))
    asked = [{"workload": {"kind": kind, "name": "web"}}]
    given = {"profile": profile or {}, "manifests": [{"name": "a.yaml", "text": text}], "rollouts": asked}
    return run(Scenario.of(given, str)).rollouts[0]


@pytest.mark.parametrize(
    ("container", "latency", "seconds"),
    [
        ("", 2, 2),
        ("", 0, 0),
        (sleep(1), 2, 1),
        (sleep(5), 2, 0),
        ("lifecycle: {preStop: {exec: {command: [sh, -c, 'sleep 5; nginx -s quit']}}}", 2, 0),
        ("lifecycle: {preStop: {exec: {command: [/bin/sleep, '1']}}}", 2.5, 1.5),
        ("lifecycle: {preStop: {exec: {command: [nginx, -s, quit]}}}", 2, 2),
        ("lifecycle: {preStop: {httpGet: {path: /stop, port: 8080}}}", 2, 2),
    ],
)
def test_the_old_pod_refuses_until_the_last_node_has_followed(container: str, latency: float, seconds: float) -> None:
    assert rolled_out(container, profile={"networkProgrammingLatency": latency}).refused == pytest.approx(seconds)


def test_a_hook_of_a_container_that_serves_nobody_holds_nothing_back() -> None:
    """The containers are stopped together, each after its own hook."""
    other = DEPLOYMENT.replace("{name: log, image: log}", f"{{name: log, image: log, {sleep(10)}}}") % ("", "", 30, "")
    asked = [{"workload": {"kind": "Deployment", "name": "web"}}]
    report = run(Scenario.of({"manifests": [{"name": "a.yaml", "text": other}], "rollouts": asked}, str))
    assert report.rollouts[0].refused == 2


@pytest.mark.parametrize(
    ("process", "container", "grace", "cut"),
    [
        ("sim/on-sigterm: finish, sim/longest-request: '25'", "", 30, False),
        ("sim/on-sigterm: finish, sim/longest-request: '25'", sleep(5), 30, False),
        ("sim/on-sigterm: finish, sim/longest-request: '25'", sleep(6), 30, True),
        ("sim/on-sigterm: finish, sim/longest-request: '2'", sleep(30), 30, False),
        ("sim/on-sigterm: finish, sim/longest-request: '3'", sleep(30), 30, True),
        ("sim/on-sigterm: finish, sim/longest-request: '2'", "", 0, False),
        ("sim/on-sigterm: exit", sleep(20), 30, True),
        ("sim/on-sigterm: ignore", "", 30, True),
        ("sim/on-sigterm: finish", "", 30, None),
        ("", sleep(20), 30, None),
    ],
)
def test_the_grace_period_covers_hook_and_requests(process: str, container: str, grace: int, cut: bool | None) -> None:
    """SIGTERM gets two seconds at the least; of a process of which nothing is said nothing is claimed."""
    assert rolled_out(container, process=process, grace=grace).cut is cut


def test_a_process_that_ignores_sigterm_serves_until_it_is_killed() -> None:
    assert rolled_out(process="sim/on-sigterm: ignore").refused == 0


@pytest.mark.parametrize(
    ("container", "seconds"),
    [
        ("", 15),
        (READY, 0),
        ("readinessProbe: {tcpSocket: {port: 8080}}", 0),
        ("startupProbe: {tcpSocket: {port: 8080}}", 0),
        ("readinessProbe: {exec: {command: ['true']}}", 15),
        ("readinessProbe: {exec: {command: ['true']}, initialDelaySeconds: 10}", 5),
        ("readinessProbe: {httpGet: {path: /, port: 8080, host: 10.0.0.1}}", 15),
        ("livenessProbe: {tcpSocket: {port: 8080}}", 15),
    ],
)
def test_the_new_pod_refuses_until_it_listens(container: str, seconds: float) -> None:
    """Only a probe that asks the Pod's own port keeps traffic away until somebody answers there."""
    assert rolled_out(container, sleep(5), process=SLOW).refused == seconds


@pytest.mark.parametrize(
    ("container", "spec", "gap"),
    [
        (READY, "", 0),
        ("", "", 13),
        ("", "minReadySeconds: 4", 1),
        ("", "minReadySeconds: 20", 0),
        ("", "strategy: {rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}", 14),
        (READY, "strategy: {rollingUpdate: {maxUnavailable: 2, maxSurge: 0}}", 0),
        (READY, "strategy: {rollingUpdate: {maxUnavailable: 100%}}", 11),
        (READY, "strategy: {type: Recreate}", 41),
    ],
)
def test_somebody_has_to_serve(container: str, spec: str, gap: float) -> None:
    """With a hook of five seconds; a new container runs after one and listens fifteen later."""
    assert rolled_out(container, sleep(5), process=SLOW, spec=spec).gap == gap


@pytest.mark.parametrize(
    ("rolling", "wanted", "posts"),
    [
        ({"maxSurge": "25%", "maxUnavailable": "25%"}, 3, (1, 0)),
        ({"maxSurge": "25%", "maxUnavailable": "25%"}, 10, (3, 2)),
        ({"maxSurge": "0%", "maxUnavailable": "1%"}, 2, (0, 1)),
        ({"maxSurge": 0, "maxUnavailable": 9}, 2, (0, 2)),
        ({}, 1, (1, 0)),
    ],
)
def test_shares_are_rounded_so_that_it_gets_on(rolling: dict[str, Any], wanted: int, posts: tuple[int, int]) -> None:
    """The surge up, the unavailable down, and never both to nothing."""
    assert fenceposts(rolling, wanted) == posts


@pytest.mark.parametrize(
    ("spec", "container", "kind", "why"),
    [
        ("paused: true", "", "Deployment", "is paused"),
        ("", "readinessProbe: {tcpSocket: {port: 9}}", "Deployment", "never becomes Ready"),
        ("", "", "StatefulSet", "there is no StatefulSet default/web"),
        ("", "", "Service", "there is no Service default/web"),
    ],
)
def test_what_cannot_be_told_is_not_told(spec: str, container: str, kind: str, why: str) -> None:
    answer = rolled_out(container, spec=spec, kind=kind)
    assert why in answer.not_modelled
    assert (answer.refused, answer.cut, answer.gap) == (None, None, None)


def test_hostile_numbers_are_bounded() -> None:
    """Texts that are no numbers are passed over; a start that takes for ever is an hour, and there are not as many rounds as Pods."""
    answer = rolled_out(process="sim/starts-after: '99999999999999999999', sim/longest-request: soon, sim/on-sigterm: maybe")
    assert (answer.refused, answer.cut) == (3600, None)
    assert rolled_out("lifecycle: {preStop: {exec: {command: ['sleep 99999', 'sleep 1e9']}}}").refused == 0


def test_each_part_says_where_it_stands_and_what_is_noticed_comes_last() -> None:
    answer = rolled_out(sleep(10), READY, process=SLOW)
    assert [hop.stage for hop in answer.hops] == ["old Pod", "new Pod", "strategy", "open requests"]
    assert answer.hops[-1].decision == "cut off"
    assert "20 s are left until SIGKILL" in answer.hops[-1].reason
    assert (answer.hops[-1].file, answer.hops[-1].basis.value) == ("a.yaml", "implemented")


def test_the_faces() -> None:
    """kubectl's own line and what clients meet; the contract's JSON; the text of a whole run."""
    text = DEPLOYMENT % ("", SLOW, 30, "")
    stateful = text.replace("kind: Deployment", "kind: StatefulSet").replace("name: web}\nspec:", "name: db}\nspec:")
    given = {
        "manifests": [{"name": "a", "text": f"{text}---\n{stateful}"}],
        "rollouts": [{"workload": {"kind": "Deployment", "name": "web"}}],
    }
    report = run(Scenario.of(given, str))
    printed = kubectl_rollout(report.cluster, "restart deploy/web")
    assert printed.startswith("deployment.apps/web restarted\n\nWhile its Pods are replaced:\n  new connections  refused for up to 15 s")
    assert "  nobody serves    for about 13 s\n" in printed
    assert "not modelled" in kubectl_rollout(report.cluster, "restart statefulset db")
    told: Any = report_as_json(report)["rollouts"]
    assert (told[0]["refused_seconds"], told[0]["cut"], told[0]["gap_seconds"]) == (15, False, 13)
    assert "# rollout: Deployment default/web\n" in run_text(report)
    assert report.rollouts[0].workload == Ref("Deployment", "default", "web")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("undo deployment/web", "only `rollout restart`"),
        ("", "only `rollout restart`"),
        ("restart", "required resource not specified"),
        ("restart deployment/nowhere", 'deployments.apps "nowhere" not found'),
        ("restart service/kubernetes", 'services "kubernetes" restarting is not supported'),
        ("restart 'deployment", "unclosed quotation mark"),
        ("restart frob/web", "resource type"),
    ],
)
def test_refusals_are_in_kubectls_words(arguments: str, words: str) -> None:
    cluster = run(Scenario.of({"manifests": [{"name": "a", "text": DEPLOYMENT % ("paused: true", "", 30, "")}]}, str)).cluster
    assert words in kubectl_rollout(cluster, arguments)
    assert "can't restart paused deployment" in kubectl_rollout(cluster, "restart deployment/web")
