"""How a quiz looks: the question, what was right and why, the end of it.

Responsible for: the layout of a quiz's messages and what their buttons carry.
Leaves to others: words (`templates`), what a click does (`bot.app.take_quiz`).
Options are lettered in the text and the buttons carry the letters: an option may be longer than any button.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.learning.items import Choice, Chunk, Item, Option, ScenarioItem
from bot.learning.quiz import Answer, Confidence, Quiz
from bot.rendering.escape import plain, shortened
from bot.rendering.reply import Block, Button, Buttons, Code, Reply, Rule, Style, Text, Tone
from bot.rendering.templates import text

LETTERS = "ABCDEF"
_CONFIDENCE = {Confidence.SURE: "Sure", Confidence.THINK_SO: "Think so", Confidence.GUESS: "Guess"}


def screen(quiz: Quiz, item: Choice, scenario: ScenarioItem | None = None) -> Reply:
    """What belongs on the screen now: the question, or the answer to it. `scenario` is what the question is a step of."""
    return _feedback(quiz, item, scenario, quiz.answer) if quiz.answer else _question(quiz, item, scenario)


def _question(quiz: Quiz, item: Choice, scenario: ScenarioItem | None) -> Reply:
    shown = [item.options[number] for number in quiz.question.order]
    confidence = _CONFIDENCE[Confidence(quiz.confidence)].lower() if quiz.confidence else ""
    letters = tuple(Button(LETTERS[place], f"quiz-answer:{quiz.id}:{quiz.at}:{place}", Style.PRIMARY) for place in range(len(shown)))
    sureness = tuple(
        Button(label, f"quiz-sure:{quiz.id}:{quiz.at}:{level.value}", Style.SUCCESS if level.value == quiz.confidence else Style.SECONDARY)
        for level, label in _CONFIDENCE.items()
    )
    blocks = (
        *_stem(quiz, item, scenario),
        text("options", options=list(zip(LETTERS, shown, strict=False)), confidence=confidence),
        Buttons(letters),
    )
    return Reply((*blocks, Buttons((*sureness, _stop(quiz)))))


def _feedback(quiz: Quiz, item: Choice, scenario: ScenarioItem | None, answer: Answer) -> Reply:
    order = quiz.question.order
    options = [(LETTERS[place], item.options[number], number == answer.option) for place, number in enumerate(order)]
    right = item.options[quiz.question.key]
    reason = text(
        "reason",
        item=item,
        answer=answer,
        chosen=item.options[answer.option],
        right=right,
        key_letter=LETTERS[order.index(quiz.question.key)],
        sources=_sources(item.sources),
        moral=scenario.explanation if scenario and item == scenario.steps[-1].question else "",
    )
    buttons: list[Button] = []
    if quiz.chunk:
        buttons.append(Button("Next step", f"lesson-next:{quiz.chunk}", Style.PRIMARY))
        buttons.append(Button("Back to the text", f"lesson-open:{quiz.chunk}"))
    else:
        last = quiz.at + 1 == len(quiz.questions)
        buttons.append(Button("See the result" if last else "Next question", f"quiz-next:{quiz.id}:{quiz.at}", Style.PRIMARY))
    buttons.append(Button("Why not the others", f"quiz-others:{quiz.id}:{quiz.at}"))
    if item.read_next and not quiz.chunk:
        buttons.append(Button("Read about it", f"lesson-look:{item.read_next}"))
    blocks = (*_stem(quiz, item, scenario), text("feedback", options=options), Rule(), reason, Buttons(tuple(buttons)))
    return Reply(blocks, Tone.GOOD if answer.correct else Tone.BAD)


def others(quiz: Quiz, item: Choice, step: int) -> Reply:
    """Why the options that were neither chosen nor right are wrong."""
    question, answer = quiz.questions[step], quiz.answers[step]
    left: list[tuple[str, Option]] = [
        (LETTERS[place], item.options[number]) for place, number in enumerate(question.order) if number not in (answer.option, question.key)
    ]
    return Reply((text("others", options=left),), aside=True)


def summary(quiz: Quiz, items: Sequence[Choice], chunks: Mapping[str, Chunk]) -> Reply:
    """The end: the score, each question with its mark, calibration where confidence was told, and what to read next."""
    lines = [
        ("✓" if answer.correct else "✗", shortened(plain(item.stem.split("\n")[0]), 90))
        for item, answer in zip(items, quiz.answers, strict=False)
    ]
    missed = [item.read_next for item, answer in zip(items, quiz.answers, strict=False) if not answer.correct and item.read_next in chunks]
    read_next = list(dict.fromkeys(missed))[:4]
    words = text(
        "summary", quiz=quiz, lines=lines, calibration=_calibration(quiz.answers), read_next=[chunks[chunk].title for chunk in read_next]
    )
    buttons = [
        Button(shortened(f"Read {number}", 80), f"lesson-look:{chunk}", Style.PRIMARY if number == 1 else Style.SECONDARY)
        for number, chunk in enumerate(read_next, 1)
    ]
    row = Buttons((*buttons, Button("Another quiz", "quiz-ask:any:any:5", Style.SECONDARY if buttons else Style.PRIMARY)))
    return Reply((words, row), Tone.GOOD if quiz.answers and quiz.right == len(quiz.answers) else Tone.PLAIN)


def offer(open_quiz: Quiz, new: str) -> Reply:
    """There is an open quiz: go on with it, or start the one that was asked for (`new` is its action)."""
    words = text("offer", answered=len(open_quiz.answers), total=len(open_quiz.questions))
    go_on = Button("Go on", f"quiz-resume:{open_quiz.id}", Style.PRIMARY)
    return Reply((words, Buttons((go_on, Button("Start a new one", new)))))


def late(quiz: Quiz) -> Reply:
    """A click on a question that is past."""
    words = text("late", at=min(quiz.at + 1, len(quiz.questions)), over=quiz.over)
    return Reply((words, Buttons((Button("Show it", f"quiz-resume:{quiz.id}", Style.PRIMARY),))), Tone.CAREFUL, aside=True)


def _stem(quiz: Quiz, item: Choice, scenario: ScenarioItem | None) -> tuple[Block, ...]:
    if quiz.chunk:
        heading = "**Question on this step**"
    else:
        heading = f"**Question {quiz.at + 1} of {len(quiz.questions)}** · {item.topic} · {item.level.value} · {quiz.right} right so far"
    setting = [text("setting", stem=scenario.stem), *_manifests(scenario)] if scenario else []
    return (Text(heading), *setting, text("question", item=item), *_manifests(item))


def _manifests(item: Item) -> tuple[Block, ...]:
    return tuple(block for each in item.manifests for block in (text("file", name=each.name), Code(each.text, "yaml", each.name)))


def _stop(quiz: Quiz) -> Button:
    return Button("Back to the text", f"lesson-open:{quiz.chunk}") if quiz.chunk else Button("Stop here", f"quiz-stop:{quiz.id}")


def _sources(sources: Sequence[str]) -> str:
    return " · ".join(f"<{source}>" if source.startswith("http") else source for source in sources)


def _calibration(answers: Sequence[Answer]) -> str:
    parts = []
    for level, label in _CONFIDENCE.items():
        said = [answer.correct for answer in answers if answer.confidence == level.value]
        if said:
            parts.append(f"{label.lower()}: {sum(said)} of {len(said)} right")
    return f"How sure you were: {'; '.join(parts)}." if parts else ""
