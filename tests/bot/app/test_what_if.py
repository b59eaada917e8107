"""Every event that a trace offers can be supposed, and what it shows fits a message."""

from __future__ import annotations

from bot.app.what_if import offered, suppose
from bot.rendering.limits import problems, text_of
from bot.rendering.reply import Reply
from simulator import Client, Ref, Request, Scenario, SourceFile, run
from tests.bot.frontend.test_curl import backends

CLIENT = """\
apiVersion: v1
kind: Pod
metadata: {name: client, annotations: {sim/node: node-1}}
spec: {containers: [{name: c, image: i}]}
"""
DENY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec: {podSelector: {matchLabels: {app: stable}}}
"""
REQUEST = Request(client=Client(pod=Ref("Pod", "default", "client")), host="production-payment-api-svc", port=8080)


def files(*manifests: str) -> list[SourceFile]:
    return [SourceFile("a.yaml", "---\n".join(manifests))]


def events(given: list[SourceFile]) -> dict[str, str]:
    report = run(Scenario(manifests=tuple(given), requests=(REQUEST,)))
    return dict(offered(report.cluster, report.answers[0]))


def test_every_event_can_be_supposed() -> None:
    """A crash, a failing probe, a deletion, a roll-out, a lost node and another proxy mode each give a message within Discord's limits."""
    given = files(backends("default"), CLIENT)
    found = events(given)

    assert {value.split()[0] for value in found} == {"crash", "unready", "replace", "roll-out", "lose", "proxy"}
    assert len(found) <= 25
    for value, label in found.items():
        reply: Reply = suppose(given, REQUEST, value)
        assert problems(reply) == []
        assert label.split()[0] in text_of(reply)


def test_a_plugin_that_does_not_enforce() -> None:
    """With a policy in the way, the plugin that ignores it lets the request through."""
    given = files(backends("default"), CLIENT, DENY)
    assert "policies ignored" in events(given)

    said = text_of(suppose(given, REQUEST, "policies ignored"))

    assert "curl: (28)" in said.split("**After**")[0]
    assert "HTTP/1.1 200 OK" in said.split("**After**")[1]


def test_a_roll_out() -> None:
    """The Deployments behind the answer can be rolled out: what clients meet is told in seconds, part by part."""
    deployment = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: pay, namespace: default}
spec:
  replicas: 2
  selector: {matchLabels: {app: pay}}
  template: {metadata: {labels: {app: pay}}, spec: {containers: [{name: c, image: i, ports: [{containerPort: 8080}]}]}}
---
apiVersion: v1
kind: Service
metadata: {name: production-payment-api-svc, namespace: default}
spec: {selector: {app: pay}, ports: [{port: 8080}]}
"""
    given = files(deployment, CLIENT)
    assert events(given)["roll-out default/pay"] == "Deployment pay is rolled out"

    reply = suppose(given, REQUEST, "roll-out default/pay")

    assert problems(reply) == []
    assert "refused for up to 2 s, Pod by Pod" in text_of(reply)
    assert "SIGTERM comes at once" in text_of(reply)


def test_an_event_that_the_workspace_no_longer_offers() -> None:
    """The Pod of an old message may be gone: that is said, not raised."""
    assert "not the same" in text_of(suppose(files(CLIENT), REQUEST, "crash default/gone"))
