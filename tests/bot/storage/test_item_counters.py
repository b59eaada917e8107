"""Item statistics as counters: whatever the history, they are what counting all answers afresh gives."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import answers
from bot.learning.item_analysis import KNOWN_AFTER
from bot.learning.items import Level
from bot.storage import Database, Storage, item_counters
from bot.storage.attempts import Attempt
from bot.storage.migrations import migrations
from tests.bot.conftest import NOW


def fresh() -> Database:
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    migrations.apply(db)
    return db


def counted(db: Database) -> tuple[Any, Any]:
    return item_counters.tallies(db), item_counters.times(db)


attempts_given = st.builds(
    lambda learner, item, instance, option, correct, hints, seconds: Attempt(
        learner, f"q{item}", f"skill-{item % 2}", "", 0, option, correct, "", NOW, hints, instance, f"belief-{option}" if not correct else "",
        seconds,
    ),
    st.integers(1, 4), st.integers(0, 3), st.sampled_from(["", "", "a", "b"]), st.integers(-1, 3), st.booleans(), st.integers(0, 2),
    st.none() | st.integers(0, 3600),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(attempts_given, max_size=40))
def test_counters_are_what_all_answers_give(history: list[Attempt]) -> None:
    """Repeated answers, other instances, hints, times, written answers: the counters and a recount agree."""
    db = fresh()
    for number, attempt in enumerate(history):
        answers.record(db, replace(attempt, session=f"s{number}", at=NOW + timedelta(minutes=number)), Level.BEGINNER, 4)
    kept = counted(db)
    assert sum(t.answers for item in kept[0].values() for t in item) == len({(a.learner, a.item) for a in history})
    item_counters.recount(db)
    assert counted(db) == kept


async def test_a_learner_is_placed_after_some_answers(storage: Storage) -> None:
    """The first five say nothing of how strong somebody is; the sixth answer is counted with the estimate from before it."""
    for number in range(KNOWN_AFTER + 1):
        attempt = Attempt(1, f"q{number}", "skill", f"s{number}", 0, 0, True, "", NOW)
        await storage.write(lambda db, a=attempt: answers.record(db, a, Level.BEGINNER, 4))  # type: ignore[misc]
    found = await storage.read(item_counters.tallies)
    assert [found[f"q{number}"][0].placed for number in range(KNOWN_AFTER + 1)] == [0] * KNOWN_AFTER + [1]
    assert found[f"q{KNOWN_AFTER}"][0].strength > 0


async def test_a_file_from_before_is_counted_when_it_is_opened(tmp_path: Path) -> None:
    """The answers of an older version are in the statistics from the first start on; of strength and time they say nothing."""
    path = tmp_path / "portside.db"
    older = Database(sqlite3.connect(path, isolation_level=None))
    migrations.apply(older, stop_before="item_statistics")
    for number, (learner, correct) in enumerate([(1, 1), (1, 0), (2, 0)]):
        older.execute(
            "INSERT INTO attempts (learner, item, skill, session, step, option, correct, at) VALUES (?, 'q', 's', 'x', ?, 0, ?, ?)",
            [learner, number, correct, NOW.isoformat()],
        )
    older.conn.close()

    opened = Storage.open(path)
    [tallies] = (await opened.read(item_counters.tallies)).values()
    assert [(t.correct, t.answers, t.placed) for t in tallies] == [(False, 1, 0), (True, 1, 0)]
    assert await opened.read(item_counters.times) == {}
    opened.close()


async def test_a_forgotten_item_is_counted_from_nothing(storage: Storage) -> None:
    """After a correction its old figures are gone, and nobody else's."""
    for item in ("a", "b"):
        attempt = Attempt(1, item, "skill", item, 0, 0, True, "", NOW, seconds=12)
        await storage.write(lambda db, a=attempt: answers.record(db, a, Level.BEGINNER, 4))  # type: ignore[misc]
    await storage.write(lambda db: item_counters.forget(db, "a"))
    assert list(await storage.read(item_counters.tallies)) == ["b"]
    assert list(await storage.read(item_counters.times)) == ["b"]
