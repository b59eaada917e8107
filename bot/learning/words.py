"""A written answer as sentences of stems, ready to be compared with an author's key points.

Responsible for: spelling out what writers abbreviate, sentences and clauses, stems, negation and its reach, what is only supposed, likeness
of words.
Leaves to others: what the words must say (`written`).
Numbers, addresses and ports are compared exactly, and so are opposites: a slip of the pen is forgiven only in ordinary words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from typing import TypeAlias

import snowballstemmer
from rapidfuzz.distance import DamerauLevenshtein

_STEMMER = snowballstemmer.stemmer("english")

_SPELT_OUT = [
    (re.compile(pattern), text)
    for pattern, text in (
        (r"\bcan(?:'t|not)\b", "can not"),
        (r"\b(it|that|this|there|what|who|he|she)'s\b", r"\1 is"),
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
        (r"\b(?:fails?|failed|unable|refuses?) to\b", "does not"),
        (r"\b(?:this|that|it|which|these|those) (?:is|are|was) not (?:the case|so|true|right|correct)\b(?! that)", "unfounded"),
        (r"\b(?:is|are) not (?:how|what|the way|the answer|the point|a step|worth)\b", "is unfounded"),
        (r"\bnot (?:true|right|correct|so|the case) that\b|\bnot that\b|\bnothing to do with\b", "falsely"),
        (r"\b(?:false|untrue|wrong|incorrect|myth|misconception|mistaken) that\b", "falsely"),
        (r"\b(?:is|are) (?:of )?no (?:use|help|good)\b|\bplays? no (?:role|part)\b", "is unfounded"),
        (r"\bnot up to\b|\bis not (?=(?:the |a |an )?\w+(?: \w+){0,3} (?:that|who|which)\b)", "falsely "),
        (r"\b(?:impossible|useless|pointless|unnecessary|needless) (?:that|to)\b", "falsely"),
        (r"\b(?:nobody|no one) (?:should|must|has to|needs to)\b", "falsely"),
        (r"\bnot (?:tell|mean|say|imply|show|prove|think|believe|indicate|follow)\b(?: us| you)?", "falsely"),
        (r"\bno ((?:\w+ ){1,3})(?:is|are) (?:needed|necessary|required)\b", r"falsely \1"),
        (r"(?:^|(?<=[.;\n]))\s*that\b([^.;\n]*?),?\s+is (?:false|wrong|untrue|incorrect|not (?:true|so|right))\b", r" falsely \1"),
        (r"\b(?:is|are|was) (?:a |an |simply )?(?:common )?(?:myth|misconception|untrue|nonsense)\b", "unfounded"),
        (r"\b(none|nothing) (?:whatsoever|at all)\b", r"\1"),
        (r"\bno (?:more|longer|larger|fewer) than\b", "at most"),
        (r"\bone or (?:more|several)\b|\bmore than one\b", "several"),
        (r"\b(everything|anything|whatever|all|what)(?: that| which)?(?: is| are| was)? not (?:explicitly )?\w+", r"\1 else"),
        (r"\binstead of\b|\brather than\b", "without"),
        (r"\bnot only\b|\bnot just\b", "also"),
    )
]

_NAMES = re.compile(r"\b(?:IPsec|WireGuard|mTLS|gRPC|HAProxy|GitHub|MetalLB|[A-Z][a-z]+(?:[A-Z][a-z]+)*(?:Not|No)[A-Z]\w*|Not?[A-Z]\w*)\b")
"""Names that are one word however they are written, and the API's reasons that hold a `Not`, which denies nothing."""
_WORD = re.compile(r"[a-z0-9]+(?:[.:/'_-]+[a-z0-9]+)*")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_SENTENCE = re.compile(r"(?<=[a-z)\"'`])[.!?]+(?:\s|$)|(?<=\d)[.!?]+(?:\s+|$)|[;\n]+")
_CLAUSE = re.compile(
    r",|\b(?:but|however|although|though|whereas|while|because|since|so|when|whenever|if|unless|until|and then)\b"
    r"|:(?=\s)|[()]|\s[-\u2013\u2014]+\s"
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
_AT_THE_END = frozenset({"neither", "none", "no", "never", "not", "nothing", "nobody"})
"""At the end of a clause these take back what stands before them: `flannel has none`."""
_TAKEN_BACK = -1
"""The place of whatever takes back what stands before it."""
_BEING_THERE = frozenset({"exists", "exist", "there", "here"})

_VERBS_BEFORE_NOT = "do does did is are was were be been can could will would shall should has have had may might must need"
_AUXILIARIES = frozenset(_VERBS_BEFORE_NOT.split())
"""After one of these `not` negates the rest of the clause; elsewhere, as in `per connection, not per request`, what stands next to it."""

_REACH_OF_A_PART = 3
_REACH_OF_NOT_HAVING = 6

_DISMISSALS = frozenset(
    {"help", "work", "works", "matter", "suffice", "needed", "necessary", "required", "true", "right", "correct", "possible"}
)
"""Words that, negated, take back what stands before them: `to allow 53 does not help`."""

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
    text = _CAMEL.sub(" ", _NAMES.sub(lambda found: found[0].lower(), text)).lower()
    for pattern, full in _SPELT_OUT:
        text = pattern.sub(full, text)
    return text


_CLAUSES = 1000
"""More than a sentence has."""
_REFUSALS = frozenset({"no", "nope", "wrong", "false"})
"""A sentence that begins with one of these alone takes back the one before."""


def sentences(text: str) -> Iterator[tuple[Word, ...]]:
    """The answer's sentences, each as its words in order; one that goes on about the same thing once more with what it goes on from.

    Clauses are numbered through the whole answer.
    """
    found: list[tuple[Word, ...]] = []
    begins: list[list[str]] = []
    for number, sentence in enumerate(_SENTENCE.split(plain(text))):
        tokens = list(tokens_of(sentence or ""))
        words = tuple(_words(sentence or "", number * _CLAUSES))
        refusal = next((list(tokens) for _, tokens in _clauses(sentence or "")), [])
        if found and len(refusal) == 1 and refusal[0] in _REFUSALS:
            by = (number * _CLAUSES, 0, Force.WHOLE)
            found[-1] = tuple(replace(word, negations=word.negations | {by}) for word in found[-1])
        if words:
            found.append(words)
            begins.append(tokens)
    thought: tuple[Word, ...] = ()
    for words, tokens in zip(found, begins, strict=True):
        yield words
        goes_on = bool(thought) and tokens[0] in _GOES_ON
        thought = (*thought, *words) if goes_on else words
        if goes_on:
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
            by = (number + first_clause, place, _force(tokens, place, number == 0))
            deny(number, range(place + 1, _end_of_reach(tokens, place)), by)
            if word == "falsely":
                deny(number, range(place + 1, len(tokens)), by)
                for later, (_, following) in _until_a_contrast(clauses, number + 1):
                    deny(later, range(len(following)), by)
            dismissed = word in {"not", "never"} and tokens[place + 1 : place + 2] and tokens[place + 1] in _DISMISSALS
            if word == "unfounded" or dismissed or _taken_back_at_the_end(tokens, place):
                # However often a statement is taken back, it is taken back.
                by = (number + first_clause, _TAKEN_BACK, by[2])
                deny(number, range(place), by)
                if all(token in FUNCTION_WORDS for token in tokens[:place]) or tokens[place + 1 : place + 2] == ["exists"]:
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


def _end_of_reach(tokens: Sequence[str], place: int) -> int:
    """The place before which a negation's reach ends; a token that is none reaches nothing."""
    word = tokens[place]
    reach = _REACH.get(word, 0)
    if word == "no" and place and tokens[place - 1] in _HAVING:
        reach = _REACH_OF_NOT_HAVING
    if word == "not" and place and tokens[place - 1] not in _AUXILIARIES:
        reach = _REACH_OF_A_PART
    end = min(len(tokens), place + 1 + reach)
    if word in _SOFT:
        return next((at for at in range(place + 1, end) if tokens[at] in _NEW_SUBJECTS), end)
    return end


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


_RELATION = re.compile(r"[=-]+>|\u2192|[<>]=|\s=\s|\d:\s|\(")
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
