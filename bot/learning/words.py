"""A written answer as sentences of stems, ready to be compared with an author's key points.

Responsible for: sentences and clauses, stems, negation and its reach, what is only supposed, likeness of words.
Leaves to others: what writers abbreviate (`spelling`), what the words must say (`written`).
Numbers, addresses and ports are compared exactly, and so are opposites: a slip of the pen is forgiven only in ordinary words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from typing import TypeAlias

import snowballstemmer
from rapidfuzz.distance import DamerauLevenshtein

from bot.learning.spelling import SAME, plain

_STEMMER = snowballstemmer.stemmer("english")

_WORD = re.compile(r"[a-z0-9]+(?:[.:/'_-]+[a-z0-9]+)*")
_SENTENCE = re.compile(r"(?<=[a-z)\"'`])[.!?]+(?:\s|$)|(?<=\d)[.!?]+(?:\s+|$)|;+")
_LINE = re.compile(r"\n+")
_HEADING = re.compile(r"\W*[a-z]\w*(?:[ /-]\w+){0,3}\W{0,3}:\W{0,3}\s[^:\n]*")
"""A line of notes of which all is about what it begins with: `- Gateway: the platform team's. Holds the listeners.`"""
_CLAUSE = re.compile(
    r",|\b(?:but|however|although|though|whereas|while|because|since|so|when|whenever|if|unless|until|and then)\b"
    r"|:(?=\s)|[()]|\s[-\u2013\u2014]+\s|[-=]+>|[\u2192\u21d2]"
)
_CONTRASTS = frozenset({"but", "however", "although", "though", "whereas", "while"})
_SUPPOSALS = frozenset({"if", "unless", "when", "whenever", "until"})
_GOES_ON = frozenset({"it", "its", "they", "their", "these", "those", "this", "both"})
"""A sentence that begins with one of these is about what the one before was about."""

_REACH = {
    **dict.fromkeys(("not", "never", "cannot"), 7),
    **dict.fromkeys(("neither", "nor"), 6),
    **dict.fromkeys(("hardly", "rarely"), 5),
    **dict.fromkeys(("without", "nothing", "nobody"), 4),
    **dict.fromkeys(("no", "none", "lack", "unlike"), 3),
    "falsely": 0,
    "unfounded": 0,
}
"""How many of the following words of its clause a negation reaches; the last two reach all that is said after or before them."""

_SOFT = frozenset({"without", "nothing", "nobody", "no", "none"})
"""These often say on which condition, or of whom, something is true: what they reach is not plainly denied. They reach no farther than to
a new subject: `without a policy everything is allowed`."""
_HAVING = frozenset({"has", "have", "had", "having", "with", "is", "are", "gets", "get", "there", "of", "needs", "need", "gives", "give"})
"""After one of these `no` denies plainly: `it has no stable address`."""
_NEW_SUBJECTS = frozenset({"everything", "everybody", "everyone", "it", "they", "you", "we", "there"})
_SUBJECTS_BEGIN = frozenset({"the", "it", "they", "each", "every", "its", "this", "that", "dns", "kube", "everything"})
_AT_THE_END = frozenset({"neither", "none", "no", "never", "not", "nothing", "nobody"})
"""At the end of a clause these take back what stands before them: `flannel has none`."""
_TAKEN_BACK = -1
"""The place of whatever takes back what stands before it."""
_BEING_THERE = frozenset({"exists", "exist", "there", "here"})

_VERBS_BEFORE_NOT = "do does did is are was were be been can could will would shall should has have had may might must need"
_AUXILIARIES = frozenset(_VERBS_BEFORE_NOT.split())
"""After one of these `not` negates the rest of the clause; elsewhere, as in `per connection, not per request`, what stands next to it."""

_MUST = frozenset({"need", "needs", "must", "should", "has"})
"""After `nothing`, these deny plainly: `nothing need be installed`."""
_REACH_OF_A_PART = 3
_REACH_OF_NOT_HAVING = 6

_DISMISSALS = frozenset(
    {"help", "work", "works", "matter", "suffice", "needed", "necessary", "required", "true", "right", "correct", "possible"}
    | {"reason", "cause", "problem", "issue", "culprit", "fault"}
)
"""Words that, negated, take back what stands before them: `to allow 53 does not help`."""
_ARTICLES = frozenset({"the", "a", "any", "be"})

_LACKING = frozenset({"missing", "absent", "lacking", "gone", "deleted", "nonexistent", "zero", "empty", "0"})
"""Words that say of what stands beside them that it is not there."""
_BESIDE = 4

OPPOSITES = (
    "ingress egress, allow deny, tcp udp, source destination, client server, before after, more less, more fewer, same different,"
    " internal external, first last, always never, up down, inside outside, longest shortest, oldest newest, open close,"
    " include exclude, ready unready, all any, and or, accept reject, layer later, public private, mutable immutable,"
    " intersection union, random sequential, there three, one two, four five, six seven, eight nine, where were"
)
"""Words that a slip of the pen must not turn into each other."""

_SMALL_WORDS = (
    "a an the to of in on at by for from with as it its they them their this that these those which who what when where why how if then"
    " than so because and or but you we i he she there into onto over under out up down between after before during via since through"
    " within while until"
)
_SMALL_VERBS = (
    "is are was were be been being has have had do does did will would can could should must may might use uses get gets go goes make makes"
    " shows lists contains holds picks reuses returns gives needs wants sees keeps sends allows denies blocks resolves matches means"
    " depends chooses creates writes watches tells says points"
)
_VERBS = frozenset(_SMALL_VERBS.split())
FUNCTION_WORDS = frozenset(_SMALL_WORDS.split()) | _VERBS


class Force(IntEnum):
    """How a negation denies. SOFT: it may say on which condition something holds. WHOLE: a statement, as in `it is not true that`."""

    SOFT = 0
    PLAIN = 1
    WHOLE = 2


Negation: TypeAlias = tuple[int, int, Force]
"""The clause and place of a negation, and its force."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its stem, the clause it stands in, and the negations that reach it, each with its force.

    `supposed`: it stands in a clause that says when, not what: `if no Pod is ready, ...`.
    """

    stem: str
    clause: int
    negations: frozenset[Negation]
    supposed: bool = False
    lacking: bool = False
    """A word beside it says that it is not there."""

    @property
    def denied(self) -> bool:
        """Two negations take each other back."""
        return len(self.negations) % 2 == 1


_SAME_STEMS: dict[str, str] = {_STEMMER.stemWord(other): _STEMMER.stemWord(word) for other, word in SAME.items()}


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of an ordinary word, or of the one that is said for it here; what has a digit in it stays as it is."""
    if any(character.isdigit() for character in word):
        return word
    found: str = _STEMMER.stemWord(word)
    return _SAME_STEMS.get(found, found)


_CLAUSES = 1000
"""More than a sentence has."""
_LONGEST_THOUGHT = 120
"""Words."""
_REFUSALS = frozenset({"no", "nope", "wrong", "false"})
"""A sentence that begins with one of these alone takes back the one before."""


def sentences(text: str) -> Iterator[tuple[Word, ...]]:
    """The answer's sentences, each as its words in order; one that goes on about the same thing once more with what it goes on from.

    Clauses are numbered through the whole answer.
    """
    found: list[tuple[Word, ...]] = []
    goes_on: list[bool] = []
    in_lines = ((place, line, sentence) for line in _LINE.split(plain(text)) for place, sentence in enumerate(_SENTENCE.split(line)))
    for number, (place, line, sentence) in enumerate(in_lines):
        tokens = list(tokens_of(sentence or ""))
        words = tuple(_words(sentence or "", number * _CLAUSES))
        refusal = next((list(tokens) for _, tokens in _clauses(sentence or "")), [])
        if found and len(refusal) == 1 and refusal[0] in _REFUSALS:
            by = (number * _CLAUSES, 0, Force.WHOLE)
            found[-1] = tuple(replace(word, negations=word.negations | {by}) for word in found[-1])
        if words:
            found.append(words)
            goes_on.append(tokens[0] in _GOES_ON or (place > 0 and bool(_HEADING.fullmatch(line))))
    thought: tuple[Word, ...] = ()
    for words, more in zip(found, goes_on, strict=True):
        yield words
        goes_further = 0 < len(thought) < _LONGEST_THOUGHT and more
        thought = (*thought, *words) if goes_further else words
        if goes_further:
            yield thought


def _words(sentence: str, first_clause: int) -> Iterator[Word]:
    """The words of one sentence; its clauses are numbered from `first_clause`."""
    clauses = list(_clauses(sentence))
    reached = [[frozenset[Negation]()] * len(tokens) for _, tokens in clauses]

    def deny(number: int, places: Iterable[int], by: Negation) -> None:
        for place in places:
            reached[number][place] |= {by}

    for number, (_, tokens) in enumerate(clauses):
        for place, word in enumerate(tokens):
            dismissed = _dismissed(tokens, place)
            taken_back = word == "unfounded" or dismissed or _taken_back_at_the_end(tokens, place)
            # However often a statement is taken back, it is taken back.
            by = (number + first_clause, _TAKEN_BACK if taken_back else place, _force(tokens, place, number == 0))
            deny(number, range(place + 1, _end_of_reach(tokens, place)), by)
            if word == "falsely":
                deny(number, range(place + 1, len(tokens)), by)
                for later, (_, following) in _until_a_contrast(clauses, number + 1):
                    deny(later, range(len(following)), by)
            if taken_back:
                deny(number, range(place), by)
                no_subject = tokens[0] in _AUXILIARIES or all(token in FUNCTION_WORDS for token in tokens[:place])
                if no_subject or tokens[place + 1 : place + 2] == ["exists"]:
                    for earlier, (_, preceding) in _back_to_a_contrast(clauses, number):
                        deny(earlier, range(len(preceding)), by)
    for number, (opening, tokens) in enumerate(clauses):
        for place, token in enumerate(tokens):
            if token not in _REACH:
                lacking = not _LACKING.isdisjoint(tokens[max(0, place - _BESIDE) : place + _BESIDE + 1])
                yield Word(stem(token), number + first_clause, reached[number][place], opening in _SUPPOSALS, lacking)


def _clauses(sentence: str) -> Iterator[tuple[str, list[str]]]:
    """Each clause as what opens it (`if`, `but`, a comma, nothing) and its tokens; none is empty."""
    opening, start = "", 0
    for found in _CLAUSE.finditer(sentence):
        tokens = list(tokens_of(sentence[start : found.start()]))
        if tokens:
            yield opening, tokens
        opening, start = found[0].strip(), found.end()
    if last := list(tokens_of(sentence[start:])):
        yield opening, last


def denies(token: str) -> bool:
    """Is it a word that denies others, and is not kept as one?"""
    return token in _REACH


def _end_of_reach(tokens: Sequence[str], place: int) -> int:
    """The place before which a negation's reach ends; a token that is none reaches nothing."""
    word = tokens[place]
    reach = _REACH.get(word, 0)
    if word == "no" and place and tokens[place - 1] in _HAVING:
        reach = _REACH_OF_NOT_HAVING
    if word == "not" and place and tokens[place - 1] not in _AUXILIARIES:
        small = next((at for at, token in enumerate(tokens[place + 1 :]) if token not in FUNCTION_WORDS), 0)
        reach = _REACH_OF_A_PART + max(0, small - 1)
    end = min(len(tokens), place + 1 + reach)
    if word in _SOFT:
        end = next((at for at in range(place + 1, end) if tokens[at] in _NEW_SUBJECTS), end)
    return next((at for at in range(place + 2, end) if tokens[at] == "and" and _states(tokens[at + 1 : at + 5])), end)


def _states(tokens: Sequence[str]) -> bool:
    """Do these begin a statement of its own? `there is no VIP and the lookup gives ...`"""
    return len(tokens) > 1 and tokens[0] in _SUBJECTS_BEGIN and not _VERBS.isdisjoint(tokens[1:])


def _dismissed(tokens: Sequence[str], place: int) -> bool:
    """Does a negation dismiss what stands before it? `that is not the reason`, `the owner has nothing to change`."""
    following = [token for token in tokens[place + 1 : place + 4] if token not in _ARTICLES]
    if tokens[place] == "nothing":
        return following[:1] == ["to"]
    return tokens[place] in {"not", "never"} and bool(following) and following[0] in _DISMISSALS


def _taken_back_at_the_end(tokens: Sequence[str], place: int) -> bool:
    """Is this a negation after which its clause ends? `Ready or not` takes nothing back."""
    if tokens[place] == "none" and place + 2 == len(tokens) and tokens[place + 1] in _BEING_THERE:
        return True
    return tokens[place] in _AT_THE_END and place + 1 == len(tokens) and (place == 0 or tokens[place - 1] != "or")


def _force(tokens: Sequence[str], place: int, first: bool) -> Force:
    """The force of a negation; `first`: its clause begins the sentence."""
    word, before = tokens[place], tokens[place - 1] if place else ""
    if word in {"falsely", "unfounded"}:
        return Force.WHOLE
    if word == "not":
        plain = before in _AUXILIARIES or place + 1 == len(tokens) or (first and place == 0)
    else:
        plain = word not in _SOFT or (word == "no" and before in _HAVING) or _taken_back_at_the_end(tokens, place)
        plain = plain or _dismissed(tokens, place) or (word == "nothing" and not _MUST.isdisjoint(tokens[place + 1 : place + 2]))
    return Force.PLAIN if plain else Force.SOFT


def _back_to_a_contrast(clauses: Sequence[tuple[str, list[str]]], end: int) -> Iterator[tuple[int, tuple[str, list[str]]]]:
    for number in range(end - 1, -1, -1):
        yield number, clauses[number]
        if clauses[number][0] in _CONTRASTS:
            return


def _until_a_contrast(clauses: Sequence[tuple[str, list[str]]], start: int) -> Iterator[tuple[int, tuple[str, list[str]]]]:
    for number in range(start, len(clauses)):
        if clauses[number][0] in _CONTRASTS:
            return
        yield number, clauses[number]


def tokens_of(text: str) -> Iterator[str]:
    """Words of a plain text. Hyphens part words but not numbers: `kube-proxy` is two words, `10.0.0.0/8` and `10-0-0-1` one each."""
    for found in _WORD.findall(text):
        word = found.rstrip("'").removesuffix("'s")
        if any(character.isdigit() for character in word):
            yield word
        else:
            yield from (part for part in re.split(r"[.:/'_-]+", word) if part)


_RELATION = re.compile(r"[=-]+>|\u2192|[<>]=|\s=\s|\d:\s|(?:\A|[.;\n]\s*)\w+:\s|\(")
"""Signs by which notes say what becomes of what."""
_SMALL, _SMALL_WITHOUT_VERBS = 0.19, 0.26
"""The share of small words and signs from which a text is more than a list."""
_NAME_OR_NUMBER = re.compile(r"[A-Za-z0-9][._/:-][A-Za-z0-9]|[0-9`]")


def keyword_salad(text: str) -> bool:
    """Words without the small ones that make sentences of them: somebody lists terms in the hope that some will fit.

    Names, numbers and code are among the words but not among those that want a sentence: whoever spells out a full name lists nothing.
    """
    relations = len(_RELATION.findall(text))
    chunks = text.split()
    names = [chunk for chunk in chunks if _NAME_OR_NUMBER.search(chunk)]
    tokens = list(tokens_of(plain(" ".join(chunk for chunk in chunks if chunk not in names))))
    small = sum(token in FUNCTION_WORDS for token in tokens) + relations
    enough = _SMALL if relations or not _VERBS.isdisjoint(tokens) else _SMALL_WITHOUT_VERBS
    return len(tokens) + len(names) >= 6 and small < enough * len(tokens)


_TAKES_BACK = re.compile(
    r"\b(?:contrary to|myth|misconception|misunderstanding|nonsense|superstition|nothing needs?|already (?:correct|right|fine)"
    r"|(?:fine|right|correct|good|ok|okay|just|keep it|leave it) as (?:it|they) (?:is|are|stands?))\b"
)


def takes_back(text: str) -> bool:
    """Does it say anywhere that something is a common error, or fine as it is? What that is about is a guess."""
    return bool(_TAKES_BACK.search(text.lower()))


_OPPOSED = frozenset(stem(word) for word in OPPOSITES.replace(",", "").split())


@lru_cache(maxsize=50_000)
def alike(written: str, wanted: str) -> bool:
    """Are two stems the same word, a slip of the pen forgiven? Numbers, short words and opposites must be equal."""
    if written == wanted:
        return True
    if min(len(written), len(wanted)) < 5 or not (written.isalpha() and wanted.isalpha()) or written[0] != wanted[0]:
        return False
    if written in _OPPOSED:
        return False
    return DamerauLevenshtein.distance(written, wanted) <= (1 if len(wanted) < 8 else 2)
