"""Small facts about the installation itself, by key.

Responsible for: one row per key.
Leaves to others: what a key means (whoever writes it).
"""

from __future__ import annotations

from sqlite_utils import Database


def get(db: Database, key: str) -> str:
    """The value, "" if there is none."""
    found = next(iter(db.query("SELECT value FROM settings WHERE key = ?", [key])), None)
    return str(found["value"]) if found else ""


def put(db: Database, key: str, value: str) -> None:
    db.execute("INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", [key, value])
