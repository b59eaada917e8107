"""`/review`, `/remind`, `/mistakes` and `/placement` as a learner uses them, in simcord's world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import simcord

from bot.app import App, answers
from bot.frontend.client import Bot
from bot.learning.items import Lab, Level
from bot.storage import Storage, abilities, attempts, cards, preferences
from bot.storage.attempts import Attempt
from tests.bot.conftest import NOW
from tests.bot.screen import buttons, text


async def answered(storage: Storage, learner: int, item: str, *, correct: bool, days_ago: float, number: int = 0) -> None:
    """The learner answered an item some days ago, by whatever command."""
    at = NOW - timedelta(days=days_ago)
    attempt = Attempt(learner, item, "svc-selector-match", f"s{item}{days_ago}", number, 0, correct, "sure", at)
    await storage.write(lambda db: answers.record(db, attempt, Level.BEGINNER, 3))


async def right_letter(shown: simcord.InteractionResult) -> str:
    line = next(line for line in text(shown.response).split("\n") if line.endswith("It answers."))
    return line.split("**")[1]


async def test_nothing_to_review_leads_to_a_quiz(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """A newcomer is told what comes back here."""
    shown = await ada.slash(channel, "review")

    assert shown.ephemeral
    assert "Nothing to review yet" in text(shown.response)
    assert "Try a quiz" in buttons(shown.response)


async def test_what_is_due_is_asked_again_and_moves_on(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """The list, the question, its answer; afterwards the card waits for days."""
    await answered(storage, ada.id, "q-why", correct=True, days_ago=3)
    await answered(storage, ada.id, "q-why", correct=True, days_ago=2.9)
    shown = await ada.slash(channel, "review")
    assert "1 question is due" in text(shown.response)
    assert "- services: 1" in text(shown.response)

    await ada.click(shown.response, label="Review 1 now")
    assert "Review · question 1 of 1" in text(shown.response)
    await ada.click(shown.response, label=await right_letter(shown))
    await ada.click(shown.response, label="See the result")

    assert "Review done: 1 of 1 right" in text(shown.response)
    assert "Nothing else is due" in text(shown.response)
    card = await storage.read(lambda db: cards.find(db, ada.id, "q-why"))
    assert card is not None
    assert card.due > NOW + timedelta(days=3)


async def test_a_card_whose_question_is_gone_is_passed_over(
    ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """An item that was taken out of the packs does no harm to those that are left."""
    await answered(storage, ada.id, "no-longer-there", correct=True, days_ago=9)

    assert "Nothing to review yet" in text((await ada.slash(channel, "review")).response)


async def test_a_lab_that_fades_is_offered_again(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """Labs are no questions: the list leads to them."""
    lab = Lab("broken", "A broken one", "It is broken.", ("svc-selector-match",), (), {}, ("a", "b", "c", "d"), (), "Because.")
    simcord_env.bot.app.library.labs["broken"] = lab
    await answered(storage, ada.id, "broken", correct=True, days_ago=9)

    shown = await ada.slash(channel, "review")

    assert "No question is due" in text(shown.response)
    assert "- A broken one" in text(shown.response)
    assert "Lab: A broken one" in buttons(shown.response)


async def test_a_sitting_that_was_left_is_offered(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """Half done, it goes on where it was."""
    for item in ("q-why", "q-labels"):
        await answered(storage, ada.id, item, correct=False, days_ago=2)
    shown = await ada.slash(channel, "review")
    await ada.click(shown.response, label="Review 2 now")
    await ada.click(shown.response, label="A")

    again = await ada.slash(channel, "review")
    await ada.click(again.response, label="Go on where you stopped")
    assert "your answer" in text(again.response)


async def test_an_exam_brings_everything_before_it(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """What would come too late is brought forward; a day that is past or none is refused in a sentence."""
    for _ in range(4):
        await answered(storage, ada.id, "q-why", correct=True, days_ago=60 - 14 * _, number=_)
    before = await storage.read(lambda db: cards.find(db, ada.id, "q-why"))
    assert before is not None
    assert before.due > NOW + timedelta(days=8)

    told = await ada.slash(channel, "review", exam="2026-11-30")

    assert "Exam on 30 November 2026" in text(told.response)
    after = await storage.read(lambda db: cards.find(db, ada.id, "q-why"))
    assert after is not None
    assert NOW.date() <= after.due.date() < date(2026, 11, 30)
    assert "Exam on 30 November 2026" in text((await ada.slash(channel, "review")).response)
    assert "not ahead of us" in text((await ada.slash(channel, "review", exam="2020-01-01")).response)
    assert "I read dates as" in text((await ada.slash(channel, "review", exam="tomorrow")).response)
    assert "No exam ahead" in text((await ada.slash(channel, "review", exam="none")).response)


async def test_what_keeps_slipping_leads_to_its_lesson(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """A leech is shown with the step that teaches it."""
    await answered(storage, ada.id, "q-why", correct=True, days_ago=3)
    card = await storage.read(lambda db: cards.find(db, ada.id, "q-why"))
    assert card is not None
    await storage.write(lambda db: cards.save(db, ada.id, [replace(card, lapses=4)]))

    shown = await ada.slash(channel, "review")

    assert "keep slipping away" in text(shown.response)
    reading = await ada.click(shown.response, label="Read: Why Services exist")
    assert "Why Services exist" in text(reading.response)


async def test_a_reminder_only_if_asked_for(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """Set in the learner's zone, given once, on a day on which something is due; `off` ends it."""
    app: App = simcord_env.bot.app
    await answered(storage, ada.id, "q-why", correct=True, days_ago=3)
    assert await app.review_due.reminders() == ()
    told = await ada.slash(channel, "remind on", time="18:30", zone="Europe/Berlin")
    assert "at 18:30 (`Europe/Berlin`)" in text(told.response)
    chosen = await storage.read(lambda db: preferences.of(db, ada.id))
    assert str(chosen.remind_next) == "2026-11-23 17:30:00+00:00"
    assert await app.review_due.reminders() == ()

    await storage.write(lambda db: preferences.save(db, ada.id, replace(chosen, remind_next=NOW)))
    [(learner, reply)] = await app.review_due.reminders()

    assert learner == ada.id
    assert "1 question is due" in reply.blocks[0].markdown
    assert await app.review_due.reminders() == ()
    await ada.slash(channel, "remind off")
    assert (await storage.read(lambda db: preferences.of(db, ada.id))).remind_next is None


async def test_the_reminder_arrives_as_a_direct_message(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """The task looks once a minute, and the message's button begins the sitting."""
    await answered(storage, ada.id, "q-why", correct=True, days_ago=3)
    await storage.write(lambda db: preferences.save(db, ada.id, preferences.Preferences(remind_at=NOW.time(), remind_next=NOW)))

    await simcord_env.bot.cogs["ReviewCog"].send_reminders()

    [message] = ada.user.dm_channel.history()
    assert "1 question is due for review" in text(message)
    await ada.user.click(message, label="Start")
    [message] = ada.user.dm_channel.history()
    assert "Review · question 1 of 1" in text(message)


@pytest.mark.parametrize(("time", "zone", "said"), [("25:00", "UTC", "I read times as"), ("18:30", "Europe/Berlln", "`Europe/Berlin`")])
async def test_a_time_or_zone_that_is_none(
    ada: simcord.MemberActor, channel: simcord.ChannelHandle, time: str, zone: str, said: str
) -> None:
    """A sentence, with the nearest name for a zone."""
    assert said in text((await ada.slash(channel, "remind on", time=time, zone=zone)).response)


async def test_zones_are_suggested(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """A part of the name is enough."""
    assert "Europe/Berlin" in [choice["value"] for choice in await ada.autocomplete(channel, "remind on", "zone", "berl")]


async def test_mistakes_are_replayed_until_they_are_put_right(
    ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """The newest answer decides; afterwards nothing is left."""
    await answered(storage, ada.id, "q-labels", correct=False, days_ago=5)
    await answered(storage, ada.id, "q-labels", correct=True, days_ago=4)
    await answered(storage, ada.id, "q-why", correct=False, days_ago=3)
    shown = await ada.slash(channel, "mistakes")
    assert "Your mistakes · question 1 of 1" in text(shown.response)
    assert "`q-why`" in text(shown.response)

    await ada.click(shown.response, label=await right_letter(shown))
    await ada.click(shown.response, label="See the result")
    assert "Your mistakes done: 1 of 1 right" in text(shown.response)
    none_left = await ada.click(shown.response, label="Mistakes that are left")
    assert "no mistake that you have not put right" in text(none_left.response)


async def test_placement_asks_and_concludes(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage, new_bot: Callable[[], Bot]
) -> None:
    """One question after another, over a restart as well; at the end a sentence for each topic, and nothing is mastered by it."""
    shown = await ada.slash(channel, "placement")
    for number in (1, 2, 3):
        assert f"Placement · question {number} of 3" in text(shown.response)
        await ada.click(shown.response, label=await right_letter(shown))
        await simcord_env.restart_bot(new_bot())
        await ada.click(shown.response, label="See the result" if number == 3 else "Next question")

    assert "Placement done: 3 of 3 right" in text(shown.response)
    assert "- services: you know this up to the level beginner (2 of 2)" in text(shown.response)
    ability = await storage.read(lambda db: abilities.of(db, ada.id))
    assert ability.at("svc-selector-match") > 0
    assert len(await storage.read(lambda db: attempts.evidence(db, ada.id))) == 3
    assert "What comes next" in buttons(shown.response)
