"""The pictures of who reaches whom: a matrix, and for a few peers a graph.

Responsible for: drawing, legible on a phone.
Leaves to others: what is open (the simulator), grouping what is too large (`bot.app.show_reach`).
Open is full with a tick, some ports are hatched, closed is a cross: the shapes say what the colours say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.rendering.pictures.canvas import BAD, CARD, CAREFUL, FAINT, GOOD, LINE, MARGIN, PAPER, WIDTH, Canvas, middle_cut

OPEN, PART, CLOSED = "open", "part", "closed"
MOST, FEW = 13, 8
"""Peers that a matrix, and a graph, can show on a phone."""
_LEGEND = ((OPEN, "open"), (PART, "partly: some ports or peers"), (CLOSED, "closed"))


@dataclass(frozen=True, slots=True)
class Grid:
    """`cells`: client and server by their position in `peers`; a pair that is missing is not asked about."""

    peers: Sequence[str]
    cells: Mapping[tuple[int, int], str]


def matrix(grid: Grid) -> bytes:
    """A PNG: a row for each client, a column for each server, by the numbers of the rows."""
    count = len(grid.peers)
    cell = min(72, (WIDTH - 2 * MARGIN - 430) / max(1, count))
    top, left = MARGIN + 96, WIDTH - MARGIN - cell * count
    canvas = Canvas(top + cell * count + 4 * 44 + MARGIN)
    canvas.text((MARGIN, MARGIN - 8), "Who reaches whom: row to column", 34)
    for number, peer in enumerate(grid.peers):
        x, y = left + cell * (number + 0.5), top + cell * (number + 0.5)
        canvas.text((x, top - 8), str(number + 1), 26, FAINT, "mb")
        canvas.text((MARGIN + 34, y), str(number + 1), 26, FAINT, "rm")
        canvas.text((MARGIN + 48, y), middle_cut(peer, 26, left - MARGIN - 60), 26, anchor="lm")
        for other in range(count):
            _cell(canvas, left + cell * other, top + cell * number, cell, grid.cells.get((number, other), ""))
    y = top + cell * count + 34
    for state, words in _LEGEND:
        _cell(canvas, MARGIN, y, 38, state)
        canvas.text((MARGIN + 56, y + 19), words, 26, FAINT, "lm")
        y += 46
    return canvas.png()


def _cell(canvas: Canvas, x: float, y: float, size: float, state: str) -> None:
    box, middle = (x + 2, y + 2, x + size - 3, y + size - 3), size / 2
    match state:
        case "open":
            canvas.pen.rectangle(box, fill=GOOD)
            canvas.tick(x + middle, y + middle, PAPER, size / 5)
        case "part":
            canvas.hatched(box, CAREFUL)
        case "closed":
            canvas.pen.rectangle(box, fill=CARD, outline=LINE, width=2)
            canvas.cross(x + middle, y + middle, BAD, size / 6)
        case _:
            canvas.pen.rectangle(box, outline=CARD, width=2)


def graph(grid: Grid) -> bytes:
    """A PNG: clients on the left, servers on the right, a line where something is open; a dashed one where only a part is."""
    row, box = 92, 330
    top, right = MARGIN + 110, WIDTH - MARGIN - box
    canvas = Canvas(top + row * len(grid.peers) + 60)
    canvas.text((MARGIN, MARGIN - 8), "What is open", 34)
    canvas.text((MARGIN, MARGIN + 50), "from", 28, FAINT)
    canvas.text((right, MARGIN + 50), "to", 28, FAINT)
    for (client, server), state in sorted(grid.cells.items(), key=lambda cell: (cell[1] == PART, cell[0])):
        if client == server:
            continue
        start, end = (MARGIN + box, top + row * client + 33), (right - 4, top + row * server + 33)
        if state == OPEN:
            canvas.pen.line((*start, *end), fill=GOOD, width=4)
        elif state == PART:
            canvas.dashed(start, end, CAREFUL)
        if state in (OPEN, PART):
            canvas.arrow_head(*end, GOOD if state == OPEN else CAREFUL, 1.0, 0.0)
    for number, peer in enumerate(grid.peers):
        for x in (MARGIN, right):
            y = top + row * number
            canvas.pen.rounded_rectangle((x, y, x + box, y + 66), 12, fill=CARD, outline=LINE, width=2)
            canvas.text((x + 16, y + 33), middle_cut(peer, 27, box - 32), 27, anchor="lm")
    canvas.text((MARGIN, top + row * len(grid.peers) + 6), "full line: every port and peer, dashed: only some", 26, FAINT)
    return canvas.png()
