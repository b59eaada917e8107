"""The picture of `/progress`: mastery by topic, reviews to come, how well confidence was placed.

Responsible for: drawing, sharp and legible on a phone, on dark and on light pages.
Leaves to others: the same facts in words (`bot.rendering.progress`).
Mastered is full, begun is hatched, new is an empty frame: the shapes say what the colours say.
"""

from __future__ import annotations

from bot.learning.progress import Progress
from bot.learning.quiz import Confidence
from bot.rendering.pictures.canvas import CAREFUL, FAINT, GOOD, LINE, MARGIN, SHADE, WIDTH, Canvas

_ROW = 58
_SAID = {Confidence.SURE: "sure", Confidence.THINK_SO: "think so", Confidence.GUESS: "guess"}


def draw(progress: Progress) -> bytes:
    """A PNG of `WIDTH` pixels' width."""
    told = [each for each in progress.calibration if each.answers]
    height = 250 + _ROW * len(progress.topics) + 330 + (90 + _ROW * len(told) if told else 0)
    sheet = Canvas(height)
    y = _head(sheet, progress)
    y = _topics(sheet, progress, y)
    y = _reviews(sheet, progress, y)
    if told:
        _confidence(sheet, progress, y)
    return sheet.png()


def _head(sheet: Canvas, progress: Progress) -> int:
    right = f"{round(100 * progress.recent_right / progress.recent)} %" if progress.recent else "-"
    figures = [
        (f"{progress.mastered} of {progress.skills}", "skills mastered"),
        (f"{progress.streak} {'day' if progress.streak == 1 else 'days'}", "in a row"),
        (str(progress.due_now), "due now"),
        (right, "right, 30 days"),
    ]
    column = (WIDTH - 2 * MARGIN) / len(figures)
    for number, (figure, words) in enumerate(figures):
        x = MARGIN + column * number
        sheet.text((x, 36), figure, 46)
        sheet.text((x, 96), words, 27, FAINT)
    return 160


def _topics(sheet: Canvas, progress: Progress, y: int) -> int:
    sheet.text((MARGIN, y), "Skills by topic", 32)
    y += 58
    left, right = 300, WIDTH - 190
    most = max(1, 1, *(topic.skills for topic in progress.topics))
    for topic in progress.topics:
        sheet.text((MARGIN, y + 20), topic.topic, 28, anchor="lm")
        step = (right - left) / most
        for number in range(topic.skills):
            box = (left + step * number, y, left + step * (number + 1) - 7, y + 40)
            if number < topic.mastered:
                sheet.pen.rectangle(box, fill=GOOD)
            elif number < topic.mastered + topic.begun:
                sheet.hatched(box, CAREFUL)
            else:
                sheet.pen.rectangle(box, outline=LINE, width=2)
        sheet.text((WIDTH - MARGIN, y + 20), f"{topic.mastered} of {topic.skills}", 28, FAINT, "rm")
        y += _ROW
    legend = [("mastered", "full"), ("begun", "hatched"), ("new", "empty")]
    x = float(left)
    for words, how in legend:
        box = (x, y + 4, x + 30, y + 32)
        if how == "full":
            sheet.pen.rectangle(box, fill=GOOD)
        elif how == "hatched":
            sheet.hatched(box, CAREFUL)
        else:
            sheet.pen.rectangle(box, outline=LINE, width=2)
        sheet.text((x + 42, y + 18), words, 26, FAINT, "lm")
        x += 190
    return y + 72


def _reviews(sheet: Canvas, progress: Progress, y: int) -> int:
    sheet.text((MARGIN, y), "Reviews in the coming four weeks", 32)
    floor, tall = y + 230, 130
    most = max(1, *progress.due)
    step = (WIDTH - 2 * MARGIN) / len(progress.due)
    for day, count in enumerate(progress.due):
        x = MARGIN + step * day
        if count:
            top = floor - max(4.0, tall * count / most)
            sheet.pen.rectangle((x + 3, top, x + step - 4, floor), fill=SHADE)
            sheet.text((x + step / 2, top - 4), str(count), 24 if count < 100 else 20, FAINT, "mb")
    sheet.pen.line((MARGIN, floor + 2, WIDTH - MARGIN, floor + 2), fill=LINE, width=3)
    for week in range(len(progress.due) // 7):
        x = MARGIN + step * 7 * week
        sheet.pen.line((x, floor, x, floor + 14), fill=FAINT, width=3)
        sheet.text((x + 8, floor + 10), ("today" if not week else f"+ {week} week" + ("s" if week > 1 else "")), 26, FAINT)
    return floor + 78


def _confidence(sheet: Canvas, progress: Progress, y: int) -> None:
    sheet.text((MARGIN, y), "How sure you were, how often right", 32)
    y += 58
    left, right = 300, WIDTH - 250
    for each in progress.calibration:
        if not each.answers:
            continue
        share = each.right / each.answers
        sheet.text((MARGIN, y + 20), _SAID[each.confidence], 28, anchor="lm")
        sheet.pen.rectangle((left, y, right, y + 40), outline=LINE, width=2)
        sheet.pen.rectangle((left, y, left + (right - left) * share, y + 40), fill=SHADE)
        sheet.text((WIDTH - MARGIN, y + 20), f"{each.right} of {each.answers}", 28, FAINT, "rm")
        y += _ROW
