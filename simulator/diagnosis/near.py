"""Names that were probably meant: close by letter case or by at most two edits.

Responsible for: deciding what is close enough to be offered. Leaves to others: distances (`schema.near`), and which names may be offered
(an object's own fields, a namespace's labels).
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.schema.near import distance

AT_MOST = 3


def near(name: str, candidates: Iterable[str]) -> list[str]:
    """At most three candidates close to `name`, the closest first. Short names must share more than half of their letters."""
    scored = []
    for candidate in dict.fromkeys(candidates):
        if candidate == name or abs(len(candidate) - len(name)) > 2:
            continue
        edits = distance(name.lower(), candidate.lower())
        if edits <= 2 and edits * 2 < max(len(name), len(candidate)):
            scored.append((edits, candidate))
    return [candidate for _, candidate in sorted(scored)[:AT_MOST]]
