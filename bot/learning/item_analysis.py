"""What answers tell about an item: how hard it is, whether it tells strong from weak, which options are alive, how long it takes.

Responsible for: the figures from counters, their uncertainty, the marks that make somebody look at an item.
Leaves to others: counting (`bot.storage.item_counters`), deciding anything (people, through `bot.app.judge_reports`).
Counted is each learner's first answer. Discrimination is the point-biserial correlation of being right with the learner's estimate *before*
the answer (general and of the skill, `ability`), which plays the part of the rest score: the answer itself is not in it. It can be kept as
sums when answers come in, and it is smaller than in a test that everybody takes, since items are chosen to fit the learner.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from math import atanh, inf, sqrt, tanh

ENOUGH = 30
"""Answers below which nothing is said of an item but that they are too few."""
ENOUGH_TO_PROPOSE = 100
"""Answers of known learners below which discrimination is too uncertain to propose that an item be taken out."""
SHOWN_FROM = 10
"""Answers below which no figure is shown at all: it could tell what a single person answered."""
KNOWN_AFTER = 5
"""First answers after which a learner's estimate says something."""

TOO_EASY, TOO_HARD = 0.9, 0.25
WEAK, UNFIT = 0.15, 0.1
"""Discrimination below which an item wants revising, and below which it is proposed to be taken out."""
ALIVE = 0.05
"""An option that fewer choose does not work."""

BUCKETS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)
"""Upper ends, in seconds, of the stretches in which times are counted; what took longer is counted beyond."""

_Z = 1.96


@dataclass(frozen=True, slots=True)
class Tally:
    """Equal first answers. `placed` of them came from learners of whom enough was known; `strength` and `squares` are sums over those.

    `option` is -1 where there is nothing to choose from, or where the options differ from cluster to cluster.
    """

    option: int
    misconception: str
    correct: bool
    answers: int
    hinted: int
    placed: int
    strength: int
    squares: int


class Mark(Enum):
    """Why somebody should look at an item."""

    KEY_DOUBTFUL = "the key may be wrong"
    TOO_HARD = "hardly anybody is right: look for an error first"
    WEAK = "does not tell strong from weak"
    MISLEADING = "a wrong option draws the stronger learners"
    TOO_EASY = "too easy"
    UNCHOSEN = "an option is hardly ever chosen"


@dataclass(frozen=True, slots=True)
class Analysis:
    """`discrimination` is None where it cannot be told; `placed` answers are behind it. `shares` by option, `beliefs` by misconception."""

    answers: int = 0
    right: int = 0
    low: float = 0.0
    high: float = 1.0
    discrimination: float | None = None
    weakest: float = -1.0
    strongest: float = 1.0
    placed: int = 0
    shares: Mapping[int, float] | None = None
    beliefs: Mapping[str, float] | None = None
    hinted: float = 0.0
    median: float | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def facility(self) -> float:
        """The share of right answers."""
        return self.right / self.answers if self.answers else 0.0

    @property
    def enough(self) -> bool:
        return self.answers >= ENOUGH

    @property
    def unfit(self) -> bool:
        """Is there enough reason in the figures to propose that the item be taken out?"""
        return self.discrimination is not None and self.placed >= ENOUGH_TO_PROPOSE and self.discrimination < UNFIT


def analyse(tallies: Sequence[Tally], times: Sequence[int] = (), options: Collection[int] = ()) -> Analysis:
    """The figures of one item. `options` are the numbers of those that it has; empty where there are none, or ever different ones."""
    answers, right = sum(t.answers for t in tallies), sum(t.answers for t in tallies if t.correct)
    if not answers:
        return Analysis()
    low, high = wilson(right, answers)
    discrimination, placed = _discrimination(tallies), sum(t.placed for t in tallies)
    weakest, strongest = _fisher(discrimination, placed) if discrimination is not None else (-1.0, 1.0)
    chosen = {option: sum(t.answers for t in tallies if t.option == option) / answers for option in options}
    beliefs = {t.misconception: t.answers / answers for t in tallies if t.misconception} if not options else {}
    figures = Analysis(
        answers, right, low, high, discrimination, weakest, strongest, placed, chosen, beliefs,
        sum(t.hinted for t in tallies) / answers, median(times),
    )  # fmt: skip
    return figures if answers < ENOUGH else _marked(figures, tallies)


def _marked(figures: Analysis, tallies: Sequence[Tally]) -> Analysis:
    known = figures.discrimination if figures.placed >= ENOUGH else None
    marks = {
        Mark.KEY_DOUBTFUL: known is not None and known < 0,
        Mark.TOO_HARD: figures.facility < TOO_HARD,
        Mark.WEAK: known is not None and 0 <= known < WEAK,
        Mark.MISLEADING: _misleading(tallies),
        Mark.TOO_EASY: figures.facility > TOO_EASY,
        Mark.UNCHOSEN: any(share < ALIVE for share in (figures.shares or {}).values()),
    }
    return replace(figures, marks=tuple(mark for mark, applies in marks.items() if applies))


def wilson(right: int, answers: int) -> tuple[float, float]:
    """Between which shares the true one lies with 95 % confidence (Wilson's interval)."""
    share, z2 = right / answers, _Z * _Z
    middle = share + z2 / (2 * answers)
    reach = _Z * sqrt(share * (1 - share) / answers + z2 / (4 * answers * answers))
    low, high = (middle - reach) / (1 + z2 / answers), (middle + reach) / (1 + z2 / answers)
    return min(max(0.0, low), share), max(min(1.0, high), share)


def bucket_of(seconds: float) -> int:
    """The stretch of `BUCKETS` into which a time falls."""
    return bisect_left(BUCKETS, seconds)


def median(times: Sequence[int]) -> float | None:
    """The median of counted times in seconds, evenly spread within its stretch; infinite beyond the last one; None without any."""
    half, before = sum(times) / 2, 0
    for bucket, answers in enumerate(times):
        if answers and before + answers >= half:
            if bucket == len(BUCKETS):
                return inf
            begin = BUCKETS[bucket - 1] if bucket else 0
            return begin + (BUCKETS[bucket] - begin) * (half - before) / answers
        before += answers
    return None


def _discrimination(tallies: Sequence[Tally]) -> float | None:
    """Of right or not with strength. None where all are right, all wrong, or all equally strong."""
    return _correlation(
        sum(t.placed for t in tallies),
        sum(t.strength for t in tallies),
        sum(t.squares for t in tallies),
        sum(t.placed for t in tallies if t.correct),
        sum(t.strength for t in tallies if t.correct),
    )


def _correlation(n: int, strength: int, squares: int, those: int, their_strength: int) -> float | None:
    """The point-biserial correlation of being one of `those` with strength, among `n`."""
    spread = (n * squares - strength * strength) * (n * those - those * those)
    return (n * their_strength - strength * those) / sqrt(spread) if spread > 0 else None


def _misleading(tallies: Sequence[Tally]) -> bool:
    """Does a wrong option that works draw learners who are surely stronger than those who answer otherwise?"""
    n, strength, squares = (sum(getattr(t, name) for t in tallies) for name in ("placed", "strength", "squares"))
    for tally in tallies:
        drawn = _correlation(n, strength, squares, tally.placed, tally.strength)
        if not tally.correct and tally.answers >= 5 and n >= ENOUGH and drawn is not None and _fisher(drawn, n)[0] > 0:
            return True
    return False


def _fisher(correlation: float, n: int) -> tuple[float, float]:
    """Between which values the true correlation lies with 95 % confidence."""
    if n <= 3:
        return -1.0, 1.0
    middle, reach = atanh(max(-0.999999, min(0.999999, correlation))), _Z / sqrt(n - 3)
    return tanh(middle - reach), tanh(middle + reach)
