"""Which questions and labs are taken out: on a server by its moderators, everywhere by the operator.

Responsible for: one row per thing and server; server 0 is everywhere.
Leaves to others: who may take out (`bot.app.judge_reports`), not asking them (whoever chooses questions).
"""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from bot.learning.reporting import Kind, Thing


def held(db: Database, server: int) -> frozenset[str]:
    """The ids of what is not asked on this server (0: outside of servers)."""
    return frozenset(row["item"] for row in db.query("SELECT item FROM quarantines WHERE server IN (0, ?)", [server]))


def where(db: Database, server: int, thing: Thing) -> frozenset[int]:
    """On which of the two a thing is taken out: on this server, everywhere (0)."""
    rows = db.query("SELECT server FROM quarantines WHERE kind = ? AND item = ? AND server IN (0, ?)", [thing.kind.value, thing.id, server])
    return frozenset(row["server"] for row in rows)


def everything(db: Database, server: int) -> frozenset[Thing]:
    """What is taken out on this server, or everywhere, by this very decision-maker."""
    return frozenset(Thing(Kind(row["kind"]), row["item"]) for row in db.query("SELECT * FROM quarantines WHERE server = ?", [server]))


def take_out(db: Database, thing: Thing, server: int, now: datetime) -> None:
    db.execute(
        "INSERT OR IGNORE INTO quarantines (kind, item, server, at) VALUES (?, ?, ?, ?)",
        [thing.kind.value, thing.id, server, now.isoformat()],
    )


def bring_back(db: Database, thing: Thing, server: int) -> None:
    db.execute("DELETE FROM quarantines WHERE kind = ? AND item = ? AND server = ?", [thing.kind.value, thing.id, server])
