"""Placement: a dozen questions that find out what somebody knows already, and what follows from them.

Responsible for: `/placement`, choosing each question by the answers so far, taking the conclusions over.
Leaves to others: the estimates (`bot.learning.placement`), asking (`sittings`). It unlocks nothing, since nothing is locked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from random import Random

from bot.app.sittings import PLACEMENT, Sittings
from bot.learning.ability import Candidate, Rating, starting_at
from bot.learning.items import Choice, Written
from bot.learning.placement import LENGTH, Observation, conclude, next_candidate, placed
from bot.learning.quiz import Quiz
from bot.library import Library
from bot.rendering import progress as look
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, abilities, quarantines


class Place:
    def __init__(self, library: Library, storage: Storage, sittings: Sittings, random: Random) -> None:
        self._library, self._storage, self._sittings, self._random = library, storage, sittings, random
        self._choices = [item for item in library.items.values() if isinstance(item, Choice)]
        sittings.endings[PLACEMENT] = self._end
        sittings.followings[PLACEMENT] = self._follow

    async def begin(self, learner: int, server: int = 0) -> Reply:
        """A placement from the first question; one that is half done goes on."""
        half_done = await self._sittings.open_one(learner, PLACEMENT)
        if half_done is not None:
            return await self._sittings.screen(half_done)

        def work(db: Database) -> Quiz | None:
            first = self._next(db, (), quarantines.held(db, server))
            planned = min(LENGTH, len(self._choices))
            return self._sittings.begin(db, learner, PLACEMENT, [first], planned=planned) if first else None

        quiz = await self._storage.write(work)
        return await self._sittings.screen(quiz) if quiz else look.no_placement()

    def _follow(self, db: Database, quiz: Quiz, held: frozenset[str]) -> Quiz:
        """The sitting with its next question; after the last one, what it says of each topic is taken over."""
        hardness = abilities.difficulties(db)
        seen = self._seen(quiz, hardness)
        if len(quiz.answers) < quiz.length:
            following = self._next(db, seen, held | {question.item for question in quiz.questions})
            return self._sittings.extended(quiz, following) if following else quiz
        skills = list(self._library.skills.values())
        ability = placed(abilities.of(db, quiz.learner), skills, conclude(self._library.topics, seen))
        for skill in ability.skills:
            abilities.save(db, quiz.learner, skill, ability)
        return quiz

    async def _end(self, quiz: Quiz, _: Sequence[Choice | Written]) -> Reply:
        seen = self._seen(quiz, await self._storage.read(abilities.difficulties))
        return look.placement(quiz, conclude(self._library.topics, seen))

    def _next(self, db: Database, seen: Sequence[Observation], out: Collection[str]) -> Choice | None:
        hardness = abilities.difficulties(db)
        pool = [(item.topic, self._candidate(item, hardness)) for item in self._choices if item.id not in out]
        chosen = next_candidate(pool, seen, self._random)
        item = self._library.questions[chosen.item] if chosen else None
        return item if isinstance(item, Choice) else None

    def _seen(self, quiz: Quiz, hardness: Mapping[str, Rating]) -> Sequence[Observation]:
        found = []
        for question, answer in zip(quiz.questions, quiz.settled, strict=False):
            item = self._library.questions[question.item]
            assert isinstance(item, Choice)
            candidate = self._candidate(item, hardness)
            found.append(Observation(item.topic, candidate.difficulty, candidate.options, answer.correct))
        return found

    @staticmethod
    def _candidate(item: Choice, hardness: Mapping[str, Rating]) -> Candidate:
        rating = hardness.get(item.id) or starting_at(item.level)
        return Candidate(item.id, item.skill, rating.value, len(item.options))
