"""What a run is expected to show, compared with what it showed.

Responsible for: the subset match of a proof's `expect` (and of an option's `asserts`) against a run's JSON.
Leaves to others: running (`proofs`).

A mapping asks for these fields and leaves the others open. `requests`, `lookups`, `connections`, `rollouts` and `commands` are compared
place by place, as far as the expectation goes; any other list asks that each of its entries is found somewhere. Numbers agree within half
a percent of one. Beyond equality a mapping may hold one of these instead:

    {$count: 2}              so many entries
    {$only: [...]}           these entries and no others, in any order
    {$first: {...}}          an entry like this stands first
    {$none: {...}}           no entry like this
    {$contains: "text"}      in a text; a list of texts asks for all of them
    {$lacks: "text"}         not in a text
    {$between: [0.2, 0.3]}   a number in this range, ends included
    {$one_of: [...]}         any of these
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

PLACE_BY_PLACE = {"requests", "lookups", "connections", "rollouts", "commands"}
TOLERANCE = 0.005


def mismatches(expected: Any, actual: Any, path: str = "") -> Iterator[str]:
    """One sentence for everything in which `actual` is not as expected; nothing if it is."""
    if isinstance(expected, Mapping):
        special = [key for key in expected if str(key).startswith("$")]
        if special:
            yield from _special(special[0], expected[special[0]], actual, path)
        elif not isinstance(actual, Mapping):
            yield f"{path or 'the run'}: wanted fields, found {_short(actual)}"
        else:
            for key, value in expected.items():
                yield from mismatches(value, actual.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(expected, list | tuple):
        yield from _listed(expected, actual, path)
    elif not _equal(expected, actual):
        yield f"{path}: wanted {_short(expected)}, found {_short(actual)}"


def unknown_words(expected: Any) -> Iterator[str]:
    """Every `$word` that is not one of those above."""
    if isinstance(expected, Mapping):
        for key, value in expected.items():
            if str(key).startswith("$") and key not in _SPECIAL:
                yield str(key)
            yield from unknown_words(value)
    elif isinstance(expected, list | tuple):
        for item in expected:
            yield from unknown_words(item)


def _listed(expected: Sequence[Any], actual: Any, path: str) -> Iterator[str]:
    if not isinstance(actual, list | tuple):
        yield f"{path}: wanted a list, found {_short(actual)}"
    elif path.rsplit(".", 1)[-1] in PLACE_BY_PLACE:
        if len(expected) > len(actual):
            yield f"{path}: wanted {len(expected)} entries, found {len(actual)}"
        for index, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from mismatches(one, other, f"{path}[{index}]")
    else:
        for one in expected:
            if not any(_agrees(one, other) for other in actual):
                yield f"{path}: no entry is like {_short(one)}; found {_short(actual)}"


def _agrees(expected: Any, actual: Any) -> bool:
    return next(mismatches(expected, actual), None) is None


def _equal(expected: Any, actual: Any) -> bool:
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, int | float) and isinstance(actual, int | float):
        return abs(expected - actual) <= TOLERANCE
    return bool(expected == actual)


def _special(word: str, wanted: Any, actual: Any, path: str) -> Iterator[str]:
    test = _SPECIAL.get(word)
    if test is None:
        yield f"{path}: `{word}` is not a comparison"
    elif not test(wanted, actual):
        yield f"{path}: wanted {word} {_short(wanted)}, found {_short(actual)}"


def _only(wanted: Any, actual: Any) -> bool:
    """Whether the entries can be paired off, each wanted one with one that agrees."""
    if not isinstance(actual, list | tuple) or len(actual) != len(wanted):
        return False
    left = list(actual)
    for one in wanted:
        found = next((other for other in left if _agrees(one, other)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _contains(wanted: Any, actual: Any) -> bool:
    texts = wanted if isinstance(wanted, list | tuple) else [wanted]
    return isinstance(actual, str) and all(str(text) in actual for text in texts)


_SPECIAL: Mapping[str, Callable[[Any, Any], bool]] = {
    "$count": lambda wanted, actual: isinstance(actual, list | tuple | Mapping) and len(actual) == wanted,
    "$only": _only,
    "$first": lambda wanted, actual: isinstance(actual, list | tuple) and bool(actual) and _agrees(wanted, actual[0]),
    "$none": lambda wanted, actual: isinstance(actual, list | tuple) and not any(_agrees(wanted, item) for item in actual),
    "$contains": _contains,
    "$lacks": lambda wanted, actual: isinstance(actual, str) and str(wanted) not in actual,
    "$between": lambda wanted, actual: isinstance(actual, int | float) and wanted[0] <= actual <= wanted[1],
    "$one_of": lambda wanted, actual: any(_agrees(one, actual) for one in wanted),
}


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:197] + "..."
