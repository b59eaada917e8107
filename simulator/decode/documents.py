"""A file -> the texts of its documents, cut where kubectl cuts them.

Responsible for: `---` lines, a byte order mark, line ends, files of JSON objects one after the other.
Leaves to others: reading each text (`tree`).
Mirrors: apimachinery `pkg/util/yaml/decoder.go` (YAMLReader, YAMLOrJSONDecoder): only a line that begins with `---` separates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_SEPARATOR = re.compile(r"^---([^\n]*)(?:\n|\Z)", re.MULTILINE)
_FIRST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Chunk:
    """The text of one document. `line` is the line of the file (from 1) on which it begins; `fault` replaces a text that cannot be cut."""

    text: str
    line: int
    fault: str = ""


def split(text: str) -> Iterator[Chunk]:
    """The documents of a file in order. After a fault nothing follows, as kubectl reads no further."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if text[:_FIRST_BYTES].lstrip().startswith("{"):
        objects = _json_objects(text)
        if objects is not None:
            yield from objects
            return
    yield from _yaml_documents(text)


def _yaml_documents(text: str) -> Iterator[Chunk]:
    start, line, counted = 0, 1, 0
    for found in _SEPARATOR.finditer(text):
        rest = found[1].strip()
        line_here = line + text.count("\n", counted, found.start())
        if rest and not rest.startswith("#"):
            if found.start() > start:
                yield Chunk(text[start : found.start()], line + text.count("\n", counted, start))
            yield Chunk("", line_here, f"invalid Yaml document separator: {rest}")
            return
        if found.start() > start:
            yield Chunk(text[start : found.start()], line + text.count("\n", counted, start))
            line, counted = line_here, found.start()
            start = found.end()
        else:
            line, counted = line_here, found.start()
            start = found.start()
    if start < len(text):
        yield Chunk(text[start:], line + text.count("\n", counted, start))


def _json_objects(text: str) -> list[Chunk] | None:
    """The objects of a JSON stream, or None where it is not one (kubectl then reads it as YAML)."""
    decoder, at, found = json.JSONDecoder(), 0, []
    while at < len(text):
        stripped = len(text) - len(text[at:].lstrip())
        if stripped == len(text):
            break
        try:
            _, end = decoder.raw_decode(text, stripped)
        except (ValueError, RecursionError):
            return None
        found.append(Chunk(" " * _column(text, stripped) + text[stripped:end], text.count("\n", 0, stripped) + 1))
        at = end
    return found


def _column(text: str, at: int) -> int:
    return at - (text.rfind("\n", 0, at) + 1)
