"""Everything that authors wrote fits into messages as it stands: nothing of it has to be cut or put into a file."""

from __future__ import annotations

from random import Random

import pytest

from bot.learning.items import Choice, ScenarioItem, Written
from bot.learning.quiz import Answer, Quiz, question_of
from bot.library import Library, load
from bot.library.proofs import play
from bot.rendering import lesson, manifest, quiz
from bot.rendering.limits import fitted, problems
from bot.rendering.reply import Reply


@pytest.fixture(scope="module")
def material() -> Library:
    return load()


def faults(reply: Reply) -> list[str]:
    """What Discord would refuse, and what would have to be cut."""
    return problems(reply) + (["has to be cut"] if len(fitted(reply).blocks) > len(reply.blocks) else [])


def test_every_step_of_every_lesson(material: Library) -> None:
    """Text, picture, prediction and buttons of each step."""
    found = {}
    for each in material.lessons.values():
        for number, chunk in enumerate(each.chunks, 1):
            shown = lesson.step(each, chunk, number, understood=True, asks=True, following=chunk, preceding=chunk)
            found[chunk.id] = faults(shown)

    assert {name: what for name, what in found.items() if what} == {}


def test_every_question_and_the_answer_to_it(material: Library) -> None:
    """The question, the feedback on each of its options, the reasons against the others."""
    found = {}
    scenarios = {step.question.id: item for item in material.items.values() if isinstance(item, ScenarioItem) for step in item.steps}
    for item in material.questions.values():
        if isinstance(item, Choice):
            asked = Quiz("x" * 12, 1, (question_of(item, Random(1)),) * 20)
            screens = [quiz.screen(asked, item, scenarios.get(item.id))]
            for option in range(len(item.options)):
                answered = Quiz(asked.id, 1, asked.questions, (Answer(option, item.options[option].correct, "", ""),))
                screens += [quiz.screen(answered, item, scenarios.get(item.id)), quiz.others(answered, item, 0)]
            found[item.id] = sorted({fault for screen in screens for fault in faults(screen)})

    assert {name: what for name, what in found.items() if what} == {}


def test_every_written_question_and_the_answer_to_it(material: Library) -> None:
    """The question, and what is said of a right, a wrong and a doubtful answer of a thousand characters."""
    found = {}
    scenarios = {step.question.id: item for item in material.items.values() if isinstance(item, ScenarioItem) for step in item.steps}
    for item in material.questions.values():
        if isinstance(item, Written):
            asked = Quiz("x" * 12, 1, (question_of(item, Random(1)),) * 20)
            answers = (Answer(-1, True, "", "", item.model_answer), Answer(-1, False, "", "", "x*" * 500, doubtful=True))
            shown = [asked, *(Quiz(asked.id, 1, asked.questions, (answer,)) for answer in answers)]
            screens = [quiz.screen(each, item, scenarios.get(item.id)) for each in shown]
            found[item.id] = sorted({fault for screen in screens for fault in faults(screen)})

    assert {name: what for name, what in found.items() if what} == {}


def test_every_demonstration(material: Library) -> None:
    """What its commands print; here a file may go along."""
    found = {}
    for chunk in material.chunks.values():
        if chunk.demonstration:
            found[chunk.id] = problems(fitted(lesson.demonstration(chunk.demonstration, play(chunk.demonstration))))

    assert found
    assert {name: what for name, what in found.items() if what} == {}


def test_every_explanation(material: Library) -> None:
    """The page of each rule."""
    found = {rule: faults(manifest.explanation(page)) for rule, page in material.explanations.items()}

    assert {name: what for name, what in found.items() if what} == {}


def test_the_contents_and_the_longest_summary(material: Library) -> None:
    """All lessons at once; twenty wrong answers."""
    items = [item for item in material.items.values() if isinstance(item, Choice)][:20]
    wrong = tuple(Answer(0, False, "sure", "") for _ in items)
    done = Quiz("x" * 12, 1, tuple(question_of(item, Random(1)) for item in items), wrong, at=len(items))

    assert faults(lesson.contents(tuple(material.lessons.values()), set(), next(iter(material.chunks.values())))) == []
    assert faults(quiz.summary(done, items, material.chunks)) == []
