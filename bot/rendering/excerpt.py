"""The very lines of a manifest, underlined, with a word on each: what a finding's places point at.

Responsible for: the form of an excerpt within the columns of a code block.
Leaves to others: which places (the simulator's rules), escaping of the block (`escape.code_block`).
The first place is underlined with carets, the others with dashes.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from bot.rendering.escape import CODE_WIDTH, clipped, visible, width
from simulator import Place


def excerpt(places: Sequence[Place], texts: Mapping[str, str]) -> str:
    """Several lines of text. A place outside the given texts is left out."""
    shown = [place for place in places if _line(place, texts) is not None]
    margin = max((len(str(place.span.line)) for place in shown), default=1)
    rows: list[str] = []
    file = None
    for place, mark in zip(shown, ["^", *"-" * len(shown)], strict=False):
        if place.file != file:
            file = place.file
            rows.append(clipped(visible(file)))
        rows += _place(place, _line(place, texts) or "", mark, margin)
    return "\n".join(rows)


def _line(place: Place, texts: Mapping[str, str]) -> str | None:
    lines = texts[place.file].split("\n") if place.file in texts else []
    return lines[place.span.line - 1].rstrip("\r") if 0 < place.span.line <= len(lines) else None


def _place(place: Place, line: str, mark: str, margin: int) -> Iterator[str]:
    gutter, blank = f"{place.span.line:>{margin}} | ", f"{'':>{margin}} | "
    room = CODE_WIDTH - len(gutter)
    start = min(place.span.column - 1, len(line))
    end = min(place.span.end_column - 1, len(line)) if place.span.end_line == place.span.line else len(line)
    before, marked = visible(line[:start]), visible(line[start:end])
    shift = 0
    if width(before) + min(width(marked), 20) > room:
        # A line too deep or too long loses its beginning, so that what is marked stays in sight.
        shift = min(len(before), width(before) - 8)
        before = "…" + before[shift + 1 :]
    yield gutter + clipped(before + visible(line[start:]), room)
    underline = mark * max(1, min(width(marked), room - width(before)))
    pad = " " * width(before)
    if width(before) + len(underline) + 1 + len(place.label) <= room:
        yield f"{blank}{pad}{underline} {place.label}".rstrip()
        return
    yield f"{blank}{pad}{underline}"
    if place.label:
        indent = min(width(before), max(0, room - min(len(place.label), 36)))
        yield from (f"{blank}{' ' * indent}{part}" for part in textwrap.wrap(visible(place.label), room - indent))
