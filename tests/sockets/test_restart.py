"""kill -9 at any moment: open quizzes go on, and no answer that was acknowledged is missing."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from copy import deepcopy

import pytest
from aiohttp import web

from tests.discord_server import DiscordServer, Person
from tests.discord_server.people import seen, texts
from tests.sockets.conftest import BotProcess


def answers(bot: BotProcess) -> int:
    with sqlite3.connect(bot.database) as db:
        return int(db.execute("SELECT count(*) FROM attempts").fetchone()[0])


async def test_a_quiz_goes_on_after_every_kill_9(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """Killed after each answer and before each next question, the same message leads on to the summary."""
    await bot.start()
    quiz = (await ada.slash("quiz", length=3)).original
    assert quiz is not None
    for question in (1, 2, 3):
        assert f"Question {question} of 3" in texts(quiz)
        answered = await ada.click(quiz, "A")
        await seen(answered, "your answer")
        await bot.kill()
        assert answers(bot) == question
        await bot.start()
        following = await ada.click(quiz, "result" if question == 3 else "Next")
        assert following.acknowledged
    assert "of 3" in texts(quiz)
    assert server.world.command_puts == 1, "the command set was sent once: it had not changed"


@pytest.mark.parametrize("milliseconds", [0, 5, 15])
async def test_an_acknowledged_answer_is_in_the_file(server: DiscordServer, bot: BotProcess, ada: Person, milliseconds: int) -> None:
    """Killed within milliseconds of a click: if the learner was shown the feedback, the answer is there."""
    await bot.start()
    quiz = (await ada.slash("quiz", length=3)).original
    assert quiz is not None
    click = asyncio.create_task(ada.click(quiz, "B"))
    await asyncio.sleep(milliseconds / 1000)
    await bot.kill()
    shown = (await click).acknowledged
    assert answers(bot) == 1 if shown else answers(bot) in (0, 1)
    await bot.start()
    again = await ada.click(quiz, "Next" if shown else "B")
    assert again.acknowledged
    assert answers(bot) == 1


async def test_somebody_elses_button_and_a_stale_one_are_answered_in_a_sentence(
    server: DiscordServer, bot: BotProcess, ada: Person
) -> None:
    """Grace may not answer Ada's question, and a question that is over cannot be answered again."""
    await bot.start()
    quiz = (await ada.slash("quiz", length=3)).original
    assert quiz is not None
    grace = Person(server, server.world.create_user("grace"), ada.channel)
    other = await grace.click(quiz, "A")
    assert other.ephemeral
    assert texts(other.original)
    as_it_was = deepcopy(quiz)
    await ada.click(quiz, "A")
    await ada.click(quiz, "Next")
    assert "Question 2 of 3" in texts(quiz)
    assert (await ada.click(as_it_was, "B")).acknowledged
    assert answers(bot) == 1


async def test_a_cut_connection_and_failing_requests_lose_nothing(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """The gateway drops, then Discord answers 500 twice: the learner's clicks still arrive and count once."""
    await bot.start()
    quiz = (await ada.slash("quiz", length=3)).original
    assert quiz is not None
    await server.gateway.drop(4000)
    await asyncio.sleep(0.2)
    await asyncio.wait_for(server.gateway.ready.wait(), 30)
    failing = iter([True])
    server.fault = lambda request: web.Response(status=502) if request.path.endswith("/callback") and next(failing, False) else None
    click = await ada.click(quiz, "A")
    assert click.acknowledged
    assert answers(bot) == 1


async def test_a_connected_bot_is_healthy_and_a_dead_one_soon_is_not(bot: BotProcess) -> None:
    """`python -m bot health` tells the container whether the bot beside it is connected."""
    assert await bot.health() == 1
    await bot.start()
    for _ in range(50):
        if await bot.health() == 0:
            break
        await asyncio.sleep(0.1)
    assert await bot.health() == 0
    sign = bot.database.with_suffix(".alive")
    os.utime(sign, (sign.stat().st_mtime - 100,) * 2)
    assert await bot.health() == 1
