"""Sessions of several people: where each is shown, and when it goes on by itself. Its state is a row of `sessions` like any other.

Responsible for: the channel and the messages of a round or a drill, its next deadline, forgetting those that ended long ago.
Leaves to others: the state (`sessions`), what a deadline means (`bot.app`).
The schedule is this table: a bot that was killed finds every deadline here, and keeps none anywhere else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.storage import sessions
from bot.storage.sessions import SessionRow

KEPT = timedelta(days=30)
"""For how long one can still look at one's answers in a session that is over."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session is shown. `messages` by what they show, e.g. the number of a turn; `server` is 0 in direct messages."""

    session: str
    server: int
    channel: int
    messages: Mapping[str, int] = field(default_factory=dict)


def begin(db: Database, row: SessionRow, place: Place, due: datetime | None, now: datetime) -> None:
    """Keeps a new session, and forgets those of all people that ended long ago."""
    sessions.save(db, row, now)
    db.execute(
        "INSERT INTO group_sessions (session, server, channel, messages, due) VALUES (?, ?, ?, ?, ?)",
        [place.session, place.server, place.channel, json.dumps(place.messages), _text(due)],
    )
    old = "SELECT session FROM group_sessions JOIN sessions ON sessions.id = session WHERE closed < ?"
    for (session,) in db.execute(old, [(now - KEPT).isoformat()]).fetchall():
        drop(db, session)


def save(db: Database, row: SessionRow, due: datetime | None, now: datetime) -> None:
    """Keeps a session's newest state with its next deadline."""
    sessions.save(db, row, now)
    db.execute("UPDATE group_sessions SET due = ? WHERE session = ?", [_text(due), row.id])


def wake(db: Database, session: str) -> None:
    """Has a session looked at with the next beat, before its deadline: it was changed from outside."""
    db.execute("UPDATE group_sessions SET due = '' WHERE session = ?", [session])


def wake_asking(db: Database, kind: str, item: str, server: int) -> None:
    """Wakes the open sessions of a kind that ask this one item on a server (0: on any)."""
    asking = (
        "SELECT sessions.id FROM sessions JOIN group_sessions ON session = sessions.id WHERE kind = :kind AND closed IS NULL"
        " AND (:server = 0 OR server = :server) AND json_extract(state, '$.question.item') = :item"
    )
    for (session,) in db.execute(asking, {"kind": kind, "item": item, "server": server}).fetchall():
        wake(db, session)


def place(db: Database, session: str) -> Place | None:
    found = next(iter(db.query("SELECT * FROM group_sessions WHERE session = ?", [session])), None)
    return Place(session, found["server"], found["channel"], json.loads(found["messages"])) if found else None


def move(db: Database, session: str, channel: int) -> None:
    """The session is shown in another channel from now on, and there by new messages."""
    db.execute("UPDATE group_sessions SET channel = ?, messages = '{}' WHERE session = ?", [channel, session])


def put_message(db: Database, session: str, what: str, message: int | None) -> None:
    """Notes which message shows `what` of the session; None: it is gone."""
    found = place(db, session)
    if found is not None:
        messages = {key: value for key, value in found.messages.items() if key != what} | ({what: message} if message else {})
        db.execute("UPDATE group_sessions SET messages = ? WHERE session = ?", [json.dumps(messages), session])


def due(db: Database, kind: str, now: datetime) -> Sequence[str]:
    """The open sessions of a kind whose deadline has come, or that were woken before it."""
    rows = db.execute(
        "SELECT session FROM group_sessions JOIN sessions ON sessions.id = session WHERE kind = ? AND closed IS NULL AND due <= ?",
        [kind, _text(now)],
    )
    return [session for (session,) in rows.fetchall()]


def recent(db: Database, kind: str, since: datetime) -> Sequence[str]:
    """The sessions of a kind that are open, or ended after `since`: what a bot that was away may not have shown yet."""
    rows = db.execute(
        "SELECT session FROM group_sessions JOIN sessions ON sessions.id = session WHERE kind = ? AND (closed IS NULL OR closed > ?)",
        [kind, _text(since)],
    )
    return [session for (session,) in rows.fetchall()]


def unshown(db: Database, kind: str) -> Sequence[str]:
    """The sessions of a kind that are open and have no message yet, or are over and have one that still wants its last edit."""
    rows = db.execute(
        "SELECT session FROM group_sessions JOIN sessions ON sessions.id = session WHERE kind = ? AND (closed IS NULL) = (messages = '{}')",
        [kind],
    )
    return [session for (session,) in rows.fetchall()]


def open_on(db: Database, kind: str, server: int) -> Sequence[str]:
    """The open sessions of a kind on a server."""
    rows = db.execute(
        "SELECT session FROM group_sessions JOIN sessions ON sessions.id = session WHERE kind = ? AND closed IS NULL AND server = ?",
        [kind, server],
    )
    return [session for (session,) in rows.fetchall()]


def drop(db: Database, session: str) -> None:
    """Removes a session that nobody has seen."""
    db.execute("DELETE FROM group_sessions WHERE session = ?", [session])
    db.execute("DELETE FROM sessions WHERE id = ?", [session])


def open_ones(db: Database, kind: str, channel: int) -> Sequence[str]:
    """The open sessions of a kind in a channel."""
    rows = db.execute(
        "SELECT session FROM group_sessions JOIN sessions ON sessions.id = session WHERE kind = ? AND closed IS NULL AND channel = ?",
        [kind, channel],
    )
    return [session for (session,) in rows.fetchall()]


def _text(time: datetime | None) -> str | None:
    return time.isoformat(timespec="microseconds") if time else None
