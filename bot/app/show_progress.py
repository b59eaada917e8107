"""Progress: what a learner has reached, as a picture and in words.

Responsible for: `/progress`, with the picture drawn beside the event loop.
Leaves to others: the facts (`bot.learning.progress`), drawing and layout (`bot.rendering`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.app.questions import Questions
from bot.learning.progress import Progress, progress
from bot.learning.reminder import zone_of
from bot.library import Library
from bot.rendering import progress as look
from bot.rendering.pictures.progress import draw
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, abilities, attempts, cards, preferences, quarantines


class ShowProgress:
    def __init__(self, library: Library, questions: Questions, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._library, self._questions, self._storage, self._clock = library, questions, storage, clock

    async def show(self, learner: int, server: int = 0) -> Reply:
        """Mastery by topic, what comes due on this server (0: outside of servers), calibration, the streak."""
        now = self._clock()

        def work(db: Database) -> Progress:
            held = quarantines.held(db, server)
            own = [card for card in cards.of(db, learner) if card.item not in held]
            return progress(
                self._library.skills.values(),
                abilities.standings(db, learner),
                attempts.evidence(db, learner),
                [card for card in own if self._questions.knows(card.item)],
                [card for card in own if card.item in self._library.labs],
                zone_of(preferences.of(db, learner).zone) or ZoneInfo("UTC"),
                now,
            )

        facts = await self._storage.read(work)
        return look.progress(facts, await asyncio.to_thread(draw, facts))
