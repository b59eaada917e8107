"""The servers that the bot is in, as far as anything may be kept for them, and since when one of them has been missed.

Responsible for: one row per server.
Leaves to others: how long one has to be missed to count as left (`bot.app.privacy`), removing what was kept (`personal`).
A server is told of as left only to a bot that is there to hear it; these rows find the others.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlite_utils import Database

_CHOSEN = ("server_settings", "daily_plans", "packs", "role_rewards")
"""Tables that a host can only have filled where the bot was."""


def compare(db: Database, present: Collection[int], now: datetime) -> None:
    """Notes these servers as those that the bot is in, and that it misses the others that it knows."""
    for table in _CHOSEN:
        db.execute(f"INSERT OR IGNORE INTO memberships (server, missed) SELECT DISTINCT server, '' FROM [{table}]")  # noqa: S608 - ours
    db.conn.executemany("INSERT OR REPLACE INTO memberships (server, missed) VALUES (?, '')", [(server,) for server in present])
    known = [server for (server,) in db.execute("SELECT server FROM memberships WHERE missed = ''").fetchall()]
    for server in set(known) - set(present):
        db.execute("UPDATE memberships SET missed = ? WHERE server = ?", [now.isoformat(), server])


def missed_since(db: Database, moment: datetime) -> Sequence[int]:
    """The servers that have been missed at least since then."""
    rows = db.execute("SELECT server FROM memberships WHERE missed <> '' AND missed <= ? ORDER BY server", [moment.isoformat()])
    return [server for (server,) in rows.fetchall()]
