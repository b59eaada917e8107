"""`/lesson` as a learner uses it, in simcord's world."""

from __future__ import annotations

from collections.abc import Callable

import simcord

from bot.frontend.client import Bot
from tests.bot.frontend.test_quiz import answer_wrong
from tests.bot.screen import buttons, text


async def test_reading_from_the_contents_to_the_next_step(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """The contents open a lesson, buttons lead on and back, the last step has no next."""
    shown = await ada.slash(channel, "lesson")
    assert shown.ephemeral
    assert "0 of 2 steps understood" in text(shown.response)
    assert buttons(shown.response) == ["Begin: Why Services exist"]

    await ada.select(shown.response, ["why-services"])
    assert "step 1 of 2" in text(shown.response)
    assert "Previous" not in buttons(shown.response)
    await ada.click(shown.response, label="Next")
    assert "step 2 of 2" in text(shown.response)
    assert "A Service points at a Pod." in text(shown.response)
    assert "Next" not in buttons(shown.response)
    await ada.click(shown.response, label="Previous")
    assert "step 1 of 2" in text(shown.response)


async def test_it_goes_on_where_one_stopped(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle, new_bot: Callable[[], Bot]
) -> None:
    """After a restart too, the contents offer the step that was open last."""
    await ada.slash(channel, "lesson", lesson="selectors")
    await simcord_env.restart_bot(new_bot())

    contents = await ada.slash(channel, "lesson")

    await ada.click(contents.response, label="Go on: Selectors")
    assert "step 2 of 2" in text(contents.response)


async def test_marking_a_step_as_understood(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """The mark shows at once and in the contents; a lesson then opens at the first step without it."""
    shown = await ada.slash(channel, "lesson", lesson="why-services")
    await ada.click(shown.response, label="Understood")

    assert "✓ understood" in text(shown.response)
    assert "Understood" not in buttons(shown.response)
    await ada.click(shown.response, label="All lessons")
    assert "1 of 2 steps understood" in text(shown.response)
    assert "step 2 of 2" in text((await ada.slash(channel, "lesson", lesson="basics")).response)


async def test_each_step_ends_with_its_question(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """A wrong answer explains and leads back or on; a right one marks the step."""
    shown = await ada.slash(channel, "lesson", lesson="why-services")
    await ada.click(shown.response, label="Question")
    assert "Question on this step" in text(shown.response)
    await answer_wrong(ada, shown)
    await ada.click(shown.response, label="Back to the text")
    assert "✓ understood" not in text(shown.response)

    await ada.click(shown.response, label="Question")
    right = next(line for line in text(shown.response).split("\n") if line.endswith("It answers."))
    await ada.click(shown.response, label=right.split("**")[1])
    await ada.click(shown.response, label="Next step")
    assert "step 2 of 2" in text(shown.response)
    await ada.click(shown.response, label="Previous")
    assert "✓ understood" in text(shown.response)


async def test_lessons_and_steps_are_suggested(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Lessons first; steps once something is typed; what is neither is said to be unknown."""
    assert [choice["value"] for choice in await ada.autocomplete(channel, "lesson", "lesson", "")] == ["basics"]
    assert [choice["value"] for choice in await ada.autocomplete(channel, "lesson", "lesson", "select")] == ["selectors"]
    assert "I know no lesson `nonsense`" in text((await ada.slash(channel, "lesson", lesson="nonsense")).response)


async def test_in_direct_messages_answers_stay(ada: simcord.MemberActor) -> None:
    """Where nobody reads along an answer is an ordinary message, which does not vanish."""
    shown = await ada.user.slash("lesson")

    assert shown.response is not None
    assert not shown.ephemeral


async def test_help_is_for_beginners(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """It says where to begin, and its first button begins."""
    shown = await ada.slash(channel, "help")

    assert "`/check-manifest`" in text(shown.response)
    await ada.click(shown.response, label="Start the lesson")
    assert "Lessons" in text(shown.response)
