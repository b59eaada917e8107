"""Regular expressions that always end: a learner may paste any pattern, and proxies promise linear time (RE2).

Responsible for: matching from the start of a text, with captured groups, in time bounded by pattern times text.
Leaves to others: which texts are matched (`http_matching`, `ingress_nginx`).
The syntax is Python's, which agrees with RE2 and PCRE on what routes use; look-around, back references and atomic groups, which RE2
has not either, are refused. Mirrors: R. Cox, "Regular Expression Matching: the Virtual Machine Approach" (Pike's machine).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

MAX_PROGRAM = 4000
MAX_TEXT = 8192

_Instruction = tuple[str, Any, Any]


class UnsupportedError(ValueError):
    """The pattern is no regular expression, or needs more than RE2 has, or is too large."""


def match(pattern: str, text: str, *, whole: bool, ignore_case: bool = False) -> tuple[str, ...] | None:
    """The match at the start of `text` (up to its end if `whole`) and its groups, "" for a group that took no part; None without match.

    Raises UnsupportedError for a pattern that cannot be used.
    """
    program, groups = _program(pattern, ignore_case)
    saved = _run(program, text[:MAX_TEXT], 2 * (groups + 1), whole)
    if saved is None:
        return None
    return tuple(text[a:b] if a is not None and b is not None else "" for a, b in zip(saved[::2], saved[1::2], strict=True))


@lru_cache(maxsize=512)
def _program(pattern: str, ignore_case: bool) -> tuple[tuple[_Instruction, ...], int]:
    try:
        tree = _parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as fault:
        raise UnsupportedError(f"not a regular expression: {fault}") from fault
    program: list[_Instruction] = []
    try:
        _compile(tree, program, ignore_case)
    except RecursionError as fault:
        raise UnsupportedError("the regular expression is nested too deeply") from fault
    program.append(("match", None, None))
    return tuple(program), tree.state.groups - 1


def _emit(program: list[_Instruction], operation: str, one: Any = None, other: Any = None) -> int:
    if len(program) >= MAX_PROGRAM:
        raise UnsupportedError("the regular expression is too large")
    program.append((operation, one, other))
    return len(program) - 1


def _compile(tree: Any, program: list[_Instruction], fold: bool) -> None:
    c = _constants
    for operation, argument in tree:
        if operation in (c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN):
            _emit(program, "char", _test(operation, argument, fold))
        elif operation is c.AT:
            _emit(program, "at", argument)
        elif operation is c.SUBPATTERN:
            group, _, _, inner = argument
            if group is not None:
                _emit(program, "save", 2 * group)
            _compile(inner, program, fold)
            if group is not None:
                _emit(program, "save", 2 * group + 1)
        elif operation is c.BRANCH:
            _branches(argument[1], program, fold)
        elif operation in (c.MAX_REPEAT, c.MIN_REPEAT):
            _repeat(argument, operation is c.MAX_REPEAT, program, fold)
        else:
            raise UnsupportedError(f"{str(operation).lower()} is not part of RE2's regular expressions")


def _branches(branches: Any, program: list[_Instruction], fold: bool) -> None:
    ends = []
    for number, branch in enumerate(branches):
        last = number == len(branches) - 1
        fork = None if last else _emit(program, "split")
        _compile(branch, program, fold)
        if fork is not None:
            ends.append(_emit(program, "jump"))
            program[fork] = ("split", fork + 1, len(program))
    for end in ends:
        program[end] = ("jump", len(program), None)


def _repeat(argument: Any, greedy: bool, program: list[_Instruction], fold: bool) -> None:
    low, high, inner = argument
    for _ in range(low):
        before = len(program)
        _compile(inner, program, fold)
        if len(program) == before:
            break  # nothing in it: more of it is still nothing
    forks = []
    if high is _constants.MAXREPEAT:
        forks.append(_emit(program, "split"))
        _compile(inner, program, fold)
        _emit(program, "jump", forks[0])
    else:
        for _ in range(min(high - low, MAX_PROGRAM)):
            forks.append(_emit(program, "split"))
            _compile(inner, program, fold)
    for fork in forks:
        program[fork] = ("split", fork + 1, len(program)) if greedy else ("split", len(program), fork + 1)


def _test(operation: Any, argument: Any, fold: bool) -> Callable[[str], bool]:
    """Whether one character satisfies a literal, a dot or a set."""
    c = _constants
    if operation is c.ANY:
        return lambda char: char != "\n"
    if operation in (c.LITERAL, c.NOT_LITERAL):
        wanted = operation is c.LITERAL
        literal = chr(argument).lower() if fold else chr(argument)
        return lambda char: ((char.lower() if fold else char) == literal) is wanted
    negated = bool(argument) and argument[0][0] is c.NEGATE
    members = [_member(op, av) for op, av in argument if op is not c.NEGATE]

    def test(char: str) -> bool:
        forms = {char, char.lower(), char.upper()} if fold else {char}
        return any(member(form) for member in members for form in forms if len(form) == 1) is not negated

    return test


def _member(operation: Any, argument: Any) -> Callable[[str], bool]:
    c = _constants
    if operation is c.LITERAL:
        return lambda char: ord(char) == argument
    if operation is c.RANGE:
        low, high = argument
        return lambda char: low <= ord(char) <= high
    classes: dict[Any, Callable[[str], bool]] = {
        c.CATEGORY_DIGIT: lambda char: "0" <= char <= "9",
        c.CATEGORY_SPACE: lambda char: char in " \t\n\r\f\v",
        c.CATEGORY_WORD: _is_word,
        c.CATEGORY_NOT_DIGIT: lambda char: not "0" <= char <= "9",
        c.CATEGORY_NOT_SPACE: lambda char: char not in " \t\n\r\f\v",
        c.CATEGORY_NOT_WORD: lambda char: not _is_word(char),
    }
    return classes[argument]


def _is_word(char: str) -> bool:
    return char == "_" or (char.isascii() and char.isalnum())


def _holds(where: Any, text: str, at: int) -> bool:
    c = _constants
    if where in (c.AT_BEGINNING, c.AT_BEGINNING_STRING):
        return at == 0
    if where in (c.AT_END, c.AT_END_STRING):
        return at == len(text)
    before, after = at > 0 and _is_word(text[at - 1]), at < len(text) and _is_word(text[at])
    return (before != after) is (where is c.AT_BOUNDARY)


_Saved = tuple[int | None, ...]


def _run(program: tuple[_Instruction, ...], text: str, slots: int, whole: bool) -> _Saved | None:
    """Pike's machine: all threads advance over the text together, in order of priority; each instruction holds one thread at most."""
    found: _Saved | None = None
    threads = _closure(program, text, 0, [(0, (0,) + (None,) * (slots - 1))])
    for at in range(len(text) + 1):
        following = []
        for counter, saved in threads:
            operation, test, _ = program[counter]
            if operation == "match":
                if whole and at < len(text):
                    continue
                found = (saved[0], at, *saved[2:])
                break
            if at < len(text) and test(text[at]):
                following.append((counter + 1, saved))
        if not following:
            break
        threads = _closure(program, text, at + 1, following)
    return found


def _closure(program: tuple[_Instruction, ...], text: str, at: int, starts: list[tuple[int, _Saved]]) -> list[tuple[int, _Saved]]:
    """The threads that wait for a character (or have matched), after all jumps, splits, saves and assertions from `starts`."""
    threads, seen = [], set()
    stack = starts[::-1]
    while stack:
        counter, saved = stack.pop()
        if counter in seen:
            continue
        seen.add(counter)
        operation, one, other = program[counter]
        if operation == "jump":
            stack.append((one, saved))
        elif operation == "split":
            stack += [(other, saved), (one, saved)]
        elif operation == "save":
            stack.append((counter + 1, (*saved[:one], at, *saved[one + 1 :])))
        elif operation == "at":
            if _holds(one, text, at):
                stack.append((counter + 1, saved))
        else:
            threads.append((counter, saved))
    return threads
