"""`/reach` as a learner sees it: pictures with their text twin, and what the last change of the workspace did."""

from __future__ import annotations

import simcord

from tests.bot.frontend.test_check_manifest import paste
from tests.bot.frontend.test_curl import pictures
from tests.bot.screen import text


def pod(namespace: str, name: str) -> str:
    return f"""\
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {namespace}, labels: {{app: {name}}}}}
spec: {{containers: [{{name: c, image: i, ports: [{{containerPort: 80}}]}}]}}
"""


def namespace(name: str) -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n"


PODS = "---\n".join([namespace("shop"), *(pod("shop", name) for name in ("front", "back"))])
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: back, namespace: shop}
spec:
  podSelector: {matchLabels: {app: back}}
  policyTypes: [Ingress]
  ingress:
  - from: [{podSelector: {matchLabels: {app: front}}}]
    ports: [{port: 80}]
"""


async def test_the_matrix_and_what_a_policy_changed(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Without a policy everything is open; with one, the pictures, the text and the difference say what is left."""
    await paste(ada, channel, PODS)
    free = await ada.slash(channel, "reach")
    assert "There is no NetworkPolicy" in text(free.response)
    assert list(pictures(free.response)) == ["reach.png"]
    assert "closed" in pictures(free.response)["reach.png"]

    await paste(ada, channel, POLICY)
    shown = await ada.slash(channel, "reach", namespace="shop")

    said, drawn = text(shown.response), pictures(shown.response)
    assert "By 1 NetworkPolicy" in said
    assert "TCP 80" in said
    assert "shop/back ingress" in said
    assert "What changed since the workspace before" in said
    assert "Closed: outside to back." in drawn["reach.png"]
    assert "reach-graph.png" in drawn


async def test_many_workloads_are_shown_by_namespace(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """A phone shows no matrix of sixteen; one namespace can be asked for."""
    await paste(
        ada,
        channel,
        "---\n".join(part for space in ("one", "two", "six") for part in (namespace(space), *(pod(space, f"p{n}") for n in range(5)))),
    )

    shown = await ada.slash(channel, "reach")
    assert "One row for each namespace" in text(shown.response)
    assert "among 4 peers" in pictures(shown.response)["reach.png"]
    one = await ada.slash(channel, "reach", namespace="one")
    assert "among 6 peers" in pictures(one.response)["reach.png"]
    assert [choice["value"] for choice in await ada.autocomplete(channel, "reach", "namespace", "")] == ["one", "two", "six"]


async def test_nothing_to_reach(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """An empty workspace leads to `/check-manifest`; a namespace without workloads says so."""
    assert "`/check-manifest` fills it" in text((await ada.slash(channel, "reach")).response)
    await paste(ada, channel, PODS)
    assert "no workloads in this namespace" in text((await ada.slash(channel, "reach", namespace="other")).response)
