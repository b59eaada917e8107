"""Replaying what was wrong: the questions whose newest answer was not right, the last ones first.

Responsible for: which questions `/mistakes` asks.
Leaves to others: asking them (`sittings`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.app.questions import Questions
from bot.app.sittings import MISTAKES, Sittings
from bot.rendering import notices
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, attempts, quarantines

SITTING = 10


class ReplayMistakes:
    def __init__(self, questions: Questions, storage: Storage, sittings: Sittings) -> None:
        self._questions, self._storage, self._sittings = questions, storage, sittings

    async def replay(self, learner: int, server: int = 0) -> Reply:
        """A sitting of the last mistakes that have not been put right; one that is half done goes on."""
        half_done = await self._sittings.open_one(learner, MISTAKES)
        if half_done is not None:
            return await self._sittings.screen(half_done)

        wrong = await self._storage.read(lambda db: self._wrong(db, learner, server))
        asked = await asyncio.to_thread(self._questions.again, wrong)
        if not asked:
            return notices.notice("There is no mistake that you have not put right since. New questions are in `/quiz`.")
        return await self._sittings.screen(await self._storage.write(lambda db: self._sittings.begin(db, learner, MISTAKES, asked)))

    def _wrong(self, db: Database, learner: int, server: int) -> Sequence[str]:
        """The items whose newest answer was wrong, the one answered last first; what is taken out on the server is left alone."""
        held, newest = quarantines.held(db, server), attempts.last_results(db, learner)
        return [item for item, right in newest.items() if not right and item not in held and self._questions.knows(item)][:SITTING]
