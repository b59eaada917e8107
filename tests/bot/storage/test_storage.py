"""What is written is in the file, what fails leaves no trace, and the tables answer what is asked of them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.storage import Database, Storage, StorageError, attempts, lesson_progress, sessions, settings, workspaces
from bot.storage.attempts import Attempt
from bot.storage.sessions import SessionRow
from bot.storage.workspaces import Applied

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "nested" / "portside.db"


@pytest.fixture
def storage(path: Path) -> Iterator[Storage]:
    opened = Storage.open(path)
    yield opened
    opened.close()


def attempt(step: int = 0, item: str = "q-1", correct: bool = True) -> Attempt:
    return Attempt(1, item, "skill", "session", step, 0, correct, "sure", NOW)


async def test_a_write_is_in_the_file_when_it_returns(storage: Storage, path: Path) -> None:
    """Another process that opens the file at once finds the answer, without the writer having closed anything."""
    await storage.write(lambda db: attempts.add(db, attempt()))

    other = sqlite3.connect(path)
    assert other.execute("SELECT item, correct, confidence FROM attempts").fetchall() == [("q-1", 1, "sure")]
    other.close()


async def test_all_of_a_transaction_or_nothing(storage: Storage) -> None:
    """Work that raises leaves nothing behind, and the next work goes through."""

    def half(db: Database) -> None:
        attempts.add(db, attempt(0))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await storage.write(half)
    await storage.write(lambda db: attempts.add(db, attempt(1)))

    assert await storage.read(lambda db: db.table("attempts").count) == 1


async def test_a_step_is_answered_once(storage: Storage) -> None:
    """A second answer to the same step of a session is refused by the file itself."""
    await storage.write(lambda db: attempts.add(db, attempt()))

    with pytest.raises(sqlite3.IntegrityError):
        await storage.write(lambda db: attempts.add(db, attempt()))


async def test_a_locked_file_is_told_from_a_bug(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's lock becomes a StorageError after the waiting time, and nothing is written."""
    storage = Storage.open(path)
    await storage.write(lambda db: db.execute("PRAGMA busy_timeout").fetchone())
    storage._writer.conn.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError):
        await storage.write(lambda db: settings.put(db, "key", "value"))
    other.execute("ROLLBACK")
    other.close()
    storage.close()


async def test_it_opens_again_as_it_was(path: Path) -> None:
    """Closing and opening keeps the data, and applies no migration twice."""
    first = Storage.open(path)
    await first.write(lambda db: settings.put(db, "key", "value"))
    first.close()
    second = Storage.open(path)

    assert await second.read(lambda db: settings.get(db, "key")) == "value"
    assert await second.read(lambda db: settings.get(db, "other")) == ""
    second.close()


async def test_writes_from_many_sides_do_not_collide(storage: Storage) -> None:
    """Fifty at once are fifty rows."""
    await asyncio.gather(*(storage.write(lambda db, n=n: attempts.add(db, attempt(n))) for n in range(50)))

    assert await storage.read(lambda db: db.table("attempts").count) == 50


async def test_sessions_are_found_by_id_and_by_who_left_them_open(storage: Storage) -> None:
    """The newest open one of a kind is found; closed ones, other kinds and other learners are not."""

    def work(db: Database) -> None:
        for number, (name, kind, learner, closed) in enumerate(
            [("a", "quiz", 1, False), ("b", "quiz", 1, False), ("c", "quiz", 1, True), ("d", "lab", 1, False), ("e", "quiz", 2, False)]
        ):
            sessions.save(db, SessionRow(name, kind, learner, {"n": number}, closed), NOW + timedelta(seconds=number))

    await storage.write(work)

    found = await storage.read(lambda db: sessions.latest_open(db, 1, "quiz"))
    assert found == SessionRow("b", "quiz", 1, {"n": 1}, False)
    assert await storage.read(lambda db: sessions.load(db, "c", "lab")) is None
    await storage.write(lambda db: sessions.forget_old(db, 1, "quiz", 1))
    assert await storage.read(lambda db: sessions.load(db, "b", "quiz")) is None
    assert await storage.read(lambda db: sessions.load(db, "e", "quiz")) is not None


async def test_the_newest_result_of_an_item_counts(storage: Storage) -> None:
    """Wrong after right is wrong."""
    await storage.write(
        lambda db: [attempts.add(db, attempt(0, "a")), attempts.add(db, attempt(1, "a", False)), attempts.add(db, attempt(2, "b"))]
    )

    assert await storage.read(lambda db: attempts.last_results(db, 1)) == {"a": False, "b": True}
    assert await storage.read(lambda db: attempts.last_results(db, 2)) == {}


async def test_lessons_remember_where_one_stopped(storage: Storage) -> None:
    """The step opened last is the place to go on; understood stays understood."""

    def work(db: Database) -> None:
        lesson_progress.opened(db, 1, "first", NOW)
        lesson_progress.understood(db, 1, "first", NOW)
        lesson_progress.opened(db, 1, "second", NOW + timedelta(minutes=1))
        lesson_progress.opened(db, 1, "first", NOW + timedelta(minutes=2))

    await storage.write(work)

    progress = await storage.read(lambda db: lesson_progress.of(db, 1))
    assert progress == lesson_progress.Progress(frozenset({"first", "second"}), frozenset({"first"}), "first")
    assert (await storage.read(lambda db: lesson_progress.of(db, 2))).last == ""


async def test_a_workspace_keeps_its_order(storage: Storage) -> None:
    """Documents come back in the order of applying; a reset empties one learner's alone."""
    documents = [Applied("z.yaml", "z", ("Service/default/z",)), Applied("a.yaml", "a", ("Pod/default/a",))]
    await storage.write(lambda db: workspaces.replace(db, 1, documents, NOW))
    await storage.write(lambda db: workspaces.replace(db, 2, documents, NOW))

    assert await storage.read(lambda db: workspaces.of(db, 1)) == documents
    await storage.write(lambda db: workspaces.reset(db, 1))
    assert await storage.read(lambda db: workspaces.of(db, 1)) == []
    assert await storage.read(lambda db: workspaces.of(db, 2)) == documents
