"""How reviews look: the due list, the exam date, reminders.

Responsible for: the layout of these messages and what their buttons carry.
Leaves to others: words (`templates`), the questions themselves (`quiz`), what a click does (`bot.app.review_due`).
Moments are given as Discord's own timestamps, which each reader sees in their own time zone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from bot.learning.items import Chunk, Lab
from bot.rendering.escape import inline_code, plain, shortened
from bot.rendering.reply import Block, Button, Buttons, Reply, Style, Text, Tone
from bot.rendering.templates import text


def due(
    *,
    known: int,
    topics: Mapping[str, int],
    following: datetime | None,
    exam: date | None,
    slipping: Sequence[Chunk],
    labs: Sequence[Lab],
    half_done: str,
    sitting: int,
) -> Reply:
    """What is due by topic, when the next card comes, which steps to read again, which labs to take up again.

    `half_done` is the sitting left open, if any.
    """
    count = sum(topics.values())
    words = text(
        "due",
        known=known,
        count=count,
        topics=sorted(topics.items(), key=lambda entry: -entry[1]),
        following=moment(following) if following else "",
        exam=f"{exam.day} {exam:%B %Y}" if exam else "",
        slipping=slipping[:5],
        labs=labs[:5],
    )
    buttons = [Button("Go on where you stopped", f"quiz-resume:{half_done}", Style.PRIMARY)] if half_done else []
    if count:
        label = f"Review {min(count, sitting)} now" if not half_done else f"Start {min(count, sitting)} afresh"
        buttons.append(Button(label, "review-start", Style.SECONDARY if half_done else Style.PRIMARY))
    if not known:
        buttons.append(Button("Try a quiz", "quiz-ask:any:any:5", Style.PRIMARY))
    blocks: list[Block] = [words]
    if buttons:
        blocks.append(Buttons(tuple(buttons)))
    if slipping:
        blocks.append(Buttons(tuple(Button(shortened(f"Read: {plain(c.title)}", 80), f"lesson-look:{c.id}") for c in slipping[:5])))
    if labs:
        blocks.append(Buttons(tuple(Button(shortened(f"Lab: {plain(lab.title)}", 80), f"lab-start:any:0:{lab.id}") for lab in labs[:5])))
    return Reply(tuple(blocks))


def afterwards(waiting: int, following: datetime | None) -> str:
    """What comes after a sitting, in a sentence."""
    if waiting:
        return f"{waiting} more {'is' if waiting == 1 else 'are'} due."
    return f"Nothing else is due. The next card comes back {moment(following)}." if following else ""


def exam_set(exam: date | None, moved: int) -> Reply:
    if exam is None:
        return Reply((Text("No exam ahead. Cards come back when they are about to fade."),), Tone.GOOD)
    brought = f" {moved} that would have come too late {'was' if moved == 1 else 'were'} brought forward." if moved else ""
    return Reply((Text(f"Exam on {exam.day} {exam:%B %Y}. Every card comes back before that day.{brought}"),), Tone.GOOD)


def reminder_set(at: time, zone: str, following: datetime) -> Reply:
    words = (
        f"I shall write to you at {at:%H:%M} ({inline_code(zone)}) on days on which something is due, next {moment(following)}."
        "\n-# `/remind off` ends it. If you do not let me write direct messages, it ends by itself."
    )
    return Reply((Text(words),), Tone.GOOD)


def reminder_off() -> Reply:
    return Reply((Text("No more reminders. `/review` shows what is due whenever you like."),))


def reminder(count: int) -> Reply:
    """What a learner who asked for it is sent."""
    words = f"{count} {'question is' if count == 1 else 'questions are'} due for review.\n-# You asked for this; `/remind off` ends it."
    return Reply((Text(words), Buttons((Button("Start", "review-start", Style.PRIMARY), Button("What is due", "review-list")))))


def moment(at: datetime) -> str:
    """A moment as Discord shows it to each reader: `in two days`."""
    return f"<t:{int(at.timestamp())}:R>"
