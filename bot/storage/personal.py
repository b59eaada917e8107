"""All that is kept about one learner, in whatever table: to show, to hand out, to forget.

Responsible for: finding a learner's rows in every table, erasing them, who has been away for long, what belongs to a server.
Leaves to others: when (`bot.app.privacy`), the tables themselves (the modules beside this one).
A table is personal if it has a column `learner`, and a server's if it has a column `guild` or `server`. A test walks the schema:
a table that is neither must be named in IMPERSONAL, so that none is forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from sqlite_utils import Database

from bot.storage import group_sessions

IMPERSONAL = frozenset({"_sqlite_migrations", "sqlite_sequence", "settings", "difficulties", "item_answers", "item_times", "corrections"})
"""Tables in which no row is about anybody."""

_WITHOUT_AUTHOR = {"reports": "UPDATE reports SET learner = NULL, words = '' WHERE learner = ?"}
"""Tables whose rows lose the learner instead of going away with the learner."""

_SIGNS_OF_LIFE = (("sessions", "changed"), ("attempts", "at"), ("lesson_progress", "opened"), ("manifests", "applied"), ("reports", "at"))


def tables(db: Database) -> Sequence[str]:
    """The tables that hold rows of learners."""
    return [name for name in db.table_names() if "learner" in _columns(db, name)]


def rows(db: Database, learner: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Every row about a learner, by table, sessions of several people in which the learner took part included."""
    found: dict[str, Sequence[Mapping[str, Any]]] = {
        name: list(db.query(f"SELECT * FROM [{name}] WHERE learner = ?", [learner]))  # noqa: S608 - the name is from the schema
        for name in tables(db)
    }
    found["sessions"] = list({row["id"]: row for row in (*found["sessions"], *_sessions_with(db, learner))}.values())
    return {name: rows for name, rows in found.items() if rows}


def erase(db: Database, learner: int) -> int:
    """Removes every row about a learner, and says how many there were.

    An open session of several people goes on with a number below zero in place of the id, and is looked at with the next beat.
    """
    erased = sum(len(found) for found in rows(db, learner).values())
    for session in _sessions_with(db, learner):
        if session["closed"] is None:
            nobody = next(-number for number in count(1) if not _mentions(session["state"], -number))
            state = _as_whole(learner).sub(str(nobody), session["state"])
            db.execute("UPDATE sessions SET state = ?, learner = 0 WHERE id = ?", [state, session["id"]])
            group_sessions.wake(db, session["id"])
        else:
            db.execute("DELETE FROM sessions WHERE id = ?", [session["id"]])
            db.execute("DELETE FROM group_sessions WHERE session = ?", [session["id"]])
    for name in tables(db):
        db.execute(_WITHOUT_AUTHOR.get(name, f"DELETE FROM [{name}] WHERE learner = ?"), [learner])  # noqa: S608
    return erased


def absent_since(db: Database, moment: datetime) -> Sequence[int]:
    """Learners of whom nothing has been heard since then."""
    signs = " UNION ALL ".join(f"SELECT learner, {column} AS seen FROM {table}" for table, column in _SIGNS_OF_LIFE)  # noqa: S608
    absent = f"SELECT learner FROM ({signs}) WHERE learner > 0 GROUP BY learner HAVING max(seen) < ?"  # noqa: S608
    return [learner for (learner,) in db.execute(absent, [moment.isoformat()]).fetchall()]


def forget_server(db: Database, server: int) -> None:
    """Removes what was kept for a server that the bot has left, the rounds and drills there included."""
    db.execute("DELETE FROM sessions WHERE id IN (SELECT session FROM group_sessions WHERE server = ?)", [server])
    for name in db.table_names():
        for column in {"guild", "server"} & _columns(db, name):
            db.execute(f"DELETE FROM [{name}] WHERE [{column}] = ?", [server])  # noqa: S608


def _sessions_with(db: Database, learner: int) -> Sequence[Mapping[str, Any]]:
    """Sessions of several people whose state speaks of the learner."""
    found = db.query("SELECT sessions.* FROM sessions JOIN group_sessions ON session = id WHERE instr(state, ?)", [str(learner)])
    return [row for row in found if _mentions(row["state"], learner)]


def _mentions(state: str, number: int) -> bool:
    return _as_whole(number).search(state) is not None


def _as_whole(number: int) -> re.Pattern[str]:
    """The number where it is not a part of another one."""
    return re.compile(rf"(?<![\w-]){number}\b")


def _columns(db: Database, table: str) -> set[str]:
    return {column.name for column in db.table(table).columns}
