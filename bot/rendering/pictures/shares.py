"""The picture of shares: one bar for each Service, with its Pods below it, and one for what fails.

Responsible for: drawing, legible on a phone.
Leaves to others: what the shares are and mean (`bot.rendering.shares`).
A full bar is answered, a hatched one is not.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.rendering.pictures.canvas import BAD, CARD, FAINT, LINE, MARGIN, SHADE, WIDTH, Canvas, middle_cut
from bot.rendering.shares import Part, percent

_PODS = 4
_HEAD, _BAR, _POD, _GAP = 46, 46, 42, 30


def draw(parts: Sequence[Part], supposed: str = "") -> bytes:
    """A PNG of the parts, which together are all requests. `supposed`: what has to be supposed for it."""
    height = MARGIN + 60 + sum(_height(part) for part in parts) + MARGIN / 2
    canvas = Canvas(height)
    canvas.text((MARGIN, MARGIN - 8), f"Supposing {supposed}" if supposed else "Who answers how much of it", 36, room=WIDTH - 2 * MARGIN)
    y: float = MARGIN + 60
    for part in parts:
        _draw_part(canvas, part, y)
        y += _height(part)
    return canvas.png()


def _height(part: Part) -> int:
    return _HEAD + _BAR + _POD * min(len(part.pods), _PODS + (len(part.pods) > _PODS)) + _GAP


def _draw_part(canvas: Canvas, part: Part, y: float) -> None:
    right = WIDTH - MARGIN
    canvas.text((MARGIN, y), middle_cut(part.name, 30, 740), 30)
    canvas.text((right, y), percent(part.share) if part.answers else f"{percent(part.share)} fails", 30, anchor="ra")
    top = y + _HEAD
    canvas.pen.rectangle((MARGIN, top, right, top + _BAR - 10), fill=CARD, outline=LINE, width=2)
    bar = (MARGIN, top, MARGIN + max(6.0, (right - MARGIN) * part.share), top + _BAR - 10)
    if part.answers:
        canvas.pen.rectangle(bar, fill=SHADE)
    else:
        canvas.hatched(bar, BAD)
    top += _BAR
    for pod, share in part.pods[:_PODS]:
        canvas.text((MARGIN + 24, top), middle_cut(pod, 26, 700), 26, FAINT)
        canvas.text((right, top), percent(share), 26, FAINT, "ra")
        top += _POD
    if len(part.pods) > _PODS:
        canvas.text((MARGIN + 24, top), f"and {len(part.pods) - _PODS} more Pods", 26, FAINT)
