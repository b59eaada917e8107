"""`/progress`, `/path` and `/leaderboard` as a learner uses them, in simcord's world."""

from __future__ import annotations

from datetime import timedelta

import simcord

from bot.app import answers
from bot.learning.items import Level
from bot.storage import Storage
from bot.storage.attempts import Attempt
from tests.bot.conftest import NOW
from tests.bot.screen import buttons, parts, text


async def answered(storage: Storage, learner: int, item: str, *, correct: bool, days_ago: int) -> None:
    at = NOW - timedelta(days=days_ago)
    attempt = Attempt(learner, item, "svc-selector-match", f"{item}-{days_ago}-{learner}", 0, 0, correct, "sure", at)
    await storage.write(lambda db: answers.record(db, attempt, Level.BEGINNER, 3))


async def mastered(storage: Storage, learner: int) -> None:
    """Three right in a row on three days, on two items."""
    for days_ago, item in ((3, "q-why"), (2, "q-labels"), (1, "q-why")):
        await answered(storage, learner, item, correct=True, days_ago=days_ago)


async def test_progress_of_a_newcomer(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """No empty picture, but two ways to begin."""
    shown = await ada.slash(channel, "progress")

    assert shown.ephemeral
    assert "Nothing to show yet" in text(shown.response)
    assert buttons(shown.response) == ["Find out where to begin", "Try a quiz"]


async def test_progress_is_a_picture_with_the_same_in_words(
    ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """The picture has alt text, and the words below say what it shows."""
    await mastered(storage, ada.id)

    shown = await ada.slash(channel, "progress")

    said = text(shown.response)
    assert "1 of 1 skills mastered** · 3 days in a row" in said
    assert "- services: 1 of 1 mastered" in said
    assert "sure 3 of 3" in said
    gallery = next(part for part in parts(shown.response) if part["type"] == 12)
    assert "services 1 of 1" in gallery["items"][0]["description"]


async def test_progress_counts_as_due_what_review_counts(
    ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """What comes back later today is told apart from what is due, and what cannot be asked any more is not counted."""
    await answered(storage, ada.id, "q-why", correct=False, days_ago=0)
    await answered(storage, ada.id, "q-gone", correct=False, days_ago=3)
    assert "nothing due now, 1 later today" in text((await ada.slash(channel, "progress")).response)
    assert "**Nothing is due.** 1 question" in text((await ada.slash(channel, "review")).response)

    await answered(storage, ada.id, "q-labels", correct=False, days_ago=3)
    assert "1 question due now, 1 more later today" in text((await ada.slash(channel, "progress")).response)
    assert "**1 question is due**" in text((await ada.slash(channel, "review")).response)


async def test_a_miss_opens_the_skill_again(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """The path says why a skill comes now, and leads to its step and to practice."""
    new = await ada.slash(channel, "path")
    assert "**1. Selectors**" in text(new.response)
    assert "needs nothing before it" in text(new.response)
    await mastered(storage, ada.id)
    assert "You have mastered all there is here" in text((await ada.slash(channel, "path")).response)
    await answered(storage, ada.id, "q-labels", correct=False, days_ago=0)

    shown = await ada.slash(channel, "path")

    assert "You had mastered this, and a later answer was wrong" in text(shown.response)
    assert buttons(shown.response) == ["Read: Why Services exist", "Practise"]
    practice = await ada.click(shown.response, label="Practise")
    assert "Question 1 of 1" in text(practice.response)


async def test_nobody_is_on_the_board_unasked(
    ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """Private, until one says otherwise; then ranked by what is mastered, and off again at a click."""
    await mastered(storage, ada.id)
    await answered(storage, bob.id, "q-why", correct=True, days_ago=1)
    assert "Nobody is on it yet" in text((await ada.slash(channel, "leaderboard")).response)

    joined = await bob.slash(channel, "leaderboard")
    await bob.click(joined.response, label="Put me on it")
    assert "You are on the leaderboard of this server" in text(joined.response)
    await ada.slash(channel, "leaderboard", me="public")

    board = text((await bob.slash(channel, "leaderboard")).response)
    assert f"1\\. <@{ada.id}>: 1 skill mastered, 2 questions right" in board
    assert f"2\\. <@{bob.id}>: 0 skills mastered, 1 question right" in board
    everywhere = text((await bob.slash(channel, "leaderboard", of="public")).response)
    assert f"<@{ada.id}>" in everywhere
    assert f"<@{bob.id}>" not in everywhere
    off = await ada.slash(channel, "leaderboard")
    await ada.click(off.response, label="Take me off")
    assert "You are on no leaderboard" in text(off.response)
    assert f"<@{ada.id}>" not in text((await ada.slash(channel, "leaderboard")).response)
