"""A file -> the texts of its documents, cut where kubectl cuts them.

Responsible for: `---` lines, a byte order mark, line ends, files of JSON objects one after the other.
Leaves to others: reading each text (`tree`).
Mirrors: apimachinery `pkg/util/yaml/decoder.go` (YAMLReader, YAMLOrJSONDecoder): only a line that begins with `---` separates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from simulator.decode.json_stream import UNEXPECTED_END, scan

_SEPARATOR = re.compile(r"^---([^\n]*)(?:\n|\Z)", re.MULTILINE)
_FIRST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Chunk:
    """The text of one document. `line` is the line of the file (from 1) on which it begins; `fault` replaces a text that cannot be cut.

    `otherwise` is what is said of a text that began as JSON, went wrong, and is no YAML either.
    """

    text: str
    line: int
    fault: str = ""
    otherwise: str = ""


def split(text: str) -> Iterator[Chunk]:
    """The documents of a file in order. After a fault nothing follows, as kubectl reads no further."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if text[:_FIRST_BYTES].lstrip().startswith("{"):
        yield from _json_documents(text)
    else:
        yield from _yaml_documents(text)


def _json_documents(text: str) -> Iterator[Chunk]:
    """JSON as far as it goes. What follows none or one object is read as YAML, since a flow mapping begins like JSON."""
    stream = scan(text)
    for start, end in stream.objects:
        yield Chunk(" " * _column(text, start) + text[start:end], _line(text, start))
    if not stream.fault:
        return
    if len(stream.objects) > 1:
        yield Chunk("", _line(text, stream.at), stream.fault)
        return
    end = stream.objects[0][1] if stream.objects else 0
    rest = _yaml_documents(" " * _column(text, end) + text[end:], _line(text, end))
    offset = len(text[: stream.at].encode()) + 1
    told = stream.fault if stream.fault == UNEXPECTED_END else f"json: offset {offset}: {stream.fault}"
    yield from (replace(chunk, otherwise=told) for chunk in islice(rest, 1))
    yield from rest


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _yaml_documents(text: str, line: int = 1) -> Iterator[Chunk]:
    start, counted = 0, 0
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


def _column(text: str, at: int) -> int:
    return at - (text.rfind("\n", 0, at) + 1)
