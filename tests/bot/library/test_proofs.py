"""Proofs are run, and a claim that the run does not bear out is told."""

from __future__ import annotations

from typing import Any

import pytest

from bot.library.proofs import disproved, judge, play, unsolved
from bot.library.terminal import questions_of

PACK = "quizzes/services.yaml"
LAB = "content/labs/empty/lab.yaml"
FIXED = "content/labs/empty/fixed/service.yaml"


def test_a_true_key_is_not_disproved(plant: Any) -> None:
    """The empty Service of the small library is refused, as its key says."""
    assert list(disproved(plant().library.items["svc-empty"])) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("asserts: {requests: [{outcome: refused}]}", "asserts: {requests: [{outcome: answered}]}", "wanted 'answered', found 'refused'"),
        (
            "asserts: {requests: [{outcome: timed-out}]}",
            "asserts: {requests: [{curl_exit: 7}]}",
            "is marked wrong, and what it asserts is true",
        ),
        ("asserts: {requests: [{outcome: timed-out}]}", "asserts: {requests: [{curl_exit: {$is: 7}}]}", "`$is` is not a comparison"),
        ("host: web}", "host: web}\n    profile: {kubernets: '1.36'}", "unknown key 'kubernets'"),
        (
            "    manifests: [client.yaml]\n    requests:",
            "    expect: {requests: [{status: 200}]}\n    manifests: [client.yaml]\n    requests:",
            "status: wanted 200",
        ),
    ],
)
def test_a_false_claim_is_told(plant: Any, old: str, new: str, said: str) -> None:
    """A wrong key, a wrong option that is true, a misspelt comparison, no scenario, an expectation that does not hold."""
    assert any(said in sentence for sentence in disproved(plant((PACK, old, new)).library.items["svc-empty"]))


STEM = "  stem: No Pod matches. What does curl meet?"
TERMINAL = """\
  stem: |
    No Pod matches.
    ```
    $ kubectl get pods
    NAME     READY   STATUS    RESTARTS   AGE
    client   1/1     Running   0          6d
    $ kubectl exec client -- curl -sS http://web
    curl: (7) Failed to connect to web port 80 after 0 ms: Couldn't connect to server
    $ kubectl describe svc web
    Name: web
    ...
    Selector: app=web
    ...
    ```
    What does curl meet?"""


def test_a_terminal_in_a_stem_is_run(plant: Any) -> None:
    """Ages and spaces do not count, and three dots stand for lines left out."""
    assert list(disproved(plant((PACK, STEM, TERMINAL)).library.items["svc-empty"])) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1/1     Running", "0/1     Running", "`kubectl get pods` prints otherwise: NAME"),
        ("port 80 after", "port 81 after", "`kubectl exec client -- curl -sS http://web` prints otherwise: curl: (7)"),
        ("    ...\n    Selector", "    Selector", "`kubectl describe svc web` prints otherwise"),
        ("kubectl get pods", "kubectl logs client", "is no command that can be run"),
    ],
)
def test_a_false_terminal_is_told(plant: Any, old: str, new: str, said: str) -> None:
    """Another word, another port, lines left out without saying so, a command that cannot be run."""
    item = plant((PACK, STEM, TERMINAL.replace(old, new))).library.items["svc-empty"]
    assert any(said in sentence for sentence in disproved(item))


def test_a_terminal_without_a_proof_is_told(plant: Any) -> None:
    """Nobody could say whether it is true."""
    reading = plant((PACK, "  stem: Which port does a client dial?", TERMINAL))
    assert "`kubectl get pods` is shown with its output, and there is no proof to run it in" in list(
        disproved(reading.library.items["svc-port"])
    )


APPLIED = """\
    applies: |
      apiVersion: v1
      kind: Pod
      metadata: {name: web-1, labels: {app: web}}
      spec: {containers: [{name: web, image: web}]}
    asserts: {requests: [{outcome: answered}]}"""


def test_an_option_that_is_a_change_is_judged_after_it(plant: Any) -> None:
    """A Pod with the label makes the wrong option true, and leaves the others to the run without it."""
    reading = plant((PACK, "    asserts: {requests: [{outcome: answered}]}", APPLIED))
    assert list(disproved(reading.library.items["svc-empty"])) == [
        "the option 'It is answered by a Pod' is marked wrong, and what it asserts is true"
    ]


def test_a_lab_is_broken_and_its_solution_repairs_it(plant: Any) -> None:
    """The small lab is fit."""
    assert list(unsolved(plant().library.labs["empty-service"])) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("content/labs/empty/service.yaml", "app: webb", "app: frontend-web", "reaches the goal already"),
        (FIXED, "app: frontend-web", "app: other", "solution 1 does not reach the goal"),
        (FIXED, "name: web", "name: web2", "solution 1 breaks what worked"),
        (LAB, "expect: {lookups: [{rcode: NOERROR}]}", "expect: {lookups: [{rcode: NXDOMAIN}]}", "broken before the learner comes"),
        (LAB, "mistake: 1", "profile: {proxyMode: userspace}", "the lab cannot be run"),
        (
            LAB,
            "mistake: 1",
            "operations: [{id: relabel-it, title: Relabel, told: It asks for another label., manifests: [fixed/service.yaml]}]",
            "`relabel-it` alone solves it, and no solution says so",
        ),
    ],
)
def test_an_unfit_lab_is_told(plant: Any, file: str, old: str, new: str, said: str) -> None:
    """A goal reached already, a solution that fails, one that breaks what worked, a promise that is broken from the start."""
    assert any(said in sentence for sentence in unsolved(plant((file, old, new)).library.labs["empty-service"]))


def test_a_demonstration_prints_what_the_simulator_prints() -> None:
    """Commands are played in their order on one cluster."""
    manifest = {
        "name": "web.yaml",
        "text": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}], selector: {app: web}}\n",
    }
    played = play(
        {"manifests": [manifest], "commands": ["kubectl apply -f .", "curl --from-node node-1 http://10.96.0.99", "kubectl get svc web"]}
    )
    assert [command for command, _ in played] == ["kubectl apply -f .", "curl --from-node node-1 http://10.96.0.99", "kubectl get svc web"]
    assert played[0][1] == "service/web created\n"
    assert "ClusterIP" in played[2][1]


def test_a_run_is_judged_by_its_expectation() -> None:
    """No sentence means that all of it holds."""
    manifest = {"name": "web.yaml", "text": "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"}
    assert judge({"manifests": [manifest], "expect": {"documents": [{"kind": "Namespace", "accepted": True}]}}) == []
    assert judge({"manifests": [manifest], "expect": {"documents": [{"accepted": False}]}})


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("curl http://web", {"scheme": "http", "host": "web", "port": None, "path": "/", "query": ""}),
        (
            "curl --from shop/client -X POST -H 'a: b' https://web.shop:8443/x?y=1",
            {
                "from": {"pod": {"namespace": "shop", "name": "client"}}, "method": "POST", "headers": {"a": "b"},
                "scheme": "https", "host": "web.shop", "port": 8443, "path": "/x", "query": "y=1",
            },
        ),
        (
            "curl --via Gateway/default/front http://x/",
            {
                "via": {"kind": "Gateway", "namespace": "default", "name": "front"},
                "scheme": "http", "host": "x", "port": None, "path": "/", "query": "",
            },
        ),
    ],
)  # fmt: skip
def test_a_curl_line_is_a_request(command: str, asked: dict[str, Any]) -> None:
    """The arguments that demonstrations use, and no others."""
    assert questions_of([command])["requests"] == (asked,)


@pytest.mark.parametrize("command", ["rm -rf /", "curl", "curl --proxy x http://web", "kubectl delete pod x", "nslookup", "helm install x"])
def test_other_commands_are_refused(command: str) -> None:
    """Nothing is run that the simulator does not answer."""
    with pytest.raises(ValueError, match=r"curl|command"):
        questions_of([command])
