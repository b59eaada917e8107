"""Replaying what was wrong: the questions whose newest answer was not right, the last ones first.

Responsible for: which questions `/mistakes` asks.
Leaves to others: asking them (`sittings`).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.app.questions import Questions
from bot.app.sittings import MISTAKES, Sittings
from bot.learning.items import Choice, Written
from bot.learning.quiz import Quiz
from bot.rendering import notices
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, attempts

SITTING = 10


class ReplayMistakes:
    def __init__(self, questions: Questions, storage: Storage, sittings: Sittings) -> None:
        self._questions, self._storage, self._sittings = questions, storage, sittings

    async def replay(self, learner: int) -> Reply:
        """A sitting of the last mistakes that have not been put right; one that is half done goes on."""
        half_done = await self._sittings.open_one(learner, MISTAKES)
        if half_done is not None:
            return await self._sittings.screen(half_done)

        def begin(db: Database) -> Quiz | None:
            wrong = self._wrong(db, learner)
            return self._sittings.begin(db, learner, MISTAKES, wrong) if wrong else None

        quiz = await self._storage.write(begin)
        if quiz is None:
            return notices.notice("There is no mistake that you have not put right since. New questions are in `/quiz`.")
        return await self._sittings.screen(quiz)

    def _wrong(self, db: Database, learner: int) -> Sequence[Choice | Written]:
        """The questions whose newest answer was wrong, the one answered last first; with a new cluster where they are made from one."""
        names = [item for item, right in attempts.last_results(db, learner).items() if not right and self._questions.knows(item)]
        return [question for name in names[:SITTING] if (question := self._questions.another(name))]
