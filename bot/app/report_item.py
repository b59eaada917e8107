"""Reporting what is wrong: a question, a lab, a step of a lesson, a page.

Responsible for: what somebody may want to report, the form, keeping a report once and within bounds, the receipt.
Leaves to others: what is decided (`judge_reports`), telling it (`tell_reporters`), the words (`bot.rendering.reports`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.app.material import Material
from bot.app.redaction import redact
from bot.app.sittings import KINDS
from bot.learning.lab import LabAttempt
from bot.learning.quiz import Quiz
from bot.learning.reporting import Kind, Reason, Thing
from bot.rendering import notices
from bot.rendering import reports as look
from bot.rendering.form import Filled, Form
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, attempts, lesson_progress, reports, sessions

A_DAY = 10
"""Reports that one learner may send within a day."""
LONGEST = 500
"""Characters of what a reporter writes that are kept."""
_RECENT = 6


class ReportItem:
    def __init__(self, material: Material, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._material, self._storage, self._clock = material, storage, clock

    async def recent(self, learner: int) -> Reply:
        """What the learner has met last, to choose from."""
        met = await self._storage.read(lambda db: _met(db, learner))
        return look.recent([(thing, instance, self._material.title(thing)) for thing, instance in met if self._material.knows(thing)])

    async def named(self, learner: int, name: str) -> Form | Reply:
        """The form for a lab, a lesson step or a page."""
        thing = self._material.named(name)
        return await self.form(learner, thing.kind.value, thing.id) if thing else notices.unknown("lab, lesson step or page", name, ())

    async def form(self, learner: int, kind: str, item: str, instance: str = "") -> Form | Reply:
        """The form for a thing, or why it cannot be reported."""
        thing = _thing(kind, item)
        if thing is None or not self._material.knows(thing):
            return look.not_there()
        if await self._storage.read(lambda db: reports.reported(db, learner, thing, instance)):
            return look.known_already()
        return look.form(thing, instance, LONGEST)

    async def send(self, learner: int, server: int, kind: str, item: str, instance: str, filled: Filled) -> Reply:
        """Keeps the report and gives a receipt. `server` is where it was made, 0 outside of servers where the bot is."""
        thing = _thing(kind, item)
        if thing is None or not self._material.knows(thing):
            return look.not_there()
        reason = next((each for each in Reason if each.value == filled.get("reason")), Reason.OTHER)
        # Only what is kept is looked at: what came is no longer than the form allows, unless it did not come from the form.
        written = str(filled.get("words") or "").strip()[:LONGEST]
        words, now = redact(written), self._clock()

        def keep(db: Database) -> Reply:
            if reports.since(db, learner, now - timedelta(days=1)) >= A_DAY:
                return look.too_many(A_DAY)
            if not reports.add(db, learner, thing, instance, thing.owner or server, reason, words.text, now):
                return look.known_already()
            return look.received(thing, self._material.title(thing), reason, in_server=bool(server), given_up=words.given_up is not None)

        return await self._storage.write(keep)

    def suggestions(self, typed: str) -> Sequence[tuple[str, str]]:
        return self._material.matching(typed)


def _thing(kind: str, item: str) -> Thing | None:
    return next((Thing(each, item) for each in Kind if each.value == kind), None)


def _met(db: Database, learner: int) -> Sequence[tuple[Thing, str]]:
    """Things with their instances: what is on the screen first, then what was answered last, then labs and steps."""
    found: list[tuple[Thing, str]] = []
    for row in filter(None, (sessions.latest_open(db, learner, kind) for kind in KINDS)):
        question = Quiz.of(row.state).question
        found.append((Thing(Kind.QUESTION, question.item), question.instance))
    labs = [LabAttempt.of(row.state).lab for row in sessions.all_open(db, learner, "lab")]
    for item, instance in attempts.newest(db, learner, _RECENT):
        found += [(Thing(Kind.QUESTION, item), instance), (Thing(Kind.LAB, item), "")]
    found += [(Thing(Kind.LAB, lab), "") for lab in labs[:2]]
    found.append((Thing(Kind.STEP, lesson_progress.of(db, learner).last), ""))
    return list(dict.fromkeys(found))
