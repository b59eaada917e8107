"""A full-text index of the teaching material, in memory, by SQLite's FTS5.

Responsible for: the index, the places of each word, ranking by words.
Leaves to others: what is put in, what a learner's question means, whether an answer is good enough (`bot.app.ask`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

IN_ONE_LINE = 0.5
"""How much of a page's score comes from its best line (its title, or a question that it answers); the rest comes from all of its words."""


@dataclass(frozen=True, slots=True)
class Page:
    """Something that can be found. `kind` and `name` say where it leads, `asked` what people ask that it answers."""

    kind: str
    name: str
    title: str
    body: str
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A page with the share of what was asked that it speaks of, 0 to 1: rare words count more than frequent ones.

    `together` is the share that stands in one line, the title or a question that the page answers, and `words` how many words that is.
    """

    page: Page
    share: float
    together: float
    words: int

    @property
    def score(self) -> float:
        """For comparing, 0 to 1: words that stand together count for more than words scattered over the page."""
        return (1 - IN_ONE_LINE) * self.share + IN_ONE_LINE * self.together


class SearchIndex:
    """Words are compared by their stems, without regard to case."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._pages = list(pages)
        self._lines = [(number, line) for number, page in enumerate(self._pages) for line in (page.title, *page.asked)]
        self._file = sqlite3.connect(":memory:", check_same_thread=False)
        self._file.execute("CREATE VIRTUAL TABLE page USING fts5(title, body, tokenize = 'porter unicode61')")
        self._file.executemany(
            "INSERT INTO page (rowid, title, body) VALUES (?, ?, ?)",
            [(number, page.title, "\n".join((*page.asked, page.body))) for number, page in enumerate(self._pages)],
        )
        self._file.execute("CREATE VIRTUAL TABLE line USING fts5(words, tokenize = 'porter unicode61')")
        self._file.executemany("INSERT INTO line (rowid, words) VALUES (?, ?)", [(n, line) for n, (_, line) in enumerate(self._lines)])

    def vocabulary(self) -> Sequence[str]:
        """The words of all titles, for spelling help."""
        return sorted({word for page in self._pages for word in page.title.casefold().split() if word.isalpha() and len(word) > 3})

    def weights(self, words: Iterable[str]) -> Mapping[str, float]:
        """How much each word tells: the rarer, the more. One that stands nowhere tells as much as the rarest."""
        return {word: log(1 + len(self._pages) / max(1, len(self._rows("page", word)))) for word in words}

    def holds(self, word: str) -> bool:
        return bool(self._rows("page", word))

    def find(self, words: Sequence[str]) -> Sequence[Hit]:
        """The pages with any of the words, best first: by their score, then by FTS5's rank, a title counting five times."""
        weights = self.weights(words)
        total = sum(weights.values())
        found = {word: self._rows("page", word) for word in words}
        if not total or not any(found.values()):
            return []
        query = " OR ".join(_quoted(word) for word in words)
        ranked = self._file.execute("SELECT rowid FROM page WHERE page MATCH ? ORDER BY bm25(page, 5, 1)", [query]).fetchall()
        lines = self._best_lines(weights)
        hits = []
        for (number,) in ranked:
            share = sum(weight for word, weight in weights.items() if number in found[word]) / total
            weight, count = lines.get(number, (0.0, 0))
            hits.append(Hit(self._pages[number], share, weight / total, count))
        return sorted(hits, key=lambda hit: -round(hit.score, 2))

    def _best_lines(self, weights: Mapping[str, float]) -> Mapping[int, tuple[float, int]]:
        """For each page, what the words weigh that stand together in the best of its lines, and how many they are."""
        sums: dict[int, tuple[float, int]] = {}
        for word, weight in weights.items():
            for line in self._rows("line", word):
                before, count = sums.get(line, (0.0, 0))
                sums[line] = before + weight, count + 1
        best: dict[int, tuple[float, int]] = {}
        for line, found in sums.items():
            page = self._lines[line][0]
            best[page] = max(best.get(page, (0.0, 0)), found)
        return best

    def _rows(self, table: str, word: str) -> frozenset[int]:
        query = f"SELECT rowid FROM {table} WHERE {table} MATCH ?"  # noqa: S608 - one of our two tables
        return frozenset(row[0] for row in self._file.execute(query, [_quoted(word)]))


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
