"""Names that were probably meant: close by letter case or by at most two edits.

Responsible for: deciding what is close enough to be offered. Leaves to others: which names may be offered (an object's own fields, a
namespace's labels).
"""

from __future__ import annotations

from collections.abc import Iterable

AT_MOST = 3
FAR = 2


def near(name: str, candidates: Iterable[str]) -> list[str]:
    """At most three candidates close to `name`, the closest first. Short names must share more than half of their letters."""
    scored = []
    for candidate in dict.fromkeys(candidates):
        if candidate != name and abs(len(candidate) - len(name)) <= FAR:
            edits = distance(name.lower(), candidate.lower())
            if edits <= FAR and edits * 2 < max(len(name), len(candidate)):
                scored.append((edits, candidate))
    return [candidate for _, candidate in sorted(scored)[:AT_MOST]]


def distance(one: str, other: str, limit: int = FAR) -> int:
    """Insertions, deletions, replacements and swaps of neighbours between two names; `limit + 1` if there are more than `limit`."""
    from rapidfuzz.distance import OSA  # only a fault needs it, and a clean manifest need not wait for it to load

    return OSA.distance(one, other, score_cutoff=limit)
