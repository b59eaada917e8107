"""What answers tell about items, as counters: how many chose what, how strong they were, how long it took.

Responsible for: adding one answer to the counters, moving what was counted when a key is corrected, reading them, counting afresh.
Leaves to others: which answers count (`bot.app.answers`), what the counters mean (`bot.learning.item_analysis`).
The counters are sums of whole numbers over each learner's first answer to an item, so they do not depend on the order of answers. No row is
about anybody, and none goes when a learner does. A generated item is counted by its template: its options differ from cluster to cluster,
so they are told apart by the misconception they come from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from sqlite_utils import Database

from bot.learning.item_analysis import BUCKETS, Tally, bucket_of

if TYPE_CHECKING:
    from bot.storage.attempts import Attempt

_FIRST = "id IN (SELECT min(id) FROM attempts WHERE NOT voided GROUP BY learner, item)"


def count(db: Database, attempt: Attempt) -> None:
    """Adds a learner's first answer to an item."""
    strength = attempt.strength or 0
    db.execute(
        "INSERT INTO item_answers (item, option, misconception, correct, answers, hinted, placed, strength, squares)"
        " VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET answers = answers + 1, hinted = hinted + excluded.hinted,"
        " placed = placed + excluded.placed, strength = strength + excluded.strength, squares = squares + excluded.squares",
        [
            attempt.item, -1 if attempt.instance else attempt.option, attempt.misconception, int(attempt.correct),
            int(attempt.hints > 0), int(attempt.strength is not None), strength, strength * strength,
        ],
    )  # fmt: skip
    if attempt.seconds is not None:
        db.execute(
            "INSERT INTO item_times (item, bucket, answers) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET answers = answers + 1",
            [attempt.item, bucket_of(attempt.seconds)],
        )


def tallies(db: Database, item: str | None = None) -> Mapping[str, Sequence[Tally]]:
    """The counters of one item, or of all that have been answered."""
    rows = db.query(
        "SELECT item, option, misconception, correct, answers, hinted, placed, strength, squares FROM item_answers"
        " WHERE :item IS NULL OR item = :item ORDER BY item, option, misconception, correct",
        {"item": item},
    )
    return {
        name: [Tally(**{**{key: value for key, value in row.items() if key != "item"}, "correct": bool(row["correct"])}) for row in group]
        for name, group in groupby(rows, key=lambda row: str(row["item"]))
    }


def times(db: Database, item: str | None = None) -> Mapping[str, Sequence[int]]:
    """How many answers fell into each of `item_analysis.BUCKETS` and beyond, by item."""
    found: dict[str, list[int]] = {}
    for row in db.query("SELECT item, bucket, answers FROM item_times WHERE :item IS NULL OR item = :item", {"item": item}):
        found.setdefault(row["item"], [0] * (len(BUCKETS) + 1))[row["bucket"]] = row["answers"]
    return found


def accept(db: Database, item: str, option: int, misconceptions: Collection[str]) -> None:
    """What was counted as this wrong option of an item, as far as it came from one of these misconceptions, was right after all."""
    for misconception in misconceptions:
        key = [item, option, misconception]
        db.execute(
            "INSERT INTO item_answers (item, option, misconception, correct, answers, hinted, placed, strength, squares)"
            " SELECT item, option, misconception, 1, answers, hinted, placed, strength, squares FROM item_answers"
            " WHERE item = ? AND option = ? AND misconception = ? AND correct = 0"
            " ON CONFLICT DO UPDATE SET answers = answers + excluded.answers, hinted = hinted + excluded.hinted,"
            " placed = placed + excluded.placed, strength = strength + excluded.strength, squares = squares + excluded.squares",
            key,
        )
        db.execute("DELETE FROM item_answers WHERE item = ? AND option = ? AND misconception = ? AND correct = 0", key)


def forget(db: Database, item: str) -> None:
    """The item is another one from now on: what was counted of the old one says nothing of it."""
    for table in ("item_answers", "item_times"):
        db.execute(f"DELETE FROM [{table}] WHERE item = ?", [item])  # noqa: S608 - the names stand above


def recount(db: Database) -> None:
    """Counts afresh from the answers that are kept."""
    db.execute("DELETE FROM item_answers")
    db.execute("DELETE FROM item_times")
    db.execute(
        "INSERT INTO item_answers (item, option, misconception, correct, answers, hinted, placed, strength, squares)"  # noqa: S608 - ours
        " SELECT item, iif(instance = '', option, -1), misconception, correct, count(*), sum(hints > 0), count(strength),"
        f" coalesce(sum(strength), 0), coalesce(sum(strength * strength), 0) FROM attempts WHERE {_FIRST} GROUP BY 1, 2, 3, 4"
    )
    for item, seconds, answers in db.execute(
        f"SELECT item, seconds, count(*) FROM attempts WHERE {_FIRST} AND seconds IS NOT NULL GROUP BY 1, 2"  # noqa: S608 - ours
    ).fetchall():
        db.execute(
            "INSERT INTO item_times (item, bucket, answers) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET answers = answers + excluded.answers",
            [item, bucket_of(seconds), answers],
        )
