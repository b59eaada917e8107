"""Which of the names that exist was meant by one that does not.

Responsible for: the rule of the house: letter case, or at most two edits, and for short names only one.
Leaves to others: which names are candidates.
"""

from __future__ import annotations

from collections.abc import Iterable

FAR = 3


def near(name: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """The candidates that are close to `name`, closest first, at most three. A plural or singular of one counts as close."""
    scored = [(distance(name.lower(), candidate.lower()), candidate) for candidate in candidates if abs(len(name) - len(candidate)) < FAR]
    limit = 2 if len(name) > 3 else 1
    return tuple(candidate for score, candidate in sorted(scored) if score <= limit)[:3]


def distance(one: str, other: str) -> int:
    """How many insertions, deletions, substitutions and swaps of neighbours lie between two names (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, mine in enumerate(one, 1):
        new = [i]
        for j, theirs in enumerate(other, 1):
            cost = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (mine != theirs))
            if i > 1 and j > 1 and mine == other[j - 2] and one[i - 2] == theirs:
                cost = min(cost, before[j - 2] + 1)
            new.append(cost)
        before, row = row, new
    return row[-1]
