"""The figures of items: what simple counts must give, and what holds whatever was counted."""

from __future__ import annotations

from math import inf, sqrt
from random import Random
from statistics import correlation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.ability import chance
from bot.learning.item_analysis import (
    BUCKETS,
    ENOUGH,
    ENOUGH_TO_PROPOSE,
    Analysis,
    Mark,
    Tally,
    analyse,
    bucket_of,
    median,
    wilson,
)


def tally(option: int, correct: bool, strengths: list[int], unplaced: int = 0, hinted: int = 0) -> Tally:
    """So many answers of known learners with these strengths, and some of unknown ones."""
    squares = sum(s * s for s in strengths)
    return Tally(option, "", correct, len(strengths) + unplaced, hinted, len(strengths), sum(strengths), squares)


def test_an_item_that_nobody_has_answered_says_nothing() -> None:
    """No figure, no mark, and no division by nothing."""
    assert analyse([]) == Analysis()
    assert not analyse([]).enough


def test_the_figures_of_a_good_item() -> None:
    """Forty of sixty right, the stronger ones: facility with its interval, a high discrimination, shares, hints, no mark."""
    right = tally(0, True, [1000] * 30 + [0] * 10, hinted=6)
    wrong = [tally(1, False, [-1000] * 12), tally(2, False, [0] * 8)]
    found = analyse([right, *wrong], [0, 0, 0, 0, 60], (0, 1, 2))

    assert found.facility == pytest.approx(2 / 3)
    assert (found.low, found.high) == pytest.approx((0.5405, 0.7727), abs=1e-3)  # Wilson's interval as in any table
    assert found.discrimination is not None
    assert found.discrimination > 0.5
    assert found.weakest < found.discrimination < found.strongest
    assert found.shares == pytest.approx({0: 2 / 3, 1: 0.2, 2: 8 / 60})
    assert found.hinted == pytest.approx(0.1)
    assert found.median == pytest.approx(25)
    assert found.marks == ()


@pytest.mark.parametrize(
    ("tallies", "mark"),
    [
        ([tally(0, True, [-500] * 20), tally(1, False, [500] * 10), tally(2, False, [500] * 10)], Mark.KEY_DOUBTFUL),
        ([tally(0, True, [500] * 20 + [0] * 30), tally(1, False, [0] * 20), tally(2, False, [900] * 15)], Mark.MISLEADING),
        ([tally(0, True, [0, 10] * 5), tally(1, False, [0] * 40), tally(2, False, [0] * 40)], Mark.TOO_HARD),
        ([tally(0, True, [0, 10] * 40), tally(1, False, [0] * 4), tally(2, False, [0] * 4)], Mark.TOO_EASY),
        ([tally(0, True, [0, 10] * 15), tally(1, False, [0, 10] * 8), tally(2, False, [0, 10] * 8)], Mark.WEAK),
        ([tally(0, True, [500] * 30), tally(1, False, [0] * 20)], Mark.UNCHOSEN),
    ],
)
def test_each_mark_has_its_reason(tallies: list[Tally], mark: Mark) -> None:
    """A turned key, a wrong option that draws the strong, too hard, too easy, no discrimination, a dead option."""
    assert mark in analyse(tallies, (), (0, 1, 2)).marks


def test_too_few_answers_are_marked_with_nothing() -> None:
    """However bad twenty-nine answers look, they may be chance."""
    found = analyse([tally(1, False, [900] * (ENOUGH - 1))], (), (0, 1, 2))
    assert found.marks == ()
    assert not found.enough


def test_what_is_proposed_to_be_taken_out_is_known_well() -> None:
    """A hundred answers of known learners without discrimination, not ninety-nine, and not a hundred of newcomers."""
    half = ENOUGH_TO_PROPOSE // 2
    flat = [tally(0, True, [0, 1000] * (half // 2)), tally(1, False, [0, 1000] * (half // 2))]
    assert analyse(flat).unfit
    assert not analyse([flat[0], tally(1, False, [0, 1000] * (half // 2 - 1))]).unfit
    assert not analyse([tally(0, True, [], unplaced=200), tally(1, False, [], unplaced=200)]).unfit


@given(st.lists(st.tuples(st.booleans(), st.integers(-4000, 4000)), min_size=4, max_size=60))
def test_discrimination_is_the_correlation_of_the_answers_themselves(answers: list[tuple[bool, int]]) -> None:
    """From sums alone, the very number that the single answers give."""
    right, strengths = [float(r) for r, _ in answers], [float(s) for _, s in answers]
    found = analyse([tally(0, True, [s for r, s in answers if r]), tally(1, False, [s for r, s in answers if not r])])
    if len(set(right)) < 2 or len(set(strengths)) < 2:
        assert found.discrimination is None
    else:
        assert found.discrimination == pytest.approx(correlation(right, strengths), abs=1e-9)


@given(st.integers(0, 400), st.integers(1, 400))
def test_the_interval_holds_the_share_and_narrows(right: int, more: int) -> None:
    """Within 0 and 1, around the share, and four times the answers halve it, nearly."""
    low, high = wilson(right, right + more)
    assert 0 <= low <= right / (right + more) <= high <= 1
    again_low, again_high = wilson(4 * right, 4 * (right + more))
    assert again_high - again_low < high - low


@given(st.lists(st.integers(0, 900), min_size=1, max_size=50))
def test_the_median_lies_in_its_stretch(seconds: list[int]) -> None:
    """The counted median is in the same stretch as the true one."""
    times = [0] * (len(BUCKETS) + 1)
    for each in seconds:
        times[bucket_of(each)] += 1
    found = median(times)
    assert found is not None
    low_median = sorted(seconds)[(len(seconds) - 1) // 2]
    if found == inf:
        assert low_median > BUCKETS[-1]
    else:
        assert bucket_of(found) == bucket_of(low_median)


def test_made_up_learners_are_told_apart_and_a_turned_key_is_found() -> None:
    """A thousand answers by the bot's own model: a sound item discriminates, and the same answers under a wrong key are marked."""
    random = Random(5)
    sound: dict[bool, list[int]] = {True: [], False: []}
    for _ in range(1000):
        strength = random.gauss(0, 1)
        sound[random.random() < chance(strength, 0.0, 4)].append(round(1000 * strength))
    good = analyse([tally(0, True, sound[True]), tally(1, False, sound[False])])
    assert good.discrimination is not None
    assert 0.2 < good.discrimination < 0.5
    turned = analyse([tally(0, False, sound[True]), tally(1, True, sound[False])])
    assert turned.discrimination == pytest.approx(-good.discrimination)
    assert Mark.KEY_DOUBTFUL in turned.marks
    assert turned.unfit
    assert sqrt(1000) * (good.strongest - good.weakest) < 4
