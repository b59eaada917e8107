"""The first page: what a newcomer can do here.

Responsible for: the page and its buttons.
Leaves to others: its words (`templates/welcome.j2`).
"""

from __future__ import annotations

from bot.rendering.reply import Button, Buttons, Reply, Style
from bot.rendering.templates import text


def welcome() -> Reply:
    """Where to begin, with the beginning one click away."""
    start = Button("Start the lesson", "lesson-contents", Style.PRIMARY)
    return Reply((text("welcome"), Buttons((start, Button("Try a quiz", "quiz-ask:any:any:5")))))
