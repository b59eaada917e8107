"""A lab as somebody works on it: what was handed in, which hints were taken, how it ended, what it is worth.

Responsible for: the attempt as a value, its steps, its credit.
Leaves to others: whether a cluster reaches the goal (`bot.app.lab_trial`), keeping attempts (`bot.storage`), words (`bot.rendering`).
Handing in costs nothing: only what was told to the learner does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any, Self

HINTS = 4
CREDIT = (100, 90, 75, 50, 25)
"""Percent that a solved lab is worth after no hint, one hint, and so on. A lab whose solution was looked at before is worth nothing."""


class Ending(str, Enum):
    OPEN = "open"
    SOLVED = "solved"
    GIVEN_UP = "given-up"
    """The solution was shown before the goal was reached. One may go on trying, for nothing but the pleasure."""


@dataclass(frozen=True, slots=True)
class Part:
    """One document of the learner's. `objects` are the kind/namespace/name of what it holds; each takes the place of its namesake."""

    name: str
    text: str
    objects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabAttempt:
    """`applied` are the learner's documents that a cluster takes; `tried` are the files handed in last, accepted or not."""

    id: str
    learner: int
    lab: str
    applied: tuple[Part, ...] = ()
    tried: tuple[Part, ...] = ()
    submissions: int = 0
    hints: int = 0
    ending: Ending = Ending.OPEN

    @property
    def over(self) -> bool:
        return self.ending is not Ending.OPEN

    @property
    def credit(self) -> int:
        """What solving it now is worth, or what it was worth, in percent."""
        return 0 if self.ending is Ending.GIVEN_UP else CREDIT[self.hints]

    @property
    def next_credit(self) -> int:
        """What it will be worth after one more hint."""
        return CREDIT[min(self.hints + 1, HINTS)]

    def as_data(self) -> dict[str, Any]:
        return {**asdict(self), "ending": self.ending.value}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        parts = {key: tuple(Part(p["name"], p["text"], tuple(p["objects"])) for p in data[key]) for key in ("applied", "tried")}
        return cls(**{**data, **parts, "ending": Ending(data["ending"])})


def submit(attempt: LabAttempt, tried: tuple[Part, ...], applied: tuple[Part, ...], *, solved: bool) -> LabAttempt:
    """Something was handed in, and tried. What was solved or given up stays so."""
    ending = Ending.SOLVED if solved and not attempt.over else attempt.ending
    return replace(attempt, tried=tried, applied=applied, submissions=attempt.submissions + 1, ending=ending)


def take_hint(attempt: LabAttempt, rung: int) -> LabAttempt:
    """The hint `rung` (from 1) is shown. It costs credit the first time and while the lab is open; no rung can be left out."""
    climbs = rung == attempt.hints + 1 and rung <= HINTS and not attempt.over
    return replace(attempt, hints=rung) if climbs else attempt


def give_up(attempt: LabAttempt) -> LabAttempt:
    """The solution is shown."""
    return attempt if attempt.over else replace(attempt, ending=Ending.GIVEN_UP)


def reset(attempt: LabAttempt) -> LabAttempt:
    """The broken cluster as it was at the start. Hints that were taken stay taken."""
    return replace(attempt, applied=(), tried=())
