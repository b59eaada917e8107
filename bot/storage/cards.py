"""What each learner remembers of each item: one review card per learner and item.

Responsible for: keeping and finding cards.
Leaves to others: when a card is due (`bot.learning.review`), what makes one (`bot.app.answers`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.learning.review import Card


def save(db: Database, learner: int, cards: Iterable[Card]) -> None:
    """Keeps the newest state of these cards."""
    for card in cards:
        db.execute(
            "INSERT OR REPLACE INTO cards (learner, item, skill, due, memory, reviews, lapses, misled) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                learner, card.item, card.skill, card.due.isoformat(), json.dumps(card.memory, separators=(",", ":")),
                card.reviews, card.lapses, int(card.misled),
            ],
        )  # fmt: skip


def find(db: Database, learner: int, item: str) -> Card | None:
    found = next(iter(db.query("SELECT * FROM cards WHERE learner = ? AND item = ?", [learner, item])), None)
    return _card(found) if found else None


def remove(db: Database, learner: int, item: str) -> None:
    db.execute("DELETE FROM cards WHERE learner = ? AND item = ?", [learner, item])


def of(db: Database, learner: int) -> Sequence[Card]:
    """All cards of a learner, the one due first at the head."""
    return [_card(row) for row in db.query("SELECT * FROM cards WHERE learner = ? ORDER BY due, item", [learner])]


def due_count(db: Database, learner: int, now: datetime) -> int:
    return int(db.execute("SELECT count(*) FROM cards WHERE learner = ? AND due <= ?", [learner, now.isoformat()]).fetchone()[0])


def _card(row: Mapping[str, Any]) -> Card:
    return Card(
        row["item"], row["skill"], datetime.fromisoformat(row["due"]), json.loads(row["memory"]), row["reviews"], row["lapses"],
        bool(row["misled"]),
    )  # fmt: skip
