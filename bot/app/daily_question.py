"""The question of the day: posted at a server's own time, answered privately, revealed once, a day later or when the next one comes.

Responsible for: beginning one, taking answers, recording them at the reveal, what is shown to whom.
Leaves to others: when and which (`bot.learning.daily`), the host's choices (`daily_plan`), the beat (`bot.frontend.cogs.daily`), posting
(`bot.frontend.boards`), looks (`bot.rendering.daily`).
A question is in the file, and its plan moved on, before it is posted: a bot that is killed asks no day's question twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.app import answers, proof_run
from bot.app.board import Board
from bot.app.questions import Questions
from bot.app.take_quiz import ANY, fits, topics
from bot.app.workers import Workers
from bot.generators import Template
from bot.learning.daily import LATEST, Choose, Daily, Outcome, Reveal, Withdraw, choose_item, newest_moment, step, to_record
from bot.learning.gathering import forgotten
from bot.learning.hosting import DailyFault, DailyPlan
from bot.learning.items import Choice, Item
from bot.learning.quiz import question_of
from bot.learning.reminder import next_reminder, zone_of
from bot.rendering import daily as look
from bot.rendering import notices
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, daily_plans, group_sessions, quarantines, sessions
from bot.storage.attempts import Attempt
from bot.storage.group_sessions import Place
from bot.storage.sessions import SessionRow

KIND = "daily"
AT_ONCE = 10
"""Servers whose question is begun in one beat."""
RECORDED_AT_ONCE = 100
"""Answers that are recorded in one transaction, so that a large server keeps nobody else waiting."""
GIVEN_UP = 7
"""After so many days on which a question could not be posted, the host has to switch it on again."""
SURE = timedelta(minutes=1)
"""For so long Discord certainly recognises a message that is sent twice."""
_IDS = "abcdefghijkmnpqrstuvwxyz23456789"
_BOARD = "board"


def withdraw(db: Database, item: str, server: int) -> None:
    """Has a question that was taken out on a server (0: everywhere) withdrawn with the next beat where it is being asked."""
    group_sessions.wake_asking(db, KIND, item, server)


class DailyQuestion:
    def __init__(self, questions: Questions, storage: Storage, workers: Workers, clock: Callable[[], datetime], random: Random) -> None:
        self._questions, self._storage, self._workers, self._clock, self._random = questions, storage, workers, clock, random

    def topics(self, server: int) -> Mapping[str, str]:
        """What can be chosen on this server: topics that have such questions, and its own packs, each with its name for the menu."""
        return topics(self._questions, server, lambda item: [item] if isinstance(item, Choice) else [])

    async def stock(self, server: int, plan: DailyPlan) -> tuple[Sequence[str], Sequence[str]]:
        """The items that fit a server's plan and are not taken out: those that somebody wrote, and those that are made anew each time."""
        held = await self._storage.read(lambda db: quarantines.held(db, server))

        def wanted(item: Item | Template) -> bool:
            return fits(item, plan.topic, ANY) and (not plan.levels or item.level.value in plan.levels)

        written = [item.id for item in self._questions.pool(server) if isinstance(item, Choice) and wanted(item) and item.id not in held]
        return written, [name for name in self._questions.made_anew(wanted) if name not in held]

    async def go_on(self) -> Sequence[str]:
        """Does what is due; the questions that changed."""
        now = self._clock()
        over = await self._storage.read(lambda db: group_sessions.due(db, KIND, now))
        for session in over:
            await self._reveal(session)
        begun = list(over)
        for server in await self._storage.read(lambda db: daily_plans.due(db, now, AT_ONCE)):
            begun += await self._begin(server)
        return begun

    async def come_back(self) -> Sequence[str]:
        """After a start of the bot: the questions that may not have been posted, or whose reveal may not have been shown."""
        return await self._storage.read(lambda db: group_sessions.unshown(db, KIND))

    async def board(self, session: str) -> Sequence[Board]:
        """What everybody is to see now: the question if it is not there yet, the reveal if that is not; else nothing changes.

        A question that could not be posted for hours is not posted any more: the next one is near.
        """
        row, place = await self._storage.read(lambda db: (sessions.load(db, session, KIND), group_sessions.place(db, session)))
        if row is None or place is None:
            return ()
        daily, message = Daily.of(row.state), place.messages.get(_BOARD)
        if (message is None) == bool(daily.revealed):
            return ()
        opened = datetime.fromisoformat(daily.opened)
        ago = self._clock() - opened
        if not daily.revealed and ago > LATEST:
            return ()
        since = opened - SURE if ago > SURE else None
        return [Board(_BOARD, place.channel, message, await self._look(daily), bool(daily.revealed), daily.id, since)]

    async def placed(self, session: str, board: str, message: int | None) -> None:
        """The question was posted, or its reveal shown (None)."""

        def note(db: Database) -> None:
            group_sessions.put_message(db, session, board, message)
            place = group_sessions.place(db, session)
            if message is not None and place is not None:
                daily_plans.save(db, place.server, replace(daily_plans.of(db, place.server), fault=None, failures=0))

        await self._storage.write(note)

    async def refused(self, session: str, *, gone: bool) -> None:
        """Discord did not let the question be posted, or its reveal be shown. The host reads of it in `/settings`."""

        def note(db: Database) -> None:
            daily, place = _load(db, session), group_sessions.place(db, session)
            if daily is None or place is None:
                return
            if daily.revealed:
                group_sessions.put_message(db, session, _BOARD, None)
            elif not place.messages and not daily.answers:
                group_sessions.drop(db, session)
                daily_plans.forget_asked(db, place.server, daily.question.item)
                plan = daily_plans.of(db, place.server)
                failures = plan.failures + 1
                following = None if gone or failures >= GIVEN_UP else plan.following
                fault = DailyFault.GONE if gone else DailyFault.FORBIDDEN
                daily_plans.save(db, place.server, replace(plan, fault=fault, failures=failures, following=following))

        await self._storage.write(note)

    async def answer(self, person: int, session: str, place: int, message: int) -> Reply:
        """Somebody's answer, or a changed one. The click also tells which message the question is in, should nobody have noted it."""
        now = self._clock()

        def take(db: Database) -> tuple[Daily, Outcome] | None:
            before = _load(db, session)
            if before is None:
                return None
            daily, outcome = step(before, Choose(person, place), now)
            if daily != before:
                group_sessions.save(db, _row(daily), daily.deadline, now)
            shown = group_sessions.place(db, session)
            if shown is not None and not daily.revealed and not shown.messages:
                group_sessions.put_message(db, session, _BOARD, message)
            return daily, outcome

        taken = await self._storage.write(take)
        if taken is None:
            return notices.gone("quiz")
        daily, outcome = taken
        item = await self._item(daily)
        if item is None:
            return look.withdrawn()
        return look.late() if outcome is Outcome.LATE else look.chosen(daily, item, person)

    async def others(self, session: str) -> Reply:
        """Why the wrong options are wrong, once all may know."""
        found = await self._revealed(session)
        return look.others(*found) if found else notices.gone("quiz")

    async def run_behind(self, session: str) -> Reply:
        """What the simulator showed for a question that was proved by running it."""
        found = await self._revealed(session)
        return await proof_run.show(self._workers, found[1]) if found else notices.gone("quiz")

    async def mine(self, person: int, session: str) -> Reply:
        """One's own answer beside the right one."""
        found = await self._revealed(session)
        return look.mine(*found, person) if found else notices.gone("quiz")

    async def _begin(self, server: int) -> Sequence[str]:
        """Begins the server's question, after the one before has been revealed: the ids of both, of either, or of none."""
        now = self._clock()
        plan, asked, before = await self._storage.read(
            lambda db: (daily_plans.of(db, server), daily_plans.asked(db, server), group_sessions.open_on(db, KIND, server))
        )
        zone = zone_of(plan.zone) or ZoneInfo("UTC")
        moment = newest_moment(plan.at, zone, now)
        item = await self._choose(server, plan, asked, now) if moment else None
        for session in before if moment else ():
            await self._reveal(session, next_comes=True)

        def begin(db: Database) -> Sequence[str]:
            if daily_plans.of(db, server) != plan:
                return ()  # a host has changed it meanwhile; the next beat sees to it
            exhausted = DailyFault.EXHAUSTED if moment and not item else plan.fault
            daily_plans.save(db, server, replace(plan, following=next_reminder(plan.at, zone, now), fault=exhausted))
            if moment is None or item is None:
                return ()
            question = question_of(item, self._random)
            daily = Daily("".join(self._random.choices(_IDS, k=12)), question, moment.isoformat(), now.isoformat())
            group_sessions.begin(db, _row(daily), Place(daily.id, server, plan.channel), daily.deadline, now)
            daily_plans.note_asked(db, server, item.id, now)
            return (daily.id,)

        return (*(before if moment else ()), *await self._storage.write(begin))

    async def _choose(self, server: int, plan: DailyPlan, asked: Mapping[str, datetime], now: datetime) -> Choice | None:
        written, made = await self.stock(server, plan)
        name = choose_item(written, made, asked, now, self._random)
        item = await asyncio.to_thread(self._questions.another, name) if name else None
        return item if isinstance(item, Choice) else None

    async def _reveal(self, session: str, *, next_comes: bool = False) -> None:
        """Ends the question, if its time is over, the next one comes, or it was taken out or changed while it was asked.

        The answers become attempts of those who gave them, some in each transaction, and none of them twice.
        """
        now = self._clock()
        asked = await self._storage.read(lambda db: _load(db, session))
        item = await self._item(asked) if asked else None

        def reveal(db: Database) -> bool:
            daily = _load(db, session)
            if daily is None or daily.complete:
                return True
            place = group_sessions.place(db, session)
            lost = item is None or daily.question.item in quarantines.held(db, place.server if place else 0)
            if not (lost or next_comes or daily.revealed or now >= daily.deadline):
                group_sessions.save(db, _row(daily), daily.deadline, now)
                return True
            daily, _ = step(daily, Withdraw() if lost else Reveal(), now)
            daily, given = to_record(daily, RECORDED_AT_ONCE)
            for person, one in given:
                if item is None or daily.withdrawn:
                    break
                if forgotten(person):
                    continue
                attempt = Attempt(
                    person, item.id, item.counts_for, f"{daily.id}.{person}", 0, one.option, one.option == daily.question.key, "",
                    daily.at(one), instance=daily.question.instance,
                    misconception=item.options[one.option].misconception,
                )  # fmt: skip
                answers.record(db, attempt, item.level, len(item.options))
            group_sessions.save(db, _row(daily), daily.deadline, now)
            return daily.complete

        while not await self._storage.write(reveal):
            continue

    async def _revealed(self, session: str) -> tuple[Daily, Choice] | None:
        daily = await self._storage.read(lambda db: _load(db, session))
        item = await self._item(daily) if daily else None
        return (daily, item) if daily and item and daily.revealed and not daily.withdrawn else None

    async def _look(self, daily: Daily) -> Reply:
        item = await self._item(daily)
        if item is None or daily.withdrawn:
            return look.withdrawal()
        return look.reveal(daily, item) if daily.revealed else look.question(daily, item)

    async def _item(self, daily: Daily) -> Choice | None:
        """The question's item, if it is still what it was when it was asked. One from a random cluster takes a while to make again."""
        question = daily.question
        if question.instance:
            item = await asyncio.to_thread(self._questions.find, question.item, question.instance)
        else:
            item = self._questions.find(question.item)
        unchanged = isinstance(item, Choice) and len(item.options) == len(question.order) and item.options[question.key].correct
        return item if isinstance(item, Choice) and unchanged else None


def _load(db: Database, session: str) -> Daily | None:
    row = sessions.load(db, session, KIND)
    return Daily.of(row.state) if row else None


def _row(daily: Daily) -> SessionRow:
    return SessionRow(daily.id, KIND, 0, daily.as_data(), daily.complete)
