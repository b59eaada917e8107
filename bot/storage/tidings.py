"""What learners are still to be told about reported items: one row each, gone once it was told.

Responsible for: these rows, and which of them may go by direct message.
Leaves to others: telling (`bot.frontend.cogs.report`), the words (`bot.rendering.reports`).
A row is removed after it was told, not before: killed in between, the bot tells it once more rather than never, and Discord, which knows
it by its nonce for some minutes, shows it once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

DECIDED, CORRECTED = "decided", "corrected"


@dataclass(frozen=True, slots=True)
class Tiding:
    """`what`: a report of the learner's was decided, or an answer of the learner's was corrected; both by the decision of this number."""

    id: int
    learner: int
    decision: int
    what: str


def add(db: Database, learner: int, decision: int, what: str, *, direct: bool) -> None:
    """To be told once. `direct`: by direct message if the learner allows it, else the next time the bot is used."""
    db.execute(
        "INSERT OR IGNORE INTO tidings (learner, decision, what, direct) VALUES (?, ?, ?, ?)", [learner, decision, what, int(direct)]
    )


def of(db: Database, learner: int) -> Sequence[Tiding]:
    """All that this learner is to be told, oldest first."""
    return [_tiding(row) for row in db.query("SELECT * FROM tidings WHERE learner = ? ORDER BY id", [learner])]


def to_send(db: Database, learners: int = 20) -> Mapping[int, Sequence[Tiding]]:
    """What is to go by direct message now, by learner; of so many learners at most."""
    found: dict[int, list[Tiding]] = {}
    first = "SELECT learner FROM tidings WHERE direct GROUP BY learner ORDER BY min(id) LIMIT ?"
    for row in db.query(f"SELECT * FROM tidings WHERE direct AND learner IN ({first}) ORDER BY id", [learners]):  # noqa: S608 - ours
        found.setdefault(row["learner"], []).append(_tiding(row))
    return found


def told(db: Database, tidings: Collection[Tiding]) -> None:
    for tiding in tidings:
        db.execute("DELETE FROM tidings WHERE id = ?", [tiding.id])


def wait(db: Database, learner: int) -> None:
    """This learner takes no direct messages: what there is to tell waits for the next use of the bot."""
    db.execute("UPDATE tidings SET direct = 0 WHERE learner = ?", [learner])


def _tiding(row: Mapping[str, int | str]) -> Tiding:
    return Tiding(int(row["id"]), int(row["learner"]), int(row["decision"]), str(row["what"]))
