"""`/quiz` as a learner uses it, in simcord's world."""

from __future__ import annotations

import simcord

from tests.bot.screen import buttons, text


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
