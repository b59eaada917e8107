"""An author's slip: where it stands, what is wrong, what to do next.

Responsible for: the shape of a slip, and the one exception that carries all of them together.
Leaves to others: finding slips (`forms`, `loader`, `checks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FORM = "format"
"""The check that a slip of form is of. Before there is none of these, nothing else is checked of a pack."""


@dataclass(frozen=True, slots=True, order=True)
class Slip:
    """One fault in the teaching material. `file` is relative to the project, `line` counts from 1."""

    file: str
    line: int
    what: str
    next_step: str
    check: str = FORM

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: [{self.check}] {self.what}\n    {self.next_step}"


class MaterialError(Exception):
    """The material cannot be used as it is. `slips` holds every fault that was found, in the order of the files."""

    def __init__(self, slips: Iterable[Slip]) -> None:
        self.slips: Sequence[Slip] = sorted(set(slips))
        super().__init__("\n".join(str(slip) for slip in self.slips))
