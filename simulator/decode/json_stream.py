"""A file of JSON objects, one after the other -> the text of each, and where and why reading stopped.

Responsible for: cutting, and Go's words for what is no JSON.
Leaves to others: what follows from a fault (`documents`), the trees (`tree`).
Mirrors: Go's `encoding/json` scanner, as apimachinery `pkg/util/yaml/decoder.go` uses it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

_LITERALS = {"t": "true", "f": "false", "n": "null"}
_ESCAPED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", "\\": "\\\\", "'": "\\'"}
UNEXPECTED_END = "unexpected EOF"


@dataclass(frozen=True, slots=True)
class Stream:
    """Where each object begins and ends; `fault` in Go's words if something else follows, at the character `at`."""

    objects: Sequence[tuple[int, int]]
    fault: str = ""
    at: int = 0


def scan(text: str) -> Stream:
    """The objects at the beginning of `text`, up to its end or to the first fault."""
    decoder, end = json.JSONDecoder(), 0
    found: list[tuple[int, int]] = []
    while True:
        start = len(text) - len(text[end:].lstrip(" \t\r\n"))
        if start == len(text):
            return Stream(found)
        try:
            _, end = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            return Stream(found, *_in_go(text, start, error))
        except (ValueError, RecursionError):
            return Stream(found, "exceeded max depth", start)
        found.append((start, end))


def _in_go(text: str, start: int, error: json.JSONDecodeError) -> tuple[str, int]:
    """The scanner's sentence about the first character that does not fit, and that character's place."""
    at, where = error.pos, "looking for beginning of value"
    if error.msg.startswith("Unterminated string"):
        at = len(text)
    elif error.msg.startswith("Expecting property name"):
        where = "looking for beginning of object key string"
    elif error.msg.startswith("Expecting ':'"):
        where = "after object key"
    elif error.msg.startswith("Expecting ','"):
        where = "after array element" if _in_array(text, start, at) else "after object key:value pair"
    elif error.msg.startswith("Invalid control character"):
        where = "in string literal"
    elif error.msg.startswith("Invalid \\u"):
        at = next((i for i in range(at, len(text)) if text[i] not in "\\u0123456789abcdefABCDEF"), len(text))
        where = "in \\u hexadecimal character escape"
    elif error.msg.startswith("Invalid \\"):
        at, where = at + 1, "in string escape code"
    elif text[at : at + 1] == "-":
        at, where = at + 1, "in numeric literal"
    elif literal := _LITERALS.get(text[at : at + 1]):
        right = next(i for i, letter in enumerate(literal) if text[at + i : at + i + 1] != letter)
        at, where = at + right, f"in literal {literal} (expecting '{literal[right]}')"
    if at >= len(text.rstrip(" \t\r\n")):
        return UNEXPECTED_END, at
    return f"invalid character {_quoted(text[at])} {where}", at


def _in_array(text: str, start: int, at: int) -> bool:
    """Whether the innermost open bracket before `at` is a list's. Up to there the text is sound JSON."""
    opened: list[str] = []
    quoted = skipped = False
    for character in text[start:at]:
        if skipped or character == "\\":
            skipped = not skipped
        elif character == '"':
            quoted = not quoted
        elif not quoted and character in "[{":
            opened.append(character)
        elif not quoted and character in "]}":
            opened.pop()
    return opened[-1:] == ["["]


def _quoted(character: str) -> str:
    """Go's scanner looks at bytes: of a character beyond ASCII it names the first."""
    first = chr(character.encode(errors="replace")[0])
    code = f"\\x{ord(first):02x}" if ord(first) < 0x80 else f"\\u{ord(first):04x}"
    return f"'{_ESCAPED.get(first) or (first if first.isprintable() else code)}'"
