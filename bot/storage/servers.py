"""What the hosts of a server have chosen for rounds and drills: one row per server that chose something.

Responsible for: these rows.
Leaves to others: what follows from a choice (`bot.app.server_settings`).
"""

from __future__ import annotations

import json

from sqlite_utils import Database

from bot.learning.hosting import GroupChoices


def of(db: Database, server: int) -> GroupChoices:
    row = next(iter(db.query("SELECT * FROM server_settings WHERE server = ?", [server])), None)
    return GroupChoices(tuple(json.loads(row["channels"])), row["starters"], row["level"]) if row else GroupChoices()


def save(db: Database, server: int, chosen: GroupChoices) -> None:
    db.execute(
        "INSERT OR REPLACE INTO server_settings (server, channels, starters, level) VALUES (?, ?, ?, ?)",
        [server, json.dumps(chosen.channels), chosen.starters, chosen.level],
    )
