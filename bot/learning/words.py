"""A written answer as sentences of stems, ready to be compared with an author's key points.

Responsible for: spelling out what writers abbreviate, sentences and clauses, stems, negation and its reach, likeness of words.
Leaves to others: what the words must say (`written`).
Numbers, addresses and ports are compared exactly, and so are opposites: a slip of the pen is forgiven only in ordinary words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer
from rapidfuzz.distance import DamerauLevenshtein

_STEMMER = snowballstemmer.stemmer("english")

_SPELT_OUT = [
    (re.compile(pattern), text)
    for pattern, text in (
        (r"\bcan(?:'t|not)\b", "can not"),
        (r"\bwon't\b", "will not"),
        (r"n't\b", " not"),
        (r"\b(?:isnt|doesnt|dont|wont|cant|wasnt|arent|didnt)\b", "does not"),
        (r"\b(?:e\.g|i\.e)\.", " "),
        (r"\bsvcs?\b", "service"),
        (r"\bmetal lb\b", "metallb"),
        (r"\s=+\s", " is "),
        (r"\bnot (?:yet |being )?ready\b", "unready"),
        (r"\bns\b", "namespace"),
        (r"\bnetpols?\b", "network policy"),
        (r"\blbs?\b|\bloadbalancers?\b", "load balancer"),
        (r"\bclusterips?\b", "cluster ip"),
        (r"\bcluster ip[\s:=`'\"]+(?:(?:is|set|to|of|as)\s+)*[`'\"]?none\b", "without cluster ip"),
        (r"\bnodeports?\b", "node port"),
        (r"\btargetports?\b", "target port"),
        (r"\bcontainerports?\b", "container port"),
        (r"\bendpointslices?\b", "endpoint slice"),
        (r"\bkubeproxy\b", "kube proxy"),
        (r"\bcoredns\b", "core dns"),
        (r"\bhttproutes?\b", "http route"),
        (r"\breferencegrants?\b", "reference grant"),
        (r"\bfqdn\b", "fully qualified name"),
        (r"\bip addresses\b|\bip address\b|\bips\b", "ip"),
        (r"\bno longer\b", "does not"),
        (r"\b(?:fails?|failed|unable|refuses?) to\b|\b(?:false|untrue|wrong|incorrect) that\b", "does not"),
        (r"\binstead of\b|\brather than\b", "without"),
        (r"\bnot only\b|\bnot just\b", "also"),
    )
]

_WORD = re.compile(r"[a-z0-9]+(?:[.:/'_-]+[a-z0-9]+)*")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_SENTENCE = re.compile(r"(?<=[a-z)\"'`])[.!?]+(?:\s|$)|(?<=\d)[.!?]+(?:\s+|$)|[;\n]+")
_CLAUSE = re.compile(
    r",|\b(?:but|however|although|though|whereas|while|because|since|so|when|whenever|if|unless|until|and then)\b"
    r"|:(?=\s)|[()]|\s[-\u2013\u2014]+\s"
)

_REACH = {
    **dict.fromkeys(("not", "never", "cannot"), 7),
    **dict.fromkeys(("neither", "nor"), 6),
    **dict.fromkeys(("hardly", "rarely"), 5),
    **dict.fromkeys(("without", "nothing", "nobody"), 4),
    **dict.fromkeys(("no", "none", "lack", "unlike"), 3),
}
"""How many of the following words of its clause a negation reaches."""

_VERBS_BEFORE_NOT = "do does did is are was were be been can could will would shall should has have had may might must need"
_AUXILIARIES = frozenset(_VERBS_BEFORE_NOT.split())
"""After one of these `not` negates the rest of the clause; elsewhere, as in `per connection, not per request`, what stands next to it."""

_REACH_OF_A_PART = 3

_DISMISSALS = frozenset(
    {"help", "work", "works", "matter", "suffice", "needed", "necessary", "required", "true", "right", "correct", "possible"}
)
"""Words that, negated, take back what stands before them: `to allow 53 does not help`."""

OPPOSITES = (
    "ingress egress, allow deny, tcp udp, source destination, client server, before after, more less, more fewer, same different,"
    " internal external, first last, always never, up down, inside outside, longest shortest, oldest newest, open close,"
    " include exclude, ready unready, all any, and or, accept reject, layer later, public private, mutable immutable,"
    " intersection union, random sequential"
)
"""Words that a slip of the pen must not turn into each other."""

_SMALL_WORDS = (
    "a an the is are was were be been being has have had do does did will would can could should must may might to of in on at by"
    " for from with as it its they them their this that these those which who what when where why how if then than so because and"
    " or but you we i he she there into onto over under out up down"
)
_FUNCTION_WORDS = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its stem, the clause it stands in, and the negations that reach it, each as its clause and place."""

    stem: str
    clause: int
    negations: frozenset[tuple[int, int]]

    @property
    def denied(self) -> bool:
        """Two negations take each other back."""
        return len(self.negations) % 2 == 1


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of an ordinary word; what has a digit in it stays as it is."""
    if any(character.isdigit() for character in word):
        return word
    found: str = _STEMMER.stemWord(word)
    return found


def plain(text: str) -> str:
    """Lower case, abbreviations spelt out, CamelCase taken apart, typographic signs made plain."""
    text = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u2018", "'").replace("\u201c", '"').replace("\u201d", '"')
    text = _CAMEL.sub(" ", text).lower()
    for pattern, full in _SPELT_OUT:
        text = pattern.sub(full, text)
    return text


def sentences(text: str) -> Iterator[tuple[Word, ...]]:
    """The answer's sentences, each as its words in order."""
    for sentence in _SENTENCE.split(plain(text)):
        if sentence and sentence.strip():
            words = tuple(_words(sentence))
            if words:
                yield words


def _words(sentence: str) -> Iterator[Word]:
    for number, clause in enumerate(_CLAUSE.split(sentence)):
        tokens = list(tokens_of(clause))
        reached: list[frozenset[tuple[int, int]]] = [frozenset()] * len(tokens)
        for place, word in enumerate(tokens):
            reach = _REACH.get(word, 0)
            if word == "not" and place and tokens[place - 1] not in _AUXILIARIES:
                reach = _REACH_OF_A_PART
            for covered in range(place + 1, min(len(tokens), place + 1 + reach)):
                reached[covered] |= {(number, place)}
            if word in {"not", "never"} and tokens[place + 1 : place + 2] and tokens[place + 1] in _DISMISSALS:
                reached[:place] = [negations | {(number, place)} for negations in reached[:place]]
        for place, token in enumerate(tokens):
            if token not in _REACH:
                yield Word(stem(token), number, reached[place])


def tokens_of(text: str) -> Iterator[str]:
    """Words of a plain text. Hyphens part words but not numbers: `kube-proxy` is two words, `10.0.0.0/8` and `10-0-0-1` one each."""
    for found in _WORD.findall(text):
        word = found.rstrip("'").removesuffix("'s")
        if any(character.isdigit() for character in word):
            yield word
        else:
            yield from (part for part in re.split(r"[.:/'_-]+", word) if part)


def keyword_salad(text: str) -> bool:
    """Words without the small ones that make sentences of them: somebody lists terms in the hope that some will fit."""
    tokens = list(tokens_of(plain(text)))
    return len(tokens) >= 6 and sum(token in _FUNCTION_WORDS for token in tokens) < 0.19 * len(tokens)


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
