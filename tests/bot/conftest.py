"""A small library, a database in a temporary file, a clock that stands still, and the bot in simcord's world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import discord
import pytest
import simcord
from discord import ui

from bot.app.workers import Workers
from bot.frontend import show
from bot.frontend.client import Bot, build_bot
from bot.rendering.limits import problems
from bot.rendering.reply import Reply
from bot.settings import Settings
from bot.storage import Storage
from tests.bot.material import library

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _every_message_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test shows a message that breaks one of Discord's limits."""
    made = show.layout

    def checked(reply: Reply) -> ui.LayoutView:
        assert problems(reply) == []
        return made(reply)

    monkeypatch.setattr(show, "layout", checked)


@pytest.fixture(autouse=True)
def _only_written_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The questions of the small library and no others; a test of generated ones says so."""
    monkeypatch.setattr("bot.app.questions.TEMPLATES", {})


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    opened = Storage.open(tmp_path / "portside.db")
    yield opened
    opened.close()


@pytest.fixture
def workers() -> Iterator[Workers]:
    """The simulator in a thread: the same work, without the cost of starting processes."""
    made = Workers(lambda: ThreadPoolExecutor(1), seconds=20)
    yield made
    made.close()


@pytest.fixture
def new_bot(storage: Storage, workers: Workers) -> Callable[[], Bot]:
    """Makes the bot as a start of the program would, over the same database."""
    return lambda: build_bot(Settings(shard_count=1), library(), storage, workers, lambda: NOW, Random(7))


@pytest.fixture
def simcord_bot(new_bot: Callable[[], Bot]) -> Bot:
    """What simcord's own fixture runs."""
    return new_bot()


@pytest.fixture
async def simcord_env(simcord_env: simcord.Env) -> simcord.Env:
    """simcord's world, which waits longer for the bot than its five seconds: other tests run beside this one."""
    simcord_env.settle_timeout = 30
    return simcord_env


@pytest.fixture
def channel(simcord_env: simcord.Env) -> simcord.ChannelHandle:
    """The study channel of a server that the bot is in."""
    return simcord_env.create_guild().create_text_channel("study")


@pytest.fixture
def ada(simcord_env: simcord.Env, channel: simcord.ChannelHandle) -> simcord.MemberActor:
    return simcord_env.guild.add_member(simcord_env.create_user("ada"))


@pytest.fixture
def bob(simcord_env: simcord.Env, channel: simcord.ChannelHandle) -> simcord.MemberActor:
    return simcord_env.guild.add_member(simcord_env.create_user("bob"))


@pytest.fixture
def host(simcord_env: simcord.Env, channel: simcord.ChannelHandle) -> simcord.MemberActor:
    """Somebody who has *Manage Server*."""
    role = simcord_env.guild.create_role("Hosts", permissions=discord.Permissions(manage_guild=True))
    return simcord_env.guild.add_member(simcord_env.create_user("host"), roles=[role])
