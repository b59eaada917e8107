"""`python -m bot preview FILE`: what stands in FILE, as a learner would meet it, and what Discord would not take.

Responsible for: which screens an author wants to see, as text.
Leaves to others: finding the material (`bot.library.preview`), the screens themselves (`bot.rendering`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

from bot.app import lab_trial
from bot.learning import lab as lab_steps
from bot.learning.items import Choice, Chunk, Item, Lab, ScenarioItem, Written
from bot.learning.lab import HINTS, LabAttempt
from bot.learning.quiz import Answer, Question, Quiz
from bot.library import Library, MaterialError
from bot.library.loader import read
from bot.library.preview import Material, material_in
from bot.library.proofs import play
from bot.rendering import lab as lab_screens
from bot.rendering import lesson as lesson_screens
from bot.rendering import quiz as quiz_screens
from bot.rendering.limits import problems, text_of
from bot.rendering.reply import Reply


def main(file: str) -> int:
    """Prints the screens. 0 if Discord takes all of them, 1 if not, or if FILE holds nothing; slips of form are told first."""
    reading = read()
    if reading.slips:
        print(MaterialError(reading.slips), file=sys.stderr)
    found = material_in(reading.library, file)
    if not found:
        print(f"{file}: no chunk, question or lab was read from a file of this name", file=sys.stderr)
        return 1
    refused = 0
    for material in found:
        for title, screen in screens(reading.library, material):
            print(f"──── {title} " + "─" * max(0, 70 - len(title)))
            print(text_of(screen))
            faults = problems(screen)
            refused += len(faults)
            for fault in faults:
                print(f"!!!! Discord refuses this: {fault}")
            print()
    return 1 if refused or reading.slips else 0


def screens(library: Library, material: Material) -> Iterator[tuple[str, Reply]]:
    """Each screen with its title: a chunk and its demonstration; a question and what each answer brings; a lab with hints and solution."""
    match material:
        case Chunk():
            yield from _chunk(library, material)
        case ScenarioItem():
            for step in material.steps:
                yield from _question(step.question, material)
        case Lab():
            begun, trial = LabAttempt("preview", 0, material.id), lab_trial.attempt(material, (), ())
            yield material.id, lab_screens.task(begun, material, trial)
            yield f"{material.id}: how it stands", lab_screens.state(begun, material, trial)
            for rung in range(1, HINTS + 1):
                yield f"{material.id}: hint {rung}", lab_screens.hint(replace(begun, hints=rung), material, trial, rung, {})
            for operation in material.operations:
                done = lab_trial.attempt(material, (), (), (operation.id,))
                after = lab_steps.operate(begun, (operation.id,), operation.id, helps=operation.id in material.helpful, solved=done.solved)
                yield f"{material.id}: {operation.title}", lab_screens.tried(after, material, done, {}, None, operation)
            yield f"{material.id}: the solution", lab_screens.solution(begun, material, None)
        case Choice() | Written():
            yield from _question(material)


def _chunk(library: Library, chunk: Chunk) -> Iterator[tuple[str, Reply]]:
    lesson = library.lessons[chunk.lesson]
    number = lesson.chunks.index(chunk) + 1
    asks = isinstance(library.questions.get(chunk.question), Choice)
    yield chunk.id, lesson_screens.step(lesson, chunk, number, understood=False, asks=asks, following=None, preceding=None)
    if chunk.demonstration:
        yield f"{chunk.id}: demonstration", lesson_screens.demonstration(chunk.demonstration, play(chunk.demonstration))


def _question(item: Item, scenario: ScenarioItem | None = None) -> Iterator[tuple[str, Reply]]:
    if isinstance(item, Written):
        asked = Quiz("preview", 0, (Question(item.id, (), -1),))
        yield item.id, quiz_screens.screen(asked, item, scenario)
        for name, said, correct in (("the model answer", item.model_answer, True), ("no answer", "I do not know.", False)):
            yield f"{item.id}: {name}", quiz_screens.screen(replace(asked, answers=(Answer(-1, correct, "", "", said),)), item, scenario)
    if isinstance(item, Choice):
        right = [option.correct for option in item.options].index(True)
        asked = Quiz("preview", 0, (Question(item.id, tuple(range(len(item.options))), right),))
        yield item.id, quiz_screens.screen(asked, item, scenario)
        for number, option in enumerate(item.options):
            answered = replace(asked, answers=(Answer(number, option.correct, "", ""),))
            yield f"{item.id}: {quiz_screens.LETTERS[number]}", quiz_screens.screen(answered, item, scenario)
