"""Finding out in a dozen questions what a learner knows already, topic by topic.

Responsible for: which question comes next, what the answers say of each topic, which skills may be taken as known on the way.
Leaves to others: asking (`bot.app.place`), estimates from all later answers (`ability`).
Strengths are on the scale of `ability`. The estimate is the mean of the posterior over a grid; an answer in another topic counts
too, though less, since who knows one of them well tends to know the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp
from random import Random

from bot.learning.ability import Ability, Candidate, Rating, chance, starting_at
from bot.learning.items import Level, Skill

LENGTH = 12
KNOWN = 0.75
"""A skill is taken as known when a question of its level would be answered right with this chance, guessing apart."""

_ELSEWHERE = 0.6
"""How much an answer in another topic counts."""

_GRID = [step / 10 for step in range(-35, 36)]
_SPREAD = 1.6
"""Standard deviation of learners' strengths, before anything is known."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One answer of the placement."""

    topic: str
    difficulty: float
    options: int
    correct: bool


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is concluded of a topic: the strength, and the highest level that is known (None: begin at the beginning)."""

    topic: str
    strength: float
    level: Level | None
    answers: int
    right: int


def strength(topic: str, seen: Iterable[Observation]) -> float:
    """The estimate of a learner's strength in a topic."""
    answers = list(seen)
    weights = []
    for value in _GRID:
        weight = exp(-(value**2) / (2 * _SPREAD**2))
        for answer in answers:
            likely = chance(value, answer.difficulty, answer.options)
            weight *= (likely if answer.correct else 1 - likely) ** (1 if answer.topic == topic else _ELSEWHERE)
        weights.append(weight)
    return sum(value * weight for value, weight in zip(_GRID, weights, strict=True)) / sum(weights)


def next_candidate(pool: Sequence[tuple[str, Candidate]], seen: Sequence[Observation], random: Random) -> Candidate | None:
    """The next question out of (topic, candidate): from the topic least asked about, the one that tells most; None if none is left."""
    asked = {topic: sum(answer.topic == topic for answer in seen) for topic, _ in pool}
    if not asked:
        return None
    fewest = min(asked.values())
    topic = random.choice(sorted(name for name, times in asked.items() if times == fewest))
    # With something to guess from, an answer tells most a little below one's strength.
    aim = strength(topic, seen) - 0.2
    fitting = [candidate for name, candidate in pool if name == topic]
    return min(fitting, key=lambda candidate: (round(abs(candidate.difficulty - aim), 1), random.random()))


def conclude(topics: Iterable[str], seen: Sequence[Observation]) -> Sequence[Conclusion]:
    """What the answers say of each topic, in the order given."""
    found = []
    for topic in topics:
        estimate, own = strength(topic, seen), [answer for answer in seen if answer.topic == topic]
        levels = [level for level in Level if _known(estimate, level)]
        found.append(Conclusion(topic, estimate, levels[-1] if levels else None, len(own), sum(answer.correct for answer in own)))
    return found


def placed(ability: Ability, skills: Iterable[Skill], conclusions: Iterable[Conclusion]) -> Ability:
    """The learner's estimates with the conclusions taken over for every skill that nothing is known of yet."""
    found = {conclusion.topic: conclusion.strength for conclusion in conclusions}
    new = {
        skill.id: Rating(found[skill.topic] - ability.general.value)
        for skill in skills
        if skill.topic in found and skill.id not in ability.skills
    }
    return Ability(ability.general, {**ability.skills, **new})


def taken_as_known(ability: Ability, skills: Iterable[Skill]) -> frozenset[str]:
    """Skills of which answers or a placement say that they are probably known. Nothing is mastered by that."""
    return frozenset(skill.id for skill in skills if skill.id in ability.skills and _known(ability.at(skill.id), skill.level))


def _known(estimate: float, level: Level) -> bool:
    return chance(estimate, starting_at(level).value) >= KNOWN
