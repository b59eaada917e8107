"""The question of the day over real sockets: killed between any two steps, it is asked once, revealed once, and counts once."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from tests.discord_server import DiscordServer, Person
from tests.discord_server.limits import EPHEMERAL
from tests.discord_server.people import texts
from tests.sockets.conftest import BotProcess
from tests.sockets.test_rounds import attempts, people, shown, until


def posted(ada: Person) -> list[dict[str, Any]]:
    """The questions of the day in the channel."""
    seen = [message for message in ada.channel.messages.values() if not message["flags"] & EPHEMERAL]
    return [message for message in seen if "## Question of the day" in texts(message)]


def plan(bot: BotProcess, ada: Person) -> None:
    """The server's question is due at this very minute."""
    assert ada.channel.guild is not None
    now = datetime.now(UTC)
    row = [int(ada.channel.guild.id), int(ada.channel.id), f"{now:%H:%M}", "UTC", "any", "", now.isoformat(timespec="microseconds"), "", 0]
    with sqlite3.connect(bot.database, timeout=10) as db:
        db.execute("INSERT OR REPLACE INTO daily_plans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def states(bot: BotProcess) -> list[tuple[dict[str, Any], dict[str, int]]]:
    """State and messages of every question of the day, oldest first."""
    with sqlite3.connect(bot.database) as db:
        rows = db.execute(
            "SELECT state, messages FROM sessions JOIN group_sessions ON session = id WHERE kind = 'daily' ORDER BY opened, id"
        ).fetchall()
    return [(json.loads(state), json.loads(messages)) for state, messages in rows]


def aged(bot: BotProcess, **time: float) -> None:
    """The newest question was begun so much earlier; the bot is down meanwhile."""
    state = states(bot)[-1][0]
    state["opened"] = (datetime.fromisoformat(state["opened"]) - timedelta(**time)).isoformat()
    due = (datetime.fromisoformat(state["opened"]) + timedelta(hours=24)).isoformat(timespec="microseconds")
    with sqlite3.connect(bot.database) as db:
        db.execute("UPDATE sessions SET state = ? WHERE id = ?", [json.dumps(state), state["id"]])
        db.execute("UPDATE group_sessions SET due = ? WHERE session = ?", [due, state["id"]])


def holding_back(server: DiscordServer, method: str) -> None:
    """Discord does what it is asked, but is slow to say so: time enough to be killed."""
    server.slow = lambda request: 20.0 if request.method == method and "/channels/" in request.path else 0.0


async def recorded(bot: BotProcess) -> None:
    await until(lambda: states(bot)[-1][1] != {}, 10, lambda: "the message was not noted")


async def test_killed_after_posting_and_before_noting_it_posts_no_second_one(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """Back within moments, Discord itself knows the message again."""
    await bot.start()
    holding_back(server, "POST")
    plan(bot, ada)
    await until(lambda: len(posted(ada)) == 1, 10, lambda: "no question was posted")
    await bot.kill()
    [(_, messages)] = states(bot)
    assert messages == {}, "it was sent and not recorded"
    server.slow = lambda request: 0.0

    await bot.start()
    await recorded(bot)
    [question] = posted(ada)
    assert "Your answer: **A**" in texts((await ada.click(question, "A")).original)
    assert len(states(bot)) == 1


async def test_killed_then_away_for_longer_the_message_is_found_in_the_channel(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """After some minutes Discord would post it again, so the bot looks first."""
    await bot.start()
    holding_back(server, "POST")
    plan(bot, ada)
    await until(lambda: len(posted(ada)) == 1, 10, lambda: "no question was posted")
    await bot.kill()
    server.slow = lambda request: 0.0
    server.world.nonces.clear()
    aged(bot, seconds=100)

    await bot.start()
    await recorded(bot)
    [question] = posted(ada)
    assert states(bot)[0][1] == {"board": int(question["id"])}
    assert server.counts["GET /api/v10/channels/{channel}/messages"] == 1


async def test_killed_before_posting_it_is_posted_once(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """What was begun is not forgotten, and what fails with 500 is tried again."""
    await bot.start()
    refused = []

    def fault(request: web.Request) -> web.Response | None:
        if request.method == "POST" and "/channels/" in request.path:
            refused.append(request.path)
            return web.Response(status=500)
        return None

    server.fault = fault
    plan(bot, ada)
    await until(lambda: bool(refused), 10, lambda: "nothing was tried")
    await bot.kill()
    server.fault = lambda request: None
    assert posted(ada) == []
    await bot.start()
    await recorded(bot)
    await asyncio.sleep(3)
    assert len(posted(ada)) == len(states(bot)) == 1


async def test_answers_outlive_kills_and_the_reveal_counts_them_once(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """Killed after the answers, killed again while the reveal is on its way: one edit's worth of truth, one attempt for each."""
    await bot.start()
    plan(bot, ada)
    await until(lambda: len(posted(ada)) == 1, 10, lambda: "no question was posted")
    [question] = posted(ada)
    group = people(server, ada, 5)
    for number, person in enumerate(group):
        click = await person.click(question, "AB"[number % 2])
        assert click.ephemeral
    await ada.click(question, "B")
    await bot.kill()
    given = states(bot)[0][0]["answers"]
    assert len(given) == 5
    assert attempts(bot) == []
    aged(bot, hours=25)

    holding_back(server, "PATCH")
    await bot.start()
    await shown(question, "5 people have answered")
    await bot.kill()
    [(state, messages)] = states(bot)
    assert state["recorded"] == 5
    assert messages, "the edit was not noted"
    server.slow = lambda request: 0.0
    await bot.start()
    await until(lambda: states(bot)[0][1] == {}, 10, lambda: "the reveal was not shown again")
    assert sorted((learner, option) for learner, _, option in attempts(bot)) == sorted((int(p), one[0]) for p, one in given.items())
    mine = await ada.click(question, "My answer")
    assert "You chose **B**" in texts(mine.original)
    assert len(posted(ada)) == 1
    assert server.refusals == []
    assert server.limited == 0


async def test_a_host_sets_it_and_the_next_one_reveals_the_one_before(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """By the menus of `/settings`; when the next one is due early, the one before is revealed first."""
    await bot.start()
    host = Person(server, server.world.owner, ada.channel)
    settings = (await host.slash("settings")).original
    assert settings is not None
    await host.click(settings, "Question of the day")
    await host.pick(settings, "portside.settings-daily-channel", ada.channel.id)
    await host.click(settings, "Switch on")
    assert f"every day at 09:00 (`UTC`) in <#{ada.channel.id}>" in texts(settings)
    refused = await ada.pick(settings, "portside.settings-daily-channel")
    assert "people who have *Manage Server*" in texts(refused.original)
    plan(bot, ada)
    await until(lambda: len(posted(ada)) == 1, 10, lambda: "no question was posted")
    [first] = posted(ada)
    await ada.click(first, "A")
    await recorded(bot)
    plan(bot, ada)
    await until(lambda: len(posted(ada)) == 2, 10, lambda: "no second question was posted")
    await shown(first, "One person has answered")
    assert len(attempts(bot)) == 1
    assert states(bot)[0][0]["question"] != states(bot)[1][0]["question"]
    assert server.refusals == []
