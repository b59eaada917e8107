"""Grading of written answers by the author's key points: what was said, what was missed, what was said wrongly.

Responsible for: finding each point in an answer, contradictions, credit, and saying when it cannot tell.
Leaves to others: words and negation (`words`), the points (`items`), showing the grade (`bot.rendering`).
No language model and no embedding: a negated copy of the right answer must never pass, and in doubt the learner judges against the points.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from itertools import groupby

from bot.learning.items import KeyPoint
from bot.learning.spelling import plain
from bot.learning.words import FUNCTION_WORDS, Force, Negation, Word, alike, denies, keyword_salad, sentences, stem, takes_back, tokens_of

_IN_COMMON = 2
"""So many words of a point's own sentence that are denied in one thought are no chance; in a long answer, with one more beside them."""
_LONG = 45
"""Words from which on a single clause that seems to contradict is likelier to be read wrongly than meant."""
LONGEST_ANSWER = 4000
"""Characters that are looked at: as much as Discord's form takes."""


class Heard(str, Enum):
    """What an answer says of one point."""

    SAID = "said"
    MISSED = "missed"
    CONTRADICTED = "contradicted"
    UNCLEAR = "unclear"
    """Most of the words are there, or it is said both ways: a person should look."""


class Verdict(str, Enum):
    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNSURE = "unsure"
    """The learner grades against the points, or peers do."""


@dataclass(frozen=True, slots=True)
class Grade:
    """`credit` is 0 to 1 and meaningless where the verdict is UNSURE. `heard` has one entry for each key point, in order."""

    verdict: Verdict
    credit: float
    heard: tuple[tuple[KeyPoint, Heard], ...]
    reason: str = ""

    def points(self, heard: Heard) -> Sequence[KeyPoint]:
        return [point for point, how in self.heard if how is heard]


class _Words(tuple[Word, ...]):
    """A stretch of an answer, with the places of the stems that were asked for so far."""

    def places(self, wanted: str) -> Sequence[int]:
        places = self._known.get(wanted)
        if places is None:
            places = self._known[wanted] = [place for place in self._by_initial.get(wanted[:1], ()) if alike(self[place].stem, wanted)]
        return places

    @cached_property
    def _known(self) -> dict[str, Sequence[int]]:
        return {}

    @cached_property
    def _by_initial(self) -> Mapping[str, Sequence[int]]:
        """Stems that are alike begin alike."""
        found: dict[str, list[int]] = {}
        for place, word in enumerate(self):
            found.setdefault(word.stem[:1], []).append(place)
        return found


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Terms that must all occur near each other; each is a set of alternatives, each of those a row of stems.

    `ordered`: of each term, whether it has to come after the one before.
    """

    terms: tuple[tuple[tuple[str, ...], ...], ...]
    negated: bool
    ordered: tuple[bool, ...]


@lru_cache(maxsize=5_000)
def _phrase(text: str) -> _Phrase:
    """Reads an author's phrase: terms by spaces, alternatives by `|`, words that belong together by `_`, `not` for the negative, `>` before
    a term that has to come after the one before it."""
    negated, terms, ordered = False, [], []
    for term in text.split():
        if term == "not":
            negated = not negated
            continue
        ordered.append(term.startswith(">"))
        terms.append(tuple(tuple(map(stem, row)) for row in _alternatives(term) if row))
    return _Phrase(tuple(terms), negated, tuple(ordered))


def _alternatives(term: str) -> Sequence[Sequence[str]]:
    return [tuple(tokens_of(plain(choice.replace("_", " ")))) for choice in term.removeprefix(">").split("|")]


def never_heard(phrase: str) -> bool:
    """Is there a term of which each alternative holds a word that denies? Those say it of other words, and are not kept themselves."""
    return any(all(not row or any(map(denies, row)) for row in _alternatives(term)) for term in phrase.split() if term != "not")


@lru_cache(maxsize=500)
def grade(answer: str, points: tuple[KeyPoint, ...]) -> Grade:
    """Grades an answer. The same answer always gets the same grade.

    The longest ones take some tenths of a second, so the first time is not for the event loop; after that the grade is at hand.
    """
    text = answer[:LONGEST_ANSWER]
    spoken = [_Words(sentence) for sentence in sentences(text)]
    clauses = [_Words(clause) for sentence in spoken for _, clause in groupby(sentence, key=lambda word: word.clause)]
    heard = tuple((point, _heard(point, spoken, clauses)) for point in points)
    required = [how for point, how in heard if point.kind == "required"]
    said = sum(how is Heard.SAID for how in required)
    credit = said / len(required) if required else 0.0
    length = len(text.split())
    contradictions = required.count(Heard.CONTRADICTED)
    wrong_claims = [point for point, how in heard if point.kind == "forbidden" and how is Heard.SAID]
    if contradictions + len(wrong_claims) == 1 and said > len(required) / 2 and length >= _LONG:
        return Grade(Verdict.UNSURE, credit, heard, "one thing in it may be said otherwise than it is, and the rest is right")
    if contradictions or wrong_claims:
        return Grade(Verdict.WRONG, 0.0, heard, wrong_claims[0].says if wrong_claims else "it says the opposite of a point")
    if keyword_salad(text):
        return Grade(Verdict.UNSURE, credit, heard, "it lists words, and I cannot tell what it says of them")
    if said == len(required) and (takes_back(text) or _denies_more(spoken, points, length >= _LONG)):
        return Grade(Verdict.UNSURE, credit, heard, "something in it is denied, and I cannot tell what that takes back")
    if any(how is Heard.UNCLEAR for point, how in heard if point.kind != "optional"):
        return Grade(Verdict.UNSURE, credit, heard, "some of it is close, and I cannot tell whether it is meant")
    if said == len(required):
        return Grade(Verdict.RIGHT, 1.0, heard)
    return Grade(Verdict.PARTLY if said else Verdict.WRONG, credit, heard)


def _denies_more(spoken: Sequence[_Words], points: Sequence[KeyPoint], long: bool) -> bool:
    """Does a plain negation reach what a required point says, where no point wants that denied?"""
    phrases = [(point.kind, _phrase(text)) for point in points if point.kind != "forbidden" for text in point.phrases]
    wanted = frozenset[Negation]().union(
        *(word.negations for _, phrase in phrases if phrase.negated for sentence in spoken for word in _window(phrase, sentence))
    )
    said = [phrase for kind, phrase in phrases if kind == "required" and not phrase.negated]
    sentences_of_points = [_content(point.says) for point in points if point.kind == "required"]
    for sentence in spoken:
        for negation in frozenset[Negation]().union(*(word.negations for word in sentence)) - wanted:
            clause, _, force = negation
            reached = _Words(word for word in sentence if negation in word.negations and not word.supposed)
            if force is not Force.WHOLE:
                reached = _Words(word for word in reached if word.denied)
            beside = _Words(word for word in sentence if word.clause == clause or word in reached)
            if force is Force.SOFT:
                continue
            if any(_concerns(phrase, reached, beside, force) for phrase in said):
                return True
            denied, there = ({word.stem for word in words} for words in (reached, beside))
            if any(len(denied & content) >= _IN_COMMON and len(there & content) >= _IN_COMMON + long for content in sentences_of_points):
                return True
    return False


@lru_cache(maxsize=2_000)
def _content(says: str) -> frozenset[str]:
    """The stems of what a point's own sentence affirms; small words carry nothing."""
    small = {stem(word) for word in FUNCTION_WORDS}
    return frozenset(word.stem for sentence in sentences(says) for word in sentence if not word.negations) - small


def _concerns(phrase: _Phrase, reached: _Words, beside: _Words, force: Force) -> bool:
    """Is a denial that reaches these words, `beside` others, about what the phrase says? One word of it alone may stand there by chance."""
    touched = sum(bool(_places(term, reached)) for term in phrase.terms)
    there = sum(bool(_places(term, beside)) for term in phrase.terms)
    return bool(touched) and (force is Force.WHOLE or there >= min(2, len(phrase.terms)))


def _heard(point: KeyPoint, spoken: Sequence[_Words], clauses: Sequence[_Words]) -> Heard:
    """A negative phrase that is met without its negation contradicts the point only where nothing else makes it:
    `only ready Pods get traffic` holds the words of `not get traffic` and means the same."""
    phrases = [_phrase(text) for text in point.phrases]
    found = {
        (_in_sentence(phrase, words), phrase.negated)
        for phrase in phrases
        for words in (clauses if any(phrase.ordered) and point.kind == "forbidden" else spoken if phrase.negated else (*spoken, *clauses))
    }
    if point.kind == "forbidden":
        found = {(how, negated) for how, negated in found if how is not Heard.UNCLEAR}
    if point.kind == "forbidden" and not any(_in_sentence(phrase, clause) is Heard.SAID for phrase in phrases for clause in clauses):
        # A belief is held in one breath: its words in several clauses may speak of several things.
        found = {(Heard.UNCLEAR if how is Heard.SAID else how, negated) for how, negated in found}
    hows = {how for how, _ in found}
    if Heard.SAID in hows and (Heard.CONTRADICTED, False) in found:
        return Heard.UNCLEAR
    for how in (Heard.SAID, Heard.CONTRADICTED, Heard.UNCLEAR):
        if how in hows:
            return how
    return Heard.MISSED


def _in_sentence(phrase: _Phrase, sentence: _Words) -> Heard:
    places = [_places(term, sentence) for term in phrase.terms]
    present = [found for found in places if found]
    if len(present) < len(places):
        near = len(places) >= 4 and len(present) == len(places) - 1 and _closest(present, (False,) * len(places), sentence) is not None
        return Heard.UNCLEAR if near else Heard.MISSED
    words = _window(phrase, sentence)
    if not words:
        return Heard.MISSED
    denied = any(word.denied for word in words)
    if denied != phrase.negated and all(word.supposed for word in words):
        return Heard.MISSED
    negations = frozenset[Negation]().union(*(word.negations for word in words))
    if denied and phrase.negated and (len(negations) > 1 or any(force is Force.WHOLE for *_, force in negations)):
        return Heard.UNCLEAR
    if denied == phrase.negated or (phrase.negated and any(word.lacking for word in words)):
        return Heard.SAID
    if phrase.negated and any(word.negations or word.lacking for word in sentence):
        return Heard.UNCLEAR  # something is denied there, and the reach of a negation is a guess
    thin = phrase.negated and len(phrase.terms) == 1
    return Heard.UNCLEAR if thin or (negations and all(force is Force.SOFT for *_, force in negations)) else Heard.CONTRADICTED


def _window(phrase: _Phrase, sentence: _Words) -> Sequence[Word]:
    """The words that make a phrase, one for each term, nearest to each other; none where they are not there, or too far apart."""
    places = [_places(term, sentence) for term in phrase.terms]
    closest = _closest(places, phrase.ordered, sentence) if all(places) else None
    return [sentence[place] for place in closest or ()]


def _places(term: tuple[tuple[str, ...], ...], sentence: _Words) -> list[int]:
    """Where one of a term's alternatives stands: the place of its last word."""
    return sorted(
        start + len(row) - 1
        for row in term
        for start in sentence.places(row[0])
        if all(start + offset in sentence.places(wanted) for offset, wanted in enumerate(row[1:], 1))
    )


def _closest(places: Sequence[Sequence[int]], ordered: Sequence[bool], sentence: Sequence[Word]) -> tuple[int, ...] | None:
    """One place for each term, in as few clauses and as near to each other as can be; None if that is too far for one thought.

    Where the order counts, so does who does what: nothing is taken over an `and`.
    """
    in_order = any(ordered)
    reach = 3 * len(ordered) + 3 if in_order else 4 * len(ordered) + 4
    best: tuple[int, ...] | None = None
    lowest: tuple[int, int] | None = None
    for anchor in places[0]:
        chosen = [anchor]
        for after, found in zip(ordered[1:], places[1:], strict=False):
            later = found[bisect_right(found, chosen[-1]) :] if after else found
            if not later:
                break
            chosen.append(_nearest(chosen[-1] if after else anchor, later, sentence))
        if len(chosen) < len(places) or (in_order and _over_and(chosen, sentence)):
            continue
        span = max(chosen) - min(chosen)
        cost = (len({sentence[place].clause for place in chosen}), span)
        if span <= reach and (lowest is None or cost < lowest):
            best, lowest = tuple(chosen), cost
    return best


def _over_and(chosen: Sequence[int], sentence: Sequence[Word]) -> bool:
    return any(sentence[place].stem == "and" for place in range(min(chosen), max(chosen)) if place not in chosen)


def _nearest(anchor: int, places: Sequence[int], sentence: Sequence[Word]) -> int:
    """The place in the nearest clause, and there the nearest: it is one of the two beside the anchor."""
    at = bisect_left(places, anchor)
    beside = places[max(0, at - 1) : at + 1]
    return min(beside, key=lambda place: (abs(sentence[place].clause - sentence[anchor].clause), abs(place - anchor)))
