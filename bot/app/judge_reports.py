"""Deciding on reports: the queue, a case with all that helps to judge it, the decision with what follows from it; the figures of items.

Responsible for: which cases there are for whom, running an item's proof once more, keeping a decision with its consequences in one
transaction.
Leaves to others: who may decide (`bot.frontend.cogs.reports`), correcting answers (`corrections`), telling people (`tell_reporters`).
`server` is the server whose moderators look, or 0 for the operator, who sees all reports on our own material and whose decisions hold
everywhere. What a server brought in a pack is its own: only its moderators see reports and figures of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.app import corrections, daily_question
from bot.app.corrections import Corrected
from bot.app.material import Found, Material, not_borne_out
from bot.app.sittings import KINDS
from bot.app.workers import TimeLimitError, Workers
from bot.learning.item_analysis import Analysis, analyse
from bot.learning.items import Choice
from bot.learning.reporting import Case, Kind, Report, Thing, Verdict, by_urgency
from bot.rendering import judgement as look
from bot.rendering.form import Filled, Form
from bot.rendering.judgement import Checked, Judged
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, item_counters, quarantines, reports, tidings
from bot.storage import corrections as under_way
from bot.storage.reports import OPERATOR

LONGEST = 300
"""Characters of what the reporters are told."""


class JudgeReports:
    def __init__(self, material: Material, storage: Storage, workers: Workers, clock: Callable[[], datetime]) -> None:
        self._material, self._storage, self._workers, self._clock = material, storage, workers, clock

    async def queue(self, server: int, page: int = 0) -> Reply:
        """A page of what waits for a decision, the most urgent first, and of what is taken out."""
        cases, held = await self._storage.read(lambda db: (self._cases(db, server), sorted(quarantines.everything(db, server))))
        return look.queue(
            [(case, self._material.title(case.thing)) for case in cases],
            [(thing, self._material.title(thing)) for thing in held],
            page,
            operator=server == OPERATOR,
        )

    async def case(self, server: int, kind: str, item: str) -> Reply:
        """One thing as learners see it, with its key, its proof run again now, its figures and reports, and the ways to decide."""
        thing = Thing(Kind(kind), item)
        if thing.owner not in (0, server):
            return look.not_possible()
        judged = await self._judged(server, thing)
        found = await asyncio.to_thread(self._material.find, thing, _instance(judged.case.reports))
        checked = await self._checked(found) if found is not None else None
        return look.case(judged, found, self._material.scenario(found) if found else None, checked)

    async def form(self, server: int, verdict: str, kind: str, item: str, seen: str) -> Form | Reply:
        """What to tell the reporters, before a decision is taken."""
        thing = Thing(Kind(kind), item)
        judged = await self._judged(server, thing)
        if judged.seen != int(seen):
            return look.decided_meanwhile(judged)
        return look.form(judged, Verdict(verdict), LONGEST, self._material.authored(thing))

    async def decide(self, server: int, verdict: str, kind: str, item: str, seen: str, filled: Filled) -> Reply:
        """Takes a decision, unless somebody has taken another one since the case was looked at."""
        thing, chosen, now = Thing(Kind(kind), item), Verdict(verdict), self._clock()
        words = str(filled.get("words") or "").strip()[:LONGEST]
        option = self._option(thing, filled) if chosen is Verdict.ACCEPTED else -1
        correctable = thing.owner == server and thing.kind is Kind.QUESTION and (chosen is Verdict.VOIDED or option >= 0)
        if thing.owner not in (0, server) or (chosen.corrects and not correctable):
            return look.not_possible()

        belief = corrections.belief_of(self._material.authored(thing), option)
        affected = Corrected()
        if chosen.corrects:
            affected = await self._affected(thing.id, option, belief)

        def work(db: Database) -> int | None:
            last = reports.last_decision(db, server, thing)
            if (last.id if last else 0) != int(seen):
                return None
            decision, answered = reports.decide(db, thing, server, chosen, words, now, option)
            match chosen:
                case Verdict.TAKEN_OUT:
                    self._take_out(db, thing, server, now)
                case Verdict.BROUGHT_BACK:
                    self._bring_back(db, thing, server)
                case Verdict.ACCEPTED | Verdict.VOIDED:
                    self._take_out(db, thing, server, now)
                    corrections.begin(db, decision, belief)
            told = {report.learner for report in answered if report.learner is not None}
            for reporter in told:
                tidings.add(db, reporter, decision.id, tidings.DECIDED, direct=True)
            return len(told)

        told = await self._storage.write(work)
        if told is not None and chosen.corrects:
            await self._correct_some()
        judged = await self._judged(server, thing)
        return look.decided_meanwhile(judged) if told is None else look.decided(judged, affected.answers, affected.people, told)

    async def go_on(self) -> None:
        """Corrects answers for as long as there are any to be corrected; between two transactions others have their turn."""
        while await self._storage.read(under_way.first) and await self._correct_some():
            continue

    async def _affected(self, item: str, option: int, belief: str) -> Corrected:
        """What a correction is about, counted in turns, so that nobody waits for it."""
        whose: list[int] = []
        before, after = -1, 0
        while after != before:
            before = after
            found, after = await self._storage.read(lambda db, at=before: corrections.affected(db, item, option, belief, at))  # type: ignore[misc]
            whose += found
        return Corrected(len(whose), len(set(whose)))

    async def _correct_some(self) -> bool:
        now = self._clock()
        return await self._storage.write(lambda db: corrections.go_on(db, self._material.choices, KINDS, now))

    async def issue(self, server: int, kind: str, item: str) -> Reply:
        """A text for an issue in the project's tracker: where the item is written, what was reported, nobody's name."""
        thing = Thing(Kind(kind), item)
        judged = await self._judged(server, thing)
        found = await asyncio.to_thread(self._material.find, thing, _instance(judged.case.reports))
        return look.issue(judged, self._material.place(thing), await self._checked(found) if found else None)

    async def items(self, server: int, page: int) -> Reply:
        """The figures of all questions and labs that have been answered, those with marks first."""
        figures = await self._storage.read(lambda db: self._figures(db, server))
        ranked = sorted(figures.items(), key=lambda entry: (not entry[1].marks, not entry[1].enough, -entry[1].answers, entry[0]))
        return look.items([(thing, self._material.title(thing), found) for thing, found in ranked], page, operator=server == OPERATOR)

    def _cases(self, db: Database, server: int) -> Sequence[Case]:
        """What waits for a decision. The operator's are also those whose figures alone are a reason to look."""
        waiting: dict[Thing, list[Report]] = {}
        for report in reports.open_ones(db, server):
            if report.thing.owner in (0, server):
                waiting.setdefault(report.thing, []).append(report)
        figures = self._figures(db, server)
        if server == OPERATOR:
            settled = reports.decided(db)
            waiting |= {thing: [] for thing, found in figures.items() if found.unfit and thing not in settled and thing not in waiting}
        return by_urgency(Case(thing, tuple(those), figures.get(thing, Analysis())) for thing, those in waiting.items())

    def _figures(self, db: Database, server: int) -> dict[Thing, Analysis]:
        times = item_counters.times(db)
        found = {}
        for item, tallies in item_counters.tallies(db).items():
            thing = self._material.asked(item)
            if thing is not None and thing.owner in (0, server):
                found[thing] = analyse(tallies, times.get(item, ()), self._material.options(thing))
        return found

    async def _judged(self, server: int, thing: Thing) -> Judged:
        def look_up(db: Database) -> Judged:
            tallies, times = item_counters.tallies(db, thing.id), item_counters.times(db, thing.id)
            figures = analyse(tallies.get(thing.id, ()), times.get(thing.id, ()), self._material.options(thing))
            case = Case(thing, tuple(reports.open_ones(db, server, thing)), figures if thing.kind.asked else Analysis())
            last = reports.last_decision(db, server, thing)
            return Judged(
                case, self._material.title(thing), server, last, quarantines.where(db, server, thing), bool(self._material.options(thing)),
                reports.count(db, thing),
            )  # fmt: skip

        return await self._storage.read(look_up)

    @staticmethod
    def _take_out(db: Database, thing: Thing, server: int, now: datetime) -> None:
        """It is not asked any more; where it is the question of the day, it is withdrawn."""
        quarantines.take_out(db, thing, server, now)
        if thing.kind is Kind.QUESTION:
            daily_question.withdraw(db, thing.id, server)

    @staticmethod
    def _bring_back(db: Database, thing: Thing, server: int) -> None:
        """It is asked again. Where its owner says so, it was mended: what was counted of the old one says nothing of it."""
        quarantines.bring_back(db, thing, server)
        if server == thing.owner:
            item_counters.forget(db, thing.id)

    def _option(self, thing: Thing, filled: Filled) -> int:
        """The number of the wrong option that is to count as right as well; -1 if it is none."""
        item, given = self._material.authored(thing), str(filled.get("option") or "")
        number = int(given) if given.isdigit() and len(given) < 3 else -1
        options = item.options if isinstance(item, Choice) else ()
        return number if 0 <= number < len(options) and not options[number].correct else -1

    async def _checked(self, found: Found) -> Checked:
        try:
            return Checked(await self._workers.run(not_borne_out, found))
        except TimeLimitError:
            return Checked(None, in_time=False)


def _instance(those: Sequence[Report]) -> str:
    """The cluster that was reported last."""
    return those[-1].instance if those else ""
