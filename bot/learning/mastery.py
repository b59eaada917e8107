"""What a learner can do: mastery by skill, calibration of confidence, streaks. All of it read off the answers.

Responsible for: the rules by which answers become a judgement.
Leaves to others: keeping the answers (`bot.storage`), drawing them (`bot.rendering`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from bot.learning.items import Skill
from bot.learning.quiz import Confidence

RIGHT_IN_A_ROW = 3
DAYS = 2
DIFFERENT = 2


class Standing(StrEnum):
    NEW = "new"
    LEARNING = "learning"
    MASTERED = "mastered"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One answer as evidence. `instance` tells clusters of a generated item apart; for a written item it is the item's id."""

    skill: str
    instance: str
    correct: bool
    confidence: str
    hints: int
    at: datetime

    @property
    def counts(self) -> bool:
        """A right answer that was a guess, or took a hint, shows nothing yet."""
        return self.correct and not self.hints and self.confidence != Confidence.GUESS.value


def standing(answers: Sequence[Evidence]) -> Standing:
    """Mastered: the last three count, on two days at least and on two different clusters at least. A miss opens it again.

    `answers` are those of one skill, oldest first.
    """
    if not answers:
        return Standing.NEW
    if _passed(answers):
        return Standing.MASTERED
    once = any(_passed(answers[:n]) for n in range(RIGHT_IN_A_ROW, len(answers)))
    return Standing.REOPENED if once else Standing.LEARNING


def _passed(answers: Sequence[Evidence]) -> bool:
    row = list(takewhile(lambda answer: answer.counts, reversed(answers)))
    return len(row) >= RIGHT_IN_A_ROW and len({a.at.date() for a in row}) >= DAYS and len({a.instance for a in row}) >= DIFFERENT


def by_skill(answers: Iterable[Evidence]) -> Mapping[str, Sequence[Evidence]]:
    groups: dict[str, list[Evidence]] = defaultdict(list)
    for answer in sorted(answers, key=lambda answer: answer.at):
        groups[answer.skill].append(answer)
    return groups


def next_skills(skills: Sequence[Skill], known: Mapping[str, Standing], probable: Collection[str] = ()) -> Sequence[Skill]:
    """What to learn next, in the curriculum's order: opened again first, then begun, then new ones whose requirements are met.

    `probable` skills are taken as known without having been mastered, by a placement: they meet requirements, and come last themselves.
    """
    rank = {Standing.REOPENED: 0, Standing.LEARNING: 1, Standing.NEW: 2}
    open_skills = [
        (3 if standing is Standing.NEW and skill.id in probable else rank[standing], place, skill)
        for place, skill in enumerate(skills)
        if (standing := known.get(skill.id, Standing.NEW)) is not Standing.MASTERED
        and all(known.get(needed) is Standing.MASTERED or needed in probable for needed in skill.requires)
    ]
    return [skill for _, _, skill in sorted(open_skills, key=lambda entry: entry[:2])]


def in_a_row(answers: Sequence[Evidence]) -> int:
    """How many of the last answers count towards mastery without a break."""
    return len(list(takewhile(lambda answer: answer.counts, reversed(answers))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Of the answers given with one confidence: how many, and how many of them were right."""

    confidence: Confidence
    answers: int
    right: int


def calibration(answers: Iterable[Evidence]) -> Sequence[Calibration]:
    told = [answer for answer in answers if answer.confidence]
    return [
        Calibration(
            confidence,
            sum(answer.confidence == confidence.value for answer in told),
            sum(answer.confidence == confidence.value and answer.correct for answer in told),
        )
        for confidence in Confidence
    ]


def streak(days: Iterable[date], today: date) -> int:
    """Days in a row with at least one answer, up to today or yesterday; one missed day in seven is forgiven, not counted."""
    active = set(days)
    day = today if today in active else today - timedelta(days=1)
    count, since_grace = 0, 7
    while True:
        if day in active:
            count, since_grace = count + 1, since_grace + 1
        elif since_grace >= 7 and day - timedelta(days=1) in active and count:
            since_grace = 0
        else:
            return count
        day -= timedelta(days=1)
