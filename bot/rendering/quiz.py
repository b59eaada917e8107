"""How a quiz looks: the question, what was right and why, the end of it.

Responsible for: the layout of a quiz's messages and what their buttons carry.
Leaves to others: words (`templates`), what a click does (`bot.app.take_quiz`).
Options are lettered in the text and the buttons carry the letters: an option may be longer than any button.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.learning import written
from bot.learning.items import Choice, Chunk, Item, Option, ScenarioItem, Written
from bot.learning.quiz import Answer, Confidence, Quiz
from bot.learning.reporting import Kind
from bot.learning.written import Heard
from bot.rendering.escape import plain, shortened
from bot.rendering.reply import Block, Button, Buttons, Code, Reply, Rule, Style, Text, Tone
from bot.rendering.reports import report_button
from bot.rendering.templates import text
from bot.rendering.terminal import output

LETTERS = "ABCDEF"
_TITLES = {"quiz": "Quiz", "review": "Review", "mistakes": "Your mistakes", "placement": "Placement"}
MARKS = {Heard.SAID: "✓", Heard.MISSED: "–", Heard.CONTRADICTED: "✗", Heard.UNCLEAR: "?"}
_CONFIDENCE = {Confidence.SURE: "Sure", Confidence.THINK_SO: "Think so", Confidence.GUESS: "Guess"}


def screen(quiz: Quiz, item: Choice | Written, scenario: ScenarioItem | None = None) -> Reply:
    """What belongs on the screen now: the question, or the answer to it. `scenario` is what the question is a step of."""
    if isinstance(item, Written):
        return _heard(quiz, item, scenario, quiz.answer) if quiz.answer else _to_write(quiz, item, scenario)
    return _feedback(quiz, item, scenario, quiz.answer) if quiz.answer else _question(quiz, item, scenario)


def _question(quiz: Quiz, item: Choice, scenario: ScenarioItem | None) -> Reply:
    shown = [item.options[number] for number in quiz.question.order]
    letters = tuple(Button(LETTERS[place], f"quiz-answer:{quiz.id}:{quiz.at}:{place}", Style.PRIMARY) for place in range(len(shown)))
    words = text("options", options=list(zip(LETTERS, shown, strict=False)), confidence=_told(quiz))
    return Reply((*_stem(quiz, item, scenario), words, Buttons(letters), _sureness(quiz)))


def _to_write(quiz: Quiz, item: Written, scenario: ScenarioItem | None) -> Reply:
    write = Button("Write the answer", f"quiz-write:{quiz.id}:{quiz.at}", Style.PRIMARY)
    hints = [point.hint for point in item.key_points if point.hint]
    more = (Button("Hint", f"quiz-hint:{quiz.id}:{quiz.at}:{quiz.hints}"),) if quiz.hints < len(hints) else ()
    words = text("to_write", confidence=_told(quiz), hints=hints[: quiz.hints], more=bool(more))
    return Reply((*_stem(quiz, item, scenario), words, Buttons((write, *more)), _sureness(quiz)))


def _told(quiz: Quiz) -> str:
    return _CONFIDENCE[Confidence(quiz.confidence)].lower() if quiz.confidence else ""


def _sureness(quiz: Quiz) -> Buttons:
    levels = tuple(
        Button(label, f"quiz-sure:{quiz.id}:{quiz.at}:{level.value}", Style.SUCCESS if level.value == quiz.confidence else Style.SECONDARY)
        for level, label in _CONFIDENCE.items()
    )
    return Buttons((*levels, _stop(quiz)))


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
    behind = (Button("The run", f"quiz-run:{quiz.id}:{quiz.at}"),) if item.trace or item.proof or (scenario and scenario.proof) else ()
    others_too = Button("Why not the others", f"quiz-others:{quiz.id}:{quiz.at}")
    report = report_button(Kind.QUESTION, item.id, item.instance)
    buttons = Buttons((*_onwards(quiz), others_too, *behind, *_reading(quiz, item), report))
    blocks = (*_stem(quiz, item, scenario), text("feedback", options=options), Rule(), reason, buttons)
    return Reply(blocks, Tone.GOOD if answer.correct else Tone.BAD)


def _heard(quiz: Quiz, item: Written, scenario: ScenarioItem | None, answer: Answer) -> Reply:
    """What was heard in a written answer, point by point; in doubt, the learner is the judge."""
    grade = written.grade(answer.text, item.key_points)
    shown = [(MARKS[how], point.says, point.kind == "optional") for point, how in grade.heard if point.kind != "forbidden"]
    words = text(
        "heard",
        answer=answer,
        judged=grade.verdict in (written.Verdict.PARTLY, written.Verdict.UNSURE),
        needed=[how.value for point, how in grade.heard if point.kind == "required"],
        said=shortened(answer.text, 900),
        points=shown,
        grade=grade,
        item=item,
        sources=_sources(item.sources),
        moral=scenario.explanation if scenario and item == scenario.steps[-1].question else "",
    )
    report = report_button(Kind.QUESTION, item.id)
    if answer.doubtful:
        right = Button("I had all of it", f"quiz-judge:{quiz.id}:{quiz.at}:yes", Style.SUCCESS)
        wrong = Button("Not all of it", f"quiz-judge:{quiz.id}:{quiz.at}:no")
        return Reply((*_stem(quiz, item, scenario), words, Buttons((right, wrong, report))), Tone.CAREFUL)
    blocks = (*_stem(quiz, item, scenario), words, Buttons((*_onwards(quiz), *_reading(quiz, item), report)))
    return Reply(blocks, Tone.GOOD if answer.correct else Tone.BAD)


def _onwards(quiz: Quiz) -> tuple[Button, ...]:
    if quiz.chunk:
        return (
            Button("Next step", f"lesson-next:{quiz.chunk}", Style.PRIMARY),
            Button("Back to the text", f"lesson-open:{quiz.chunk}"),
        )
    last = quiz.at + 1 == quiz.length
    return (Button("See the result" if last else "Next question", f"quiz-next:{quiz.id}:{quiz.at}", Style.PRIMARY),)


def _reading(quiz: Quiz, item: Item) -> tuple[Button, ...]:
    return (Button("Read more", f"lesson-look:{item.read_next}"),) if item.read_next and not quiz.chunk else ()


def others(quiz: Quiz, item: Choice, step: int) -> Reply:
    """Why the options that were neither chosen nor right are wrong."""
    question, answer = quiz.questions[step], quiz.answers[step]
    left: list[tuple[str, Option]] = [
        (LETTERS[place], item.options[number]) for place, number in enumerate(question.order) if number not in (answer.option, question.key)
    ]
    return Reply((text("others", options=left),), aside=True)


def run_behind(item: Choice) -> Reply:
    """What the simulator printed for a question made from a random cluster."""
    return Reply((Text("**What the simulated cluster shows**"), output(item.trace, "run.txt")), aside=True)


def summary(quiz: Quiz, items: Sequence[Choice | Written], chunks: Mapping[str, Chunk], after: str = "") -> Reply:
    """The end: the score, each question with its mark, calibration where confidence was told, and what to read next.

    `after` is a sentence of Markdown on what happens with these questions.
    """
    lines = [("✓" if answer.correct else "✗", shortened(plain(item.gist), 90)) for item, answer in zip(items, quiz.settled, strict=False)]
    missed = [item.read_next for item, answer in zip(items, quiz.settled, strict=False) if not answer.correct and item.read_next in chunks]
    read_next = list(dict.fromkeys(missed))[:4]
    words = text(
        "summary",
        quiz=quiz,
        title=_TITLES.get(quiz.kind, "Quiz"),
        lines=lines,
        calibration=_calibration(quiz.settled),
        read_next=[chunks[chunk].title for chunk in read_next],
        after=after,
    )
    buttons = [
        Button(shortened(f"Read {number}", 80), f"lesson-look:{chunk}", Style.PRIMARY if number == 1 else Style.SECONDARY)
        for number, chunk in enumerate(read_next, 1)
    ]
    again = {"review": Button("What is due now", "review-list"), "mistakes": Button("Mistakes that are left", "mistakes-replay")}
    more = again.get(quiz.kind) or Button("Another quiz", "quiz-ask:any:any:5", Style.SECONDARY if buttons else Style.PRIMARY)
    row = Buttons((*buttons, more))
    return Reply((words, row), Tone.GOOD if quiz.settled and quiz.right == len(quiz.settled) else Tone.PLAIN)


def offer(open_quiz: Quiz, new: str) -> Reply:
    """There is an open quiz: go on with it, or start the one that was asked for (`new` is its action)."""
    words = text("offer", answered=len(open_quiz.answers), total=open_quiz.length)
    go_on = Button("Go on", f"quiz-resume:{open_quiz.id}", Style.PRIMARY)
    return Reply((words, Buttons((go_on, Button("Start a new one", new)))))


def late(quiz: Quiz) -> Reply:
    """A click on a question that is past."""
    words = text("late", at=min(quiz.at + 1, quiz.length), over=quiz.over)
    return Reply((words, Buttons((Button("Show it", f"quiz-resume:{quiz.id}", Style.PRIMARY),))), Tone.CAREFUL, aside=True)


def _stem(quiz: Quiz, item: Item, scenario: ScenarioItem | None) -> tuple[Block, ...]:
    if quiz.chunk:
        heading = "**Question on this step**"
    else:
        title = "Question" if quiz.kind == "quiz" else f"{_TITLES[quiz.kind]} · question"
        so_far = f" · {quiz.right} right so far" if quiz.answers else ""
        heading = f"**{title} {quiz.at + 1} of {quiz.length}** · {topic_of(item)} · {item.level.value}{so_far}"
    around = [setting(scenario, item), *_manifests(scenario)] if scenario else []
    shown = [*(scenario.manifests if scenario else ()), *item.manifests]
    return (Text(heading), *around, text("question", item=item), *_manifests(item), *simulated(each.text for each in shown))


def setting(scenario: ScenarioItem, item: Item) -> Text:
    """What all steps of a scenario have in common, and which of them this is."""
    number = next(number for number, step in enumerate(scenario.steps, 1) if step.question.id == item.id)
    return text("setting", stem=scenario.stem, number=number, steps=len(scenario.steps))


def simulated(manifests: Iterable[str]) -> tuple[Block, ...]:
    """A line on the simulator's own annotations, where manifests that are shown have any."""
    return (text("simulated"),) if any("sim/" in manifest for manifest in manifests) else ()


def topic_of(item: Item) -> str:
    """What it is about, and who asks, where that is not Portside."""
    return f"{item.topic} · a question of your server's own" if item.server else item.topic


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
