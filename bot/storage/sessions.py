"""Open and closed sessions: a quiz, a check of manifests, later a lab or a drill. The state is the session's own JSON.

Responsible for: keeping and finding sessions by id and by learner, forgetting old ones.
Leaves to others: what a state means (`bot.learning`), when a step may be taken (`bot.app`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class SessionRow:
    id: str
    kind: str
    learner: int
    state: Mapping[str, Any]
    closed: bool


def save(db: Database, row: SessionRow, now: datetime) -> None:
    """Keeps the session's newest state; the first time also makes the row."""
    at = now.isoformat()
    db.execute(
        "INSERT INTO sessions (id, kind, learner, state, opened, changed, closed) VALUES (:id, :kind, :learner, :state, :at, :at, :closed)"
        " ON CONFLICT (id) DO UPDATE SET state = excluded.state, changed = excluded.changed, closed = excluded.closed",
        {
            "id": row.id,
            "kind": row.kind,
            "learner": row.learner,
            "state": json.dumps(row.state, separators=(",", ":")),
            "at": at,
            "closed": at if row.closed else None,
        },
    )


def load(db: Database, session: str, kind: str) -> SessionRow | None:
    found = next(iter(db.query("SELECT * FROM sessions WHERE id = ? AND kind = ?", [session, kind])), None)
    return _row(found) if found else None


def latest_open(db: Database, learner: int, kind: str) -> SessionRow | None:
    """The session of this kind that the learner left open last."""
    found = next(
        iter(
            db.query(
                "SELECT * FROM sessions WHERE learner = ? AND kind = ? AND closed IS NULL ORDER BY changed DESC LIMIT 1", [learner, kind]
            )
        ),
        None,
    )
    return _row(found) if found else None


def all_open(db: Database, learner: int, kind: str) -> Sequence[SessionRow]:
    """The learner's open sessions of this kind, the one touched last at the head."""
    rows = db.query(
        "SELECT * FROM sessions WHERE learner = ? AND kind = ? AND closed IS NULL ORDER BY changed DESC, rowid DESC", [learner, kind]
    )
    return [_row(found) for found in rows]


def forget_old(db: Database, learner: int, kind: str, keep: int) -> None:
    """Removes all but the learner's `keep` newest sessions of this kind."""
    db.execute(
        "DELETE FROM sessions WHERE learner = :learner AND kind = :kind AND id NOT IN"
        " (SELECT id FROM sessions WHERE learner = :learner AND kind = :kind ORDER BY changed DESC, rowid DESC LIMIT :keep)",
        {"learner": learner, "kind": kind, "keep": keep},
    )


def _row(found: Mapping[str, Any]) -> SessionRow:
    return SessionRow(found["id"], found["kind"], found["learner"], json.loads(found["state"]), found["closed"] is not None)
