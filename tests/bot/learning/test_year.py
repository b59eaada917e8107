"""A slice of the simulated year: the whole of it is `python -m tests.bench learning`."""

from __future__ import annotations

from tests.bench.learning_year import ITEMS, SKILLS, simulate


def test_learners_of_two_months() -> None:
    """Due counts stay bounded, what is due is mostly still known, and strong and weak are told apart."""
    figures = simulate(learners=24, days=60)
    assert figures.due_median < 30
    assert figures.due_p95 < 90
    assert figures.due_most < SKILLS * ITEMS / 2
    assert 0.84 <= figures.retention <= 0.94
    assert figures.placement_correlation > 0.7
    assert figures.placed[0] < -0.3 < 0.3 < figures.placed[-1]
    assert figures.mastered[60][0] < figures.mastered[60][-1]
