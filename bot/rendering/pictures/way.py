"""The picture of a request's way: its stations from top to bottom, the broken one marked by shape and word.

Responsible for: drawing, legible on a phone.
Leaves to others: the stations (`bot.rendering.way`).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.rendering.pictures.canvas import BAD, CARD, CAREFUL, FAINT, LINE, MARGIN, WIDTH, Canvas, lines, middle_cut
from bot.rendering.way import State, Station

_STATIONS = 14
_TITLE, _LINE, _NAME, _PAD, _GAP = 28, 36, 44, 16, 36
_MARK = 78
_COLOURS = {State.PASSED: LINE, State.BROKEN: BAD, State.UNSURE: CAREFUL, State.SUPPOSED: CAREFUL}


def draw(stations: Sequence[Station]) -> bytes:
    """A PNG of the stations; of a very long way the middle is left out."""
    if len(stations) > _STATIONS:
        half = _STATIONS // 2
        left_out = Station("and", f"{len(stations) - 2 * half} more stations", "")
        stations = [*stations[:half], left_out, *stations[-half:]]
    heights = [_height(station) for station in stations]
    canvas = Canvas(2 * MARGIN + sum(heights) + _GAP * (len(stations) - 1))
    y = float(MARGIN)
    for number, (station, height) in enumerate(zip(stations, heights, strict=True)):
        if number and station.instead:
            canvas.text((WIDTH / 2, y - _GAP / 2), "or", 26, FAINT, "mm")
        elif number:
            _arrow(canvas, y - _GAP, station)
        _card(canvas, station, y, height)
        y += height + _GAP
    return canvas.png()


def _note(station: Station) -> list[str]:
    return lines(station.note, 26, WIDTH - 2 * MARGIN - _MARK - _PAD, 2) if station.note else []


def _height(station: Station) -> int:
    return 2 * _PAD + _TITLE + (_NAME if station.name else 0) + _LINE * len(_note(station))


def _card(canvas: Canvas, station: Station, y: float, height: float) -> None:
    colour = _COLOURS[station.state]
    box = (MARGIN, y, WIDTH - MARGIN, y + height)
    canvas.pen.rounded_rectangle(box, 14, fill=CARD, outline=colour, width=2 if station.state is State.PASSED else 6)
    left, middle = MARGIN + _MARK, y + height / 2
    match station.state:
        case State.PASSED:
            canvas.tick(MARGIN + _MARK / 2, middle)
        case State.BROKEN:
            canvas.cross(MARGIN + _MARK / 2, middle)
        case State.UNSURE | State.SUPPOSED:
            canvas.text((MARGIN + _MARK / 2, middle), "?", 44, CAREFUL, "mm")
    line = y + _PAD - 4
    canvas.text((left, line), station.title, 26, FAINT)
    if station.state.value:
        canvas.text((WIDTH - MARGIN - _PAD, line), station.state.value.upper(), 28, colour, "ra")
    line += _TITLE + 4
    if station.name:
        canvas.text((left, line), middle_cut(station.name, 32, WIDTH - 2 * MARGIN - _MARK - _PAD), 32)
        line += _NAME
    for words in _note(station):
        canvas.text((left, line), words, 26, FAINT)
        line += _LINE


def _arrow(canvas: Canvas, y: float, towards: Station) -> None:
    x, colour = WIDTH / 2, _COLOURS[towards.state]
    canvas.pen.line((x, y + 2, x, y + _GAP - 14), fill=colour, width=6)
    canvas.arrow_head(x, y + _GAP - 3, colour)
