"""On which leaderboards a learner wants to be seen: a row for each server, and one with server 0 for everywhere. None: private.

Responsible for: these rows, and the ranking of those who have one.
Leaves to others: what counts (`bot.learning.mastery`), showing it (`bot.rendering.leaderboard`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.learning.mastery import Standing

EVERYWHERE = 0


@dataclass(frozen=True, slots=True)
class Rank:
    """One line: skills mastered, right answers to different questions since the day asked for."""

    learner: int
    mastered: int
    right: int


def set_to(db: Database, learner: int, guilds: Collection[int]) -> None:
    """Makes these the only boards that the learner is on."""
    db.execute("DELETE FROM shown_on WHERE learner = ?", [learner])
    for guild in guilds:
        db.execute("INSERT INTO shown_on (learner, guild) VALUES (?, ?)", [learner, guild])


def of(db: Database, learner: int) -> frozenset[int]:
    return frozenset(row["guild"] for row in db.query("SELECT guild FROM shown_on WHERE learner = ?", [learner]))


def ranking(db: Database, guild: int, since: datetime, limit: int) -> Sequence[Rank]:
    """The best of a board: most skills mastered, then most questions answered right since then.

    What servers ask of their own does not count, and answers of others are not looked at.
    """
    rows = db.query(
        "SELECT shown_on.learner AS learner,"
        " (SELECT count(*) FROM abilities WHERE abilities.learner = shown_on.learner AND standing = :mastered) AS mastered,"
        " (SELECT count(DISTINCT item || instance) FROM attempts"
        "  WHERE attempts.learner = shown_on.learner AND at >= :since AND correct AND skill <> '' AND NOT voided) AS right"
        " FROM shown_on WHERE guild = :guild ORDER BY mastered DESC, right DESC, learner LIMIT :limit",
        {"mastered": Standing.MASTERED.value, "since": since.isoformat(), "guild": guild, "limit": limit},
    )
    return [Rank(row["learner"], row["mastered"], row["right"]) for row in rows]
