"""Elastic columns: text with tabs -> text with spaces, as Go's `text/tabwriter` aligns it.

Responsible for: widths of column blocks. Leaves to others: what stands in the cells.
Mirrors: `text/tabwriter` as kubectl sets it up: `describe` with padding 2 (`tabbedString`), tables with padding 3 and cells of at
least 6 (`printers.GetNewTabWriter`). A cell ends with a tab; what follows a line's last tab belongs to no column. A column is a run of
consecutive lines that have a cell there, so a line without it ends the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

WIDEST = 400
"""No column is padded further, so that one long cell does not multiply into megabytes of spaces. Real output never comes near."""


def aligned(text: str, *, padding: int, minimum: int = 0) -> str:
    """`text` with every tab replaced by the spaces that bring its column in line."""
    lines = [line.split("\t") for line in text.split("\n")]
    holding = [number for number, cells in enumerate(lines) if len(cells) > 1]
    column = 0
    while holding:
        for run in _consecutive(holding):
            width = min(WIDEST, max(minimum, padding + max(len(lines[number][column]) for number in run)))
            for number in run:
                lines[number][column] = lines[number][column].ljust(width)
        column += 1
        holding = [number for number in holding if len(lines[number]) > column + 1]
    return "\n".join("".join(cells) for cells in lines)


def _consecutive(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    begin = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            yield numbers[begin:at]
            begin = at


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of equally many cells as kubectl prints a table; one line each, ending with a newline."""
    return aligned("".join("\t".join(row) + "\n" for row in rows), padding=3, minimum=6)
