"""`/quiz-round` and `/interview` as a group uses them, in simcord's world."""

from __future__ import annotations

import simcord

from bot.frontend.forms import filled_in
from bot.frontend.pulse import SECONDS
from bot.storage import Storage
from tests.bot.screen import buttons, text


async def test_a_round_from_the_lobby_to_the_table(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """The board is for all, answers are private and may change; the reveal has shares, the table who was right."""
    lobby = await ada.slash(channel, "quiz-round", topic="services", length=1, seconds=120)
    assert not lobby.ephemeral
    assert "nobody yet" in text(lobby.response)
    await ada.click(lobby.response, label="Join")
    joined = await bob.click(lobby.response, label="Join")
    assert joined.ephemeral
    await simcord_env.advance_time(2 * SECONDS)
    refused = await bob.click(lobby.response, label="Start")
    assert "Only the host" in text(refused.response)

    await ada.click(lobby.response, label="Start")
    assert "Question 1 of 1" in text(lobby.response)
    right = next(line for line in text(lobby.response).split("\n") if line.endswith("It answers.")).split("**")[1]
    wrong = next(line for line in text(lobby.response).split("\n") if line.endswith("It is refused.")).split("**")[1]
    first = await ada.click(lobby.response, label=wrong)
    assert first.ephemeral
    assert f"Your answer: **{wrong}**" in text(first.response)
    await ada.click(lobby.response, label=right)
    await bob.click(lobby.response, label=wrong)
    assert await storage.read(lambda db: db.table("attempts").count) == 0, "until the lock an answer may change"
    refused = await bob.click(lobby.response, label="Lock now")
    assert "Only the host" in text(refused.response)

    await ada.click(lobby.response, label="Lock now")
    assert "1 of 2 · right" in text(lobby.response)
    assert "The labels match." in text(lobby.response)
    rows = await storage.read(lambda db: list(db.query("SELECT learner, correct FROM attempts")))
    assert {row["learner"]: row["correct"] for row in rows} == {ada.id: 1, bob.id: 0}
    others = await bob.click(lobby.response, label="Why not the others")
    assert "There are endpoints." in text(others.response)

    await ada.click(lobby.response, label="See the table")
    assert f"1. <@{ada.id}> · 1 right" in text(lobby.response)
    mine = await bob.click(lobby.response, label="My answers")
    assert f"You: {wrong} · right: {right}" in text(mine.response)
    assert buttons(mine.response) == ["Read 1"]


class Sent:
    """A form as it comes from Discord."""

    def __init__(self, custom_id: str, **values: object) -> None:
        parts = [
            {"type": 18, "component": {"custom_id": name, "values" if isinstance(v, list) else "value": v}} for name, v in values.items()
        ]
        self.data = {"custom_id": custom_id, "components": parts}


def test_a_form_says_by_itself_what_it_is_for() -> None:
    """Its action and fields are all there is to know, so one that was opened before a restart is understood after it."""
    sent = Sent("portside.drill-scored:abc:2", score="4", ticks=["a", "b"], note="half \ud800 a character", empty=None)
    wanted = {"score": "4", "ticks": ["a", "b"], "note": "half ? a character", "empty": ""}
    assert filled_in(sent) == ("drill-scored", ("abc", "2", wanted))  # type: ignore[arg-type]
    assert filled_in(Sent("0123456789abcdef")) is None  # type: ignore[arg-type]


async def test_one_round_in_a_channel(ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """A second one would share the edits that Discord allows; it is refused until the first is over."""
    lobby = await ada.slash(channel, "quiz-round", length=1)
    refused = await bob.slash(channel, "quiz-round")
    assert refused.ephemeral
    assert "a round open in this channel" in text(refused.response)
    await ada.click(lobby.response, label="Cancel")
    assert "ended before its first question" in text(lobby.response)
    assert "Quiz round" in text((await bob.slash(channel, "quiz-round", length=1)).response)


async def test_teams_have_a_button_each(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    """One may change sides in the lobby; the teams stand on the board."""
    lobby = await ada.slash(channel, "quiz-round", mode="teams", teams=3)
    assert buttons(lobby.response)[:3] == ["Join Red", "Join Blue", "Join Green"]
    await ada.click(lobby.response, label="Join Red")
    moved = await ada.click(lobby.response, label="Join Green")
    assert "for team Green" in text(moved.response)
    await bob.click(lobby.response, label="Join Blue")
    await simcord_env.advance_time(2 * SECONDS)
    assert f"**Team Green** <@{ada.id}>" in text(lobby.response)
    assert "**Team Red** nobody yet" in text(lobby.response)


async def test_a_topic_that_is_none_and_a_drill_without_questions(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """What is not there is said, privately, with what there is."""
    wrong = await ada.slash(channel, "quiz-round", topic="routers")
    assert wrong.ephemeral
    assert "I know no topic" in text(wrong.response)
    none = await ada.slash(channel, "interview")
    assert none.ephemeral
    assert "no interview questions" in text(none.response)
