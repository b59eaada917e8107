"""A full-text index of the teaching material, in memory, by SQLite's FTS5.

Responsible for: the index, the places of each word, ranking by words.
Leaves to others: what is put in, what a learner's question means, whether an answer is good enough (`bot.app.ask`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log


@dataclass(frozen=True, slots=True)
class Page:
    """Something that can be found. `kind` and `name` say where it leads."""

    kind: str
    name: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A page with the share of what was asked that it speaks of, 0 to 1: rare words count more than frequent ones."""

    page: Page
    share: float


class SearchIndex:
    """Words are compared by their stems, without regard to case."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._pages = list(pages)
        self._file = sqlite3.connect(":memory:", check_same_thread=False)
        self._file.execute("CREATE VIRTUAL TABLE page USING fts5(title, body, tokenize = 'porter unicode61')")
        self._file.executemany(
            "INSERT INTO page (rowid, title, body) VALUES (?, ?, ?)",
            [(number, page.title, page.body) for number, page in enumerate(self._pages)],
        )

    def vocabulary(self) -> Sequence[str]:
        """The words of all titles, for spelling help."""
        return sorted({word for page in self._pages for word in page.title.casefold().split() if word.isalpha() and len(word) > 3})

    def weights(self, words: Iterable[str]) -> Mapping[str, float]:
        """How much each word tells: the rarer, the more. One that stands nowhere tells as much as the rarest."""
        return {word: log(1 + len(self._pages) / max(1, len(self._rows(word)))) for word in words}

    def holds(self, word: str) -> bool:
        return bool(self._rows(word))

    def find(self, words: Sequence[str], limit: int) -> Sequence[Hit]:
        """The pages with any of the words, best first: by the share of the question, then by FTS5's rank, a title counting five times."""
        weights = self.weights(words)
        total = sum(weights.values())
        found = {word: self._rows(word) for word in words}
        if not total or not any(found.values()):
            return []
        query = " OR ".join(_quoted(word) for word in words)
        ranked = self._file.execute("SELECT rowid, bm25(page, 5, 1) FROM page WHERE page MATCH ? ORDER BY 2", [query]).fetchall()
        hits = [(sum(weight for word, weight in weights.items() if number in found[word]) / total, rank, number) for number, rank in ranked]
        hits.sort(key=lambda hit: (-round(hit[0], 1), hit[1]))
        return [Hit(self._pages[number], share) for share, _, number in hits[:limit]]

    def _rows(self, word: str) -> frozenset[int]:
        return frozenset(row[0] for row in self._file.execute("SELECT rowid FROM page WHERE page MATCH ?", [_quoted(word)]))


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
