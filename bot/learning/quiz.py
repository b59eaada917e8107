"""A quiz as a value: which questions in which order, what was answered, what is on the screen.

Responsible for: choosing questions, the steps a quiz can take, its score, its form as data.
Leaves to others: when a step is taken (`bot.app`), where a quiz is kept (`bot.storage`), how it looks (`bot.rendering`), grading what
was written (`written`). A sitting of reviews, mistakes or placement is a quiz too; its `kind` says so.
Chance comes in as a `Random`, time as an argument. A step that was taken is never taken again: a second click changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum
from random import Random
from typing import Any, TypeAlias

from bot.learning.ability import Ability, Candidate, Rating, choose, interleaved, starting_at
from bot.learning.items import Choice, Item, ScenarioItem, Written

LONGEST_SECONDS = 60 * 60
"""More than this is not counted as thinking about one question."""


class Confidence(StrEnum):
    """How sure a learner says to be before answering."""

    SURE = "sure"
    THINK_SO = "think-so"
    GUESS = "guess"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a quiz: the item, its options in the order shown, and the number of the right one (author's order).

    A question to be answered in writing has no order, and its key is -1. `instance` is the seed of a generated item.
    """

    item: str
    order: tuple[int, ...]
    key: int
    instance: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. `option` is the number in the author's order, -1 where `text` was written. `seconds` since it was on the screen.

    `doubtful`: the grader cannot tell whether what was written is right, and the learner has not judged it yet.
    """

    option: int
    correct: bool
    confidence: str
    at: str
    text: str = ""
    doubtful: bool = False
    hints: int = 0
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Quiz:
    """`at` is the question on the screen; it has been answered when `answers` reaches it. `chunk`: the lesson step that it closes.

    `planned` is how many questions there will be where they are chosen one by one (0: all are there).
    """

    id: str
    learner: int
    questions: tuple[Question, ...]
    answers: tuple[Answer, ...] = ()
    at: int = 0
    confidence: str = ""
    stopped: bool = False
    chunk: str = ""
    kind: str = "quiz"
    planned: int = 0
    hints: int = 0
    """Hints taken for the question on the screen."""
    shown: str = ""
    """When the question on the screen came there."""

    @property
    def length(self) -> int:
        return self.planned or len(self.questions)

    @property
    def settled(self) -> Sequence[Answer]:
        """The answers that are known to be right or wrong."""
        return [answer for answer in self.answers if not answer.doubtful]

    @property
    def question(self) -> Question:
        return self.questions[min(self.at, len(self.questions) - 1)]

    @property
    def answer(self) -> Answer | None:
        """The answer to the question on the screen, once given."""
        return self.answers[self.at] if self.at < len(self.answers) else None

    @property
    def over(self) -> bool:
        return self.stopped or self.at >= len(self.questions)

    @property
    def right(self) -> int:
        return sum(answer.correct for answer in self.answers)

    def as_data(self) -> dict[str, Any]:
        """Plain data for JSON; `Quiz.of` reads it back."""
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Quiz:
        questions = tuple(Question(**{**question, "order": tuple(question["order"])}) for question in data["questions"])
        answers = tuple(Answer(**given) for given in data["answers"])
        return cls(**{**data, "questions": questions, "answers": answers})


@dataclass(frozen=True, slots=True)
class Choose:
    """The learner chooses the option shown at `place` (from 0) of question `step`."""

    step: int
    place: int


@dataclass(frozen=True, slots=True)
class Write:
    """The learner has written an answer to question `step`, which is right, or is not, or nobody can tell (None)."""

    step: int
    text: str
    right: bool | None


@dataclass(frozen=True, slots=True)
class Judge:
    """The learner says whether the doubtful answer to question `step` was right."""

    step: int
    right: bool


@dataclass(frozen=True, slots=True)
class Confide:
    """The learner says how sure the answer to question `step` will be."""

    step: int
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class TakeHint:
    """The learner takes hint `number` (from 0) of question `step`."""

    step: int
    number: int


@dataclass(frozen=True, slots=True)
class GoOn:
    """The learner has read the feedback on question `step`."""

    step: int


@dataclass(frozen=True, slots=True)
class Stop:
    """The learner ends the quiz here."""


Event: TypeAlias = Choose | Write | Judge | Confide | TakeHint | GoOn | Stop


class Outcome(Enum):
    """What an event did to a quiz."""

    ANSWERED = "answered"
    """An answer was given: it must be recorded."""
    MOVED = "moved"
    """Something else changed: what is on the screen, or the stated confidence."""
    REPEATED = "repeated"
    """The event had been handled before, as by a double click; nothing changed."""
    LATE = "late"
    """The event belongs to a question that is no longer on the screen, or the quiz is over; nothing changed."""


def step(quiz: Quiz, event: Event, now: datetime) -> tuple[Quiz, Outcome]:
    """Takes one step. An event that does not fit leaves the quiz as it is and says so."""
    if quiz.over:
        return quiz, Outcome.REPEATED if isinstance(event, Stop | GoOn) else Outcome.LATE
    if isinstance(event, Stop):
        return replace(quiz, stopped=True), Outcome.MOVED
    if event.step != quiz.at:
        return quiz, Outcome.REPEATED if isinstance(event, GoOn) and event.step == quiz.at - 1 else Outcome.LATE
    match event:
        case Choose(place=place):
            return _choose(quiz, place, now)
        case Write(text=text, right=right):
            return _write(quiz, text, right, now)
        case Judge(right=right):
            if quiz.answer is None or not quiz.answer.doubtful:
                return quiz, Outcome.REPEATED
            judged = replace(quiz.answer, correct=right, doubtful=False)
            return replace(quiz, answers=(*quiz.answers[:-1], judged)), Outcome.ANSWERED
        case Confide(confidence=confidence):
            if quiz.answer or quiz.confidence == confidence.value:
                return quiz, Outcome.REPEATED
            return replace(quiz, confidence=confidence.value), Outcome.MOVED
        case TakeHint(number=number):
            if quiz.answer or number != quiz.hints:
                return quiz, Outcome.REPEATED
            return replace(quiz, hints=quiz.hints + 1), Outcome.MOVED
        case GoOn():
            settled = quiz.answer is not None and not quiz.answer.doubtful
            return (replace(quiz, at=quiz.at + 1, shown=now.isoformat()), Outcome.MOVED) if settled else (quiz, Outcome.LATE)


def _choose(quiz: Quiz, place: int, now: datetime) -> tuple[Quiz, Outcome]:
    order = quiz.question.order
    if not 0 <= place < len(order):
        return quiz, Outcome.LATE
    if quiz.answer:
        return quiz, Outcome.REPEATED if quiz.answer.option == order[place] else Outcome.LATE
    option = order[place]
    answer = Answer(option, option == quiz.question.key, quiz.confidence, now.isoformat(), hints=quiz.hints, seconds=_seconds(quiz, now))
    return replace(quiz, answers=(*quiz.answers, answer), confidence="", hints=0), Outcome.ANSWERED


def _write(quiz: Quiz, text: str, right: bool | None, now: datetime) -> tuple[Quiz, Outcome]:
    if quiz.question.order:
        return quiz, Outcome.LATE
    if quiz.answer:
        return quiz, Outcome.REPEATED
    answer = Answer(-1, bool(right), quiz.confidence, now.isoformat(), text, right is None, quiz.hints, _seconds(quiz, now))
    return replace(quiz, answers=(*quiz.answers, answer), confidence="", hints=0), Outcome.MOVED if answer.doubtful else Outcome.ANSWERED


def _seconds(quiz: Quiz, now: datetime) -> int | None:
    """Whole seconds since the question came to the screen, at most an hour: who comes back tomorrow has not thought for a day."""
    if not quiz.shown:
        return None
    return max(0, min(LONGEST_SECONDS, round((now - datetime.fromisoformat(quiz.shown)).total_seconds())))


def question_of(item: Choice | Written, random: Random) -> Question:
    """The item as a question, its options shuffled."""
    if isinstance(item, Written):
        return Question(item.id, (), -1)
    order = list(range(len(item.options)))
    random.shuffle(order)
    return Question(item.id, tuple(order), next(number for number, option in enumerate(item.options) if option.correct), item.instance)


def without(quiz: Quiz, held: Collection[str]) -> Quiz:
    """The sitting without those questions that are still to come and have been taken out meanwhile."""
    asked = len(quiz.answers)
    left = tuple(question for question in quiz.questions[asked:] if question.item not in held)
    return replace(quiz, questions=(*quiz.questions[:asked], *left))


def still_asked(items: Iterable[Item], held: Collection[str]) -> Sequence[Item]:
    """The items of which nothing is taken out: a scenario goes with any of its steps."""
    return [item for item in items if item.id not in held and not any(part.id in held for part in asked_of(item))]


def parts_of(item: Item) -> tuple[Choice, ...]:
    """The questions that an item asks by options: itself, or the steps of a scenario; none where something has to be written."""
    parts = asked_of(item)
    choices = tuple(question for question in parts if isinstance(question, Choice))
    return choices if len(choices) == len(parts) else ()


def asked_of(item: Item) -> tuple[Choice | Written, ...]:
    """The questions that an item asks of one learner: itself, or the steps of a scenario. An interview's question wants a talk instead."""
    if isinstance(item, ScenarioItem):
        return tuple(step.question for step in item.steps)
    return (item,) if isinstance(item, Choice) or (isinstance(item, Written) and item.kind == "short") else ()


def choose_questions(
    items: Iterable[Item],
    length: int,
    last_results: Mapping[str, bool],
    random: Random,
    ability: Ability | None = None,
    difficulties: Mapping[str, Rating] | None = None,
    *,
    writing: bool = False,
) -> Sequence[Choice | Written]:
    """At most `length` questions: what is new or was wrong last time before what was right, those of fitting difficulty first.

    Scenarios come whole: one is passed over where it does not fit, unless there is nothing else.
    What has to be written is asked only with `writing`.
    """
    strength, hardness = ability or Ability(), difficulties or {}
    pool = {item.id: parts for item in items if (parts := asked_of(item) if writing else parts_of(item))}
    fresh, known = list[Candidate](), list[Candidate]()
    for name, parts in pool.items():
        right = all(last_results.get(question.id, False) for question in parts)
        (known if right else fresh).append(_candidate(name, parts, hardness))
    ordered = [candidate for group in (fresh, known) for candidate in choose(group, strength, len(group), random)]
    chosen: list[Candidate] = []
    room = length
    for candidate in ordered:
        if len(pool[candidate.item]) <= room:
            chosen.append(candidate)
            room -= len(pool[candidate.item])
    return [part for candidate in interleaved(chosen or ordered[:1]) for part in pool[candidate.item]]


def _candidate(name: str, parts: Sequence[Choice | Written], difficulties: Mapping[str, Rating]) -> Candidate:
    """Look-alikes are the questions whose first wrong option comes from the same misconception."""
    first = parts[0]
    options = first.options if isinstance(first, Choice) else ()
    group = next((option.misconception for option in options if not option.correct), "")
    difficulty = difficulties.get(first.id) or starting_at(first.level)
    return Candidate(name, first.skill, difficulty.value, len(options), group)
