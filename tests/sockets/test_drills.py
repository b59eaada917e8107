"""An interview drill over real sockets: five learners, one leaving, the bot killed in the third turn."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from tests.discord_server import DiscordServer, Person
from tests.discord_server.limits import EPHEMERAL
from tests.discord_server.people import texts
from tests.discord_server.world import Channel, Interaction
from tests.sockets.conftest import BotProcess
from tests.sockets.test_rounds import attempts, people, until


def newest(thread: Channel) -> dict[str, Any]:
    """The last message that everybody sees; an empty one while there is none."""
    return next((message for message in reversed(thread.messages.values()) if not message["flags"] & EPHEMERAL), {"components": []})


async def shows(thread: Channel, wanted: str, seconds: float = 15) -> dict[str, Any]:
    """Waits until the newest message of the thread shows `wanted`."""
    await until(lambda: wanted in texts(newest(thread)), seconds, lambda: f"{wanted!r} not in:\n{texts(newest(thread))}")
    return newest(thread)


def state(bot: BotProcess) -> dict[str, Any]:
    """The drill as the file has it."""
    with sqlite3.connect(bot.database) as db:
        ((text,),) = db.execute("SELECT state FROM sessions WHERE kind = 'drill'").fetchall()
    return dict(json.loads(text))


async def score(person: Person, board: dict[str, Any], points: int, note: str = "") -> None:
    done = await person.submit(await person.click(board, "Score"), score=str(points), ticks=[], note=note)
    assert "Kept" in texts(done.original)


async def begun(server: DiscordServer, group: list[Person], **options: Any) -> Channel:
    """A drill that everybody has joined and the host has started: its thread, in which the people are now."""
    invitation = (await group[0].slash("interview", **options)).original
    assert invitation is not None
    await until(lambda: any(c.parent for c in server.world.channels.values()), 5, lambda: "no thread")
    (thread,) = (c for c in server.world.channels.values() if c.parent)
    assert thread.type == 12, "the thread is private"
    await shows(thread, "lobby")
    for person in group[1:]:
        joined = await person.click(invitation, "Join")
        assert f"<#{thread.id}>" in texts(joined.original)
    for person in group:
        person.channel = thread
    lobby = await shows(thread, f"<@{group[-1].user.id}>")
    await group[0].click(lobby, "Start")
    await until(lambda: {person.user.id for person in group} <= set(thread.members), 5, lambda: "somebody was not let in")
    return thread


async def test_a_drill_of_five_survives_a_leaving_member_and_kill_9(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """Nobody's answer or score is lost, a form that was open during the kill can still be sent, and the summary is right."""
    await bot.start()
    group = people(server, ada, 5)
    thread = await begun(server, group, turns=4, minutes=10)

    for number in range(2):
        board = await shows(thread, f"## Turn {number + 1}")
        candidate, interviewer = group[number], group[number + 1]
        assert f"**Candidate** <@{candidate.user.id}> · **Interviewer** <@{interviewer.user.id}>" in texts(board)
        refused = await candidate.click(board, "Interviewer's sheet")
        assert "interviewer's eyes" in texts(refused.original)
        sheet = await interviewer.click(board, "Interviewer's sheet")
        assert sheet.ephemeral
        assert "Model answer" in texts(sheet.original)
        await candidate.submit(await candidate.click(board, "Write"), answer=f"answer of {candidate.user.name}")
        await candidate.click(board, "Answer complete")
        await shows(thread, "Now score")
        for points, person in enumerate(group, 1):
            await score(person, board, points, "speak slower" if points == 1 else "")
        await interviewer.click(board, "Next turn")

    board = await shows(thread, "## Turn 3")
    writing = await group[2].click(board, "Write")
    left = await group[3].click(board, "Leave")
    assert "You have left" in texts(left.original)
    before = state(bot)
    await bot.kill()
    assert state(bot) == before
    await bot.start()

    wrote: Interaction = await group[2].submit(writing, answer="written while the bot was away")
    assert "Kept" in texts(wrote.original)
    assert state(bot)["turns"][2]["interviewer"] != int(group[3].user.id), "the leaving interviewer's part went on"
    await group[2].click(board, "Answer complete")
    await shows(thread, "written while the bot was away")
    await score(group[0], board, 2)
    await score(group[1], board, 2)
    await score(group[4], board, 3)
    await group[0].click(board, "Next turn")

    board = await shows(thread, "## Turn 4")
    assert f"**Candidate** <@{group[4].user.id}>" in texts(board), "who left is passed over"
    await group[4].click(board, "Answer complete")
    await shows(thread, "Now score")
    await group[0].click(board, "See the summary")
    summary = await shows(thread, "The drill is over")
    told = texts(summary)
    # The first candidate was given 2, 3, 4, 5 by the others and 1 by herself; the second 1, 3, 4, 5 and 2.
    assert "median 3.5 of 5, from 2 to 5; own 1" in told
    assert "median 3.5 of 5, from 1 to 5; own 2" in told
    assert "median 2 of 5, from 2 to 3" in told
    assert "not scored" in told
    assert "speak slower" in told
    assert "interview-drill.txt" in told
    (kept,) = summary["attachments"]
    file = server.world.attachments[kept["id"]][1].decode()
    assert "answer of ada" in file
    assert "written while the bot was away" in file
    assert [learner for learner, _, _ in attempts(bot)] == [int(group[n].user.id) for n in (0, 1, 2)]
    with sqlite3.connect(bot.database) as db:
        weak = state(bot)["turns"][2]["item"]
        ((count,),) = db.execute("SELECT count(*) FROM cards WHERE item = ?", [weak]).fetchall()
    assert count == 5, "what did not pass is in everyone's reviews"
    assert server.refusals == []
    assert server.limited == 0


async def test_alone_in_direct_messages(server: DiscordServer, bot: BotProcess, ada: Person) -> None:
    """Without others one scores oneself; the clock pauses; the summary has the own score."""
    await bot.start()
    ada.channel = server.world.direct_channel(ada.user)
    await ada.slash("interview", turns=1, minutes=1)
    board = await shows(ada.channel, "lobby")
    await ada.click(board, "Start")
    board = await shows(ada.channel, "your own interviewer")
    await ada.click(board, "Pause")
    await shows(ada.channel, "Paused")
    await ada.click(board, "Go on")
    await shows(ada.channel, "Time is up")
    await ada.click(board, "Answer complete")
    await shows(ada.channel, "Now score")
    await score(ada, board, 4)
    await ada.click(board, "See the summary")
    assert "own score 4 of 5" in texts(await shows(ada.channel, "The drill is over"))
    assert len(attempts(bot)) == 1
