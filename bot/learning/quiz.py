"""A quiz as a value: which questions in which order, what was answered, what is on the screen.

Responsible for: choosing questions, the steps a quiz can take, its score, its form as data.
Leaves to others: when a step is taken (`bot.app`), where a quiz is kept (`bot.storage`), how it looks (`bot.rendering`).
Chance comes in as a `Random`, time as an argument. A step that was taken is never taken again: a second click changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum
from random import Random
from typing import Any, TypeAlias

from bot.learning.items import Choice, Item, ScenarioItem


class Confidence(StrEnum):
    """How sure a learner says to be before answering."""

    SURE = "sure"
    THINK_SO = "think-so"
    GUESS = "guess"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a quiz: the item, its options in the order shown, and the number of the right one (author's order)."""

    item: str
    order: tuple[int, ...]
    key: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. `option` is the number in the author's order."""

    option: int
    correct: bool
    confidence: str
    at: str


@dataclass(frozen=True, slots=True)
class Quiz:
    """`at` is the question on the screen; it has been answered when `answers` reaches it. `chunk`: the lesson step that it closes."""

    id: str
    learner: int
    questions: tuple[Question, ...]
    answers: tuple[Answer, ...] = ()
    at: int = 0
    confidence: str = ""
    stopped: bool = False
    chunk: str = ""

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
        questions = tuple(Question(q["item"], tuple(q["order"]), q["key"]) for q in data["questions"])
        answers = tuple(Answer(**given) for given in data["answers"])
        return cls(**{**data, "questions": questions, "answers": answers})


@dataclass(frozen=True, slots=True)
class Choose:
    """The learner chooses the option shown at `place` (from 0) of question `step`."""

    step: int
    place: int


@dataclass(frozen=True, slots=True)
class Confide:
    """The learner says how sure the answer to question `step` will be."""

    step: int
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class GoOn:
    """The learner has read the feedback on question `step`."""

    step: int


@dataclass(frozen=True, slots=True)
class Stop:
    """The learner ends the quiz here."""


Event: TypeAlias = Choose | Confide | GoOn | Stop


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
        case Confide(confidence=confidence):
            if quiz.answer or quiz.confidence == confidence.value:
                return quiz, Outcome.REPEATED
            return replace(quiz, confidence=confidence.value), Outcome.MOVED
        case GoOn():
            return (replace(quiz, at=quiz.at + 1), Outcome.MOVED) if quiz.answer else (quiz, Outcome.LATE)


def _choose(quiz: Quiz, place: int, now: datetime) -> tuple[Quiz, Outcome]:
    order = quiz.question.order
    if not 0 <= place < len(order):
        return quiz, Outcome.LATE
    if quiz.answer:
        return quiz, Outcome.REPEATED if quiz.answer.option == order[place] else Outcome.LATE
    option = order[place]
    answer = Answer(option, option == quiz.question.key, quiz.confidence, now.isoformat())
    return replace(quiz, answers=(*quiz.answers, answer), confidence=""), Outcome.ANSWERED


def question_of(item: Choice, random: Random) -> Question:
    """The item as a question, its options shuffled."""
    order = list(range(len(item.options)))
    random.shuffle(order)
    return Question(item.id, tuple(order), next(number for number, option in enumerate(item.options) if option.correct))


def parts_of(item: Item) -> tuple[Choice, ...]:
    """The questions that an item asks by options: itself, or the steps of a scenario; none where something has to be written."""
    if isinstance(item, Choice):
        return (item,)
    steps = [step.question for step in item.steps] if isinstance(item, ScenarioItem) else []
    return tuple(question for question in steps if isinstance(question, Choice)) if all(isinstance(q, Choice) for q in steps) else ()


def choose_questions(items: Iterable[Item], length: int, last_results: Mapping[str, bool], random: Random) -> Sequence[Choice]:
    """At most `length` questions: what is new or was wrong last time before what was right, skills in turn.

    Scenarios come whole: one is passed over where it does not fit, unless there is nothing else.
    """
    pool = [(item.skill, parts) for item in items if (parts := parts_of(item))]
    random.shuffle(pool)
    seen: Counter[tuple[bool, str]] = Counter()
    ranked: list[tuple[bool, int, int, tuple[Choice, ...]]] = []
    for skill, parts in pool:
        known = all(last_results.get(question.id, False) for question in parts)
        ranked.append((known, seen[known, skill], len(ranked), parts))
        seen[known, skill] += 1
    chosen: list[Choice] = []
    in_order = [parts for *_, parts in sorted(ranked, key=lambda entry: entry[:3])]
    for parts in in_order:
        if len(chosen) + len(parts) <= length:
            chosen += parts
    return chosen or in_order[0] if in_order else ()
