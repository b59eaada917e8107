"""How lessons look: the table of contents, one step at a time.

Responsible for: the layout of a step and what its buttons carry.
Leaves to others: the words of the step (its author), what a click does (`bot.app.read_lesson`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.learning.items import Chunk, Lesson
from bot.learning.reporting import Kind
from bot.rendering.escape import plain, shortened
from bot.rendering.reply import Block, Button, Buttons, Code, Entry, Menu, Reply, Style, Text
from bot.rendering.reports import report_button
from bot.rendering.templates import text
from bot.rendering.terminal import output

_MENU = 25


def contents(lessons: Sequence[Lesson], understood: Collection[str], resume: Chunk | None) -> Reply:
    """All lessons with what is done of each; `resume` is where the learner stopped, if they have begun."""
    counted = [(lesson, sum(chunk.id in understood for chunk in lesson.chunks), len(lesson.chunks)) for lesson in lessons]
    first_open = {
        lesson.id: next((chunk.id for chunk in lesson.chunks if chunk.id not in understood), lesson.chunks[0].id) for lesson in lessons
    }
    entries = tuple(
        Entry(shortened(plain(lesson.title), 100), first_open[lesson.id], f"{done} of {total} steps understood")
        for lesson, done, total in counted[:_MENU]
    )
    blocks: list[Block] = [text("contents", lessons=counted), Menu("lesson-open", "Open a lesson where you stopped in it", entries)]
    way, first = ("Go on", resume) if resume else ("Begin", lessons[0].chunks[0])
    blocks.append(Buttons((Button(shortened(f"{way}: {plain(first.title)}", 80), f"lesson-open:{first.id}", Style.PRIMARY),)))
    return Reply(tuple(blocks))


def step(
    lesson: Lesson, chunk: Chunk, number: int, *, understood: bool, asks: bool, following: Chunk | None, preceding: Chunk | None
) -> Reply:
    """One step. Its question, if it `asks` one, is a button away; the way on needs no right answer."""
    blocks: list[Block] = [
        text("chunk", lesson=lesson, chunk=chunk, number=number, total=len(lesson.chunks), understood=understood),
    ]
    if chunk.picture:
        blocks += [Code(chunk.picture, name="picture.txt"), Text(f"-# Picture: {chunk.picture_alt}")]
    if chunk.predict:
        blocks.append(text("predict", predict=chunk.predict))
    buttons = [Button("Previous", f"lesson-open:{preceding.id}")] if preceding else []
    if chunk.demonstration:
        buttons.append(Button("See what happens", f"lesson-demonstration:{chunk.id}"))
    if asks:
        buttons.append(Button("Question", f"lesson-question:{chunk.id}", Style.PRIMARY))
    if following:
        buttons.append(Button("Next", f"lesson-next:{chunk.id}", Style.SECONDARY if asks else Style.PRIMARY))
    if buttons:
        blocks.append(Buttons(tuple(buttons)))
    mark = Button("Understood", f"lesson-understood:{chunk.id}", Style.SUCCESS, disabled=understood)
    blocks.append(Buttons((mark, Button("All lessons", "lesson-contents"), report_button(Kind.STEP, chunk.id))))
    return Reply(tuple(blocks))


def demonstration(shown: Mapping[str, Any], said: Sequence[tuple[str, str]]) -> Reply:
    """The manifests of a demonstration, then its commands with what they print."""
    blocks: list[Block] = []
    for manifest in shown.get("manifests") or ():
        blocks += [text("file", name=manifest["name"]), Code(manifest["text"], "yaml", manifest["name"])]
    for number, (command, printed) in enumerate(said, 1):
        blocks += [text("command", command=command), output(printed, f"output-{number}.txt")]
    return Reply(tuple(blocks), aside=True)
