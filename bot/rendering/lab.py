"""How a lab looks: the list, the task, how it stands, the hints, the solution.

Responsible for: the layout of a lab's messages and what their buttons carry.
Leaves to others: running (`bot.app.lab_trial`), what a click does (`bot.app.solve_lab`), the words (`templates`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.learning.items import Chunk, Lab, Level, Operation
from bot.learning.lab import DETOUR, HINTS, Ending, LabAttempt
from bot.learning.reporting import Kind
from bot.rendering.escape import plain, shortened
from bot.rendering.excerpt import excerpt
from bot.rendering.quiz import simulated
from bot.rendering.reply import Block, Button, Buttons, Code, Entry, File, Menu, Reply, Rule, Style, Text, Tone
from bot.rendering.reports import report_button
from bot.rendering.templates import text
from bot.rendering.terminal import output
from bot.rendering.trace import hops
from simulator import Finding, Hop

_MENU = 25
_LAST_HOPS = 3
"""Hops shown of a request that fails: the one that failed and those that led there."""
_REASONS_FROM = 3
"""The hint that tells the rule on this very case; before it, the way of a request is shown without the reasons, which would."""


class Point(Protocol):
    """One thing that is asked of the cluster."""

    @property
    def question(self) -> str: ...
    @property
    def wanted(self) -> str: ...
    @property
    def found(self) -> str: ...
    @property
    def holds(self) -> bool: ...
    @property
    def printed(self) -> str: ...
    @property
    def hops(self) -> tuple[Hop, ...]: ...


class Trial(Protocol):
    """What `bot.app.lab_trial` found, as far as messages speak of it."""

    @property
    def goal(self) -> Sequence[Point]: ...
    @property
    def keeps(self) -> Sequence[Point]: ...
    @property
    def failing(self) -> Point | None: ...
    @property
    def applied(self) -> Sequence[Named]: ...
    @property
    def tried(self) -> Sequence[Named]: ...
    @property
    def printed(self) -> str: ...
    @property
    def taken(self) -> bool: ...
    @property
    def declined(self) -> Sequence[str]: ...
    @property
    def clue(self) -> Finding | None: ...
    @property
    def anew(self) -> bool: ...
    @property
    def fault(self) -> str: ...
    @property
    def secrets(self) -> int: ...
    @property
    def given_up(self) -> Sequence[tuple[str, int]]: ...


class Named(Protocol):
    """A file of the learner's."""

    @property
    def name(self) -> str: ...
    @property
    def text(self) -> str: ...


def contents(labs: Sequence[Lab], skills: Mapping[str, str], begun: set[str], results: Mapping[str, bool]) -> Reply:
    """All labs, level by level. `results`: was the newest attempt at an item right?"""
    blocks: list[Block] = [text("lab_contents", solved=sum(results.get(lab.id, False) for lab in labs), total=len(labs))]
    for level in Level:
        here = [lab for lab in labs if lab.level is level]
        marks = ["▸" if lab.id in begun else "·" if lab.id not in results else "✓" if results[lab.id] else "✗" for lab in here]
        if here:
            blocks.append(text("lab_level", level=level.value, lines=[(mark, lab.title) for mark, lab in zip(marks, here, strict=True)]))
        for first in range(0, len(here), _MENU):
            entries = tuple(
                Entry(shortened(plain(lab.title), 100), lab.id, shortened(plain(skills.get(lab.skills[0], "")), 100))
                for lab in here[first : first + _MENU]
            )
            more = "" if first == 0 else ", more"
            blocks.append(Menu(f"lab-start:{level.value}:{first}", f"Start a lab: {level.value}{more}", entries))
    return Reply(tuple(blocks))


def task(attempt: LabAttempt, lab: Lab, trial: Trial) -> Reply:
    """The story, the goal, the broken manifests; those that are to be changed as text, all of them as a file."""
    words = text("lab_task", lab=lab, goal=trial.goal, keeps=trial.keeps, given=lab.given, detour=DETOUR)
    shown = [block for file in lab.manifests if file.name not in lab.given for block in _named(file.name, file.text)]
    whole = "---\n".join(f"# {file.name}\n{file.text}" for file in lab.manifests)
    mine = (
        [Text(f"-# You have {len(trial.applied)} changed document{'s' if len(trial.applied) > 1 else ''} in it.")] if trial.applied else []
    )
    note = simulated(file.text for file in lab.manifests if file.name not in lab.given)
    return Reply((words, *shown, *note, File(f"{lab.id}.yaml", whole.encode()), *mine, *_buttons(attempt, lab, standing=False)))


def state(attempt: LabAttempt, lab: Lab, trial: Trial) -> Reply:
    """What holds and what does not, and the end of the way of the first request that fails."""
    blocks = (*_standing(attempt, lab, trial), *_failing(attempt, trial.failing), *_buttons(attempt, lab))
    return Reply(blocks, Tone.CAREFUL if trial.failing else Tone.GOOD)


def tried(
    attempt: LabAttempt, lab: Lab, trial: Trial, pages: Mapping[str, str], chunk: Chunk | None, operation: Operation | None = None
) -> Reply:
    """What came of handing something in, or of an operation that was done or taken back: how it stands, then what kubectl said of it.

    The other way round where nothing was taken: then that is the news.
    """
    blocks: list[Block] = []
    if operation:
        blocks.append(text("lab_operated", operation=operation, done=operation.id in attempt.operations))
    if trial.declined or trial.secrets or trial.given_up:
        blocks.append(text("lab_declined", declined=trial.declined, secrets=trial.secrets, given_up=trial.given_up))
    said = (output(trial.printed, "kubectl-apply.txt"),) if trial.printed else ()
    if trial.failing:
        standing = _standing(attempt, lab, trial, operation)
        stands = (*standing, *said) if trial.taken else (*said, *standing)
        return Reply((*blocks, *stands, *_failing(attempt, trial.failing), *_buttons(attempt, lab)), Tone.CAREFUL)
    blocks.append(text("lab_solved", attempt=attempt, lab=lab, solved=attempt.ending is Ending.SOLVED, ways=len(lab.solutions)))
    why = (Button("Why it was broken", f"check-why:{trial.fault}"),) if trial.fault in pages else ()
    onwards = (*why, *_reading(chunk), Button("Worked solution", f"lab-solution:{attempt.id}"), _all())
    return Reply((*blocks, *said, Buttons((*onwards, report_button(Kind.LAB, lab.id)))), Tone.GOOD)


def hint(attempt: LabAttempt, lab: Lab, trial: Trial, rung: int, pages: Mapping[str, str]) -> Reply:
    """One rung for the learner's own cluster: where it stands, what is wrong now and was not before, then the lab's hint."""
    clue = trial.clue if trial.anew else None
    failing = trial.failing
    last = failing.hops[-1] if failing and failing.hops else None
    words = text(
        "lab_hint", rung=rung, total=HINTS, attempt=attempt, failing=failing, last=last, said=lab.hints[rung - 1], clue=clue,
        page=pages.get(clue.rule, "") if clue else "", tried=attempt.changed,
        kept_broken=failing is not None and failing in trial.keeps,
    )  # fmt: skip
    blocks: list[Block] = [words]
    if clue and rung > 2 and (lines := excerpt(clue.places, {file.name: file.text for file in (*trial.tried, *trial.applied)})):
        blocks.append(Code(lines, name="lines.txt"))
    return Reply((*blocks, *_operations(attempt, lab), Buttons((*_next_hint(attempt), _submit(attempt)))), aside=True)


def before_solution(attempt: LabAttempt) -> Reply:
    """The question whether the learner wants it."""
    words = Text("The worked solution is yours at any time. While the lab is open it ends it: it then counts as *not yet*, worth nothing.")
    buttons = (Button("Show the solution", f"lab-give-up:{attempt.id}", Style.DANGER), *_next_hint(attempt))
    return Reply((words, Buttons(buttons)), Tone.CAREFUL, aside=True)


def solution(attempt: LabAttempt, lab: Lab, chunk: Chunk | None) -> Reply:
    """Each way to solve it, as the files that change, and why it works."""
    blocks: list[Block] = [text("lab_solution", lab=lab, ways=len(lab.solutions))]
    broken = {file.name: file.text for file in lab.manifests}
    for number, way in enumerate(lab.solutions, 1):
        done = [operation for operation in lab.operations if operation.id in way.operations]
        theirs = [file for operation in done for file in operation.manifests]
        changed = [file for file in way.manifests if broken.get(file.name) != file.text and file not in theirs]
        blocks.append(text("lab_way", number=number, ways=len(lab.solutions), done=done, changed=changed))
        blocks += [block for file in changed for block in _named(file.name, file.text, f"way-{number}-")]
    return Reply((*blocks, Buttons((_submit(attempt), *_reading(chunk), _all(), report_button(Kind.LAB, lab.id)))), aside=True)


def _named(name: str, manifest: str, prefix: str = "") -> tuple[Block, Block]:
    return text("file", name=name), Code(manifest, "yaml", f"{prefix}{name}")


def _standing(attempt: LabAttempt, lab: Lab, trial: Trial, told: Operation | None = None) -> tuple[Block, ...]:
    """Each thing that is asked, and the operations done besides the one that was `told`."""
    done = [operation.title for operation in lab.operations if operation.id in attempt.operations and operation != told]
    return (text("lab_state", lab=lab, attempt=attempt, goal=trial.goal, keeps=trial.keeps, done=done, told=told),)


def _failing(attempt: LabAttempt, point: Point | None) -> tuple[Block, ...]:
    if point is None or not (point.printed or point.hops):
        return ()
    said = (text("lab_failing", question=point.question),)
    printed = (output(point.printed, "output.txt"),) if point.printed else ()
    last = point.hops[-_LAST_HOPS:]
    if attempt.over or attempt.hints >= _REASONS_FROM:
        return (Rule(), *said, *printed, *hops(last)[1:])
    return (Rule(), *said, *printed, *((text("lab_stations", hops=last),) if last else ()))


def _buttons(attempt: LabAttempt, lab: Lab, *, standing: bool = True) -> tuple[Block, ...]:
    """Everything that can be done next. `standing`: the message shows how it stands."""
    there = Button("Task and manifests", f"lab-task:{attempt.id}") if standing else Button("How it stands", f"lab-state:{attempt.id}")
    afresh = (Button("Start afresh", f"lab-reset:{attempt.id}"),) if attempt.changed else ()
    first = (_submit(attempt), *_next_hint(attempt))
    second = (
        there,
        Button("Worked solution", f"lab-solution:{attempt.id}"),
        *afresh,
        _all(),
        report_button(Kind.LAB, attempt.lab),
    )
    return (*_operations(attempt, lab), Buttons(first), Buttons(second))


def _operations(attempt: LabAttempt, lab: Lab) -> tuple[Menu, ...]:
    """What can be done to the cluster itself; what was done can be taken back.

    The menu has another id after each choice: Discord goes on showing what was chosen in a menu that stays the same, and nobody can choose
    that again.
    """
    entries = tuple(
        Entry(
            shortened(plain(("✓ " if operation.id in attempt.operations else "") + operation.title), 100),
            operation.id,
            "Done. Choose it again to take it back." if operation.id in attempt.operations else "",
        )
        for operation in lab.operations
    )
    return (Menu(f"lab-operate:{attempt.id}:{attempt.submissions}", "Do something to the cluster", entries),) if entries else ()


def _submit(attempt: LabAttempt) -> Button:
    return Button("Hand in a change", f"lab-submit:{attempt.id}", Style.PRIMARY)


def _next_hint(attempt: LabAttempt) -> tuple[Button, ...]:
    if attempt.hints >= HINTS:
        return (Button("The last hint again", f"lab-hint:{attempt.id}:{HINTS}"),)
    cost = "" if attempt.over else f" (then worth {attempt.next_credit} %)"
    return (Button(f"Hint {attempt.hints + 1} of {HINTS}{cost}", f"lab-hint:{attempt.id}:{attempt.hints + 1}"),)


def _reading(chunk: Chunk | None) -> tuple[Button, ...]:
    return (Button("Read more", f"lesson-look:{chunk.id}"),) if chunk else ()


def _all() -> Button:
    return Button("All labs", "lab-list")
