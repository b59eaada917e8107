"""What a Pod's process asks by itself: commands, the environment that they quote, and what of them is followed."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Report, Scenario, curl_text, request_of_command, run

SHOP = """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: shop}}
data: {{url: "http://web/from-config", PATH: /paid}}
---
apiVersion: v1
kind: Service
metadata: {{name: web}}
spec: {{selector: {{app: web}}, ports: [{{port: 80}}]}}
---
apiVersion: v1
kind: Pod
metadata: {{name: web, labels: {{app: web}}}}
spec: {{containers: [{{name: web, image: web, ports: [{{containerPort: 80}}]}}]}}
---
apiVersion: v1
kind: Pod
metadata:
  name: client
  labels: {{app: client}}
  annotations:
    sim/calls: |
      {calls}
spec: {{containers: [{{name: client, image: client, envFrom: [{{configMapRef: {{name: shop}}}}], env: {env}}}]}}
"""
CLIENT = {"pod": {"name": "client"}}


def calling(calls: str, env: str = "[]", **question: Any) -> Report:
    text = SHOP.format(calls=calls.replace("\n", "\n      "), env=env)
    return run(Scenario.of({"manifests": [{"name": "a.yaml", "text": text}], "requests": [{"from": CLIENT, "call": 1, **question}]}, str))


@pytest.mark.parametrize(
    ("calls", "env", "command"),
    [
        ("curl -sS http://web/", "[]", "curl -sS http://web/"),
        ("curl $(URL)", "[{name: URL, value: 'http://web/a'}]", "curl http://web/a"),
        ("curl $(URL)", "[{name: HOST, value: web}, {name: URL, value: 'http://$(HOST)$(PATH)'}]", "curl http://web/paid"),
        ("curl $(URL)", "[{name: URL, value: 'http://x/'}, {name: URL, value: 'http://web/'}]", "curl http://web/"),
        ("curl $(URL)", "[{name: URL, valueFrom: {configMapKeyRef: {name: shop, key: url}}}]", "curl http://web/from-config"),
        ("$(WHAT)", "[{name: WHAT, value: 'nc -z web 80'}]", "nc -z web 80"),
    ],
)
def test_a_call_quotes_the_environment_and_becomes_a_request(calls: str, env: str, command: str) -> None:
    report = calling(calls, env)
    assert report.scenario.requests[0].extra["command"] == command
    assert report.answers[0].outcome == "answered"
    assert [backend.pod.name for backend in report.answers[0].backends if backend.pod] == ["web"]


def test_calls_are_counted_and_the_pod_may_be_named_by_its_labels() -> None:
    by_labels = {"pod": {"namespace": "default", "labels": {"app": "client"}}}
    assert calling("ping web\ncurl http://web/second", call=2, **{"from": by_labels}).scenario.requests[0].path == "/second"


@pytest.mark.parametrize(
    ("calls", "env", "why"),
    [
        ("curl http://web", "[]", "not one with the number 7"),
        ("curl $(URL)", "[{name: URL, value: 'http://$(LATER)'}, {name: LATER, value: web}]", r"has no $(LATER)"),
        ("curl $$(URL)", "[{name: URL, value: web}]", "has no $(URL)"),
        ("curl $(URL)", "[{name: URL, valueFrom: {secretKeyRef: {name: s, key: k}}}]", "has no $(URL)"),
        ("wget -qO- http://web", "[]", "`wget` is not followed here; there are curl, ping, nc"),
        ("curl 'http://web", "[]", "No closing quotation"),
        ("curl ftp://web", "[]", "ftp is not followed here"),
        ("curl --resolve web:80:10.0.0.1 http://web", "[]", "--resolve is not followed here"),
        ("curl http://web/$(A)", "[{name: A, value: " + "x" * 3000 + "}]", "longer than 2000 characters"),
    ],
)
def test_a_call_that_is_not_followed_says_why(calls: str, env: str, why: str) -> None:
    answer = calling(calls, env, call=7 if "number 7" in why else 1).answers[0]
    assert why in answer.not_modelled
    assert answer.outcome == "unresolved"


def test_values_that_quote_values_do_not_grow_beyond_all_bounds() -> None:
    doubled = ", ".join(f"{{name: V{n + 1}, value: '$(V{n})$(V{n})'}}" for n in range(64))
    assert "longer than" in calling("curl $(V64)", f"[{{name: V0, value: xxxxxxxx}}, {doubled}]").answers[0].not_modelled


@pytest.mark.parametrize("question", [{"call": 0.5}, {"call": -1}, {"host": "web"}, {"from": "external"}, {"from": {"node": "node-1"}}])
def test_a_call_is_all_that_is_asked(question: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a request with `call`"):
        calling("curl http://web", **question)


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("curl -fsSk -XPOST -m 5 -o /dev/null -H Host:shop https://web:8443/a?b=c", {
            "scheme": "https", "host": "web", "port": 8443, "path": "/a", "query": "b=c",
            "insecure": True, "method": "POST", "host_header": "shop",
        }),
        ("curl --insecure --header=a:b web", {
            "scheme": "http", "host": "web", "port": None, "path": "/", "query": "", "insecure": True, "headers": {"a": "b"},
        }),
        ("ping -c 5 -W1 web", {"protocol": "ICMP", "host": "web", "count": 5}),
        ("nc -zvu -w 2 dns 53", {"protocol": "UDP", "program": "nc", "host": "dns", "port": 53}),
    ],
)  # fmt: skip
def test_a_command_is_a_request(command: str, asked: dict[str, Any]) -> None:
    assert request_of_command(command.split()) == asked


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("nc -z web 80", "Connection to web 80 port [tcp/http] succeeded!"),
        ("nc -z web 81", "nc: connect to web port 81 (tcp) failed: Connection timed out"),
        ("nc -z nowhere 80", 'nc: getaddrinfo for host "nowhere" port 80: Name or service not known'),
    ],
)
def test_nc_has_words_of_its_own(command: str, line: str) -> None:
    report = calling(command)
    assert curl_text(report.scenario.requests[0], report.answers[0]).splitlines()[0] == line


@pytest.mark.parametrize(
    "command",
    [
        "",
        "curl",
        "curl -X",
        "curl a b",
        "curl http://",
        "curl http://a:99999",
        "ping",
        "ping -c 0 a",
        "ping -c x a",
        "nc a",
        "nc a x",
        "nc a 0",
    ],
)
def test_other_commands_are_refused_with_a_sentence(command: str) -> None:
    with pytest.raises(ValueError, match=r"\w \w"):
        request_of_command(command.split())
