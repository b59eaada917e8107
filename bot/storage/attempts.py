"""Every answer that was given, once, for good. The question's words are not kept, only its id and the option's number.

Responsible for: adding answers, and the few questions asked of them.
Leaves to others: what follows from an answer (`bot.app.answers`, `bot.learning`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.learning.mastery import Evidence


@dataclass(frozen=True, slots=True)
class Attempt:
    """`option` counts from 0 in the author's order, and is -1 where nothing was chosen; `confidence` is "" where the learner said nothing.

    `instance` tells the clusters of a generated item apart, and is "" for an item that is always the same.
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


def add(db: Database, attempt: Attempt) -> None:
    """Adds an answer. A second answer to the same step of the same session raises: the session must have refused it."""
    db.execute(
        "INSERT INTO attempts (learner, item, skill, session, step, option, correct, confidence, at, hints, instance)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            attempt.learner, attempt.item, attempt.skill, attempt.session, attempt.step, attempt.option,
            int(attempt.correct), attempt.confidence, attempt.at.isoformat(), attempt.hints, attempt.instance,
        ],
    )  # fmt: skip


def answered(db: Database, learner: int, item: str, instance: str = "") -> bool:
    """Has the learner answered this item, or this instance of it, before?"""
    rows = db.execute("SELECT 1 FROM attempts WHERE learner = ? AND item = ? AND instance = ? LIMIT 1", [learner, item, instance])
    return rows.fetchone() is not None


def last_results(db: Database, learner: int) -> Mapping[str, bool]:
    """For every item that the learner has answered: was the newest answer right? The item answered last comes first."""
    rows = db.query(
        "SELECT item, correct FROM attempts WHERE id IN (SELECT max(id) FROM attempts WHERE learner = ? GROUP BY item) ORDER BY id DESC",
        [learner],
    )
    return {row["item"]: bool(row["correct"]) for row in rows}


def evidence(db: Database, learner: int, skill: str | None = None) -> Sequence[Evidence]:
    """A learner's answers as evidence, oldest first; of one skill, or of all."""
    rows = db.query(
        "SELECT skill, item, instance, correct, confidence, hints, at FROM attempts"
        " WHERE learner = :learner AND (:skill IS NULL OR skill = :skill) ORDER BY id",
        {"learner": learner, "skill": skill},
    )
    return [
        Evidence(
            row["skill"], row["instance"] or row["item"], bool(row["correct"]), row["confidence"] or "", row["hints"],
            datetime.fromisoformat(row["at"]),
        )
        for row in rows
    ]  # fmt: skip
