"""When and where a server's question of the day is asked: one row per server that chose something; and what was asked, one per item.

Responsible for: these rows, and which plans are due.
Leaves to others: what follows from a plan (`bot.app.daily_question`).
A bot that was away finds in `following` what it has missed, and keeps no timer anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time

from sqlite_utils import Database

from bot.learning.hosting import DailyFault, DailyPlan


def of(db: Database, server: int) -> DailyPlan:
    row = next(iter(db.query("SELECT * FROM daily_plans WHERE server = ?", [server])), None)
    if row is None:
        return DailyPlan()
    return DailyPlan(
        row["channel"], time.fromisoformat(row["at"]), row["zone"], row["topic"], tuple(row["levels"].split()),
        datetime.fromisoformat(row["following"]) if row["following"] else None,
        DailyFault(row["fault"]) if row["fault"] else None, row["failures"],
    )  # fmt: skip


def save(db: Database, server: int, plan: DailyPlan) -> None:
    db.execute(
        "INSERT OR REPLACE INTO daily_plans (server, channel, at, zone, topic, levels, following, fault, failures)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            server, plan.channel, plan.at.isoformat("minutes"), plan.zone, plan.topic, " ".join(plan.levels),
            _text(plan.following) if plan.following else "", plan.fault.value if plan.fault else "", plan.failures,
        ],
    )  # fmt: skip


def due(db: Database, now: datetime, most: int) -> Sequence[int]:
    """At most so many servers whose question is due, the one that has waited longest first."""
    rows = db.execute(
        "SELECT server FROM daily_plans WHERE following <> '' AND following <= ? ORDER BY following LIMIT ?", [_text(now), most]
    )
    return [server for (server,) in rows.fetchall()]


def asked(db: Database, server: int) -> Mapping[str, datetime]:
    """When each item was asked last on this server."""
    return {row["item"]: datetime.fromisoformat(row["at"]) for row in db.query("SELECT * FROM daily_asked WHERE server = ?", [server])}


def note_asked(db: Database, server: int, item: str, now: datetime) -> None:
    db.execute("INSERT OR REPLACE INTO daily_asked (server, item, at) VALUES (?, ?, ?)", [server, item, now.isoformat()])


def forget_asked(db: Database, server: int, item: str) -> None:
    """The item was not asked after all."""
    db.execute("DELETE FROM daily_asked WHERE server = ? AND item = ?", [server, item])


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
