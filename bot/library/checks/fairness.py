"""The options: whether a question can be answered only by knowing.

Responsible for: one right option, a misconception and an explanation for each wrong one, like lengths, no throwaways, and five readers
who look at the options alone and must not do better than chance.
Leaves to others: whether the right option is right (`proved`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.learning.items import Choice, Option
from bot.library.faults import Slip
from bot.library.library import Library

MARGIN = 0.05
"""How far above or below chance a reader of the options alone may come."""
ENOUGH = 40
"""Below so many questions chance itself strays farther than the margin, and the readers are not sent."""
LONGEST_TO_SHORTEST = 2.5
THROWAWAY = r"\b(?:all|none|any|both) of the above\b|docker compose|chmod|reinstall|reboot|turn(?:ing)? it off|it is magic|blockchain"
ABSOLUTE = r"\b(?:always|never|only|all|every|each|none|no|nobody|nothing|must|cannot|any|whole|alone)\b"


def fairness(library: Library) -> Iterator[Slip]:
    choices = [item for item in library.questions.values() if isinstance(item, Choice)]
    for item in choices:
        yield from _options(library, item)
    if len(choices) >= ENOUGH:
        chance = sum(1 / len(item.options) for item in choices) / len(choices)
        for reader, score in scores(choices).items():
            if abs(score - chance) > MARGIN:
                often = "often" if score > chance else "rarely"
                yield Slip(
                    "quizzes",
                    1,
                    f"A reader who chooses {reader} is right in {score:.1%} of the questions; chance is {chance:.1%}.",
                    f"Right options are like that too {often}: change some until it is within {MARGIN:.0%}.",
                    "readers",
                )


def _slip(library: Library, item: Choice, what: str, next_step: str) -> Slip:
    place = library.place(item.id)
    return Slip(place.file, place.line, what, next_step, "fairness")


def _options(library: Library, item: Choice) -> Iterator[Slip]:
    right = [option for option in item.options if option.correct]
    if len(right) != 1:
        yield _slip(library, item, f"`{item.id}` has {len(right)} correct options.", "Mark one of them with `correct: true`.")
    if len({option.text.strip().lower() for option in item.options}) < len(item.options):
        yield _slip(library, item, f"`{item.id}` has two options with one text.", "Options have to differ.")
    if item.proof is not None and right and right[0].asserts is None and not item.proof.get("expect"):
        yield _slip(
            library, item, f"The proof of `{item.id}` claims nothing.", "Give the correct option `asserts:`, or the proof `expect:`."
        )
    lengths = [len(option.text) for option in item.options]
    if min(lengths) and max(lengths) / min(lengths) > LONGEST_TO_SHORTEST and max(lengths) > 24:
        yield _slip(
            library,
            item,
            f"The options of `{item.id}` have {min(lengths)} to {max(lengths)} characters.",
            "Make them alike in length and form.",
        )
    for option in item.options:
        if not option.correct and not option.misconception:
            yield _slip(
                library,
                item,
                f"`{item.id}`: {option.text!r} names no misconception.",
                "Say which belief leads to it, or find a better one.",
            )
        if option.correct and option.misconception:
            yield _slip(library, item, f"`{item.id}`: the correct option names a misconception.", "Remove it.")
        if re.search(THROWAWAY, option.text, flags=re.IGNORECASE):
            yield _slip(
                library, item, f"`{item.id}`: {option.text!r} is a throwaway.", "Put the result of a real misconception in its place."
            )


Reader = Callable[[Sequence[Option]], Sequence[float]]
"""How well each option pleases a reader; among the best he chooses by lot."""


def _longest(options: Sequence[Option]) -> Sequence[float]:
    return [len(option.text) for option in options]


def _most_precise(options: Sequence[Option]) -> Sequence[float]:
    return [len(re.findall(r"\d+|`[^`]+`", option.text)) for option in options]


def _no_absolutes(options: Sequence[Option]) -> Sequence[float]:
    return [-len(re.findall(ABSOLUTE, option.text, flags=re.IGNORECASE)) for option in options]


def _first(options: Sequence[Option]) -> Sequence[float]:
    return [-index for index, _ in enumerate(options)]


def _odd_one_out(options: Sequence[Option]) -> Sequence[float]:
    words = [set(re.findall(r"\w+", option.text.lower())) for option in options]
    return [-sum(len(a & b) / (len(a | b) or 1) for j, b in enumerate(words) if j != i) for i, a in enumerate(words)]


READERS: Mapping[str, Reader] = {
    "the longest option": _longest,
    "the most precise option": _most_precise,
    "an option without absolute words": _no_absolutes,
    "the first option": _first,
    "the odd one out": _odd_one_out,
}


def scores(choices: Sequence[Choice]) -> Mapping[str, float]:
    """The share of questions that each reader answers rightly, reading the options and nothing else."""
    totals: Counter[str] = Counter()
    for item in choices:
        for name, reader in READERS.items():
            pleased = reader(item.options)
            best = [option for option, value in zip(item.options, pleased, strict=True) if value == max(pleased)]
            totals[name] += sum(option.correct for option in best) / len(best)  # type: ignore[assignment]
    return {name: totals[name] / (len(choices) or 1) for name in READERS}
