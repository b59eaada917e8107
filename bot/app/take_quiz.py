"""Taking a quiz: start, answer, go on, stop, come back.

Responsible for: loading a quiz, taking one step, keeping it together with the answer in one transaction, replying.
Leaves to others: what a step does (`bot.learning.quiz`), what is shown (`bot.rendering.quiz`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random

from bot.learning.items import Choice, Item, Level, ScenarioItem
from bot.learning.quiz import Event, Outcome, Question, Quiz, Stop, choose_questions, parts_of, question_of, step
from bot.library import Library
from bot.rendering import notices
from bot.rendering import quiz as look
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, attempts, lesson_progress, sessions
from bot.storage.attempts import Attempt
from bot.storage.sessions import SessionRow

ANY = "any"
LONGEST = 20
_QUIZ, _CHUNK = "quiz", "chunk-question"
_KEPT = 50
"""Sessions of a kind that are kept of one learner; the answers themselves are kept for good."""

_IDS = "abcdefghijkmnpqrstuvwxyz23456789"


class TakeQuiz:
    def __init__(self, library: Library, storage: Storage, clock: Callable[[], datetime], random: Random) -> None:
        self._library, self._storage, self._clock, self._random = library, storage, clock, random
        scenarios = [item for item in library.items.values() if isinstance(item, ScenarioItem)]
        self._scenario_of = {step.question.id: scenario for scenario in scenarios for step in scenario.steps}

    async def ask(self, learner: int, topic: str, level: str, length: int) -> Reply:
        """A new quiz, unless one is half done: then the learner chooses. `topic` and `level` may be `any`."""
        if topic not in (ANY, *self.topics):
            return notices.unknown("topic", topic, self.topics)
        row = await self._storage.read(lambda db: sessions.latest_open(db, learner, _QUIZ))
        quiz = Quiz.of(row.state) if row else None
        if quiz is not None and quiz.answers and self._known(quiz):
            return look.offer(quiz, f"quiz-new:{topic}:{level}:{length}")
        return await self.start(learner, topic, level, length)

    async def start(self, learner: int, topic: str, level: str, length: int) -> Reply:
        """A new quiz; one that was open is closed."""
        pool = [item for item in self._library.items.values() if _fits(item, topic, level)]
        if not any(parts_of(item) for item in pool):
            return notices.notice(f"There are no questions on `{topic}` at the level `{level}` yet. Leave one of the two out.")
        now = self._clock()

        def begin(db: Database) -> Quiz:
            previous = sessions.latest_open(db, learner, _QUIZ)
            if previous is not None:
                stopped, _ = step(Quiz.of(previous.state), Stop(), now)
                sessions.save(db, _row(stopped), now)
            items = choose_questions(pool, max(1, min(length, LONGEST)), attempts.last_results(db, learner), self._random)
            quiz = Quiz(self._new_id(), learner, tuple(question_of(item, self._random) for item in items))
            sessions.save(db, _row(quiz), now)
            sessions.forget_old(db, learner, _QUIZ, _KEPT)
            return quiz

        return self._screen(await self._storage.write(begin))

    async def ask_about(self, learner: int, chunk: str) -> Reply:
        """The question that ends a lesson step, as a quiz of one."""
        found = self._library.chunks.get(chunk)
        item = self._library.questions.get(found.question) if found else None
        if not isinstance(item, Choice):
            return notices.gone("lesson")
        now = self._clock()
        quiz = Quiz(self._new_id(), learner, (question_of(item, self._random),), chunk=chunk)

        def begin(db: Database) -> None:
            sessions.save(db, _row(quiz), now)
            sessions.forget_old(db, learner, _CHUNK, _KEPT)

        await self._storage.write(begin)
        return self._screen(quiz)

    async def take_step(self, learner: int, session: str, event: Event) -> Reply:
        """Takes one step of the learner's quiz. An answer is in the file before the reply is made."""
        now = self._clock()

        def take(db: Database) -> tuple[Quiz, Outcome] | None:
            row = _find(db, session)
            if row is None or row.learner != learner:
                return None if row is None else (Quiz.of(row.state), Outcome.LATE)
            before = Quiz.of(row.state)
            quiz, outcome = step(before, event, now) if self._known(before) else (before, Outcome.REPEATED)
            if outcome in (Outcome.ANSWERED, Outcome.MOVED):
                sessions.save(db, _row(quiz), now)
            if outcome is Outcome.ANSWERED:
                self._record(db, quiz, now)
            return quiz, outcome

        taken = await self._storage.write(take)
        if taken is None:
            return notices.gone("quiz")
        quiz, outcome = taken
        if quiz.learner != learner:
            return notices.not_yours()
        return look.late(quiz) if outcome is Outcome.LATE else self._screen(quiz)

    async def resume(self, learner: int, session: str) -> Reply:
        """The quiz as it stands."""
        quiz = await self._load(session)
        if quiz is None:
            return notices.gone("quiz")
        return self._screen(quiz) if quiz.learner == learner else notices.not_yours()

    async def others(self, learner: int, session: str, at: int) -> Reply:
        """What is wrong with the options that were neither chosen nor right."""
        quiz = await self._load(session)
        if quiz is None or not 0 <= at < len(quiz.answers) or not self._known(quiz):
            return notices.gone("quiz")
        return look.others(quiz, self._item(quiz.questions[at]), at) if quiz.learner == learner else notices.not_yours()

    async def _load(self, session: str) -> Quiz | None:
        row = await self._storage.read(lambda db: _find(db, session))
        return Quiz.of(row.state) if row else None

    def _screen(self, quiz: Quiz) -> Reply:
        if not self._known(quiz):
            return notices.notice("The questions of this quiz have changed since. Your answers are kept; start afresh with `/quiz`.")
        if quiz.over and not quiz.chunk:
            return look.summary(quiz, [self._item(question) for question in quiz.questions], self._library.chunks)
        item = self._item(quiz.question)
        return look.screen(quiz, item, self._scenario_of.get(item.id))

    def _record(self, db: Database, quiz: Quiz, now: datetime) -> None:
        answer, item = quiz.answers[-1], self._item(quiz.question)
        attempts.add(
            db,
            Attempt(quiz.learner, item.id, item.skill, quiz.id, quiz.at, answer.option, answer.correct, answer.confidence, now),
        )
        if quiz.chunk and answer.correct:
            lesson_progress.understood(db, quiz.learner, quiz.chunk, now)

    def _known(self, quiz: Quiz) -> bool:
        """Are the items still what they were when the quiz began?"""
        return all(
            isinstance(item := self._library.questions.get(question.item), Choice)
            and len(item.options) == len(question.order)
            and item.options[question.key].correct
            for question in quiz.questions
        )

    def _item(self, question: Question) -> Choice:
        item = self._library.questions[question.item]
        assert isinstance(item, Choice)
        return item

    def _new_id(self) -> str:
        return "".join(self._random.choices(_IDS, k=12))

    @property
    def topics(self) -> Sequence[str]:
        """Topics with multiple-choice questions, for the command's menu."""
        return list(dict.fromkeys(item.topic for item in self._library.items.values() if parts_of(item)))


def _fits(item: Item, topic: str, level: str) -> bool:
    return topic in (ANY, item.topic) and (level == ANY or item.level is Level(level))


def _find(db: Database, session: str) -> SessionRow | None:
    return sessions.load(db, session, _QUIZ) or sessions.load(db, session, _CHUNK)


def _row(quiz: Quiz) -> SessionRow:
    return SessionRow(quiz.id, _CHUNK if quiz.chunk else _QUIZ, quiz.learner, quiz.as_data(), quiz.over)
