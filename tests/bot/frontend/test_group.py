"""`/quiz-round` and `/interview` as a group uses them, in simcord's world."""

from __future__ import annotations

from dataclasses import replace

import simcord

from bot.app.run_drill import RunDrill
from bot.frontend.forms import filled_in
from bot.frontend.pulse import SECONDS
from bot.learning.drill import Card as ScoreCard
from bot.learning.drill import EndTurn, Judge, Leave, NextTurn, Start
from bot.learning.items import KeyPoint, Level, Pack, Written
from bot.storage import Storage
from tests.bot.material import choice
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


async def test_a_host_who_is_forgotten_hands_the_round_over(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """As if the host had left by the button: the next one hosts, no message names the one who is gone, nothing is recorded of them."""
    board = (await ada.slash(channel, "quiz-round", topic="services", length=1, seconds=120)).response
    for player in (ada, bob):
        await player.click(board, label="Join")
    await simcord_env.advance_time(2 * SECONDS)
    await ada.click(board, label="Start")
    for player in (ada, bob):
        await player.click(board, label="A")
    await simcord_env.bot.app.privacy.delete(ada.id)
    await simcord_env.advance_time(2 * SECONDS)
    assert f"<@{bob.id}> hosts" in text(board)
    await bob.click(board, label="Lock now")
    assert "of 2" in text(board), "the answer stays among the shares"
    await bob.click(board, label="See the table")
    assert "somebody who left · " in text(board)
    assert str(ada.id) not in text(board)
    assert await storage.read(lambda db: [row["learner"] for row in db.query("SELECT learner FROM attempts")]) == [bob.id]


async def test_a_round_whose_only_person_is_forgotten_ends(
    simcord_env: simcord.Env, ada: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    """Its board says so, and the channel is free for another one."""
    board = (await ada.slash(channel, "quiz-round", topic="services", length=1)).response
    await ada.click(board, label="Join")
    await simcord_env.bot.app.privacy.delete(ada.id)
    await simcord_env.advance_time(2 * SECONDS)
    assert "ended before its first question" in text(board)
    assert "Join" in buttons((await ada.slash(channel, "quiz-round", topic="services", length=1)).response)


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


async def test_a_pack_that_is_removed_while_a_round_asks_it(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """The question on the screen counts for nothing, those to come fall away, and the round goes on to its table."""
    server, questions = simcord_env.guild.id, simcord_env.bot.app.questions
    own = {name: replace(choice(name, topic="ours"), server=server, pack="ours") for name in (f"{server}/one", f"{server}/two")}
    questions.take_in(Pack(server, "ours", "Ours", own))
    lobby = await ada.slash(channel, "quiz-round", topic="pack/ours", length=2)
    await ada.click(lobby.response, label="Join")
    await simcord_env.advance_time(2 * SECONDS)
    await ada.click(lobby.response, label="Start")
    await ada.click(lobby.response, label="A")
    questions.give_up(server, "ours")
    late = await bob.click(lobby.response, label="B")
    assert "changed or removed while it was asked" in text(late.response)
    await simcord_env.advance_time(2 * SECONDS)
    assert "**Question 1 of 1** was changed or removed" in text(lobby.response)
    assert buttons(lobby.response) == ["Lock now", "Pause", "Leave", "End the round"]
    await ada.click(lobby.response, label="Lock now")
    await ada.click(lobby.response, label="See the table")
    assert "The round is over" in text(lobby.response)
    assert "0 right · 0.0 s" in text(lobby.response)
    assert "0 questions; 1 more, changed or removed while asked, counts for nobody." in text(lobby.response)
    assert "A question that is no longer there" in text((await ada.click(lobby.response, label="My answers")).response)
    assert await storage.read(lambda db: db.table("attempts").count) == 0


def interview(name: str, server: int) -> Written:
    points = (KeyPoint("labels", "required", ("labels",), "Labels decide.", "What does it look at?"),)
    return Written(name, "services", "svc-labels", Level.BEGINNER, f"Explain `{name}`.", "", server=server, pack="ours",
                   kind="interview", key_points=points, model_answer="By labels.")  # fmt: skip


async def drilled(drill: RunDrill, server: int, people: tuple[int, ...], turns: int = 2) -> str:
    """A drill whose first turn has begun."""
    session, _ = await drill.open(people[0], server, "any", 5, turns)
    await drill.move(session, 77)
    for person in people[1:]:
        await drill.join(person, session)
    await drill.act(session, Start(people[0]))
    return session


async def seen(drill: RunDrill, session: str) -> str:
    """What everybody sees of it now."""
    return "\n".join(block.markdown for block in (await drill.boards(session))[-1].reply.blocks if hasattr(block, "markdown"))


async def test_a_pack_that_is_removed_while_a_drill_asks_it(simcord_env: simcord.Env, channel: simcord.ChannelHandle) -> None:
    """The turn says so and can be ended, and the summary comes."""
    server, app = simcord_env.guild.id, simcord_env.bot.app
    own = {name: interview(name, server) for name in (f"{server}/one", f"{server}/two")}
    app.questions.take_in(Pack(server, "ours", "Ours", own))
    session = await drilled(app.run_drill, server, (10**17, 10**17 + 1))
    app.questions.give_up(server, "ours")
    assert "was removed while the drill went on" in await seen(app.run_drill, session)
    await app.run_drill.act(session, EndTurn(10**17, 0))
    await app.run_drill.act(session, NextTurn(10**17, 0))
    assert "The drill is over" in await seen(app.run_drill, session)


async def test_who_scored_and_left_is_counted_among_all(simcord_env: simcord.Env, channel: simcord.ChannelHandle) -> None:
    """Two scores are of two people, though one is left; an answer that passed without a tick has nothing to work on."""
    server, app = simcord_env.guild.id, simcord_env.bot.app
    app.questions.take_in(Pack(server, "ours", "Ours", {f"{server}/one": interview(f"{server}/one", server)}))
    ada, bob = 10**17, 10**17 + 1
    session = await drilled(app.run_drill, server, (ada, bob), 1)
    await app.run_drill.act(session, EndTurn(ada, 0))
    await app.run_drill.act(session, Judge(ada, 0, ScoreCard(3)))
    await app.run_drill.act(session, Judge(bob, 0, ScoreCard(4)))
    await app.run_drill.act(session, Leave(bob))
    assert "2 of 2 have" in await seen(app.run_drill, session)
    await app.run_drill.act(session, NextTurn(ada, 0))
    assert "median 4 of 5" in await seen(app.run_drill, session)
    assert "To work on" not in await seen(app.run_drill, session)


async def test_a_candidate_who_is_forgotten_is_skipped(simcord_env: simcord.Env, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """The host was the candidate: the other one hosts and is asked the same question; the summary names one of two by a word."""
    server, app = simcord_env.guild.id, simcord_env.bot.app
    app.questions.take_in(
        Pack(server, "ours", "Ours", {f"{server}/{name}": interview(f"{server}/{name}", server) for name in ("one", "two")})
    )
    ada, bob = 10**17, 10**17 + 1
    session = await drilled(app.run_drill, server, (ada, bob))
    await app.run_drill.act(session, EndTurn(ada, 0))
    await app.run_drill.act(session, Judge(bob, 0, ScoreCard(2)))
    await app.run_drill.act(session, NextTurn(ada, 0))
    await app.privacy.delete(ada)
    assert await app.run_drill.go_on() == [session]
    assert await app.run_drill.go_on() == [], "its deadline is kept anew"
    assert f"**Candidate** <@{bob}> (alone" in await seen(app.run_drill, session)
    await app.run_drill.act(session, EndTurn(bob, 1))
    await app.run_drill.act(session, NextTurn(bob, 1))
    assert "**Turn 1** somebody who left · median 2" in await seen(app.run_drill, session)
    assert await storage.read(lambda db: db.table("attempts").count) == 0
