"""`/migrate` as a learner sees it: the new manifests with the proof, what differs, what is not modelled."""

from __future__ import annotations

import simcord

from bot.app.migrate_ingress import migrate
from bot.rendering.reply import File, Text
from simulator import SourceFile
from tests.bot.frontend.test_check_manifest import paste
from tests.bot.frontend.test_cluster import INGRESS, SOUND
from tests.bot.screen import parts, text


async def test_an_ingress_becomes_a_route_with_the_proof(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Gateway and HTTPRoute of the class that was asked for, proved by near misses too, and as a file."""
    await paste(ada, channel, SOUND + "---\n" + INGRESS)

    shown = await ada.slash(channel, "migrate", **{"class": "cilium"})

    said = text(shown.response)
    assert "Gateway default/default-gateway" in said
    assert "gatewayClassName: cilium" in said
    assert "Proved" in said
    assert "http://not-api.example.com/" in said, "a host nearby was asked for as well"
    assert any("gateway-and-routes.yaml" in str(part.get("file")) for part in parts(shown.response))


async def test_nothing_to_migrate(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """An empty workspace and one without an Ingress each say what to do."""
    assert "`/check-manifest` fills it" in text((await ada.slash(channel, "migrate")).response)
    await paste(ada, channel, SOUND)
    assert "There is no Ingress" in text((await ada.slash(channel, "migrate")).response)


def test_what_is_not_carried_over_is_told() -> None:
    """An annotation without a counterpart is named, and nothing is called proved that was not."""
    annotated = INGRESS.replace("  name: front\n", "  name: front\n  annotations: {nginx.ingress.kubernetes.io/auth-url: http://x}\n")

    reply = migrate([SourceFile("a.yaml", SOUND + "---\n" + annotated)], "example")

    said = "\n".join(block.markdown for block in reply.blocks if isinstance(block, Text))
    assert "auth-url" in said
    assert "Proved" not in said
    assert any(isinstance(block, File) for block in reply.blocks)


def test_an_ingress_that_nobody_serves() -> None:
    """There is nothing to carry over, and that is said."""
    reply = migrate([SourceFile("a.yaml", INGRESS.replace("ingressClassName: nginx", "ingressClassName: nobody"))], "example")

    assert "nothing to carry over" in "\n".join(block.markdown for block in reply.blocks if isinstance(block, Text))
