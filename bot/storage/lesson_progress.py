"""Which steps of the lessons a learner has opened and marked as understood.

Responsible for: one row per learner and lesson chunk.
Leaves to others: what a chunk is (`bot.library`), what comes next (`bot.app.read_lesson`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Progress:
    """Chunk ids. `last` is the one opened most recently, "" if none."""

    opened: frozenset[str]
    understood: frozenset[str]
    last: str


def opened(db: Database, learner: int, chunk: str, now: datetime) -> None:
    """Notes that the chunk is on the learner's screen now."""
    db.execute(
        "INSERT INTO lesson_progress (learner, chunk, opened) VALUES (?, ?, ?)"
        " ON CONFLICT (learner, chunk) DO UPDATE SET opened = excluded.opened",
        [learner, chunk, now.isoformat()],
    )


def understood(db: Database, learner: int, chunk: str, now: datetime) -> None:
    """Marks the chunk as understood; the first time counts."""
    at = now.isoformat()
    db.execute(
        "INSERT INTO lesson_progress (learner, chunk, opened, understood) VALUES (:learner, :chunk, :at, :at)"
        " ON CONFLICT (learner, chunk) DO UPDATE SET understood = coalesce(understood, excluded.understood)",
        {"learner": learner, "chunk": chunk, "at": at},
    )


def of(db: Database, learner: int) -> Progress:
    rows = list(db.query("SELECT chunk, understood FROM lesson_progress WHERE learner = ? ORDER BY opened, rowid", [learner]))
    return Progress(
        opened=frozenset(row["chunk"] for row in rows),
        understood=frozenset(row["chunk"] for row in rows if row["understood"]),
        last=rows[-1]["chunk"] if rows else "",
    )
