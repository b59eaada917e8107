"""When an item comes back."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import fsrs
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.review import LONGEST_DAYS, Card, before_exam, due_cards, first_card, forecast, grade, review

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def card(item: str, skill: str, days_overdue: float) -> Card:
    made = review(
        review(first_card(item, skill, NOW - timedelta(days=60)), fsrs.Rating.Good, NOW - timedelta(days=60)),
        fsrs.Rating.Good,
        NOW - timedelta(days=59),
    )
    return Card(made.item, made.skill, NOW - timedelta(days=days_overdue), made.memory, made.reviews)


def test_grades_follow_the_answer_and_its_doubt() -> None:
    """Wrong is Again, sure and right is Good, a lucky guess or a hint is Hard."""
    assert grade(correct=False, confidence="sure") is fsrs.Rating.Again
    assert grade(correct=True, confidence="sure") is fsrs.Rating.Good
    assert grade(correct=True) is fsrs.Rating.Good
    assert grade(correct=True, confidence="guess") is fsrs.Rating.Hard
    assert grade(correct=True, confidence="sure", hints=1) is fsrs.Rating.Hard


def test_intervals_grow_and_end_at_the_cap() -> None:
    """Answered right whenever due, a card stays away longer and longer, at most half a year."""
    current, gaps, now = first_card("a", "s", NOW), [], NOW
    for _ in range(10):
        current = review(current, fsrs.Rating.Good, now)
        gaps.append(current.due - now)
        now = current.due
    assert gaps == sorted(gaps)
    assert gaps[2] >= timedelta(days=5)
    assert gaps[-1] == timedelta(days=LONGEST_DAYS)


def test_forgetting_makes_a_leech_after_four_times() -> None:
    """A card forgotten four times after it had been known wants its lesson again."""
    current, now = first_card("a", "s", NOW), NOW
    for _ in range(4):
        assert not current.leech
        for _ in range(3):
            current = review(current, fsrs.Rating.Good, now)
            now = current.due
        current = review(current, fsrs.Rating.Again, now)
    assert current.leech


@given(st.integers(1, 200), st.lists(st.sampled_from([fsrs.Rating.Again, fsrs.Rating.Hard, fsrs.Rating.Good]), min_size=1, max_size=8))
def test_with_an_exam_ahead_every_card_returns_before_it(days: int, ratings: list[fsrs.Rating]) -> None:
    """Whatever was answered, a card is due before the exam as long as there is a day left for it."""
    exam = NOW.date() + timedelta(days=days)
    current, now = first_card("a", "s", NOW), NOW
    for rating in ratings:
        current = review(current, rating, now, exam)
        assert current.due > now
        if (exam - now.date()).days > 1:
            assert current.due.date() < exam
        now = current.due


def test_due_cards_keep_siblings_apart_and_take_the_most_faded_first() -> None:
    """At most two of a skill in a sitting, not side by side while there is another."""
    cards = [card(f"a{i}", "selector", 5 + i) for i in range(5)] + [card("b", "dns", 3), card("c", "ports", 1), card("later", "dns", -1)]
    chosen = due_cards(cards, NOW, 10)
    assert sorted(c.skill for c in chosen) == ["dns", "ports", "selector", "selector"]
    assert all(a.skill != b.skill for a, b in itertools.pairwise(chosen))


def test_the_forecast_counts_what_is_overdue_today() -> None:
    """Cards per day for the coming days."""
    cards = [card("a", "s", 3), card("b", "s", 0), card("c", "s", -1), card("d", "s", -30)]
    assert forecast([card.due.date() for card in cards], date(2026, 3, 2), 7) == [2, 1, 0, 0, 0, 0, 0]


@given(st.integers(1, 60), st.lists(st.floats(-10, 200), max_size=40))
def test_an_exam_spreads_what_would_come_too_late(days: int, due_in: list[float]) -> None:
    """Every such card comes back before the day, no day gets more than its share, and the others stay where they are."""
    exam = NOW.date() + timedelta(days=days)
    cards = [card(f"item-{n}", "s", -due) for n, due in enumerate(due_in)]

    moved = before_exam(cards, exam, NOW)

    late = {each.item for each in cards if each.due.date() >= exam}
    assert {each.item for each in moved} == late
    assert all(each.due >= NOW and each.due.date() < exam for each in moved)
    assert max(Counter(each.due.date() for each in moved).values(), default=0) <= len(late) // days + 1
    assert all(fsrs.Card.from_dict(each.memory).due == each.due for each in moved)


def test_what_was_believed_wrongly_comes_first() -> None:
    """Sure and wrong goes before what has faded more."""
    cards = [card("faded", "s", 20), replace(card("believed", "t", 0), misled=True)]
    assert [each.item for each in due_cards(cards, NOW, 2)] == ["believed", "faded"]
