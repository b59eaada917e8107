"""`/quiz` as a learner uses it, in simcord's world."""

from __future__ import annotations

from collections.abc import Callable

import simcord

from bot.frontend.client import Bot
from bot.learning.quiz import Choose, GoOn
from bot.storage import Storage
from tests.bot.screen import action, buttons, text


async def test_a_quiz_from_the_first_question_to_the_summary(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Questions come one by one, each answer explains itself, and the end counts and says what to read."""
    shown = await ada.slash(channel, "quiz", topic="services", length=2)

    assert shown.ephemeral
    assert "Question 1 of 2" in text(shown.response)
    await ada.click(shown.response, label="Guess")
    assert "You said: guess" in text(shown.response)
    await ada.click(shown.response, label="A")
    assert "your answer" in text(shown.response)
    await ada.click(shown.response, label="Next question")
    assert "Question 2 of 2" in text(shown.response)
    await ada.click(shown.response, label="B")
    await ada.click(shown.response, label="See the result")
    assert "Quiz done" in text(shown.response)
    assert "guess:" in text(shown.response)
    assert "Another quiz" in buttons(shown.response)


async def answer_wrong(learner: simcord.MemberActor, shown: simcord.InteractionResult) -> None:
    """Answers the question on the screen with an option that is wrong."""
    lines = text(shown.response).split("\n")
    wrong = next(line for line in lines if line.endswith("It is refused."))
    await learner.click(shown.response, label=wrong.split("**")[1])


async def test_a_wrong_answer_names_the_idea_behind_it(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """The chosen option's own reason, the misconception, what is right; the other option a click away."""
    shown = await ada.slash(channel, "quiz", length=1)
    await answer_wrong(ada, shown)

    assert "✗ Not this one.** There are endpoints." in text(shown.response)
    assert "A Service finds Pods by name." in text(shown.response)
    assert "The labels match." in text(shown.response)
    others = await ada.click(shown.response, label="Why not the others")
    assert others.ephemeral
    assert "Nothing drops the packets." in text(others.response)
    assert "There are endpoints." not in text(others.response)
    reading = await ada.click(shown.response, label="Read more")
    assert "Why Services exist" in text(reading.response)


async def test_an_answer_is_kept_with_its_confidence(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """One click is one row, by ids alone."""
    shown = await ada.slash(channel, "quiz", length=2)
    await ada.click(shown.response, label="Sure")
    await ada.click(shown.response, label="A")

    rows = await storage.read(lambda db: list(db.query("SELECT learner, correct, confidence, step FROM attempts")))
    assert [(row["learner"], row["confidence"], row["step"]) for row in rows] == [(ada.id, "sure", 0)]


async def test_an_old_copy_gets_a_clear_sentence(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """The same quiz on two screens: a click on a question that was passed on the other says where the quiz stands, beside it."""
    old = await ada.slash(channel, "quiz", length=2)
    await ada.click(old.response, label="A")
    copy = await ada.slash(channel, "quiz")
    await ada.click(copy.response, label="Go on")
    await ada.click(copy.response, label="Next question")
    await ada.click(copy.response, label="B")

    again = await ada.click(old.response, label="Next question")
    assert "your answer" in text(old.response), "a second click on the way on shows what is on the screen now"
    assert again.response is None or again.response.id == old.response.id
    assert await storage.read(lambda db: db.table("attempts").count) == 2


async def test_a_question_that_is_past(simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Answering it again changes nothing; the sentence says so, and a button leads to where the quiz is."""
    shown = await ada.slash(channel, "quiz", length=2)
    session = action(shown.response, "A").split(":")[1]
    app = simcord_env.bot.app
    await app.sittings.take_step(ada.id, session, Choose(0, 1))
    await app.sittings.take_step(ada.id, session, GoOn(0))

    late = await ada.click(shown.response, label="A")

    assert "The quiz is at question 2" in text(late.response)
    assert "Question 1 of 2" in text(shown.response)
    await ada.click(late.response, label="Show it")
    assert "Question 2 of 2" in text(late.response)


async def test_the_quiz_goes_on_after_a_restart(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, new_bot: Callable[[], Bot]
) -> None:
    """The buttons of a message from before the restart go on where the quiz was."""
    shown = await ada.slash(channel, "quiz", length=2)
    await ada.click(shown.response, label="B")

    await simcord_env.restart_bot(new_bot())

    await ada.click(shown.response, label="Next question")
    assert "Question 2 of 2" in text(shown.response)
    await ada.click(shown.response, label="C")
    assert "your answer" in text(shown.response)


async def test_an_open_quiz_is_offered_before_a_new_one(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Nothing is discarded by asking for another quiz; one that was not begun is no loss."""
    first = await ada.slash(channel, "quiz", length=2)
    assert "Question 1" in text((await ada.slash(channel, "quiz", length=2)).response)
    await ada.click(first.response, label="A")  # of the quiz that was replaced
    assert "Question 1" in text((await ada.slash(channel, "quiz", length=3)).response)


async def test_stopping_shows_what_was_done(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """The summary counts what was answered and says what was left open."""
    shown = await ada.slash(channel, "quiz", length=3)
    await ada.click(shown.response, label="A")
    await ada.click(shown.response, label="Next question")
    await ada.click(shown.response, label="Stop here")

    assert "Quiz stopped here" in text(shown.response)
    assert "2 of 3 questions were left open" in text(shown.response)


async def test_somebody_elses_quiz(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """A button of another learner's quiz answers with a sentence and does nothing."""
    shown = await ada.slash(channel, "quiz", length=1)
    session = action(shown.response, "A").split(":")[1]
    reply = await simcord_env.bot.app.sittings.take_step(bob.id, session, Choose(0, 0))

    assert "belongs to somebody else" in reply.blocks[0].markdown
    assert await storage.read(lambda db: db.table("attempts").count) == 0


async def test_topics_are_suggested_and_checked(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """What is typed narrows the topics; what is no topic is named, harmlessly, with those that are."""
    assert [choice["value"] for choice in await ada.autocomplete(channel, "quiz", "topic", "d")] == ["dns"]
    wrong = await ada.slash(channel, "quiz", topic="`@everyone` **x**")
    assert "I know no topic" in text(wrong.response)
    assert "`services` and `dns`" in text(wrong.response)
    none = await ada.slash(channel, "quiz", topic="dns", level="beginner")
    assert "no questions on `dns`" in text(none.response)


async def test_an_unknown_session(simcord_env: simcord.Env, ada: simcord.MemberActor) -> None:
    """A button whose session is no longer kept says how to begin afresh."""
    reply = await simcord_env.bot.app.sittings.resume(ada.id, "gone")

    assert "no longer keep" in reply.blocks[0].markdown
