"""Every answer that was given, once, for good. The question's words are not kept, only its id and the option's number.

Responsible for: adding answers, and the few questions asked of them.
Leaves to others: what follows from an answer (`bot.learning`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Attempt:
    """`option` counts from 0 in the author's order; `confidence` is "" where the learner said nothing."""

    learner: int
    item: str
    skill: str
    session: str
    step: int
    option: int
    correct: bool
    confidence: str
    at: datetime


def add(db: Database, attempt: Attempt) -> None:
    """Adds an answer. A second answer to the same step of the same session raises: the session must have refused it."""
    db.execute(
        "INSERT INTO attempts (learner, item, skill, session, step, option, correct, confidence, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            attempt.learner, attempt.item, attempt.skill, attempt.session, attempt.step, attempt.option,
            int(attempt.correct), attempt.confidence, attempt.at.isoformat(),
        ],
    )  # fmt: skip


def last_results(db: Database, learner: int) -> Mapping[str, bool]:
    """For every item that the learner has answered: was the newest answer right?"""
    rows = db.query(
        "SELECT item, correct FROM attempts WHERE id IN (SELECT max(id) FROM attempts WHERE learner = ? GROUP BY item)", [learner]
    )
    return {row["item"]: bool(row["correct"]) for row in rows}
