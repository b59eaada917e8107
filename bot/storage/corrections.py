"""Corrections of answers that are under way: one row for each decision until all answers that were given before it are corrected.

Responsible for: these rows, and how far each has come.
Leaves to others: correcting (`bot.app.corrections`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class UnderWay:
    """`belief` is the misconception of the option that was accepted. Answers up to the number `last` were given before the decision, those
    up to `at` have been seen to, and `moved` of them moved the question's difficulty when they were given.
    """

    decision: int
    belief: str
    last: int
    at: int = 0
    moved: int = 0


def save(db: Database, under_way: UnderWay) -> None:
    db.execute(
        "INSERT OR REPLACE INTO corrections (decision, belief, last, at, moved) VALUES (?, ?, ?, ?, ?)",
        [under_way.decision, under_way.belief, under_way.last, under_way.at, under_way.moved],
    )


def first(db: Database) -> UnderWay | None:
    """The oldest one; None: nothing is left to correct."""
    found = next(iter(db.query("SELECT * FROM corrections ORDER BY decision LIMIT 1")), None)
    return UnderWay(found["decision"], found["belief"], found["last"], found["at"], found["moved"]) if found else None


def done(db: Database, decision: int) -> None:
    db.execute("DELETE FROM corrections WHERE decision = ?", [decision])
