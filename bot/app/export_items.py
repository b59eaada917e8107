"""Taking questions along: the learner's own, or their mistakes, as a file for another tool.

Responsible for: `/export`, which questions are in it.
Leaves to others: the formats (`bot.rendering.exports`).
"""

from __future__ import annotations

import asyncio
from enum import Enum

from bot.app.questions import Questions
from bot.learning.items import Choice, Written
from bot.rendering import exports, notices
from bot.rendering.reply import Reply
from bot.storage import Storage, attempts, quarantines

FORMATS = {"anki": "Anki deck", "gift": "Moodle GIFT", "csv": "CSV table", "json": "JSON"}


class Which(Enum):
    ANSWERED = "all I have answered"
    MISTAKES = "my mistakes"


class ExportItems:
    def __init__(self, questions: Questions, storage: Storage) -> None:
        self._questions, self._storage = questions, storage

    async def export(self, learner: int, to: str, which: Which) -> Reply:
        """The file, or a sentence if there is nothing to put into it."""
        results, held = await self._storage.read(lambda db: (attempts.last_results(db, learner), quarantines.held(db, 0)))
        found = [
            self._questions.alone(name) for name, right in results.items() if name not in held and (which is Which.ANSWERED or not right)
        ]
        items = [item for item in found if isinstance(item, Choice | Written)]
        if not items:
            return notices.notice("There is nothing to take along yet. Answer a few questions in `/quiz` first.")
        return await asyncio.to_thread(exports.export, to, sorted(items, key=lambda item: item.id))
