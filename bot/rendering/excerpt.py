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

_LABEL = 400
"""Characters of a label, which may quote a name that somebody made long."""


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
    # No more of a line than can be shown is looked at: a file of JSON may be a single one.
    near = max(0, start - CODE_WIDTH)
    before, marked, label = visible(line[near:start]), visible(line[start : min(end, start + CODE_WIDTH)]), visible(place.label[:_LABEL])
    left = room - min(max(width(marked), 1), 20)
    if near or width(before) > left:
        # A line too deep or too long loses its beginning, so that what is marked stays in sight.
        while before and width(before) >= left:
            before = before[1:]
        before = "…" + before
    yield gutter + clipped(before + visible(line[start : start + CODE_WIDTH]), room)
    pad, underline = " " * width(before), mark * max(1, min(width(marked), room - width(before)))
    if width(before) + len(underline) + 1 + width(label) <= room:
        yield f"{blank}{pad}{underline} {label}".rstrip()
        return
    yield f"{blank}{pad}{underline}"
    indent = " " * min(width(before), max(0, room - min(width(label), room)))
    yield from (blank + clipped(indent + part, room) for part in textwrap.wrap(label, room - len(indent)))
