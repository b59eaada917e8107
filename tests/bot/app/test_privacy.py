"""What is kept about a learner can be seen, taken and deleted; no table is forgotten."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import simcord

from bot.app.privacy import ABSENCE, Privacy
from bot.learning.hosting import GroupChoices
from bot.learning.item_analysis import Analysis
from bot.learning.reporting import Case, Kind, Reason, Thing
from bot.rendering.privacy import IN_WORDS
from bot.rendering.reply import File
from bot.storage import Database, Storage, group_sessions, personal, reports, servers
from tests.bot.screen import action, buttons, text

ADA, GRACE, SERVER = 400000000000000001, 400000000000000002, 500000000000000001
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def fill(db: Database, learner: int, at: datetime = NOW) -> None:
    """One row in every personal table, whatever its columns, and a closed and an open session of several people."""
    sample: dict[type, Any] = {str: at.isoformat(), int: 1, float: 0.5}
    types = {"TEXT": str, "INTEGER": int, "FLOAT": float, "REAL": float}
    for name in personal.tables(db):
        if name == "sessions":
            continue
        values = {
            column.name: sample[types[column.type]] for column in db.table(name).columns if not (column.is_pk and column.name == "id")
        }
        db.table(name).insert(values | {"learner": learner} | ({"session": f"{name}-{learner % 10}"} if "session" in values else {}))
    for session, closed in (("open", None), ("closed", at.isoformat())):
        state = json.dumps({"host": learner, "players": {str(learner): "red", str(GRACE): "blue"}})
        row = {
            "id": f"{session}-{learner % 10}",
            "kind": "round",
            "learner": learner,
            "state": state,
            "opened": at.isoformat(),
            "changed": at.isoformat(),
            "closed": closed,
        }
        db.table("sessions").insert(row)
        db.table("group_sessions").insert({"session": row["id"], "server": SERVER, "channel": 2, "messages": "{}", "due": None})


def everything(db: Database) -> str:
    return "\n".join(str(row) for name in db.table_names() for row in db.query(f"SELECT * FROM [{name}]"))


def test_every_table_is_personal_a_servers_or_known_to_be_about_nobody(storage: Storage) -> None:
    """A new table fails this test until somebody has decided what it is; and every personal one is told in words."""
    db = storage._writer
    undecided = {
        name
        for name in db.table_names()
        if name not in personal.tables(db)
        and name not in personal.IMPERSONAL
        and not {"guild", "server"} & {column.name for column in db.table(name).columns}
        and not name.startswith("search")
    }
    assert undecided == set()
    assert set(personal.tables(db)) <= set(IN_WORDS)


async def test_deleting_leaves_no_row_with_the_id_and_nobody_elses_missing(storage: Storage) -> None:
    """Every table is searched for the id afterwards; the open round goes on without it."""
    await storage.write(lambda db: fill(db, ADA))
    before = await storage.read(lambda db: len(personal.rows(db, GRACE)["sessions"]))
    removed = await storage.write(lambda db: personal.erase(db, ADA))
    assert removed == len(personal.tables(storage._writer)) - 1 + 2
    assert str(ADA) not in await storage.read(everything)
    left = await storage.read(lambda db: personal.rows(db, GRACE)["sessions"])
    assert before == 2
    assert [row["id"] for row in left] == ["open-1"]
    assert json.loads(left[0]["state"])["players"][str(GRACE)] == "blue"


async def test_long_absence_is_forgotten_and_recent_learners_stay(storage: Storage) -> None:
    """400 days without a sign of life."""
    await storage.write(lambda db: fill(db, ADA, NOW - ABSENCE - timedelta(days=1)))
    await storage.write(lambda db: fill(db, GRACE, NOW - ABSENCE + timedelta(days=1)))
    await Privacy(storage, lambda: NOW).forget_absent()
    assert not await storage.read(lambda db: personal.rows(db, ADA))
    assert await storage.read(lambda db: personal.rows(db, GRACE))


async def test_leaving_a_server_removes_what_was_kept_for_it(storage: Storage) -> None:
    """No row names the server any more."""
    await storage.write(lambda db: fill(db, ADA))
    await storage.write(lambda db: db.execute("UPDATE shown_on SET guild = ?", [SERVER]))
    await Privacy(storage, lambda: NOW).left(SERVER)
    assert str(SERVER) not in await storage.read(everything)
    assert not await storage.read(lambda db: personal.rows(db, GRACE)), "the rounds of that server are gone"


async def test_no_table_of_servers_remembers_one_that_was_left(storage: Storage) -> None:
    """A row for the server in every table that has any, and one for another server, which stays."""
    other = SERVER + 1

    def fill_all(db: Database) -> int:
        filled = 0
        for name in db.table_names():
            columns = {column.name: column.type for column in db.table(name).columns if column.name != "id"}
            for column in {"guild", "server"} & columns.keys():
                for server in (SERVER, other):
                    filled += 1
                    row = {key: str(filled) if kind == "TEXT" else filled for key, kind in columns.items()}
                    db.table(name).insert(row | {column: server})
        return filled

    filled = await storage.write(fill_all)
    await Privacy(storage, lambda: NOW).left(SERVER)
    everywhere = await storage.read(everything)
    assert str(SERVER) not in everywhere
    assert everywhere.count(str(other)) >= filled // 2 > 5


async def test_each_of_the_forgotten_is_somebody_else_in_a_session_that_goes_on(storage: Storage) -> None:
    """No two become one, and the session is looked at with the next beat."""
    await storage.write(lambda db: fill(db, ADA))
    for learner in (ADA, GRACE):
        await storage.write(lambda db, who=learner: personal.erase(db, who))  # type: ignore[misc]
    [row] = await storage.read(lambda db: list(db.query("SELECT state FROM sessions")))
    assert json.loads(row["state"]) == {"host": -1, "players": {"-1": "red", "-2": "blue"}}
    assert await storage.read(lambda db: group_sessions.due(db, "round", NOW)) == ["open-1"]


async def test_a_server_that_was_left_while_the_bot_was_off_is_forgotten_after_a_week(storage: Storage) -> None:
    """Only one that the bot was in, and that is missed for a week without a break; where the bot never was, choices stay."""
    away, elsewhere, day = SERVER + 1, SERVER + 2, timedelta(days=1)

    def choose(db: Database) -> None:
        for server in (SERVER, away):
            servers.save(db, server, GroupChoices())
        db.table("shown_on").insert({"learner": ADA, "guild": elsewhere})

    await storage.write(choose)
    clock = [NOW]
    privacy = Privacy(storage, lambda: clock[0])
    for days, present, gone in (
        (0, {SERVER}, []),
        (6, {SERVER}, []),
        (6, {SERVER, away}, []),
        (8, {SERVER}, []),
        (14, {SERVER}, []),
        (15, {SERVER}, [away]),
        (16, {SERVER}, []),
    ):
        clock[0] = NOW + days * day
        assert await privacy.compare(present) == gone, days
    assert str(away) not in await storage.read(everything)
    assert str(SERVER) in await storage.read(everything)
    assert str(elsewhere) in await storage.read(everything)


async def test_the_bot_notes_which_servers_it_is_in(simcord_env: simcord.Env, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """Once it is connected, those that Discord calls unavailable included."""
    simcord_env.bot.get_guild(simcord_env.guild.id).unavailable = True
    await simcord_env.bot.get_cog("PrivacyCog").compare()
    assert await storage.read(lambda db: [row["server"] for row in db.query("SELECT server FROM memberships WHERE missed = ''")]) == [
        simcord_env.guild.id
    ]


@pytest.mark.parametrize("verb", ["show", "export", "delete"])
async def test_before_anything_is_kept_each_says_so(ada: simcord.MemberActor, channel: simcord.ChannelHandle, verb: str) -> None:
    """A newcomer gets a clear answer, privately."""
    shown = await ada.slash(channel, f"privacy {verb}")
    assert shown.ephemeral
    assert shown.response is not None


async def test_a_learner_sees_takes_and_deletes(ada: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage) -> None:
    """After a quiz answer: counts in words, a file with the rows, and after the question nothing."""
    quiz = await ada.slash(channel, "quiz")
    await ada.click(quiz.response, label="A")
    shown = await ada.slash(channel, "privacy show")
    assert "1 × answers" in text(shown.response)
    assert buttons(shown.response) == ["Download all of it", "Delete all of it"]
    file = (await ada.click(shown.response, label="Download all of it")).response
    assert file is not None
    asked = await ada.click(shown.response, label="Delete all of it")
    assert "cannot be undone" in text(asked.response)
    done = await ada.click(asked.response, custom_id=action(asked.response, "Yes, delete everything"))
    assert "Nothing is kept" in text(done.response)
    assert str(ada.id) not in await storage.read(everything)


async def test_what_is_too_large_for_discord_is_packed(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is cut: unpacked, it is the very same rows."""
    await storage.write(lambda db: fill(db, ADA))
    [_, plain] = (await Privacy(storage, lambda: NOW).export(ADA)).blocks
    monkeypatch.setattr("bot.app.privacy.FILE_BYTES", 100)
    [_, packed] = (await Privacy(storage, lambda: NOW).export(ADA)).blocks
    assert isinstance(plain, File)
    assert isinstance(packed, File)
    assert (plain.name, packed.name) == ("portside-data.json", "portside-data.json.gz")
    assert gzip.decompress(packed.data) == plain.data


async def test_a_report_loses_its_author_and_keeps_its_reason(storage: Storage) -> None:
    """What was wrong with the question is still known, who said so and in which words is not; two forgotten authors do not collide."""
    thing = Thing(Kind.QUESTION, "q-1")
    for learner in (ADA, GRACE):
        await storage.write(lambda db, who=learner: reports.add(db, who, thing, "", 0, Reason.KEY, "my words", NOW))  # type: ignore[misc]
        await storage.write(lambda db, who=learner: personal.erase(db, who))  # type: ignore[misc]
    left = await storage.read(lambda db: reports.open_ones(db, 0))
    assert [(report.learner, report.words, report.reason) for report in left] == [(None, "", Reason.KEY)] * 2
    assert Case(thing, tuple(left), Analysis()).reporters == 2
    await Privacy(storage, lambda: NOW + ABSENCE + timedelta(days=1)).forget_absent()
    assert await storage.read(lambda db: reports.open_ones(db, 0)) == []
