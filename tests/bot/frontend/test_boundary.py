"""What the client does when things go wrong, slow, or nowhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest
import simcord
from discord import app_commands

from bot.frontend import show
from bot.frontend.client import Bot
from bot.frontend.cogs.help import Help
from bot.frontend.command_sync import digest, sync_if_changed
from bot.rendering.reply import Reply, Text
from bot.storage import Storage, StorageError
from tests.bot.screen import text


async def test_a_bug_becomes_an_incident(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The learner gets a number, the log the place under that number, and neither gets what was typed."""

    async def broken(*_: object) -> Reply:
        raise RuntimeError("what the learner typed")

    monkeypatch.setattr(simcord_env.bot.app.read_lesson, "contents", broken)
    shown = await ada.slash(channel, "lesson")

    number = text(shown.response).split("`")[1]
    assert shown.ephemeral
    assert f"incident {number} in lesson: RuntimeError" in caplog.text
    assert "what the learner typed" not in caplog.text
    assert "what the learner typed" not in text(shown.response)
    assert len(simcord_env.errors) == 1


async def test_a_bug_behind_a_button_becomes_one_too(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message that was clicked stays as it is."""

    async def broken(*_: object) -> Reply:
        raise RuntimeError

    shown = await ada.slash(channel, "help")
    monkeypatch.setattr(simcord_env.bot.app.read_lesson, "contents", broken)
    clicked = await ada.click(shown.response, label="Start the lesson")

    assert "incident" in text(clicked.response)
    assert "Welcome" in text(shown.response)


async def test_a_full_disk_is_told_as_such(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The world's faults have a sentence of their own and the advice to try again."""

    async def full(*_: object) -> Reply:
        raise StorageError("disk is full")

    monkeypatch.setattr(simcord_env.bot.app.take_quiz, "ask", full)

    assert "nothing was changed. Please try again" in text((await ada.slash(channel, "quiz")).response)
    assert len(simcord_env.errors) == 1


class Door:
    """The doors of an interaction, as far as `show` uses them. Real time: simcord's clock does not run by itself."""

    def __init__(self) -> None:
        self.used: list[str] = []
        self.response = self.followup = self
        self.context, self.message = app_commands.AppCommandContext(guild=True), object()

    def is_done(self) -> bool:
        return bool(self.used)

    async def defer(self, *, ephemeral: bool = False, thinking: bool = False) -> None:
        self.used.append(f"defer ephemeral={ephemeral} thinking={thinking}")

    async def send(self, **_: object) -> None:
        self.used.append("follow-up")

    async def edit_original_response(self, **_: object) -> None:
        self.used.append("edit")

    async def send_message(self, **_: object) -> None:
        self.used.append("response")


@pytest.mark.parametrize(
    ("seconds", "edit", "used"),
    [
        (0.0, False, ["response"]),
        (0.1, False, ["defer ephemeral=True thinking=True", "follow-up"]),
        (0.1, True, ["defer ephemeral=False thinking=False", "edit"]),
    ],
)
async def test_slow_work_is_acknowledged_in_time(monkeypatch: pytest.MonkeyPatch, seconds: float, edit: bool, used: list[str]) -> None:
    """What takes long is deferred, privately, and answered afterwards; in place where a button asked for that."""
    monkeypatch.setattr(show, "PATIENCE", 0.02)

    async def work() -> Reply:
        await asyncio.sleep(seconds)
        return Reply((Text("Here it is."),))

    door = Door()
    await show.answer(door, work(), edit=edit)

    assert door.used == used


async def test_an_answer_that_discord_refuses(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, caplog: pytest.LogCaptureFixture
) -> None:
    """A server error on Discord's side is logged without a traceback, and the learner is told."""
    caplog.set_level(logging.WARNING, "portside")
    simcord_env.inject_error("POST", "/interactions/*", status=400)
    await ada.slash(channel, "help")

    assert "HTTPException" in caplog.text
    assert "Traceback" not in caplog.text
    assert simcord_env.errors


async def test_a_button_of_an_older_version(simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """A verb that no longer exists is an apology, not silence."""
    shown = await ada.slash(channel, "help")
    del simcord_env.bot.handlers["lesson-contents"]

    assert "no longer" in text((await ada.click(shown.response, label="Start the lesson")).response)


async def test_commands_are_sent_when_they_changed(simcord_env: simcord.Env, storage: Storage, new_bot: Callable[[], Bot]) -> None:
    """Once for a command set; again when it has changed, or when Discord does not have it."""
    assert not await sync_if_changed(simcord_env.bot.tree, storage)
    before = digest(simcord_env.bot.tree)
    await simcord_env.bot.remove_cog(Help.__cog_name__)

    assert digest(simcord_env.bot.tree) != before
    assert await sync_if_changed(simcord_env.bot.tree, storage)
    assert not await sync_if_changed(simcord_env.bot.tree, storage)
    simcord_env.backend.commands.clear()
    assert await sync_if_changed(simcord_env.bot.tree, storage)


def test_it_asks_for_no_privileged_intent_and_keeps_no_messages(new_bot: Callable[[], Bot]) -> None:
    """Guilds and direct messages alone; nobody is mentioned by anything it says."""
    bot = new_bot()

    assert dict(bot.intents) == {name: name in ("guilds", "dm_messages") for name, _ in bot.intents}
    assert bot._connection.max_messages is None
    assert bot.allowed_mentions.to_dict() == {"parse": []}
