"""Clock times and time zones as people type them.

Responsible for: reading a time, finding a zone by a part of its name, names near to one that is none.
Leaves to others: what happens at that time (`review_due`, `daily_plan`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from functools import cache
from zoneinfo import available_timezones

from rapidfuzz import process


def clock_time(typed: str) -> time | None:
    """A time as `18:30` or `9:05`; None if it is none."""
    try:
        return time.fromisoformat(typed.strip().zfill(5)).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None


def zones(typed: str) -> Sequence[str]:
    """The names of time zones that hold what was typed."""
    wanted = typed.strip().replace(" ", "_").casefold()
    return [name for name in _names() if wanted in name.casefold()]


def nearest(typed: str) -> Sequence[str]:
    """Names of time zones that look like what was typed."""
    return [name for name, *_ in process.extract(typed, _names(), limit=3, score_cutoff=60)]


@cache
def _names() -> Sequence[str]:
    # They are read from files, which is too slow to be done with every letter that somebody types.
    return sorted(available_timezones())
