"""The question packs that servers have uploaded, as their text: it is read anew at each start.

Responsible for: one row per server and name.
Leaves to others: what a text holds (`bot.library.packs`), who may change it. Nobody's name is kept with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class PackRow:
    server: int
    name: str
    text: str
    changed: datetime


def save(db: Database, row: PackRow) -> None:
    """Keeps a pack; one of the same name gives way."""
    db.execute(
        "INSERT OR REPLACE INTO packs (server, name, text, changed) VALUES (?, ?, ?, ?)",
        [row.server, row.name, row.text, row.changed.isoformat()],
    )


def remove(db: Database, server: int, name: str) -> None:
    db.execute("DELETE FROM packs WHERE server = ? AND name = ?", [server, name])


def everything(db: Database) -> Sequence[PackRow]:
    return _rows(db, "SELECT * FROM packs ORDER BY server, name", [])


def of_server(db: Database, server: int) -> Sequence[PackRow]:
    return _rows(db, "SELECT * FROM packs WHERE server = ? ORDER BY name", [server])


def _rows(db: Database, query: str, values: Sequence[int]) -> Sequence[PackRow]:
    return [PackRow(row["server"], row["name"], row["text"], datetime.fromisoformat(row["changed"])) for row in db.query(query, values)]
