"""What teaching material has to be, beyond its form: one module per concern, each a function from the library to slips.

Responsible for: the list of checks, explicit and in the order in which an author wants to hear of them.
Leaves to others: reading the files and their form (`loader`, `forms`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.library.checks.answers import answers
from bot.library.checks.coverage import coverage
from bot.library.checks.fairness import fairness
from bot.library.checks.freshness import freshness
from bot.library.checks.hints import hints
from bot.library.checks.proved import proved
from bot.library.checks.structure import structure
from bot.library.checks.wording import wording
from bot.library.faults import Slip
from bot.library.library import Library


def check(library: Library, today: date) -> Sequence[Slip]:
    """Every slip in the material, in the order of the files. `today` decides which facts are stale."""
    found: list[Iterable[Slip]] = [
        structure(library),
        wording(library),
        fairness(library),
        answers(library),
        hints(library),
        coverage(library),
        freshness(library, today),
        proved(library),
    ]
    return sorted({slip for slips in found for slip in slips})


__all__ = ["answers", "check", "coverage", "fairness", "freshness", "hints", "proved", "structure", "wording"]
