"""A simulated year of learners: do due counts stay bounded, is retention near its target, do mastery and placement tell strong from weak?

The learners are made up: each has a strength, and a memory that lasts longer or shorter than the scheduler takes it to. An item that was
forgotten is guessed at. They come on three days in four, stay away for two weeks once, take five new questions a day and at most three
sittings of reviews. All of it goes through the rules that the bot uses; only the database and Discord are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import exp
from random import Random
from statistics import mean, quantiles

import fsrs

from bot.learning import review
from bot.learning.ability import Ability, Candidate, Rating, chance, choose, starting_at, update
from bot.learning.items import Level
from bot.learning.mastery import Evidence, Standing, standing
from bot.learning.placement import LENGTH, Observation, conclude, next_candidate
from bot.learning.review import Card, due_cards, first_card, grade

TOPICS, SKILLS, ITEMS, OPTIONS = 8, 66, 6, 4
NEW_A_DAY, SITTINGS, SITTING = 5, 3, 10
_LEVELS = (Level.BEGINNER, Level.INTERMEDIATE, Level.ADVANCED)
_DECAY = fsrs.Scheduler().parameters[20]
_START = datetime(2026, 1, 1, 18, 0, tzinfo=UTC)


@dataclass(slots=True)
class Learner:
    """`strength` and `lasting` (how much longer a memory lasts than the scheduler thinks) are the truth that the bot has to find."""

    strength: float
    lasting: float
    placed: float = 0.0
    ability: Ability = field(default_factory=Ability)
    cards: dict[str, Card] = field(default_factory=dict)
    evidence: dict[str, list[Evidence]] = field(default_factory=lambda: defaultdict(list))
    due: list[int] = field(default_factory=list)
    known: list[bool] = field(default_factory=list)
    mastered_at: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a simulation shows. Due counts are of the days on which a learner comes; mastery and placement by quarter of true strength."""

    learners: int
    days: int
    reviews: int
    retention: float
    due_median: float
    due_p95: float
    due_most: int
    mastered: Mapping[int, Sequence[float]]
    placed: Sequence[float]
    placement_correlation: float


def catalogue() -> Sequence[tuple[str, Candidate]]:
    """(topic, item) for every item: six for each skill, their levels by skill."""
    found = []
    for skill in range(SKILLS):
        level = _LEVELS[skill * len(_LEVELS) // SKILLS]
        for number in range(ITEMS):
            difficulty = starting_at(level).value + (number - 2.5) * 0.15
            found.append((f"topic-{skill % TOPICS}", Candidate(f"item-{skill}-{number}", f"skill-{skill}", difficulty, OPTIONS)))
    return found


def simulate(learners: int, days: int, seed: int = 1) -> Figures:
    """The figures of so many learners over so many days."""
    random, pool = Random(seed), catalogue()
    group = [_lived(Learner(random.gauss(0, 1), exp(random.gauss(0, 0.3))), pool, days, random) for _ in range(learners)]
    group.sort(key=lambda learner: learner.strength)
    quarters = [group[learners * q // 4 : learners * (q + 1) // 4] for q in range(4)]
    due = [count for learner in group for count in learner.due]
    known = [answer for learner in group for answer in learner.known]
    marks = sorted({day for learner in group for day in learner.mastered_at})
    return Figures(
        learners, days, len(known), mean(known), quantiles(due, n=100)[49], quantiles(due, n=100)[94], max(due),
        {day: [mean(learner.mastered_at[day] for learner in quarter) for quarter in quarters] for day in marks},
        [mean(learner.placed for learner in quarter) for quarter in quarters],
        _correlation([learner.strength for learner in group], [learner.placed for learner in group]),
    )  # fmt: skip


def _lived(learner: Learner, pool: Sequence[tuple[str, Candidate]], days: int, random: Random) -> Learner:
    learner.placed = _placed(learner, pool, random)
    fresh = [candidate for _, candidate in pool]
    away = random.randrange(days)
    for day in range(days):
        now = _START + timedelta(days=day, minutes=random.randrange(240))
        if random.random() < 0.75 and not away <= day < away + 14:
            learner.due.append(sum(card.due <= now for card in learner.cards.values()))
            for _ in range(SITTINGS):
                for card in due_cards(learner.cards.values(), now, SITTING):
                    _reviewed(learner, card, now, random)
            for candidate in choose(fresh, learner.ability, NEW_A_DAY, random):
                _met(learner, candidate, now, random)
            fresh = [candidate for candidate in fresh if candidate.item not in learner.cards]
        if day + 1 in (30, 90, 180, 365) or day + 1 == days:
            standings = [standing(answers) for answers in learner.evidence.values()]
            learner.mastered_at[day + 1] = sum(each is Standing.MASTERED for each in standings)
    return learner


def _placed(learner: Learner, pool: Sequence[tuple[str, Candidate]], random: Random) -> float:
    """The mean over the topics of what a placement finds."""
    topic_of, seen, asked = {candidate.item: topic for topic, candidate in pool}, list[Observation](), set[str]()
    for _ in range(LENGTH):
        candidate = next_candidate([entry for entry in pool if entry[1].item not in asked], seen, random)
        assert candidate is not None
        asked.add(candidate.item)
        correct = random.random() < chance(learner.strength, candidate.difficulty, OPTIONS)
        seen.append(Observation(topic_of[candidate.item], candidate.difficulty, OPTIONS, correct))
    return mean(conclusion.strength for conclusion in conclude(sorted(set(topic_of.values())), seen))


def _met(learner: Learner, candidate: Candidate, now: datetime, random: Random) -> None:
    """A new item: right by strength, or by a guess."""
    knows = random.random() < chance(learner.strength, candidate.difficulty)
    correct = knows or random.random() < 1 / OPTIONS
    learner.ability, _ = update(learner.ability, Rating(candidate.difficulty, 1000), candidate.skill, correct=correct, options=OPTIONS)
    _answered(learner, first_card(candidate.item, candidate.skill, now), knows, correct, now, random)


def _reviewed(learner: Learner, card: Card, now: datetime, random: Random) -> None:
    """A known item: remembered by the true forgetting curve, else guessed at."""
    memory = fsrs.Card.from_dict(card.memory)
    elapsed = (now - memory.last_review).total_seconds() / 86400
    decay = -_DECAY
    factor = 0.9 ** (1 / decay) - 1
    knows = random.random() < (1 + factor * elapsed / (memory.stability * learner.lasting)) ** decay
    if memory.state is fsrs.State.Review:
        learner.known.append(knows)
    _answered(learner, card, knows, knows or random.random() < 1 / OPTIONS, now, random)


def _answered(learner: Learner, card: Card, knows: bool, correct: bool, now: datetime, random: Random) -> None:
    confidence = random.choice(("sure", "sure", "think-so") if knows else ("guess", "guess", "think-so", "sure"))
    learner.evidence[card.skill].append(Evidence(card.skill, card.item, correct, confidence, 0, now))
    learner.cards[card.item] = review.review(card, grade(correct=correct, confidence=confidence), now, None, confidence)


def _correlation(left: Sequence[float], right: Sequence[float]) -> float:
    a, b = mean(left), mean(right)
    over = sum((x - a) * (y - b) for x, y in zip(left, right, strict=True))
    return over / (sum((x - a) ** 2 for x in left) * sum((y - b) ** 2 for y in right)) ** 0.5


def table(learners: int = 200, days: int = 365) -> str:
    figures = simulate(learners, days)
    lines = [
        f"{figures.learners} learners, {figures.days} days, {figures.reviews:,} reviews of {SKILLS * ITEMS} items",
        f"known when due        {figures.retention:.1%} (target {review.RETENTION:.0%})",
        f"due on a day          median {figures.due_median:.0f}, 95 in 100 at most {figures.due_p95:.0f}, most {figures.due_most}",
        "skills mastered       by quarter of true strength, weak to strong",
        *(f"  after {day:3} days     " + "  ".join(f"{count:4.1f}" for count in counts) for day, counts in figures.mastered.items()),
        "placement finds       " + "  ".join(f"{value:+.2f}" for value in figures.placed),
        f"placement and truth   correlate by {figures.placement_correlation:.2f} over {LENGTH} questions",
    ]
    return "\n".join(lines)
