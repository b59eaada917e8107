"""The cluster as it was meant: what a refusal would hide is looked at, and the verdict stays the server's."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
import yaml

from simulator import Report, Scenario, SourceFile, run

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: webb
  ports:
  - port: 80
    targetPort: 8080
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: nginx
        ports:
        - containerPort: 8080
"""


def examine(*manifests: str) -> Report:
    return run(Scenario(manifests=tuple(SourceFile(f"{index}.yaml", text) for index, text in enumerate(manifests))))


REFUSED = {
    "an unknown field": ("spec:\n  selector", "spec:\n  colour: red\n  selector"),
    "a wrong type": ("image: nginx", "image: nginx\n        tty: 'yes'"),
    "an old version": ("apps/v1", "extensions/v1beta1"),
    "a misspelt kind": ("kind: Deployment", "kind: deployment"),
    "no selector": ("  selector:\n    matchLabels:\n      app: web\n", ""),
    "no image": ("        image: nginx\n", ""),
    "capital letters in the name": ("name: web\nspec", "name: Web\nspec"),
    "a selector that is not in its template": ("      app: web\n  template", "      app: web\n      tier: front\n  template"),
}


@pytest.mark.parametrize("slip", REFUSED)
def test_a_refused_workload_does_not_hide_the_fault_of_its_service(slip: str) -> None:
    """The refusal is told first, and the selector beside it; the document stays refused."""
    old, new = REFUSED[slip]
    assert old in DEPLOYMENT
    report = examine(DEPLOYMENT.replace(old, new, 1), SERVICE)
    assert not report.verdicts[0].accepted
    told = [finding.rule for finding in report.findings]
    assert told[-1] == "selector-matches-no-pod", told
    assert "carry app=web" in report.findings[-1].message or "carries app=web" in report.findings[-1].message


def test_the_state_that_the_answers_come_from_is_not_repaired() -> None:
    """Requests and objects are those of the real apply: what was refused is not there."""
    report = examine(DEPLOYMENT.replace("apps/v1", "extensions/v1beta1"), SERVICE.replace("webb", "web"))
    assert report.cluster.get("Deployment", "default", "web") is None


def test_a_service_is_told_to_lack_the_pods_that_were_refused() -> None:
    """Also where the slip is so plain that the rules look past it."""
    for slip in ("an unknown field", "an old version", "no selector"):
        old, new = REFUSED[slip]
        finding = examine(DEPLOYMENT.replace(old, new, 1), SERVICE.replace("webb", "web")).findings[0]
        assert finding.consequences == ("Service default/web has no endpoints, because this Deployment was refused",), slip


def test_what_only_the_repair_put_there_is_never_told() -> None:
    """A stand-in for a name or an image is not a fault of the author's."""
    report = examine(DEPLOYMENT.replace("metadata:\n  name: web\n", "metadata: {}\n", 1).replace("        image: nginx\n", ""))
    assert {(f.rule, f.message) for f in report.findings} == {
        ("required-value", "metadata.name is required: resource name may not be empty"),
        ("required-value", "spec.template.spec.containers[0].image is required"),
    }


def test_a_namespace_that_nobody_makes_is_taken_for_granted() -> None:
    """It is said once for the namespace, and everything else is told as if it were there."""
    there = [text.replace("name: web\nspec", "name: web\n  namespace: shop\nspec") for text in (SERVICE, DEPLOYMENT)]
    assert [(f.rule, f.severity.value) for f in examine(*there).findings] == [
        ("selector-matches-no-pod", "error"),
        ("namespace-missing", "warning"),
    ]


def damaged() -> Iterator[str]:
    """Both manifests with a few values replaced, fields renamed or lines lost; always the same ones."""
    chance = random.Random(7)
    values = [None, 0, -1, "", [], {}, True, "x", 8080, [None], {"a": None}, 1.5, "*"]
    for _ in range(150):
        documents = list(yaml.safe_load_all(f"{SERVICE}---\n{DEPLOYMENT}"))
        for _ in range(chance.randint(1, 4)):
            holder = chance.choice(documents)
            while isinstance(holder, dict | list) and holder:
                key = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
                if chance.random() < 0.3 or not isinstance(holder[key], dict | list):
                    holder[key] = chance.choice(values)
                    break
                holder = holder[key]
        lines = yaml.safe_dump_all(documents).splitlines(keepends=True)
        if chance.random() < 0.3:
            del lines[chance.randrange(len(lines))]
        yield "".join(lines)


def test_whatever_is_damaged_is_told_with_places_inside_the_text() -> None:
    """No exception, no place outside, and the same findings each time."""
    for text in damaged():
        report = examine(text)
        lines = text.count("\n") + 1
        assert all(1 <= place.span.line <= lines for finding in report.findings for place in finding.places)
        assert [f.message for f in report.findings] == [f.message for f in examine(text).findings]
