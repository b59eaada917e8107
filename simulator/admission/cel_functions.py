"""Operators and library functions of CEL on plain JSON values.

Responsible for: equality, order, arithmetic, strings, lists, durations, addresses; regular expressions in RE2's reading.
Leaves to others: syntax and control flow (`cel`).
Mirrors: the CEL specification's standard definitions, cel-go's `strings` extension, k8s.io/apiserver `pkg/cel/library`.
A function gets its receiver as first argument; wrong types raise TypeError, AttributeError or CelError and become "no such overload".
"""

from __future__ import annotations

import ipaddress
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

Value = Any


class CelError(Exception):
    """A rule could not be evaluated on this value; the message is what cel-go would say."""


def no_such_overload() -> NoReturn:
    raise CelError("no such overload")


@dataclass(frozen=True, order=True, slots=True)
class Duration:
    nanoseconds: int


_GO_DURATION = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h)")
_NANOSECONDS = {"ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}


def duration(text: str) -> Duration:
    """Go's `time.ParseDuration`: `1h30m`, `500ms`, `0`."""
    if isinstance(text, Duration):
        return text
    sign, rest = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if rest != "0" and not re.fullmatch(f"(?:{_GO_DURATION.pattern})+", rest):
        raise CelError(f'time: invalid duration "{text}"')
    return Duration(sign * sum(int(float(number) * _NANOSECONDS[unit]) for number, unit in _GO_DURATION.findall(rest)))


def is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def equal(left: Value, right: Value) -> bool:
    """Values of different types are not equal, except that numbers compare across int and double."""
    if is_number(left) and is_number(right):
        return bool(left == right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return type(left) is type(right) and bool(left == right)


_ORDER: dict[str, Callable[[Value, Value], bool]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def compare(sign: str, left: Value, right: Value) -> bool:
    if (is_number(left) and is_number(right)) or (type(left) is type(right) and isinstance(left, (str, bool, Duration))):
        return _ORDER[sign](left, right)
    return no_such_overload()


def _checked(value: Value) -> Value:
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise CelError("integer overflow")
    return value


def _arithmetic(function: Callable[[Value, Value], Value]) -> Callable[[Value, Value], Value]:
    def run(left: Value, right: Value) -> Value:
        if not (is_number(left) and type(left) is type(right)):
            no_such_overload()
        return _checked(function(left, right))

    return run


def _plus(left: Value, right: Value) -> Value:
    if type(left) is type(right) and isinstance(left, (str, list)):
        return left + right
    if isinstance(left, Duration) and isinstance(right, Duration):
        return Duration(left.nanoseconds + right.nanoseconds)
    return _arithmetic(operator.add)(left, right)


def _minus(left: Value, right: Value) -> Value:
    if isinstance(left, Duration) and isinstance(right, Duration):
        return Duration(left.nanoseconds - right.nanoseconds)
    return _arithmetic(operator.sub)(left, right)


def _truncated(left: Value, right: Value) -> Value:
    """Integer division rounds towards zero."""
    if isinstance(left, float):
        return left / right if right else float("nan") if left == 0 or left != left else float("inf") * (1 if left > 0 else -1)
    if right == 0:
        raise CelError("division by zero")
    return abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)


def _remainder(left: Value, right: Value) -> Value:
    if isinstance(left, float):
        no_such_overload()
    if right == 0:
        raise CelError("modulus by zero")
    return left - _truncated(left, right) * right


def _in(item: Value, holder: Value) -> bool:
    if isinstance(holder, Mapping):
        return item in holder
    return any(equal(item, each) for each in holder) if isinstance(holder, list) else no_such_overload()


def _not(value: Value) -> bool:
    return not value if isinstance(value, bool) else no_such_overload()


def _negative(value: Value) -> Value:
    return _checked(-value) if is_number(value) else no_such_overload()


def _size(value: Value) -> int:
    return len(value) if isinstance(value, (str, list, Mapping)) else no_such_overload()


def _int(value: Value) -> int:
    try:
        return int(_checked(int(value)))
    except ValueError:
        raise CelError(f'strconv.ParseInt: parsing "{value}": invalid syntax') from None


def _string(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else no_such_overload()


def _text(value: Value) -> str:
    return value if isinstance(value, str) else no_such_overload()


def _substring(text: str, start: int, end: int | None = None) -> str:
    stop = len(text) if end is None else end
    if not 0 <= start <= stop <= len(text):
        raise CelError(f"index out of range: {start}")
    return text[start:stop]


def _is_ip(text: str) -> bool:
    """`isIP` of the Kubernetes library: no zone, and no IPv4 address inside an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(_text(text))
    except ValueError:
        return False
    return parsed.version == 4 or not ("%" in text or parsed.ipv4_mapped)


def matches(text: str, pattern: str) -> bool:
    """Whether RE2 would find `pattern` anywhere in `text`."""
    return re2(pattern).search(_text(text)) is not None


@lru_cache(maxsize=1024)
def re2(pattern: str) -> re.Pattern[str]:
    """A Go regular expression for Python's engine: `$` is the very end, `(?i)` may stand anywhere, classes are ASCII.

    Raises CelError for a pattern that cannot be compiled.
    """
    translated: list[str] = []
    open_flags = [0]
    position, in_class = 0, False
    while position < len(pattern):
        character = pattern[position]
        flags = re.match(r"\(\?([ims]+)\)", pattern[position:]) if not in_class else None
        if character == "\\":
            pair = pattern[position : position + 2]
            translated.append({r"\z": r"\Z", r"\Z": r"\Z"}.get(pair, pair))
            position += 2
            continue
        if flags:
            translated.append(f"(?{flags[1]}:")
            open_flags[-1] += 1
            position += flags.end()
            continue
        if in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "(":
            open_flags.append(0)
        elif character == ")" and len(open_flags) > 1:
            translated.append(")" * open_flags.pop())
        translated.append(r"\Z" if character == "$" and not in_class else character)
        position += 1
    try:
        return re.compile("".join(translated) + ")" * open_flags[0], re.ASCII)
    except re.error as fault:
        raise CelError(f"error parsing regexp: {fault}") from None


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "+": _plus,
    "-": _minus,
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(_truncated),
    "%": _arithmetic(_remainder),
    "in": _in,
    "unary !": _not,
    "unary -": _negative,
    "size": _size,
    "int": _int,
    "double": lambda value: float(value),
    "string": _string,
    "duration": duration,
    "matches": matches,
    "startsWith": lambda text, prefix: _text(text).startswith(_text(prefix)),
    "endsWith": lambda text, suffix: _text(text).endswith(_text(suffix)),
    "contains": lambda text, part: _text(part) in _text(text),
    "lowerAscii": lambda text: _text(text).lower(),
    "upperAscii": lambda text: _text(text).upper(),
    "trim": lambda text: _text(text).strip(),
    "split": lambda text, separator: _text(text).split(separator) if separator else list(text),
    "join": lambda items, separator="": separator.join(items),
    "replace": lambda text, old, new: _text(text).replace(old, new),
    "indexOf": lambda text, part: _text(text).find(part),
    "substring": lambda text, start, end=None: _substring(_text(text), start, end),
    "isIP": _is_ip,
}
