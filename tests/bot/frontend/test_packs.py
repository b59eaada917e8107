"""`/pack` as a host uses it, and the questions as learners meet them, in simcord's world."""

from __future__ import annotations

from collections.abc import Callable

import discord
import pytest
import simcord

from bot.frontend.client import Bot
from bot.library import Library
from bot.library import load as load_library
from bot.library.packs import LARGEST, example
from bot.storage import Storage, abilities, attempts, cards, packs
from tests.bot.screen import text

PACK = ("our-pack.yaml", example().encode())


@pytest.fixture(autouse=True)
def _library_with_skills(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small library, with the skills and beliefs that a pack may refer to."""
    from tests.bot import conftest, material

    whole = load_library()

    def library() -> Library:
        small = material.library()
        lessons = {**small.lessons, "services": whole.lessons["services"]}
        return Library(whole.skills, whole.misconceptions, whole.facts, lessons, small.items, {}, small.explanations)

    monkeypatch.setattr(conftest, "library", library)


@pytest.fixture
def host(simcord_env: simcord.Env, channel: simcord.ChannelHandle) -> simcord.MemberActor:
    role = simcord_env.guild.create_role("Hosts", permissions=discord.Permissions(manage_guild=True))
    return simcord_env.guild.add_member(simcord_env.create_user("host"), roles=[role])


async def test_only_hosts_see_the_commands(host: simcord.MemberActor, ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    assert "pack upload" in host.available_commands(channel)
    assert not any(command.startswith("pack ") for command in ada.available_commands(channel))


async def test_from_the_example_to_an_answer(
    host: simcord.MemberActor, ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """What the bot hands out can be handed in; a dry run keeps nothing; then it is asked here, and comes back in reviews."""
    given = await host.slash(channel, "pack example")
    assert await given.response.attachments[0].read() == example().encode()
    assert b"svc-port-target-port: " in await given.response.attachments[1].read()

    tried = await host.slash(channel, "pack upload", file=PACK, dry_run=True)
    assert "without faults" in text(tried.response)
    assert await storage.read(packs.everything) == []
    taken = await host.slash(channel, "pack upload", file=PACK)
    assert taken.ephemeral
    assert "**Our first pack: taken.**" in text(taken.response)
    assert "1 multiple choice · 1 proved by running it" in text(taken.response)
    assert "`our-first-pack` · Our first pack" in text((await host.slash(channel, "pack list")).response)

    offered = await ada.autocomplete(channel, "quiz", "topic", "first")
    assert offered == [{"name": "Our first pack (this server)", "value": "pack/our-first-pack"}]
    asked = await ada.slash(channel, "quiz", topic="pack/our-first-pack")
    assert "a question of your server's own" in text(asked.response)
    right = next(line for line in text(asked.response).split("\n") if line.endswith("`http://web`, port 80")).split("**")[1]
    await ada.click(asked.response, label=right)
    assert "✓ Right" in text(asked.response)
    rows = await storage.read(lambda db: list(db.query("SELECT item, skill, correct FROM attempts")))
    item = f"{channel.guild.id}/our-service-port"
    assert rows == [{"item": item, "skill": "", "correct": 1}]
    assert [card.item for card in await storage.read(lambda db: cards.of(db, ada.id))] == [item]
    assert await storage.read(lambda db: abilities.standings(db, ada.id)) == {}, "it is evidence of no skill"


async def test_faults_are_told_and_change_nothing(host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    await host.slash(channel, "pack upload", file=PACK)
    broken = example().replace("status: 200}, {}", "status: 503}, {}").replace("Which", "@everyone, which").encode()
    refused = await host.slash(channel, "pack upload", file=("our-pack.yaml", broken))
    assert "not taken: 2 faults" in text(refused.response)
    assert "line 48" in text(refused.response)
    assert "Once the form is right" not in text(refused.response)
    assert (await storage.read(packs.everything))[0].text == example()

    many = example().replace("misconception: our-port-is-the-image-port", "why: again").encode()
    refused = await host.slash(channel, "pack upload", file=("p.yaml", many))
    assert "Once the form is right, the questions are checked and run too" in text(refused.response)
    for data, told in (
        (b"x" * (LARGEST + 1), "at most 256 KiB"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"a: &a [1]\nb: *a", "repeats another place"),
        (b"", "not taken"),
        (example().replace("  level: beginner", "").encode(), "`/pack example` shows what it holds"),
    ):
        assert told in text((await host.slash(channel, "pack upload", file=("p.yaml", data))).response)


async def test_secrets_are_refused_and_not_repeated(host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """The data of a Secret would be shown to everybody who is asked."""
    secret = "  secret.yaml: |\n    apiVersion: v1\n    kind: Secret\n    metadata: {name: s}\n    stringData: {password: hunter2}\n"
    pack = (
        example()
        .replace("  client.yaml: |", f"{secret}  client.yaml: |")
        .replace("manifests: [web.yaml]", "manifests: [web.yaml, secret.yaml]")
    )
    refused = await host.slash(channel, "pack upload", file=("p.yaml", pack.encode()))
    assert "holds the data of a Secret" in text(refused.response)
    assert "hunter2" not in text(refused.response)
    assert await storage.read(packs.everything) == []
    accepted = pack.replace("hunter2", "redacted")
    assert "taken" in text((await host.slash(channel, "pack upload", file=("p.yaml", accepted.encode()))).response)


async def test_it_is_asked_after_a_restart_and_nowhere_else(
    simcord_env: simcord.Env,
    host: simcord.MemberActor,
    ada: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    new_bot: Callable[[], Bot],
) -> None:
    await host.slash(channel, "pack upload", file=PACK)
    await simcord_env.restart_bot(new_bot())
    assert "Our first pack (this server)" in [each["name"] for each in await ada.autocomplete(channel, "quiz-round", "topic", "")]
    lobby = await ada.slash(channel, "quiz-round", topic="pack/our-first-pack")
    assert not lobby.ephemeral

    elsewhere = simcord_env.create_guild("another")
    other = elsewhere.create_text_channel("study")
    grace = elsewhere.add_member(simcord_env.create_user("grace"))
    assert "I know no topic" in text((await grace.slash(other, "quiz", topic="pack/our-first-pack")).response)


async def test_replaced_given_back_removed(
    host: simcord.MemberActor, ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """A correction tells what it changed; open quizzes say that their question is another now; the answers stay."""
    await host.slash(channel, "pack upload", file=PACK)
    asked = await ada.slash(channel, "quiz", topic="pack/our-first-pack")
    await ada.click(asked.response, label="A")
    corrected = example().replace("Which address", "By which address")
    replaced = await host.slash(channel, "pack upload", file=("p.yaml", corrected.encode()))
    assert "changed: `our-service-port`" in text(replaced.response)
    back = await host.slash(channel, "pack get", name="our-first-pack")
    assert await back.response.attachments[0].read() == corrected.encode()
    assert [each["value"] for each in await host.autocomplete(channel, "pack remove", "name", "")] == ["our-first-pack"]

    removed = await host.slash(channel, "pack remove", name="our-first-pack")
    assert "is gone" in text(removed.response)
    assert await removed.response.attachments[0].read() == corrected.encode(), "so that it can be handed in again"
    assert "I know no pack" in text((await host.slash(channel, "pack remove", name="our-first-pack")).response)
    late = await ada.click(asked.response, label="See the result")
    assert "have changed since" in text(late.response)
    assert await storage.read(lambda db: attempts.last_results(db, ada.id)), "the answer stays"
    assert len(await storage.read(lambda db: cards.of(db, ada.id))) == 1
    assert "`/quiz`" in text((await ada.slash(channel, "review")).response), "and its question does not come back"
