"""Sittings: questions one after the other, whatever for: a quiz, a lesson's question, reviews, mistakes, placement.

Responsible for: beginning one, taking one step, keeping it together with the answer in one transaction, showing where it stands.
Leaves to others: which questions (the modules that begin one), what a step does (`bot.learning.quiz`), what follows from an answer
(`answers`), what is shown (`bot.rendering.quiz`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import TypeAlias

from bot.app import answers, proof_run
from bot.app.questions import Questions
from bot.app.workers import Workers
from bot.learning import written
from bot.learning.items import Choice, Written
from bot.learning.quiz import Event, GoOn, Outcome, Question, Quiz, Stop, Write, question_of, step, without
from bot.learning.written import Verdict
from bot.library import Library
from bot.rendering import notices
from bot.rendering import quiz as look
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, lesson_progress, quarantines, sessions
from bot.storage.attempts import Attempt
from bot.storage.sessions import SessionRow

QUIZ, CHUNK, REVIEW, MISTAKES, PLACEMENT = "quiz", "chunk-question", "review", "mistakes", "placement"
KINDS = (QUIZ, CHUNK, REVIEW, MISTAKES, PLACEMENT)
_KEPT = 50
"""Sittings of a kind that are kept of one learner; the answers themselves are kept for good."""

_IDS = "abcdefghijkmnpqrstuvwxyz23456789"

Ending: TypeAlias = Callable[[Quiz, Sequence[Choice | Written]], Awaitable[Reply]]
Following: TypeAlias = Callable[[Database, Quiz, frozenset[str]], Quiz]
"""Takes what is taken out, too."""


class Sittings:
    """`endings` show the last screen of a kind; `followings` add the next question after each answer where they come one by one."""

    def __init__(
        self, library: Library, questions: Questions, storage: Storage, workers: Workers, clock: Callable[[], datetime], random: Random
    ) -> None:
        self._library, self._questions, self._storage, self._workers = library, questions, storage, workers
        self._clock, self._random = clock, random
        self.endings: dict[str, Ending] = {}
        self.followings: dict[str, Following] = {}

    def begin(self, db: Database, learner: int, kind: str, items: Sequence[Choice | Written], *, chunk: str = "", planned: int = 0) -> Quiz:
        """A new sitting, inside a transaction; one of this kind that was open is closed."""
        now = self._clock()
        previous = sessions.latest_open(db, learner, kind) if kind != CHUNK else None
        if previous is not None:
            stopped, _ = step(Quiz.of(previous.state), Stop(), now)
            sessions.save(db, _row(stopped), now)
        questions = tuple(question_of(item, self._random) for item in items)
        quiz = Quiz(self._new_id(), learner, questions, chunk=chunk, kind=kind, planned=planned, shown=now.isoformat())
        sessions.save(db, _row(quiz), now)
        sessions.forget_old(db, learner, kind, _KEPT)
        return quiz

    async def open_one(self, learner: int, kind: str) -> Quiz | None:
        """The sitting of this kind that the learner has begun to answer and not finished."""
        row = await self._storage.read(lambda db: sessions.latest_open(db, learner, kind))
        quiz = Quiz.of(row.state) if row else None
        return quiz if quiz is not None and quiz.answers and self._known(quiz) else None

    async def take_step(self, learner: int, session: str, event: Event, server: int = 0) -> Reply:
        """Takes one step of the learner's sitting. An answer is in the file before the reply is made.

        What is taken out on the server meanwhile (0: outside of servers) is passed over, unless it is on the screen already.
        """
        now = self._clock()

        def take(db: Database) -> tuple[Quiz, Outcome] | None:
            row = _find(db, session)
            if row is None or row.learner != learner:
                return None if row is None else (Quiz.of(row.state), Outcome.LATE)
            before = Quiz.of(row.state)
            quiz, outcome = step(before, event, now) if self._known(before) else (before, Outcome.REPEATED)
            if outcome is Outcome.ANSWERED:
                self._record(db, quiz, now)
                quiz = self.followings[quiz.kind](db, quiz, quarantines.held(db, server)) if quiz.kind in self.followings else quiz
            if outcome is Outcome.MOVED and isinstance(event, GoOn) and not quiz.planned:
                quiz = without(quiz, quarantines.held(db, server))
            if outcome in (Outcome.ANSWERED, Outcome.MOVED):
                sessions.save(db, _row(quiz), now)
            return quiz, outcome

        taken = await self._storage.write(take)
        if taken is None:
            return notices.gone("quiz")
        quiz, outcome = taken
        if quiz.learner != learner:
            return notices.not_yours()
        return look.late(quiz) if outcome is Outcome.LATE else await self.screen(quiz)

    async def write(self, learner: int, session: str, at: int, text: str, server: int = 0) -> Reply:
        """Takes what the learner wrote as the answer to a question. In doubt, the learner judges it against the points."""
        quiz = await self._load(session)
        item = self._found(quiz.questions[at]) if quiz and 0 <= at < len(quiz.questions) else None
        if not isinstance(item, Written):
            return notices.gone("quiz")
        # Half a character, which Discord passes on, is one that no file takes.
        kept = text[: written.LONGEST_ANSWER].encode(errors="replace").decode()
        verdict = (await asyncio.to_thread(written.grade, kept, item.key_points)).verdict
        right = {Verdict.RIGHT: True, Verdict.WRONG: False}.get(verdict)
        return await self.take_step(learner, session, Write(at, kept, right), server)

    async def resume(self, learner: int, session: str) -> Reply:
        """The sitting as it stands."""
        quiz = await self._load(session)
        if quiz is None:
            return notices.gone("quiz")
        return await self.screen(quiz) if quiz.learner == learner else notices.not_yours()

    async def others(self, learner: int, session: str, at: int) -> Reply:
        """What is wrong with the options that were neither chosen nor right."""
        quiz = await self._load(session)
        item = self._item(quiz.questions[at]) if quiz and 0 <= at < len(quiz.answers) and self._known(quiz) else None
        if quiz is None or not isinstance(item, Choice):
            return notices.gone("quiz")
        return look.others(quiz, item, at) if quiz.learner == learner else notices.not_yours()

    async def run_behind(self, learner: int, session: str, at: int) -> Reply:
        """What the simulator showed for a question that was proved by running it."""
        quiz = await self._load(session)
        item = self._item(quiz.questions[at]) if quiz and 0 <= at < len(quiz.answers) and self._known(quiz) else None
        if quiz is None or item is None:
            return notices.gone("quiz")
        if quiz.learner != learner:
            return notices.not_yours()
        return await proof_run.show(self._workers, item, self._questions.scenario_of(item.id))

    async def screen(self, quiz: Quiz) -> Reply:
        """What belongs on the learner's screen now."""
        if not self._known(quiz):
            return notices.notice("These questions have changed since. Your answers are kept; start afresh with `/quiz`.")
        if quiz.over and not quiz.chunk:
            items = [self._item(question) for question in quiz.questions]
            ending = self.endings.get(quiz.kind)
            return await ending(quiz, items) if ending else look.summary(quiz, items, self._library.chunks)
        item = self._item(quiz.question)
        if isinstance(item, Written) and quiz.answer:
            await asyncio.to_thread(written.grade, quiz.answer.text, item.key_points)  # at hand for the screen from here on
        return look.screen(quiz, item, self._questions.scenario_of(item.id))

    def extended(self, quiz: Quiz, item: Choice | Written) -> Quiz:
        """The sitting with one more question at its end."""
        return replace(quiz, questions=(*quiz.questions, question_of(item, self._random)))

    async def _load(self, session: str) -> Quiz | None:
        def load(db: Database) -> Quiz | None:
            row = _find(db, session)
            quiz = Quiz.of(row.state) if row else None
            if quiz is not None:
                # After a restart generated questions are made anew, which takes too long for the event loop.
                self._known(quiz)
            return quiz

        return await self._storage.read(load)

    def _record(self, db: Database, quiz: Quiz, now: datetime) -> None:
        answer, item = quiz.answers[-1], self._item(quiz.question)
        options = item.options if isinstance(item, Choice) else ()
        attempt = Attempt(
            quiz.learner, item.id, item.counts_for, quiz.id, quiz.at, answer.option, answer.correct, answer.confidence, now,
            hints=answer.hints, instance=quiz.question.instance, seconds=answer.seconds,
            misconception=options[answer.option].misconception if options else "",
        )  # fmt: skip
        answers.record(db, attempt, item.level, len(options))
        if quiz.chunk and answer.correct:
            lesson_progress.understood(db, quiz.learner, quiz.chunk, now)

    def _known(self, quiz: Quiz) -> bool:
        """Are the items still what they were when the sitting began?"""
        return all(self._unchanged(question) for question in quiz.questions)

    def _unchanged(self, question: Question) -> bool:
        item = self._found(question)
        if isinstance(item, Choice):
            return len(item.options) == len(question.order) and item.options[question.key].correct
        return isinstance(item, Written) and not question.order

    def _item(self, question: Question) -> Choice | Written:
        item = self._found(question)
        assert item is not None
        return item

    def _found(self, question: Question) -> Choice | Written | None:
        return self._questions.find(question.item, question.instance)

    def _new_id(self) -> str:
        return "".join(self._random.choices(_IDS, k=12))


def _find(db: Database, session: str) -> SessionRow | None:
    return next((row for kind in KINDS if (row := sessions.load(db, session, kind))), None)


def _row(quiz: Quiz) -> SessionRow:
    return SessionRow(quiz.id, quiz.kind, quiz.learner, quiz.as_data(), quiz.over)
