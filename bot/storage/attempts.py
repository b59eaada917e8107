"""Every answer that was given, once, for good. The question's words are not kept, only its id and the option's number.

Responsible for: adding answers, and the few questions asked of them.
Leaves to others: what follows from an answer (`bot.app.answers`, `bot.learning`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.learning.mastery import Evidence


@dataclass(frozen=True, slots=True)
class Attempt:
    """`option` counts from 0 in the author's order, and is -1 where nothing was chosen; `confidence` is "" where the learner said nothing.

    `instance` tells the clusters of a generated item apart, and is "" for an item that is always the same. `misconception` is the one
    that the chosen option comes from. `seconds` is the time it took, None where nobody looked at a clock. `strength` (in thousandths) is
    how strong the learner was taken to be and `chance` how probable a right answer was, both before the answer and None where it moved
    no estimate; `strength` also where too little was known of the learner. What is `voided` is kept and counts for nothing.
    """

    learner: int
    item: str
    skill: str
    session: str
    step: int
    option: int
    correct: bool
    confidence: str
    at: datetime
    hints: int = 0
    instance: str = ""
    misconception: str = ""
    seconds: int | None = None
    strength: int | None = None
    chance: float | None = None
    voided: bool = False


def add(db: Database, attempt: Attempt) -> None:
    """Adds an answer. A second answer to the same step of the same session raises: the session must have refused it."""
    db.execute(
        "INSERT INTO attempts (learner, item, skill, session, step, option, correct, confidence, at, hints, instance,"
        " misconception, seconds, strength, chance, voided) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            attempt.learner, attempt.item, attempt.skill, attempt.session, attempt.step, attempt.option,
            int(attempt.correct), attempt.confidence, attempt.at.isoformat(), attempt.hints, attempt.instance,
            attempt.misconception, attempt.seconds, attempt.strength, attempt.chance, int(attempt.voided),
        ],
    )  # fmt: skip


def given(db: Database, item: str, learner: int) -> Mapping[int, Attempt]:
    """A learner's answers to an item that count, oldest first, by their number in the file."""
    rows = db.query("SELECT * FROM attempts WHERE learner = ? AND item = ? AND NOT voided ORDER BY id", [learner, item])
    return {row["id"]: _attempt(row) for row in rows}


def following(db: Database, item: str, after: int, last: int, most: int) -> Mapping[int, Attempt]:
    """The next answers to an item that count, at most so many, numbered above `after` and up to `last`; oldest first."""
    rows = db.query(
        "SELECT * FROM attempts WHERE item = ? AND id > ? AND id <= ? AND NOT voided ORDER BY id LIMIT ?", [item, after, last, most]
    )
    return {row["id"]: _attempt(row) for row in rows}


def first(db: Database, one: Attempt) -> int:
    """The number of its learner's first answer to the same instance of the same item: the one that moved estimates."""
    rows = db.execute(
        "SELECT min(id) FROM attempts WHERE learner = ? AND item = ? AND instance = ? AND NOT voided", [one.learner, one.item, one.instance]
    )
    return int(rows.fetchone()[0] or 0)


def last(db: Database) -> int:
    """The number of the newest answer; 0 before there is any."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM attempts").fetchone()[0])


def moving(db: Database, learner: int) -> Sequence[tuple[int, str, str, float | None]]:
    """The learner's answers that moved estimates, oldest first: number, item, skill, and how probable a right answer was."""
    rows = db.execute(
        "SELECT id, item, skill, chance FROM attempts WHERE skill <> '' AND id IN"
        " (SELECT min(id) FROM attempts WHERE learner = ? AND NOT voided GROUP BY item, instance) ORDER BY id",
        [learner],
    )
    return rows.fetchall()


def correct(db: Database, number: int) -> None:
    """The answer of this number was right after all."""
    db.execute("UPDATE attempts SET correct = 1 WHERE id = ?", [number])


def void(db: Database, number: int) -> None:
    """The answer of this number counts for nothing any more."""
    db.execute("UPDATE attempts SET voided = 1 WHERE id = ?", [number])


def answered(db: Database, learner: int, item: str, instance: str | None = "") -> bool:
    """Has the learner answered this item, or this instance of it, before, so that it counts? None: whichever instance."""
    rows = db.execute(
        "SELECT 1 FROM attempts WHERE learner = :learner AND item = :item AND (:instance IS NULL OR instance = :instance)"
        " AND NOT voided LIMIT 1",
        {"learner": learner, "item": item, "instance": instance},
    )
    return rows.fetchone() is not None


def last_results(db: Database, learner: int) -> Mapping[str, bool]:
    """For every item that the learner has answered: was the newest answer right? The item answered last comes first."""
    rows = db.query(
        "SELECT item, correct FROM attempts"
        " WHERE id IN (SELECT max(id) FROM attempts WHERE learner = ? AND NOT voided GROUP BY item) ORDER BY id DESC",
        [learner],
    )
    return {row["item"]: bool(row["correct"]) for row in rows}


def newest(db: Database, learner: int, limit: int) -> Sequence[tuple[str, str]]:
    """What the learner answered last, as items with their instances; each once."""
    rows = db.execute(
        "SELECT item, instance FROM attempts WHERE learner = ? GROUP BY item, instance ORDER BY max(id) DESC LIMIT ?", [learner, limit]
    )
    return [(item, instance) for item, instance in rows.fetchall()]


def evidence(db: Database, learner: int, skill: str | None = None) -> Sequence[Evidence]:
    """A learner's answers as evidence, oldest first; of one skill, or of all."""
    rows = db.query(
        "SELECT skill, item, instance, correct, confidence, hints, at FROM attempts"
        " WHERE learner = :learner AND NOT voided AND (:skill IS NULL OR skill = :skill) ORDER BY id",
        {"learner": learner, "skill": skill},
    )
    return [
        Evidence(
            row["skill"], row["instance"] or row["item"], bool(row["correct"]), row["confidence"] or "", row["hints"],
            datetime.fromisoformat(row["at"]),
        )
        for row in rows
    ]  # fmt: skip


def _attempt(row: Mapping[str, Any]) -> Attempt:
    return Attempt(
        row["learner"], row["item"], row["skill"], row["session"], row["step"], row["option"], bool(row["correct"]),
        row["confidence"] or "", datetime.fromisoformat(row["at"]), row["hints"], row["instance"], row["misconception"], row["seconds"],
        row["strength"], row["chance"], bool(row["voided"]),
    )  # fmt: skip
