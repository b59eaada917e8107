"""The fact table: nothing in it may be older than a year.

Responsible for: the age of facts. Leaves to others: the clock (the day is an argument).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.library.faults import Slip
from bot.library.library import Library

STALE_AFTER = timedelta(days=365)


def freshness(library: Library, today: date) -> Iterator[Slip]:
    cited = {fact for item in library.questions.values() for fact in item.facts} | {f for c in library.chunks.values() for f in c.facts}
    for fact in library.facts.values():
        place = library.place(f"fact {fact.id}")
        if today - fact.checked > STALE_AFTER:
            what = f"The fact `{fact.id}` was checked on {fact.checked}, more than a year ago."
            yield Slip(place.file, place.line, what, f"Look it up at {fact.source} and renew value and date.", "freshness")
        if fact.checked > today:
            yield Slip(
                place.file,
                place.line,
                f"The fact `{fact.id}` was checked on {fact.checked}, which is to come.",
                "Correct the date.",
                "freshness",
            )
        if fact.id not in cited:
            yield Slip(
                place.file, place.line, f"Nobody cites the fact `{fact.id}`.", "Name it in the `facts:` of what depends on it.", "freshness"
            )
