"""What the pictures of clusters share: paper and ink, marks that need no colour, text that fits its place.

Responsible for: the palette, fonts, cutting of long names, PNG.
Leaves to others: what is drawn (the modules beside this one).
The paper is dark and opaque, so that a picture looks the same on a dark and on a light page.
"""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from bot.rendering.escape import visible

WIDTH, MARGIN = 1000, 36
PAPER, CARD, INK, FAINT, LINE = "#1e2430", "#2a3242", "#f2f4f8", "#aeb6c4", "#566178"
GOOD, BAD, CAREFUL, SHADE = "#4cc38a", "#ff8b7b", "#e0b04c", "#6ea8fe"

Box = tuple[float, float, float, float]


class Canvas:
    """A sheet of `WIDTH` pixels' width that is drawn on from top to bottom."""

    def __init__(self, height: float) -> None:
        self.image = Image.new("RGB", (WIDTH, round(height)), PAPER)
        self.pen = ImageDraw.Draw(self.image)

    def text(self, at: tuple[float, float], words: str, size: int, fill: str = INK, anchor: str = "la", room: float = WIDTH) -> float:
        """Draws at most `room` pixels of text on one line, and returns the width it took."""
        fitting = fitted(words, size, room)
        self.pen.text(at, fitting, fill=fill, font=_font(size), anchor=anchor)
        return _font(size).getlength(fitting)

    def tick(self, x: float, y: float, colour: str = GOOD, size: float = 14) -> None:
        """A tick around a point."""
        self.pen.line([(x - size, y), (x - size / 3, y + size * 0.8), (x + size, y - size * 0.8)], fill=colour, width=6, joint="curve")

    def cross(self, x: float, y: float, colour: str = BAD, size: float = 13) -> None:
        """A cross around a point."""
        self.pen.line((x - size, y - size, x + size, y + size), fill=colour, width=6)
        self.pen.line((x - size, y + size, x + size, y - size), fill=colour, width=6)

    def hatched(self, box: Box, colour: str) -> None:
        """A frame filled with slanting lines."""
        left, top, right, bottom = box
        start = left - (bottom - top)
        while start < right:
            x0, x1 = max(start, left), min(start + bottom - top, right)
            if x0 < x1:
                self.pen.line((x0, bottom - (x0 - start), x1, bottom - (x1 - start)), fill=colour, width=3)
            start += 13
        self.pen.rectangle(box, outline=colour, width=3)

    def dashed(self, start: tuple[float, float], end: tuple[float, float], colour: str, width: int = 4) -> None:
        (x0, y0), (x1, y1) = start, end
        steps = max(1, int(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 / 12))
        for step in range(0, steps, 2):
            a, b = step / steps, min(1.0, (step + 1) / steps)
            self.pen.line((x0 + (x1 - x0) * a, y0 + (y1 - y0) * a, x0 + (x1 - x0) * b, y0 + (y1 - y0) * b), fill=colour, width=width)

    def arrow_head(self, x: float, y: float, colour: str, dx: float = 0.0, dy: float = 1.0) -> None:
        """A filled tip at a point; (dx, dy) is its direction, of length 1."""
        tip = [(x, y), (x - 18 * dx - 10 * dy, y - 18 * dy + 10 * dx), (x - 18 * dx + 10 * dy, y - 18 * dy - 10 * dx)]
        self.pen.polygon(tip, fill=colour)

    def png(self) -> bytes:
        out = io.BytesIO()
        self.image.save(out, "PNG", optimize=True)
        return out.getvalue()


@cache
def _font(size: int) -> FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def measure(words: str, size: int) -> float:
    return _font(size).getlength(words)


def fitted(words: str, size: int, room: float) -> str:
    """The words on one line, cut with an ellipsis where they need more than `room` pixels."""
    words = visible(words).replace("\n", " ")[:200]
    if measure(words, size) <= room:
        return words
    while words and measure(words + "...", size) > room:
        words = words[:-1]
    return words.rstrip() + "..."


def lines(words: str, size: int, room: float, most: int) -> list[str]:
    """The words on at most `most` lines, broken between words; the last is cut."""
    found: list[str] = []
    rest = visible(words).replace("\n", " ")[:400].split(" ")
    while rest and len(found) < most - 1:
        taken = 1
        while taken < len(rest) and measure(" ".join(rest[: taken + 1]), size) <= room:
            taken += 1
        found.append(fitted(" ".join(rest[:taken]), size, room))
        rest = rest[taken:]
    return [*found, fitted(" ".join(rest), size, room)] if rest else found


def middle_cut(name: str, size: int, room: float) -> str:
    """A name cut in its middle: the ends of Pods' names tell them apart."""
    name = visible(name).replace("\n", " ")[:253]
    if measure(name, size) <= room:
        return name
    head, tail = name[: len(name) // 2], name[len(name) // 2 :]
    while head and measure(f"{head}...{tail}", size) > room:
        head, tail = (head[:-1], tail) if len(head) >= len(tail) else (head, tail[1:])
    return f"{head}...{tail}"
