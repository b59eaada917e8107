"""`python -m bot check-content`: every slip in `content/` and `quizzes/` at once, then the table of what is covered.

Responsible for: the words on the terminal and the exit code. Leaves to others: the checks (`checks`), the clock (its caller).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.library.checks import check
from bot.library.checks.coverage import table
from bot.library.faults import Slip
from bot.library.loader import read


def main(today: date) -> int:
    """Prints all slips with file, line and next step. 0 if there are none, else 1. `today` decides which facts are stale."""
    reading = read()
    slips: Sequence[Slip] = sorted({*reading.slips, *check(reading.library, today)})
    for slip in slips:
        print(slip)
    print(f"\n{len(slips)} slip{'s' if len(slips) != 1 else ''}.\n" if slips else "No slips.\n")
    print(table(reading.library))
    return 1 if slips else 0
