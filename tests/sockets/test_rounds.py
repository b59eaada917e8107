"""Quiz rounds over real sockets: fifty at once, restarts by kill -9, faults of the network."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.discord_server import DiscordServer, Person
from tests.discord_server.people import texts
from tests.sockets.conftest import BotProcess


def attempts(bot: BotProcess) -> list[tuple[int, int, int]]:
    """Learner, step and option of every recorded answer."""
    with sqlite3.connect(bot.database) as db:
        return [tuple(row) for row in db.execute("SELECT learner, step, option FROM attempts")]


def open_answers(bot: BotProcess) -> dict[int, int]:
    """Who has answered the question on the screen with which option, as the file has it."""
    with sqlite3.connect(bot.database) as db:
        ((state,),) = db.execute("SELECT state FROM sessions WHERE kind = 'round'").fetchall()
    return {int(player): given[0] for player, given in json.loads(state)["answers"][-1].items()}


async def shown(message: dict[str, Any], wanted: str, seconds: float = 12) -> None:
    """Waits until a message in the channel shows `wanted`."""
    await until(lambda: wanted in texts(message), seconds, lambda: f"{wanted!r} not in:\n{texts(message)}")


async def until(true: Callable[[], bool], seconds: float, otherwise: Callable[[], str]) -> None:
    for _ in range(round(seconds / 0.05)):
        if true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(otherwise())


def people(server: DiscordServer, ada: Person, count: int) -> list[Person]:
    return [ada, *(Person(server, server.world.create_user(f"learner{n}"), ada.channel) for n in range(count - 1))]


async def begun(group: list[Person], **options: Any) -> dict[str, Any]:
    """A round in which everybody has joined and the host has started; its board."""
    lobby = await group[0].slash("quiz-round", **options)
    assert lobby.original is not None
    assert not lobby.ephemeral
    for joined in await asyncio.gather(*(person.click(lobby.original, "Join") for person in group)):
        assert joined.ephemeral
        assert "You are in" in texts(joined.original)
    await shown(lobby.original, f"<@{group[-1].user.id}>")
    await group[0].click(lobby.original, "Start")
    assert "Question 1 of" in texts(lobby.original)
    return lobby.original


async def test_fifty_learners_answer_within_two_seconds(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """Each is answered in time and by name of the letter, none is lost, and the board stays within the edits that Discord allows."""
    await bot.start()
    group = people(server, ada, 50)
    board = await begun(group[:40], length=1, seconds=60)

    async def answer(number: int, person: Person) -> float:
        await asyncio.sleep(2 * number / len(group))
        click = await person.click(board, "AB"[number % 2])
        assert click.ephemeral
        assert f"Your answer: **{'AB'[number % 2]}**" in texts(click.original)
        assert click.seconds is not None
        return click.seconds

    # Ten of them had not joined: whoever answers plays.
    taken = sorted(await asyncio.gather(*(answer(number, person) for number, person in enumerate(group))))
    print(f"first responses: median {taken[25] * 1000:.0f} ms, p99 {taken[-1] * 1000:.0f} ms")
    assert taken[-1] < 3
    kept = open_answers(bot)
    assert len(kept) == 50
    await shown(board, "✓")
    assert sorted((learner, option) for learner, _, option in attempts(bot)) == sorted(kept.items())
    assert "of 50" in texts(board)
    await group[0].click(board, "See the table")
    assert "The round is over" in texts(board)
    assert texts(board).count("<@") == 40, "the board names forty and counts the others"
    assert "and 10 more" in texts(board)
    mine = await group[-1].click(board, "My answers")
    assert "Your answers" in texts(mine.original)
    assert server.refusals == []
    edits = server.counts["PATCH /api/v10/channels/{channel}/messages/{message}"]
    assert 0 < edits < 25
    assert server.limited == 0, "Discord never had to slow the bot down"


async def test_a_round_goes_on_after_kill_9(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """Killed in the middle of a question: answers given before are there, the old buttons go on, the question locks by itself."""
    await bot.start()
    group = people(server, ada, 4)
    board = await begun(group, length=2, seconds=16)
    await asyncio.gather(*(person.click(board, "A") for person in group[:3]))
    before = open_answers(bot)
    assert len(before) == 3
    await bot.kill()
    assert open_answers(bot) == before
    await bot.start()
    changed = await group[0].click(board, "B")
    assert "Your answer: **B**" in texts(changed.original)
    late_one = await group[3].click(board, "C") if "**C**" in texts(board) else await group[3].click(board, "A")
    assert "Your answer" in texts(late_one.original)
    kept = open_answers(bot)
    assert {player: option for player, option in kept.items() if player in before} | {int(ada.user.id): before[int(ada.user.id)]} == before
    assert kept[int(ada.user.id)] != before[int(ada.user.id)]
    await shown(board, "✓")
    assert sorted((learner, option) for learner, _, option in attempts(bot)) == sorted(kept.items())

    await bot.kill()
    await bot.start()
    await group[0].click(board, "Next question")
    assert "Question 2 of 2" in texts(board)
    await group[0].click(board, "End the round")
    assert "The round is over" in texts(board)
    assert len(attempts(bot)) == 4


async def test_faults_of_the_network_lose_no_answer(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """The gateway drops, edits of the board fail with 500 and 429: every answer counts once, and the board catches up."""
    await bot.start()
    group = people(server, ada, 6)
    board = await begun(group, length=1, seconds=60)
    bad = iter([500, 429, 502, 429])

    def fault(request: web.Request) -> web.Response | None:
        if request.method != "PATCH" or "/channels/" not in request.path or (status := next(bad, 0)) == 0:
            return None
        if status == 429:
            body = json.dumps({"message": "You are being rate limited.", "retry_after": 0.3, "global": False})
            return web.Response(status=429, body=body.encode(), headers={"Via": "1.1 loopback", "Content-Type": "application/json"})
        return web.Response(status=status)

    server.fault = fault
    first = await asyncio.gather(*(person.click(board, "A") for person in group[:3]))
    await server.gateway.drop(4000)
    await asyncio.sleep(0.2)
    await asyncio.wait_for(server.gateway.ready.wait(), 30)
    second = await asyncio.gather(*(person.click(board, "B") for person in group[3:]))
    assert all(click.acknowledged for click in (*first, *second))
    assert len(open_answers(bot)) == 6
    await shown(board, "✓", 20)
    assert len(attempts(bot)) == 6
