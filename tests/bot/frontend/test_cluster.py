"""`/kubectl`, `/curl`, `/nslookup` and `/workspace` as a learner uses them, in simcord's world."""

from __future__ import annotations

import pytest
import simcord

from tests.bot.frontend.test_check_manifest import DEPLOYMENT, SERVICE, paste
from tests.bot.screen import text

SOUND = SERVICE.replace("production-backend-api", "backend-api") + "---\n" + DEPLOYMENT
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: front
spec:
  ingressClassName: nginx
  rules:
    - host: api.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: production-api-svc
                port:
                  number: 80
"""


@pytest.fixture
async def applied(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> simcord.MemberActor:
    """A learner who has pasted a Service, its Deployment and an Ingress."""
    await paste(ada, channel, SOUND + "---\n" + INGRESS)
    return ada


async def values(learner: simcord.MemberActor, channel: simcord.ChannelHandle, command: str, option: str, typed: str) -> list[str]:
    return [choice["value"] for choice in await learner.autocomplete(channel, command, option, typed)]


async def test_kubectl(applied: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """get, describe and rollout print what kubectl would of what was pasted; nonsense is answered in kubectl's words."""
    got = await applied.slash(channel, "kubectl get", arguments="svc")
    assert got.ephemeral
    assert "production-api-svc   ClusterIP" in text(got.response)
    described = await applied.slash(channel, "kubectl describe", arguments="svc production-api-svc")
    assert "Endpoints:                10.244." in text(described.response)
    (offered,) = await values(applied, channel, "kubectl rollout", "arguments", "restart")
    replaced = await applied.slash(channel, "kubectl rollout", arguments=offered)
    assert "new connections  refused for up to 2 s, Pod by Pod" in text(replaced.response)
    wrong = await applied.slash(channel, "kubectl get", arguments="svcc")
    assert 'doesn\'t have a resource type "svcc"' in text(wrong.response)


async def test_curl_from_a_pod_and_from_outside(applied: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """The answer as curl prints it, then each hop; from outside through the Ingress."""
    inside = await applied.slash(channel, "curl", url="http://production-api-svc/orders?id=1", method="POST", header="X-Test: 1")
    assert "HTTP/1.1 200 OK" in text(inside.response)
    assert "POST /orders?id=1" in text(inside.response)
    assert "The way it went" in text(inside.response)
    outside = await applied.slash(channel, "curl", url="http://api.example.com/", via="Ingress/default/front")
    assert "A request from `outside the cluster`" in text(outside.response)
    assert "200" in text(outside.response)
    wrong = await applied.slash(channel, "curl", url="http://nobody.example.com/", via="Ingress/default/front")
    assert "404" in text(wrong.response)


async def test_nslookup(applied: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """The queries along the search list, and the answer."""
    shown = await applied.slash(channel, "nslookup", name="production-api-svc")

    assert "production-api-svc.default.svc.cluster.local" in text(shown.response)
    assert "NOERROR" in text(shown.response)


async def test_names_are_suggested(applied: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """What the learner's own manifests make comes before what every cluster has."""
    assert (await values(applied, channel, "curl", "url", ""))[0] == "http://production-api-svc"
    assert (await values(applied, channel, "curl", "via", "")) == ["Ingress/default/front"]
    assert (await values(applied, channel, "curl", "from", ""))[:2][1].startswith("default/backend-api-")
    assert (await values(applied, channel, "nslookup", "name", "prod")) == ["production-api-svc"]
    assert "deployment backend-api" in await values(applied, channel, "kubectl describe", "arguments", "deploy")
    assert (await values(applied, channel, "kubectl get", "arguments", "endpointsl"))[0] == "endpointslices"
    assert (await values(applied, channel, "nslookup", "pod", "backend"))[0].startswith("default/backend-api-")


async def test_an_empty_workspace_says_what_to_do(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Every question to it leads to `/check-manifest`; nothing is suggested but what always is."""
    for shown in (
        await ada.slash(channel, "kubectl get", arguments="pods"),
        await ada.slash(channel, "curl", url="http://web"),
        await ada.slash(channel, "nslookup", name="web"),
        await ada.slash(channel, "workspace show"),
    ):
        assert "`/check-manifest` fills it" in text(shown.response)
    assert await values(ada, channel, "curl", "url", "") == []
    assert await values(ada, channel, "curl", "from", "") == ["outside"]


async def test_the_workspace_is_shown_and_cleared(applied: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """The manifests as they are applied, and a button that clears them."""
    shown = await applied.slash(channel, "workspace show")
    assert "`Ingress/default/front`" in text(shown.response)
    assert "kind: Ingress" in text(shown.response)
    await applied.click(shown.response, label="Reset the workspace")
    assert "empty" in text((await applied.slash(channel, "workspace show")).response)
