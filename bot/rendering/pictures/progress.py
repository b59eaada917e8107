"""The picture of `/progress`: mastery by topic, reviews to come, how well confidence was placed.

Responsible for: drawing, sharp and legible on a phone, on dark and on light pages.
Leaves to others: the same facts in words (`bot.rendering.progress`).
Mastered is full, begun is hatched, new is an empty frame: the shapes say what the colours say.
"""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from bot.learning.progress import Progress
from bot.learning.quiz import Confidence

WIDTH = 1000
_MARGIN = 40
_PAPER, _INK, _FAINT, _LINE = "#1e2430", "#f2f4f8", "#aeb6c4", "#4a5365"
_FULL, _BEGUN, _DUE = "#4cc38a", "#e0b04c", "#6ea8fe"
_ROW = 58
_SAID = {Confidence.SURE: "sure", Confidence.THINK_SO: "think so", Confidence.GUESS: "guess"}


def draw(progress: Progress) -> bytes:
    """A PNG of `WIDTH` pixels' width."""
    told = [each for each in progress.calibration if each.answers]
    height = 250 + _ROW * len(progress.topics) + 330 + (90 + _ROW * len(told) if told else 0)
    image = Image.new("RGB", (WIDTH, height), _PAPER)
    pen = ImageDraw.Draw(image)
    y = _head(pen, progress)
    y = _topics(pen, progress, y)
    y = _reviews(pen, progress, y)
    if told:
        _confidence(pen, progress, y)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _text(pen: ImageDraw.ImageDraw, at: tuple[float, float], words: str, size: int, fill: str = _INK, anchor: str = "la") -> None:
    pen.text(at, words, fill=fill, font=ImageFont.load_default(size), anchor=anchor)


def _head(pen: ImageDraw.ImageDraw, progress: Progress) -> int:
    right = f"{round(100 * progress.recent_right / progress.recent)} %" if progress.recent else "-"
    figures = [
        (f"{progress.mastered} of {progress.skills}", "skills mastered"),
        (f"{progress.streak} {'day' if progress.streak == 1 else 'days'}", "in a row"),
        (str(progress.due[0]), "due today"),
        (right, "right, 30 days"),
    ]
    column = (WIDTH - 2 * _MARGIN) / len(figures)
    for number, (figure, words) in enumerate(figures):
        x = _MARGIN + column * number
        _text(pen, (x, 36), figure, 46)
        _text(pen, (x, 96), words, 27, _FAINT)
    return 160


def _topics(pen: ImageDraw.ImageDraw, progress: Progress, y: int) -> int:
    _text(pen, (_MARGIN, y), "Skills by topic", 32)
    y += 58
    left, right = 300, WIDTH - 190
    most = max(1, 1, *(topic.skills for topic in progress.topics))
    for topic in progress.topics:
        _text(pen, (_MARGIN, y + 20), topic.topic, 28, anchor="lm")
        step = (right - left) / most
        for number in range(topic.skills):
            box = (left + step * number, y, left + step * (number + 1) - 7, y + 40)
            if number < topic.mastered:
                pen.rectangle(box, fill=_FULL)
            elif number < topic.mastered + topic.begun:
                _hatched(pen, box)
            else:
                pen.rectangle(box, outline=_LINE, width=2)
        _text(pen, (WIDTH - _MARGIN, y + 20), f"{topic.mastered} of {topic.skills}", 28, _FAINT, "rm")
        y += _ROW
    legend = [("mastered", "full"), ("begun", "hatched"), ("new", "empty")]
    x = float(left)
    for words, how in legend:
        box = (x, y + 4, x + 30, y + 32)
        if how == "full":
            pen.rectangle(box, fill=_FULL)
        elif how == "hatched":
            _hatched(pen, box)
        else:
            pen.rectangle(box, outline=_LINE, width=2)
        _text(pen, (x + 42, y + 18), words, 26, _FAINT, "lm")
        x += 190
    return y + 72


def _hatched(pen: ImageDraw.ImageDraw, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    pen.rectangle(box, outline=_BEGUN, width=3)
    tall = bottom - top
    start = left - tall
    while start < right:
        x0, x1 = max(start, left), min(start + tall, right)
        if x0 < x1:
            pen.line((x0, bottom - (x0 - start), x1, bottom - (x1 - start)), fill=_BEGUN, width=3)
        start += 12


def _reviews(pen: ImageDraw.ImageDraw, progress: Progress, y: int) -> int:
    _text(pen, (_MARGIN, y), "Reviews in the coming four weeks", 32)
    floor, tall = y + 230, 130
    most = max(1, *progress.due)
    step = (WIDTH - 2 * _MARGIN) / len(progress.due)
    for day, count in enumerate(progress.due):
        x = _MARGIN + step * day
        if count:
            top = floor - max(4.0, tall * count / most)
            pen.rectangle((x + 3, top, x + step - 4, floor), fill=_DUE)
            _text(pen, (x + step / 2, top - 4), str(count), 24 if count < 100 else 20, _FAINT, "mb")
    pen.line((_MARGIN, floor + 2, WIDTH - _MARGIN, floor + 2), fill=_LINE, width=3)
    for week in range(len(progress.due) // 7):
        x = _MARGIN + step * 7 * week
        pen.line((x, floor, x, floor + 14), fill=_FAINT, width=3)
        _text(pen, (x + 8, floor + 10), ("today" if not week else f"+ {week} week" + ("s" if week > 1 else "")), 26, _FAINT)
    return floor + 78


def _confidence(pen: ImageDraw.ImageDraw, progress: Progress, y: int) -> None:
    _text(pen, (_MARGIN, y), "How sure you were, how often right", 32)
    y += 58
    left, right = 300, WIDTH - 250
    for each in progress.calibration:
        if not each.answers:
            continue
        share = each.right / each.answers
        _text(pen, (_MARGIN, y + 20), _SAID[each.confidence], 28, anchor="lm")
        pen.rectangle((left, y, right, y + 40), outline=_LINE, width=2)
        pen.rectangle((left, y, left + (right - left) * share, y + 40), fill=_DUE)
        _text(pen, (WIDTH - _MARGIN, y + 20), f"{each.right} of {each.answers}", 28, _FAINT, "rm")
        y += _ROW
