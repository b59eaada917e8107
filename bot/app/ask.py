"""Finding the page for a question in the learner's own words: lesson steps, explanations, labs, the glossary, commands.

Responsible for: what can be found, which words of a question count, spelling help, and saying so when it is not there.
Leaves to others: the index (`bot.storage.search_index`), the layout (`bot.rendering.ask`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process

from bot.learning.items import Item
from bot.library import Library
from bot.rendering import ask as look
from bot.rendering.escape import plain
from bot.rendering.reply import Reply
from bot.storage.search_index import Hit, Page, SearchIndex

ENOUGH, SCATTERED = 0.6, 0.8
"""The share of a question that a page has to speak of; the second where no word of it stands in a title or in a question that the page
answers. Below it, the answer is that it is not there."""

ALIKE = 0.4
"""The share that is enough where two words or more stand together, in a title or in a question that the page answers."""

CLOSE = 80
"""How alike (rapidfuzz, 0 to 100) a misspelt word and the one that is meant have to be."""

_SHOWN = 4
_ASIDE = 0.1
"""How much better a lab, a term or a command has to fit than a page that explains."""
_LONGEST = 12
"""Words of a question that are looked for."""

_SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an the is are was were be been do does did can could should would will may might must has have had i you we they it my our"
        " your its this that these those of in on at by for from to with as and or but not no if then than so when why how what who which"
        " where there here get gets got make makes use uses using about into out up any some all each me us them he she his her am"
        " vs versus doesn isn don won didn t s happen happens happened find know want need please help explain only just still",
    )
)
_SHORT_NAMES = {
    "svc": "service", "netpol": "networkpolicy", "ns": "namespace", "deploy": "deployment", "ep": "endpoints", "ing": "ingress",
    "k8s": "kubernetes", "lb": "loadbalancer", "gw": "gateway", "po": "pod", "hostname": "host", "hostnames": "host",
}  # fmt: skip

_TWO_WORDS = re.compile(r"\b(network) (polic(?:y|ies))\b")
"""What is one word in manifests and two in many a question."""


class Ask:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._index = SearchIndex(_pages(library))
        self._vocabulary = self._index.vocabulary()

    def learn_commands(self, commands: Iterable[tuple[str, str]]) -> None:
        """Takes in the bot's commands, as (name, description), once they are all there."""
        pages = [Page("command", f"/{name}", f"/{name} {name}", description) for name, description in commands]
        self._index = SearchIndex([*_pages(self._library), *pages])
        self._vocabulary = self._index.vocabulary()

    def answer(self, question: str) -> Reply:
        """The pages that speak of it, the words that were read differently; or that it is not there."""
        hits, corrected = self.find(question)
        return look.found([_shown(hit.page) for hit in hits], corrected) if hits else look.not_found(corrected)

    def find(self, question: str) -> tuple[Sequence[Hit], Sequence[tuple[str, str]]]:
        """The hits, best first, and the words that were read differently, as (typed, read)."""
        words, corrected = list[str](), list[tuple[str, str]]()
        for typed in _words(question)[:_LONGEST]:
            word = _SHORT_NAMES.get(typed, typed)
            if typed.isdecimal() and not self._index.holds(typed):
                continue
            if not self._index.holds(word) and (meant := self._meant(word)):
                corrected.append((typed, meant))
                word = meant
            if word not in words:
                words.append(word)
        hits = [hit for hit in self._index.find(words) if _fits(hit)]
        return sorted(hits, key=lambda hit: -_rank(hit, words))[:_SHOWN], corrected

    def _meant(self, word: str) -> str | None:
        """The word of a title that was probably meant."""
        near = process.extractOne(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=CLOSE) if len(word) > 3 else None
        return near[0] if near else None


def _fits(hit: Hit) -> bool:
    return hit.share >= (ENOUGH if hit.words else SCATTERED) or (hit.together >= ALIKE and hit.words > 1)


def _rank(hit: Hit, words: Sequence[str]) -> float:
    """A question wants the page that explains; a word of the field alone wants what it means."""
    named = [_SHORT_NAMES.get(word, word) for word in _words(hit.page.title)]
    if hit.page.kind == "term" and set(words) == set(named):
        return 2.0
    return round(hit.score, 2) - (0.0 if hit.page.kind in ("chunk", "explanation") else _ASIDE)


def _shown(page: Page) -> look.Found:
    return look.Found(page.kind, page.name, page.title, page.body)


def _words(question: str) -> Sequence[str]:
    """What a question is about: its words in lower case, without the small ones; all of them if there are no others."""
    words = re.findall(r"[\w][\w.-]*\w|\w", _TWO_WORDS.sub(r"\1\2", question.casefold()))
    return [word for word in words if word not in _SMALL_WORDS] or words


def _pages(library: Library) -> Iterator[Page]:
    items: dict[str, list[Item]] = {}
    for item in library.items.values():
        items.setdefault(item.read_next, []).append(item)
    for chunk in library.chunks.values():
        told = " ".join(item.explanation for item in items.get(chunk.id, []))
        yield Page("chunk", chunk.id, plain(chunk.title), f"{chunk.body}\n{told}", tuple(library.asked.get(chunk.id, ())))
    for page in library.explanations.values():
        yield Page("explanation", page.id, plain(page.title), f"{page.id}\n{page.body}", tuple(library.asked.get(page.id, ())))
    for lab in library.labs.values():
        yield Page("lab", lab.id, plain(lab.title), f"{lab.story}\n{lab.explanation}")
    for term in library.glossary:
        yield Page("term", term.chunk, plain(term.term), term.means)
