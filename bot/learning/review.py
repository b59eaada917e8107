"""When an item should come back: spaced repetition by FSRS, over every kind of item.

Responsible for: grades from answers, the next date, caps by exam, leeches, which due cards to show together.
Leaves to others: asking (`quiz`), keeping the cards (`bot.storage`), what is known by skill (`mastery`).
Mirrors: FSRS-6 as the `fsrs` package has it, with its published default weights; learning steps of 1 and 10 minutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import fsrs

from bot.learning.quiz import Confidence

RETENTION = 0.9
"""The share of due cards that should still be known when they come up."""

LONGEST_DAYS = 180
"""No card stays away longer than this, however well it is known."""

LEECH_LAPSES = 4
"""A card forgotten this often wants another look at its lesson, not another repetition."""

_SCHEDULER = fsrs.Scheduler(desired_retention=RETENTION, maximum_interval=LONGEST_DAYS, enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class Card:
    """One learner's memory of one item. For a generated item, `item` is its template: the instance changes every time."""

    item: str
    skill: str
    due: datetime
    memory: Mapping[str, Any]
    reviews: int = 0
    lapses: int = 0
    misled: bool = False
    """The last answer was wrong although the learner was sure: what is believed wrongly is put right first."""

    @property
    def leech(self) -> bool:
        return self.lapses >= LEECH_LAPSES


def first_card(item: str, skill: str, now: datetime) -> Card:
    """The card of an item that the learner meets for the first time; it is due at once."""
    return Card(item, skill, now, fsrs.Card(card_id=0, due=now).to_dict())


def grade(*, correct: bool, confidence: str = "", hints: int = 0) -> fsrs.Rating:
    """Wrong is Again; right is Good, but Hard if it was guessed or took a hint.

    A guess that hit is weak evidence, so it comes back sooner; nobody is asked to rate the ease of what they got right.
    """
    if not correct:
        return fsrs.Rating.Again
    if hints or confidence == Confidence.GUESS.value:
        return fsrs.Rating.Hard
    return fsrs.Rating.Good


def review(card: Card, rating: fsrs.Rating, now: datetime, exam: date | None = None, confidence: str = "") -> Card:
    """The card after an answer at `now`. With an exam ahead, it comes back before the exam rather than after it."""
    memory = fsrs.Card.from_dict(card.memory)  # type: ignore[arg-type]
    was_known = memory.state is fsrs.State.Review
    memory, _ = _SCHEDULER.review_card(memory, rating, now)
    due = _before(exam, memory.due, now)
    lapsed = was_known and rating is fsrs.Rating.Again
    memory.due = due
    misled = rating is fsrs.Rating.Again and confidence == Confidence.SURE.value
    return replace(card, due=due, memory=memory.to_dict(), reviews=card.reviews + 1, lapses=card.lapses + lapsed, misled=misled)


def replayed(item: str, skill: str, answers: Sequence[tuple[fsrs.Rating, datetime, str]], exam: date | None = None) -> Card | None:
    """The card that these answers (grade, moment, confidence), oldest first, would have made; None without any.

    The exam is the one ahead now: which one was ahead then is not kept.
    """
    card = first_card(item, skill, answers[0][1]) if answers else None
    for rating, at, confidence in answers:
        assert card is not None
        card = review(card, rating, at, exam, confidence)
    return card


def _before(exam: date | None, due: datetime, now: datetime) -> datetime:
    """Halves the way to the exam instead of passing it, so that a card is met again at least once and at most daily."""
    if exam is None or exam <= now.date() or due.date() < exam:
        return due
    days_left = (exam - now.date()).days
    return now + timedelta(days=max(1, days_left // 2)) if days_left > 1 else now + timedelta(days=1)


def before_exam(cards: Sequence[Card], exam: date, now: datetime) -> Sequence[Card]:
    """The cards that would come back too late for the exam, spread over the days that are left; the others are not in it."""
    days = (exam - now.date()).days
    late = sorted((card for card in cards if card.due.date() >= exam), key=lambda card: (card.due, card.item))
    if days < 1:
        return ()
    moved = []
    for place, card in enumerate(late):
        due = now + timedelta(days=place * days // len(late))
        moved.append(replace(card, due=due, memory={**card.memory, "due": due.isoformat()}))
    return moved


def retrievability(card: Card, now: datetime) -> float:
    """The chance, 0 to 1, that the learner still knows it; 0 for a card that was never reviewed."""
    return _SCHEDULER.get_card_retrievability(fsrs.Card.from_dict(card.memory), now)  # type: ignore[arg-type]


def due_cards(cards: Iterable[Card], now: datetime, limit: int, together: int = 2) -> Sequence[Card]:
    """At most `limit` cards to ask now: what was believed wrongly, then what fades fastest; siblings apart.

    No more than `together` of one skill in a sitting, and never two of a skill side by side if there is another choice.
    """
    faded = sorted((card for card in cards if card.due <= now), key=lambda card: (not card.misled, retrievability(card, now), card.item))
    taken: list[Card] = []
    of_skill: Counter[str] = Counter()
    for card in faded:
        if len(taken) < limit and of_skill[card.skill] < together:
            taken.append(card)
            of_skill[card.skill] += 1
    return _apart(taken)


def _apart(cards: Sequence[Card]) -> Sequence[Card]:
    """The same cards, in nearly the same order, with neighbours of different skills wherever possible."""
    waiting, ordered = list(cards), list[Card]()
    while waiting:
        last = ordered[-1].skill if ordered else None
        following = next((card for card in waiting if card.skill != last), waiting[0])
        waiting.remove(following)
        ordered.append(following)
    return ordered


def forecast(due: Iterable[date], today: date, days: int) -> Sequence[int]:
    """How many cards come due on each of the next `days` days, by the day on which each is due; what is overdue counts today."""
    counts = [0] * days
    for day in due:
        distance = max(0, (day - today).days)
        if distance < days:
            counts[distance] += 1
    return counts
