"""Reports on items, and what was decided about them.

Responsible for: one row per learner and reported thing, one per decision; which reports are still open, and for whom.
Leaves to others: what may be reported (`bot.app.report_item`), what a decision brings about (`bot.app.judge_reports`).
A report is open for a server's moderators until they or the operator have decided, and for the operator until the operator has. A report
whose author was forgotten keeps its reason alone (`personal`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.learning.reporting import Decision, Kind, Reason, Report, Thing, Verdict

OPERATOR = 0
"""Stands for everywhere, where a server's id would limit things to that server."""

_OPEN = (
    "SELECT * FROM reports WHERE decided IS NULL AND (:server = 0 OR (server = :server AND decided_here IS NULL))"
    " AND (:kind = '' OR (kind = :kind AND item = :item)) ORDER BY id"
)


def add(db: Database, learner: int, thing: Thing, instance: str, server: int, reason: Reason, words: str, now: datetime) -> bool:
    """Keeps a report. False: this learner has reported this already, and nothing was kept."""
    cursor = db.execute(
        "INSERT OR IGNORE INTO reports (learner, kind, item, instance, server, reason, words, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [learner, thing.kind.value, thing.id, instance, server, reason.value, words, now.isoformat()],
    )
    return cursor.rowcount == 1


def count(db: Database, thing: Thing) -> int:
    """How many reports on a thing are kept, decided or not."""
    rows = db.execute("SELECT count(*) FROM reports WHERE kind = ? AND item = ?", [thing.kind.value, thing.id])
    return int(rows.fetchone()[0])


def since(db: Database, learner: int, moment: datetime) -> int:
    """How many reports a learner has written since then."""
    return int(db.execute("SELECT count(*) FROM reports WHERE learner = ? AND at > ?", [learner, moment.isoformat()]).fetchone()[0])


def reported(db: Database, learner: int, thing: Thing, instance: str) -> bool:
    rows = db.execute(
        "SELECT 1 FROM reports WHERE learner = ? AND kind = ? AND item = ? AND instance = ?",
        [learner, thing.kind.value, thing.id, instance],
    )
    return rows.fetchone() is not None


def open_ones(db: Database, server: int, thing: Thing | None = None) -> Sequence[Report]:
    """The reports that wait for a decision of a server's moderators, or of the operator; all, or those on one thing. Oldest first."""
    kind, item = (thing.kind.value, thing.id) if thing else ("", "")
    return [_report(row) for row in db.query(_OPEN, {"server": server, "kind": kind, "item": item})]


def decide(
    db: Database, thing: Thing, server: int, verdict: Verdict, words: str, now: datetime, option: int = -1
) -> tuple[Decision, Sequence[Report]]:
    """Keeps a decision; gives it with the reports that it answers."""
    answered = open_ones(db, server, thing)
    values = [thing.kind.value, thing.id, server, verdict.value, option, words, now.isoformat()]
    cursor = db.execute("INSERT INTO decisions (kind, item, server, verdict, option, words, at) VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    number = int(cursor.lastrowid or 0)
    column = "decided" if server == OPERATOR else "decided_here"
    for report in answered:
        db.execute(f"UPDATE reports SET {column} = ? WHERE id = ?", [number, report.id])  # noqa: S608 - one of the two above
    return Decision(number, thing, server, verdict, option, words, now.isoformat()), answered


def decision(db: Database, number: int) -> Decision | None:
    found = next(iter(db.query("SELECT * FROM decisions WHERE id = ?", [number])), None)
    return _decision(found) if found else None


def last_decision(db: Database, server: int, thing: Thing) -> Decision | None:
    """The newest decision on a thing that holds on a server: its moderators' own, or the operator's."""
    rows = db.query(
        "SELECT * FROM decisions WHERE kind = ? AND item = ? AND server IN (0, ?) ORDER BY id DESC LIMIT 1",
        [thing.kind.value, thing.id, server],
    )
    found = next(iter(rows), None)
    return _decision(found) if found else None


def correction(db: Database, item: str) -> Decision | None:
    """The decision by which answers to a question are to be corrected that are given although it was taken out; None: it is sound."""
    thing = Thing(Kind.QUESTION, item)
    rows = db.query(
        "SELECT * FROM decisions WHERE kind = ? AND item = ? AND server = ? AND verdict IN (?, ?, ?) ORDER BY id DESC LIMIT 1",
        [thing.kind.value, item, thing.owner, Verdict.ACCEPTED.value, Verdict.VOIDED.value, Verdict.BROUGHT_BACK.value],
    )
    found = next((_decision(row) for row in rows), None)
    return found if found and found.verdict.corrects else None


def decided(db: Database) -> frozenset[Thing]:
    """All on which the operator has ever decided."""
    return frozenset(
        Thing(Kind(row["kind"]), row["item"]) for row in db.query("SELECT DISTINCT kind, item FROM decisions WHERE server = 0")
    )


def forget_before(db: Database, moment: datetime) -> None:
    """Removes reports that were written before then."""
    db.execute("DELETE FROM reports WHERE at < ?", [moment.isoformat()])


def _report(row: Mapping[str, Any]) -> Report:
    return Report(
        row["id"], row["learner"], Thing(Kind(row["kind"]), row["item"]), row["instance"], row["server"], Reason(row["reason"]),
        row["words"], row["at"],
    )  # fmt: skip


def _decision(row: Mapping[str, Any]) -> Decision:
    return Decision(
        row["id"], Thing(Kind(row["kind"]), row["item"]), row["server"], Verdict(row["verdict"]), row["option"], row["words"],
        row["at"],
    )  # fmt: skip
