"""What worked in a lab and nobody asked about goes on working, and what was shut stays shut."""

from __future__ import annotations

from bot.library.standing import Standing, worse
from simulator import Profile, Ref, Scenario, SourceFile, run

WORLD = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: client, labels: {app: client}}
spec: {containers: [{name: client, image: curl}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: client-in}
spec: {podSelector: {matchLabels: {app: client}}, policyTypes: [Ingress]}
"""


def standing(text: str, **profile: object) -> Standing:
    return Standing(run(Scenario(Profile.of(profile), (SourceFile("world.yaml", text),))).cluster)


def told(now: str, *solved: str) -> list[tuple[str, str, str]]:
    """Each change for the worse: what, or who asked whom; and how it was and is."""
    changes = worse(standing(WORLD), [standing(text) for text in solved], standing(now))
    return [
        (f"{each.asked.client} asks {each.asked.request.host or each.asked.request.via}", "", each.answer.outcome)
        if each.asked and each.answer
        else (each.what, each.was, each.found)
        for each in changes
    ]


def test_the_same_state_is_no_worse() -> None:
    """Nothing is told where nothing changed, and what can be asked is what the manifests suggest."""
    assert told(WORLD, WORLD) == []
    asked = {str(each.client) for each in standing(WORLD).asked()}
    assert asked == {"Pod default/web", "Pod default/client", "None"}


def test_a_service_that_answers_no_more_is_told() -> None:
    """By each workload that it answered, and by visitors at each node."""
    found = told(WORLD.replace("targetPort: 8080", "targetPort: 8081"), WORLD)
    assert ("Pod default/client asks web", "", "refused") in found
    assert sum(outcome == "refused" for _, _, outcome in found) == 5


def test_what_a_solution_breaks_may_break() -> None:
    """The name answers no more in one of the solutions, so it need not."""
    gone = WORLD.replace("name: web}\nspec: {type", "name: other}\nspec: {type")
    assert told(gone, WORLD, gone) == []
    assert told(gone, WORLD) != []


def test_a_policy_that_is_gone_opens() -> None:
    """Workloads and the outside are let in where neither the start nor a solution does so."""
    opened = WORLD.split("---\napiVersion: networking")[0]
    found = told(opened, WORLD)
    assert ("Pod default/web to Pod default/client", "kept out", "let through on every port") in found
    assert ("the outside to Pod default/client", "kept out", "let through on every port") in found
    assert told(opened, opened) == []


def test_a_wider_opening_than_any_solution_is_told() -> None:
    """A solution lets one port through; another port is more than was asked for."""
    one = WORLD.replace("policyTypes: [Ingress]", "policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}], ports: [{port: 9090}]}]")
    assert told(one, one) == []
    assert told(one.replace("9090", "22"), one) == [("Pod default/web to Pod default/client", "kept out", "let through on TCP 22")]


def test_a_new_policy_closes() -> None:
    """A pair that could talk and cannot is told once, by the request that fails, or as a pair."""
    closed = WORLD + "---\n" + WORLD.split("---\n")[-1].replace("client-in", "web-in").replace("app: client", "app: web")
    found = told(closed, WORLD)
    assert ("Pod default/client asks web", "", "timed-out") in found
    assert not any("kept out" in after for _, _, after in found)


def test_a_selector_that_takes_in_others_is_told() -> None:
    """A Service that sends to a workload that stands behind it in no solution."""
    wider = WORLD.replace("labels: {app: client}", "labels: {app: web}")
    assert ("Service default/web sends to Pod default/client", "not so", "so") in told(wider, WORLD)


def test_a_workload_that_is_gone_is_told() -> None:
    """Deleting it solves nothing."""
    parts = WORLD.split("---\n")
    assert ("Pod default/client", "running", "gone") in told("---\n".join([parts[0], parts[1], parts[3]]), WORLD)
    assert standing(WORLD).workload(standing(WORLD).pods[Ref("Pod", "default", "web")]) == Ref("Pod", "default", "web")
