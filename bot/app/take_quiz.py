"""Taking a quiz: which questions it asks, and what happens to one that is half done.

`server` is where somebody asks, 0 outside of servers: what is taken out there is not asked.
Responsible for: `/quiz` and the question that ends a lesson step.
Leaves to others: every step after the first (`sittings`), the choice among fitting questions (`bot.learning.quiz`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from random import Random

from bot.app.questions import Questions
from bot.app.sittings import CHUNK, QUIZ, Sittings
from bot.generators import Template
from bot.learning.items import PACK, Choice, Item, Level, Written
from bot.learning.quiz import Quiz, asked_of, choose_questions, still_asked
from bot.library import Library
from bot.rendering import notices
from bot.rendering import quiz as look
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, abilities, attempts, quarantines

ANY = "any"
WRITTEN, OPTIONS = "written", "options"
"""How answers are given: in the learner's own words, or by choosing among options."""
LONGEST = 20


class TakeQuiz:
    def __init__(self, library: Library, questions: Questions, storage: Storage, sittings: Sittings, random: Random) -> None:
        self._library, self._questions, self._storage, self._sittings, self._random = library, questions, storage, sittings, random

    async def ask(self, learner: int, server: int, topic: str, level: str, length: int, answers: str = ANY) -> Reply:
        """A new quiz, unless one is half done: then the learner chooses.

        `topic`, `level` and `answers` (`written` or `options`: how they are given) may be `any`; `server` is where, or 0.
        """
        if topic not in (ANY, *self.topics(server)):
            return notices.unknown("topic", topic, list(self.topics(server)))
        half_done = await self._sittings.open_one(learner, QUIZ)
        if half_done is not None:
            return look.offer(half_done, f"quiz-new:{topic}:{level}:{length}:{answers}")
        return await self.start(learner, server, topic, level, length, answers)

    async def start(self, learner: int, server: int, topic: str, level: str, length: int, answers: str = ANY) -> Reply:
        """A new quiz; one that was open is closed."""
        quiz = await self._begun(learner, server, lambda item: fits(item, topic, level, answers), length)
        if quiz is None:
            kind = "written questions" if answers == WRITTEN else "questions"
            return notices.notice(f"There are no {kind} on `{topic}` at the level `{level}` yet. Leave one of these out.")
        return await self._sittings.screen(quiz)

    async def practise(self, learner: int, skill: str, server: int = 0) -> Reply:
        """A quiz of at most five questions on one skill; one that was open is closed."""
        quiz = await self._begun(learner, server, lambda item: item.skill == skill, 5)
        if quiz is None:
            return notices.notice("There are no questions on this skill yet. Read about it in `/lesson`.")
        return await self._sittings.screen(quiz)

    async def ask_about(self, learner: int, chunk: str, server: int = 0) -> Reply:
        """The question that ends a lesson step, as a quiz of one."""
        found = self._library.chunks.get(chunk)
        item = self._library.questions.get(found.question) if found else None
        if not isinstance(item, Choice | Written):
            return notices.gone("lesson")
        if item.id in await self._storage.read(lambda db: quarantines.held(db, server)):
            return notices.notice("The question on this step is taken out while somebody looks into it. The next step is open as ever.")
        return await self._sittings.screen(
            await self._storage.write(lambda db: self._sittings.begin(db, learner, CHUNK, [item], chunk=chunk))
        )

    async def _begun(self, learner: int, server: int, wanted: Callable[[Item | Template], bool], length: int) -> Quiz | None:
        """A quiz of what fits: questions that authors wrote, and as many from random clusters to choose from; None if nothing does."""
        count = max(1, min(length, LONGEST))
        made = await asyncio.to_thread(self._questions.fresh, wanted, count)
        pool: Sequence[Item] = [*(item for item in self._questions.pool(server) if wanted(item)), *made]

        def begin(db: Database) -> Quiz | None:
            items = choose_questions(
                still_asked(pool, quarantines.held(db, server)), count, attempts.last_results(db, learner), self._random,
                abilities.of(db, learner), abilities.difficulties(db), writing=True,
            )  # fmt: skip
            return self._sittings.begin(db, learner, QUIZ, items) if items else None

        return await self._storage.write(begin)

    def topics(self, server: int) -> Mapping[str, str]:
        """What can be chosen on this server: topics that have questions, and its own packs, each with its name for the menu."""
        return topics(self._questions, server, asked_of)


def topics(questions: Questions, server: int, parts: Callable[[Item], Sequence[Item]]) -> Mapping[str, str]:
    """Topics and packs with something that `parts` finds to ask, and their names for a menu."""
    asked = dict.fromkeys(item.topic for item in questions.pool(server) if parts(item))
    packs = [pack for pack in questions.packs(server) if any(map(parts, pack.items.values()))]
    return {**{topic: topic for topic in asked}, **{f"{PACK}{pack.name}": f"{pack.title} (this server)" for pack in packs}}


def fits(item: Item | Template, topic: str, level: str, answers: str = ANY) -> bool:
    """Is this what was asked for? `topic` is a topic, a pack, or any; `answers` is `written`, `options`, or any."""
    if answers != ANY and (answers == WRITTEN) != (isinstance(item, Item) and any(isinstance(part, Written) for part in asked_of(item))):
        return False
    in_pack = isinstance(item, Item) and bool(item.pack) and topic == f"{PACK}{item.pack}"
    return (topic in (ANY, item.topic) or in_pack) and (level == ANY or item.level is Level(level))
