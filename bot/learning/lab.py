"""A lab as somebody works on it: what was handed in, which hints were taken, how it ended, what it is worth.

Responsible for: the attempt as a value, its steps, its credit.
Leaves to others: whether a cluster reaches the goal (`bot.app.lab_trial`), keeping attempts (`bot.storage`), words (`bot.rendering`).
Handing in costs nothing: what was told to the learner does, and an operation that helps nobody, as there are few to choose from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Any, Self

HINTS = 4
CREDIT = (100, 90, 75, 50, 25)
"""Percent that a solved lab is worth after no hint, one hint, and so on. A lab whose solution was looked at before is worth nothing."""
DETOUR, LEAST = 10, 10
"""Percent that each operation costs which belongs to no solution, and what is left of a solved lab in any case."""


class Ending(str, Enum):
    OPEN = "open"
    SOLVED = "solved"
    GIVEN_UP = "given-up"
    """The solution was shown before the goal was reached. One may go on trying, for nothing but the pleasure."""


@dataclass(frozen=True, slots=True)
class Part:
    """One document of the learner's. `objects` are the kind/namespace/name of what it holds; each takes the place of its namesake.

    An empty `text` deletes them. `recreated`: they had been deleted when the document came.
    """

    name: str
    text: str
    objects: tuple[str, ...] = ()
    recreated: bool = False


@dataclass(frozen=True, slots=True)
class LabAttempt:
    """`applied` are the learner's documents that a cluster takes; `tried` are the files handed in last, accepted or not.

    `operations` are done now, in this order; `detours` are those that were ever done and belong to no solution.
    """

    id: str
    learner: int
    lab: str
    applied: tuple[Part, ...] = ()
    tried: tuple[Part, ...] = ()
    submissions: int = 0
    hints: int = 0
    ending: Ending = Ending.OPEN
    operations: tuple[str, ...] = ()
    detours: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        return self.ending is not Ending.OPEN

    @property
    def changed(self) -> bool:
        """Is there anything to begin afresh from?"""
        return bool(self.applied or self.tried or self.operations)

    @property
    def credit(self) -> int:
        """What solving it now is worth, or what it was worth, in percent."""
        return self._worth(self.hints)

    @property
    def next_credit(self) -> int:
        """What it will be worth after one more hint."""
        return self._worth(min(self.hints + 1, HINTS))

    @property
    def helped(self) -> int:
        """How often the learner was shown the way: hints, and operations tried in vain."""
        return self.hints + len(self.detours)

    def _worth(self, hints: int) -> int:
        return 0 if self.ending is Ending.GIVEN_UP else max(LEAST, CREDIT[hints] - DETOUR * len(self.detours))

    def as_data(self) -> dict[str, Any]:
        return {**asdict(self), "ending": self.ending.value}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Reads `as_data`, also as it was before there were operations."""
        parts = {key: tuple(Part(**{**part, "objects": tuple(part["objects"])}) for part in data[key]) for key in ("applied", "tried")}
        chosen = {key: tuple(data.get(key) or ()) for key in ("operations", "detours")}
        return cls(**{**data, **parts, **chosen, "ending": Ending(data["ending"])})


def submit(attempt: LabAttempt, tried: tuple[Part, ...], applied: tuple[Part, ...], *, solved: bool) -> LabAttempt:
    """Something was handed in, and tried. What was solved or given up stays so."""
    ending = Ending.SOLVED if solved and not attempt.over else attempt.ending
    return replace(attempt, tried=tried, applied=applied, submissions=attempt.submissions + 1, ending=ending)


def toggled(operations: tuple[str, ...], operation: str) -> tuple[str, ...]:
    """The operations that are done when one more is, or when one that was done is taken back."""
    left = tuple(each for each in operations if each != operation)
    return left if operation in operations else (*left, operation)


def operate(attempt: LabAttempt, operations: tuple[str, ...], operation: str, *, helps: bool, solved: bool) -> LabAttempt:
    """`operation` was done or taken back, which leaves `operations`, and the cluster tried. One that helps nobody costs once."""
    strays = not helps and not attempt.over and operation in operations and operation not in attempt.detours
    after = replace(
        attempt,
        operations=operations,
        detours=(*attempt.detours, operation) if strays else attempt.detours,
        submissions=attempt.submissions + 1,
    )
    return replace(after, ending=Ending.SOLVED) if solved and not attempt.over else after


def take_hint(attempt: LabAttempt, rung: int) -> LabAttempt:
    """The hint `rung` (from 1) is shown. It costs credit the first time and while the lab is open; no rung can be left out."""
    climbs = rung == attempt.hints + 1 and rung <= HINTS and not attempt.over
    return replace(attempt, hints=rung) if climbs else attempt


def give_up(attempt: LabAttempt) -> LabAttempt:
    """The solution is shown."""
    return attempt if attempt.over else replace(attempt, ending=Ending.GIVEN_UP)


def reset(attempt: LabAttempt) -> LabAttempt:
    """The broken cluster as it was at the start. Hints that were taken stay taken, and so do detours."""
    return replace(attempt, applied=(), tried=(), operations=())
