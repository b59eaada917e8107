"""What the tools of a cluster print, made to fit a phone: wide tables in bands, long lines folded.

Responsible for: the layout of commands with their output, and its width.
Leaves to others: the output (the simulator).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from bot.rendering.escape import CODE_WIDTH, width
from bot.rendering.reply import Block, Code, Reply, Text
from bot.rendering.templates import text

_COLUMN = re.compile(r"\S+(?: \S+)*")
_HEADER = re.compile(r"[A-Z][A-Z0-9()/ -]*(?:  +[A-Z][A-Z0-9()/ -]*)+")
_GAP = "   "


def session(said: Sequence[tuple[str, str]]) -> Reply:
    """Commands, each with what it printed."""
    blocks: list[Block] = []
    for number, (command, printed) in enumerate(said, 1):
        blocks += [text("command", command=command), output(printed, f"output-{number}.txt")]
    blocks.append(Text("-# From the simulated cluster that your manifests make."))
    return Reply(tuple(blocks), aside=True)


def asked(told: Sequence[tuple[str, str]]) -> Reply:
    """What was asked of a question's cluster, in sentences with code between backticks, each with what came of it."""
    blocks = [
        part
        for number, (question, printed) in enumerate(told, 1)
        for part in (text("asked", question=question), output(printed, f"run-{number}.txt"))
    ]
    return Reply((Text("**What the simulated cluster shows**"), *blocks), aside=True)


def output(printed: str, name: str) -> Code:
    """What a tool printed, as a block of at most `CODE_WIDTH` columns. Nothing of it is left out."""
    paragraphs = re.split(r"\n{2,}", printed.expandtabs(8).strip("\n"))
    return Code("\n\n".join("\n".join(_fitted(paragraph.split("\n"))) for paragraph in paragraphs) or " ", name=name)


def _fitted(lines: Sequence[str]) -> Iterator[str]:
    if max(map(width, lines)) <= CODE_WIDTH:
        yield from lines
    elif _HEADER.fullmatch(lines[0].rstrip()) and len(lines) > 1:
        yield from _banded(lines)
    else:
        for line in lines:
            yield from _folded(line)


def _banded(lines: Sequence[str]) -> Iterator[str]:
    """A table too wide, as several below each other, each with the first column: as many columns as fit, then the next ones."""
    starts = [match.start() for match in _COLUMN.finditer(lines[0])]
    rows = [[line[start:end].rstrip() for start, end in zip(starts, [*starts[1:], None], strict=True)] for line in lines]
    widths = [max(width(row[column]) for row in rows) for column in range(len(starts))]
    band: list[int] = [0]
    bands = [band]
    for column in range(1, len(starts)):
        if len(band) > 1 and sum(widths[c] + len(_GAP) for c in band) + widths[column] > CODE_WIDTH:
            band = [0]
            bands.append(band)
        band.append(column)
    for number, columns in enumerate(bands):
        if number:
            yield ""
        for row in rows:
            line = _GAP.join(row[column].ljust(widths[column]) for column in columns).rstrip()
            yield from _folded(line)


def _folded(line: str) -> list[str]:
    """A long line on several, the later ones set in."""
    indent = " " * min(len(line) - len(line.lstrip()) + 4, CODE_WIDTH // 2)
    if width(line) <= CODE_WIDTH:
        return [line]
    return textwrap.wrap(line, CODE_WIDTH, subsequent_indent=indent, drop_whitespace=True, break_on_hyphens=False, replace_whitespace=False)
