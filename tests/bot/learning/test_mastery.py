"""Mastery, what comes next, calibration and streaks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.learning.items import Level, Skill
from bot.learning.mastery import Calibration, Evidence, Standing, calibration, next_skills, standing, streak
from bot.learning.quiz import Confidence

DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def answer(day: int, instance: str = "a", correct: bool = True, confidence: str = "sure", hints: int = 0) -> Evidence:
    return Evidence("s", instance, correct, confidence, hints, DAY + timedelta(days=day))


def test_three_right_over_two_days_and_two_clusters_is_mastery() -> None:
    """Fewer answers, one day or one cluster are not enough; a guess or a hint does not count."""
    assert standing([]) is Standing.NEW
    assert standing([answer(0), answer(0, "b")]) is Standing.LEARNING
    assert standing([answer(0), answer(0, "b"), answer(0, "c")]) is Standing.LEARNING
    assert standing([answer(0), answer(1), answer(2)]) is Standing.LEARNING
    assert standing([answer(0), answer(1, "b"), answer(1, confidence="guess")]) is Standing.LEARNING
    assert standing([answer(0), answer(1, "b"), answer(1, hints=1)]) is Standing.LEARNING
    assert standing([answer(0), answer(1, "b"), answer(1)]) is Standing.MASTERED


def test_a_miss_opens_a_mastered_skill_again() -> None:
    """And three right ones over two days close it once more."""
    row = [answer(0), answer(1, "b"), answer(1), answer(5, correct=False)]
    assert standing(row) is Standing.REOPENED
    assert standing([*row, answer(6), answer(7, "b"), answer(7)]) is Standing.MASTERED


def test_next_is_what_was_opened_again_then_begun_then_new_with_its_requirements() -> None:
    """The curriculum's order decides among equals; a skill whose requirement is not mastered waits."""
    skills = [
        Skill(name, name, "services", Level.BEGINNER, "proved", requires)
        for name, requires in (("a", ()), ("b", ()), ("c", ("a",)), ("d", ("b",)), ("e", ("a",)))
    ]
    known = {"a": Standing.MASTERED, "b": Standing.LEARNING, "e": Standing.REOPENED}
    assert [skill.id for skill in next_skills(skills, known)] == ["e", "b", "c"]


def test_calibration_counts_right_answers_by_confidence() -> None:
    """Answers without a stated confidence are left out."""
    told = [answer(0), answer(0, correct=False), answer(0, confidence="guess"), answer(0, confidence="")]
    assert calibration(told) == [
        Calibration(Confidence.SURE, 2, 1),
        Calibration(Confidence.THINK_SO, 0, 0),
        Calibration(Confidence.GUESS, 1, 1),
    ]


def test_a_streak_forgives_one_day_in_seven() -> None:
    """Today need not have begun; a second gap within the week ends it."""
    today = date(2026, 3, 31)
    days = [today - timedelta(days=n) for n in (1, 2, 4, 5, 6)]
    assert streak(days, today) == 5
    assert streak([*days, today - timedelta(days=8)], today) == 5
    assert streak([today], today) == 1
    assert streak([today - timedelta(days=2)], today) == 0
