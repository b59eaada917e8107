"""How strong a learner is and how hard an item: one Elo scale for both, from the same answers.

Responsible for: the estimates, their update, the chance of a right answer, choosing an item that is neither too easy nor too hard.
Leaves to others: whether a skill is mastered (`mastery`), when a known item comes back (`review`).
A rating is on the logit scale: a learner 1.0 above an item answers it right about three times in four, guessing apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp
from random import Random

from bot.learning.items import Level

TARGET = 0.75
"""The share of right answers to aim at: hard enough to make one think, easy enough to go on."""

LEVEL_START = {Level.BEGINNER: -0.8, Level.INTERMEDIATE: 0.0, Level.ADVANCED: 0.9, Level.ARCHITECT: 1.5}
"""Where an item's rating starts before anybody has answered it."""


@dataclass(frozen=True, slots=True)
class Rating:
    """An estimate and the number of answers behind it. The more answers, the less one answer moves it."""

    value: float = 0.0
    answers: int = 0

    def moved(self, by: float) -> Rating:
        """The estimate after one more answer. `by` is the surprise: the result less the chance of it."""
        return Rating(self.value + _step(self.answers) * by, self.answers + 1)


def _step(answers: int) -> float:
    """How far one answer moves an estimate that has so many behind it."""
    return 1.0 / (1.0 + 0.06 * answers)


@dataclass(frozen=True, slots=True)
class Ability:
    """A learner's strength in general, and how each skill differs from it."""

    general: Rating = Rating()
    skills: Mapping[str, Rating] = field(default_factory=dict)

    def at(self, skill: str) -> float:
        return self.general.value + self.skills.get(skill, Rating()).value


def chance(ability: float, difficulty: float, options: int = 0) -> float:
    """The chance of a right answer, with guessing among `options` (0: nothing to guess from)."""
    guess = 1.0 / options if options else 0.0
    return guess + (1.0 - guess) / (1.0 + exp(difficulty - ability))


def update(ability: Ability, item: Rating, skill: str, *, correct: bool, options: int = 0) -> tuple[Ability, Rating]:
    """Both estimates after one first answer. Repeated answers to the same item must not be counted by the caller."""
    surprise = float(correct) - chance(ability.at(skill), item.value, options)
    own = ability.skills.get(skill, Rating())
    new = replace(ability, general=ability.general.moved(0.5 * surprise), skills={**ability.skills, skill: own.moved(surprise)})
    return new, item.moved(-surprise)


@dataclass(frozen=True, slots=True)
class Moved:
    """That an answer moved estimates which had so many answers behind them, in general and of the skill.

    `slope` is how much more probable a right answer would have been had the learner been stronger by one.
    """

    skill: str
    general: int
    own: int
    slope: float = 0.0


def slope(chance: float, options: int = 0) -> float:
    """How fast the chance of a right answer grows with strength, at that chance."""
    guess = 1.0 / options if options else 0.0
    return max(0.0, (chance - guess) * (1.0 - chance) / (1.0 - guess))


def corrected(ability: Ability, answer: Moved, by: float, later: Sequence[Moved], *, left_out: bool = False) -> Ability:
    """What a learner's estimates would be, had an answer surprised by so much more; `left_out`: had it not been given.

    The answers after it are taken into account: each would have surprised less, and so have moved less, in proportion to its slope.
    """
    general, skills = 0.5 * _step(answer.general) * by, {answer.skill: _step(answer.own) * by}
    for each in later:
        own = skills.get(each.skill, 0.0)
        less = each.slope * (general + own)
        general -= 0.5 * _step(each.general) * less
        skills[each.skill] = own - _step(each.own) * less
    moved = {skill: _shifted(ability.skills.get(skill, Rating()), change) for skill, change in skills.items()}
    if left_out:
        moved[answer.skill] = replace(moved[answer.skill], answers=max(0, moved[answer.skill].answers - 1))
    whole = _shifted(ability.general, general)
    return Ability(replace(whole, answers=max(0, whole.answers - left_out)), {**ability.skills, **moved})


def easier(item: Rating, before: int, by: float) -> Rating:
    """An item's estimate, had the answer that came after `before` others surprised by so much more."""
    return _shifted(item, -_step(before) * by)


def _shifted(rating: Rating, change: float) -> Rating:
    return replace(rating, value=rating.value + change)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that could be asked next. `difficulty` and `options` as above; `group` names look-alikes to be mixed."""

    item: str
    skill: str
    difficulty: float
    options: int
    group: str = ""


def starting_at(level: Level) -> Rating:
    """The rating of an item of this level that nobody has answered yet."""
    return Rating(LEVEL_START[level])


def choose(candidates: Sequence[Candidate], ability: Ability, length: int, random: Random) -> Sequence[Candidate]:
    """At most `length` candidates whose chance of success is nearest to the target, each skill once before any comes again.

    Chance only breaks ties, within a tenth of the target.
    """
    ranked = sorted(
        candidates, key=lambda c: (round(abs(chance(ability.at(c.skill), c.difficulty, c.options) - TARGET), 1), random.random())
    )
    chosen: list[Candidate] = []
    skills: set[str] = set()
    again: list[Candidate] = []
    for candidate in ranked:
        (again if candidate.skill in skills else chosen).append(candidate)
        skills.add(candidate.skill)
    return [*chosen, *again][:length]


def interleaved(chosen: Sequence[Candidate]) -> Sequence[Candidate]:
    """Look-alikes of one group follow each other, so that telling them apart is what is practised; skills still differ."""
    order: list[Candidate] = []
    for candidate in chosen:
        places = [
            i for i, other in enumerate(order) if candidate.group and other.group == candidate.group and other.skill != candidate.skill
        ]
        order.insert(places[-1] + 1 if places else len(order), candidate)
    return order
