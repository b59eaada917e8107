"""How progress looks: the picture with its words, the path ahead, what a placement found, the leaderboard.

Responsible for: the layout of these messages and what their buttons carry; alt text and text twin of the picture.
Leaves to others: words (`templates`), drawing (`pictures.progress`), the facts (`bot.learning`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.learning.items import Chunk, Skill
from bot.learning.mastery import RIGHT_IN_A_ROW, Standing
from bot.learning.placement import Conclusion
from bot.learning.progress import Progress
from bot.learning.quiz import Confidence, Quiz
from bot.rendering.escape import plain, shortened
from bot.rendering.notices import notice
from bot.rendering.reply import Block, Button, Buttons, Picture, Reply, Style
from bot.rendering.templates import text

_SAID = {Confidence.SURE: "sure", Confidence.THINK_SO: "think so", Confidence.GUESS: "guess"}


def progress(facts: Progress, picture: bytes) -> Reply:
    """The picture, and the same in words below it."""
    told = [(_SAID[each.confidence], each.right, each.answers) for each in facts.calibration if each.answers]
    words = text("progress", facts=facts, told=told, due=_due(facts))
    buttons = Buttons((Button("What comes next", "path-show", Style.PRIMARY), Button("Reviews", "review-list")))
    if not facts.answers:
        start = Buttons((Button("Find out where to begin", "placement-begin", Style.PRIMARY), Button("Try a quiz", "quiz-ask:any:any:5")))
        return Reply((words, start))
    return Reply((Picture("progress.png", picture, alt(facts)), words, buttons))


def _due(facts: Progress) -> str:
    """What is due, as `/review` counts it, and what else the day brings."""
    questions, labs = facts.questions_due, facts.labs_due
    due = [f"{questions} {'question' if questions == 1 else 'questions'}"] if questions else []
    due += [f"{labs} {'lab' if labs == 1 else 'labs'}"] if labs else []
    later = f", {facts.due_later}{' more' if due else ''} later today" if facts.due_later else ""
    return f"{' and '.join(due) or 'nothing'} due now{later}"


def alt(facts: Progress) -> str:
    """The picture in a sentence or two."""
    topics = "; ".join(f"{topic.topic} {topic.mastered} of {topic.skills}" for topic in facts.topics)
    weeks = ", ".join(str(count) for count in facts.weeks)
    return shortened(f"Bars of skills mastered by topic: {topics}. Bars of reviews due in the coming four weeks: {weeks}.", 1024)


@dataclass(frozen=True, slots=True)
class Stage:
    """One skill of the path: where it stands, how many of the last answers count, what it needs (titles), which chunk teaches it."""

    skill: Skill
    standing: Standing
    row: int
    probable: bool
    needs: tuple[str, ...]
    chunk: Chunk | None


def path(stages: Sequence[Stage], mastered: int, skills: int) -> Reply:
    """What comes next, each with why it does and two ways to it."""
    blocks: list[Block] = [text("path", mastered=mastered, skills=skills, left=len(stages))]
    offered: set[str] = set()
    for number, stage in enumerate(stages, 1):
        blocks.append(text("stage", number=number, stage=stage, wanted=RIGHT_IN_A_ROW))
        ways = []
        if stage.chunk and stage.chunk.id not in offered:
            # Two skills may be taught by one step, and Discord takes a button once.
            offered.add(stage.chunk.id)
            ways = [Button(shortened(f"Read: {plain(stage.chunk.title)}", 80), f"lesson-look:{stage.chunk.id}")]
        style = Style.PRIMARY if number == 1 else Style.SECONDARY
        blocks.append(Buttons((*ways, Button("Practise", f"quiz-practise:{stage.skill.id}", style))))
    return Reply(tuple(blocks))


def placement(quiz: Quiz, conclusions: Sequence[Conclusion]) -> Reply:
    """What a placement found, topic by topic."""
    words = text("placement", quiz=quiz, conclusions=conclusions)
    buttons = Buttons((Button("What comes next", "path-show", Style.PRIMARY), Button("Try a quiz", "quiz-ask:any:any:5")))
    return Reply((words, buttons))


def no_placement() -> Reply:
    return notice("There are no questions to place you by yet.")
