"""Bringing back what fades: the due list, a sitting of reviews, the exam date, the daily reminder.

Responsible for: `/review` and `/remind`, and which reminders go out now.
Leaves to others: when a card is due (`bot.learning.review`), asking (`sittings`), sending reminders (`bot.frontend.cogs.review`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.app.questions import Questions
from bot.app.sittings import REVIEW, Sittings
from bot.app.time_zones import clock_time, nearest
from bot.learning import review
from bot.learning.items import Choice, Chunk, Written
from bot.learning.quiz import Quiz
from bot.learning.reminder import next_reminder, zone_of
from bot.learning.review import Card
from bot.library import Library
from bot.rendering import notices
from bot.rendering import quiz as quiz_look
from bot.rendering import review as look
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, cards, preferences, quarantines
from bot.storage.preferences import Preferences

SITTING = 10
"""Cards in one sitting. More are due on some days; a sitting should end before the tea is cold."""


class ReviewDue:
    def __init__(self, library: Library, questions: Questions, storage: Storage, sittings: Sittings, clock: Callable[[], datetime]) -> None:
        self._library, self._questions, self._storage, self._sittings, self._clock = library, questions, storage, sittings, clock
        sittings.endings[REVIEW] = self._end

    async def due(self, learner: int, server: int = 0) -> Reply:
        """What is due, what comes next, what keeps slipping away."""
        now = self._clock()
        everything, chosen, held = await self._storage.read(
            lambda db: (cards.of(db, learner), preferences.of(db, learner), quarantines.held(db, server))
        )
        everything = [card for card in everything if card.item not in held]
        own = self._askable(everything)
        half_done = await self._sittings.open_one(learner, REVIEW)
        topics = Counter(self._questions.topic(card.item) for card in own if card.due <= now)
        return look.due(
            known=len(own),
            topics=topics,
            following=next((card.due for card in own if card.due > now), None),
            exam=chosen.exam if chosen.exam and chosen.exam >= now.date() else None,
            slipping=self._slipping(own),
            labs=[self._library.labs[card.item] for card in everything if card.due <= now and card.item in self._library.labs],
            half_done=half_done.id if half_done else "",
            sitting=SITTING,
        )

    async def start(self, learner: int, server: int = 0) -> Reply:
        """A sitting of what is due; one that was open is closed."""
        own = await self._storage.read(lambda db: self._asked(db, learner, server))
        due = review.due_cards(own, self._clock(), SITTING)
        asked = await asyncio.to_thread(self._questions.again, [card.item for card in due])
        if not asked:
            return await self.due(learner, server)
        return await self._sittings.screen(await self._storage.write(lambda db: self._sittings.begin(db, learner, REVIEW, asked)))

    async def set_exam(self, learner: int, given: str) -> Reply:
        """An exam on a day (`2026-12-24`), or none: every card comes back before it."""
        now = self._clock()
        try:
            exam = None if given.strip().casefold() in ("none", "no", "off") else date.fromisoformat(given.strip())
        except ValueError:
            return notices.notice("I read dates as `2026-12-24`: year, month, day. `none` takes the exam away.")
        if exam is not None and exam <= now.date():
            return notices.notice("That day is not ahead of us. Give the day of the exam as `2026-12-24`.")

        def keep(db: Database) -> int:
            preferences.save(db, learner, replace(preferences.of(db, learner), exam=exam))
            moved = review.before_exam(cards.of(db, learner), exam, now) if exam else ()
            cards.save(db, learner, moved)
            return len(moved)

        return look.exam_set(exam, await self._storage.write(keep))

    async def remind(self, learner: int, given: str, zone_name: str) -> Reply:
        """A reminder every day at this time in this zone, on days on which something is due."""
        zone, now = zone_of(zone_name.strip()), self._clock()
        if zone is None:
            return notices.unknown("time zone", zone_name, nearest(zone_name))
        at = clock_time(given)
        if at is None:
            return notices.notice("I read times as `18:30`.")
        following = next_reminder(at, zone, now)

        def keep(db: Database) -> None:
            before = preferences.of(db, learner)
            preferences.save(db, learner, replace(before, zone=zone.key, remind_at=at, remind_next=following))

        await self._storage.write(keep)
        return look.reminder_set(at, zone.key, following)

    async def remind_off(self, learner: int) -> Reply:
        def keep(db: Database) -> None:
            preferences.save(db, learner, replace(preferences.of(db, learner), remind_at=None, remind_next=None))

        await self._storage.write(keep)
        return look.reminder_off()

    async def reminders(self) -> Sequence[tuple[int, Reply]]:
        """Who is to be reminded now, and of what. Each is given once: the next one is set before this one is sent."""
        now = self._clock()
        if not await self._storage.read(lambda db: preferences.to_remind(db, now)):
            return ()

        def take(db: Database) -> list[tuple[int, int]]:
            taken = []
            for learner in preferences.to_remind(db, now):
                preferences.save(db, learner, _moved_on(preferences.of(db, learner), now))
                taken.append((learner, sum(card.due <= now for card in self._asked(db, learner))))
            return taken

        return [(learner, look.reminder(count)) for learner, count in await self._storage.write(take) if count]

    async def _end(self, quiz: Quiz, items: Sequence[Choice | Written]) -> Reply:
        now = self._clock()
        own = await self._storage.read(lambda db: self._asked(db, quiz.learner))
        waiting = sum(card.due <= now for card in own)
        following = next((card.due for card in own if card.due > now), None)
        return quiz_look.summary(quiz, items, self._library.chunks, look.afterwards(waiting, following))

    def _asked(self, db: Database, learner: int, server: int = 0) -> Sequence[Card]:
        """A learner's cards without those of questions that are taken out on this server (0: outside of servers)."""
        held = quarantines.held(db, server)
        return self._askable([card for card in cards.of(db, learner) if card.item not in held])

    def _askable(self, own: Sequence[Card]) -> Sequence[Card]:
        """The cards whose item is still there and can be asked as a question; labs cannot."""
        return [card for card in own if self._questions.knows(card.item)]

    def _slipping(self, own: Sequence[Card]) -> Sequence[Chunk]:
        """The steps of the lessons that teach what the learner keeps forgetting."""
        leeches = [self._questions.another(card.item) for card in own if card.leech]
        names = dict.fromkeys(question.read_next for question in leeches if question)
        return [self._library.chunks[name] for name in names if name in self._library.chunks]


def _moved_on(chosen: Preferences, now: datetime) -> Preferences:
    zone = zone_of(chosen.zone)
    following = next_reminder(chosen.remind_at, zone, now) if chosen.remind_at and zone else None
    return replace(chosen, remind_next=following)
