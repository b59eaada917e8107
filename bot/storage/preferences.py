"""What learners have chosen for themselves: time zone, exam, daily reminder.

Responsible for: one row per learner who chose something.
Leaves to others: what follows from a choice (`bot.app.review_due`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Preferences:
    """`zone` is an IANA name. `remind_at` is in that zone, None: no reminder; `remind_next` is the next one, in UTC."""

    zone: str = "UTC"
    exam: date | None = None
    remind_at: time | None = None
    remind_next: datetime | None = None


def of(db: Database, learner: int) -> Preferences:
    row = next(iter(db.query("SELECT * FROM preferences WHERE learner = ?", [learner])), None)
    if row is None:
        return Preferences()
    return Preferences(
        row["zone"],
        date.fromisoformat(row["exam"]) if row["exam"] else None,
        time.fromisoformat(row["remind_at"]) if row["remind_at"] else None,
        datetime.fromisoformat(row["remind_next"]) if row["remind_next"] else None,
    )


def save(db: Database, learner: int, chosen: Preferences) -> None:
    db.execute(
        "INSERT OR REPLACE INTO preferences (learner, zone, exam, remind_at, remind_next) VALUES (?, ?, ?, ?, ?)",
        [
            learner,
            chosen.zone,
            chosen.exam.isoformat() if chosen.exam else "",
            chosen.remind_at.isoformat("minutes") if chosen.remind_at else "",
            chosen.remind_next.astimezone(UTC).isoformat() if chosen.remind_next else "",
        ],
    )


def to_remind(db: Database, now: datetime) -> Sequence[int]:
    """The learners whose reminder is due."""
    rows = db.query("SELECT learner FROM preferences WHERE remind_next <> '' AND remind_next <= ? ORDER BY learner", [now.isoformat()])
    return [row["learner"] for row in rows]
