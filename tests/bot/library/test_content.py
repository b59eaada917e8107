"""The project's own material: it loads, every check passes, and nothing of the source lesson is lost."""

from __future__ import annotations

import pytest

from bot.learning.items import Choice
from bot.library import Library, load
from bot.library.checks import check
from bot.library.checks.coverage import PICTURES
from bot.library.checks.fairness import MARGIN, scores
from bot.library.proofs import play


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def test_every_check_passes(library: Library) -> None:
    """What `python -m bot check-content` reports, but for the age of facts, which is not this commit's doing."""
    newest = max(fact.checked for fact in library.facts.values())
    assert [str(slip) for slip in check(library, newest)] == []


def test_nothing_of_the_lesson_is_lost(library: Library) -> None:
    """The source's counts: five objectives, ten questions, five commands, five pictures, sixty-six corrections."""
    kinds = [entry.kind for entry in library.inventory]
    counted = {
        kind: kinds.count(kind) for kind in ("objective", "question", "command", "correction", "mistake", "best practice", "summary")
    }
    assert counted == {"objective": 5, "question": 10, "command": 5, "correction": 66, "mistake": 2, "best practice": 2, "summary": 6}
    assert sum(bool(chunk.picture) for chunk in library.chunks.values()) >= PICTURES
    assert len(library.skills) == 66


def test_the_cheat_sheets_commands_are_run(library: Library) -> None:
    """Each of the lesson's five commands stands in a demonstration and prints something."""
    run = {command: text for chunk in library.chunks.values() if chunk.demonstration for command, text in play(chunk.demonstration)}
    for begins in (
        "kubectl get svc -o wide",
        "kubectl get endpointslices -l",
        "kubectl describe svc",
        "kubectl get ingress",
        "kubectl get gateways,httproutes",
    ):
        assert any(command.startswith(begins) and text.strip() for command, text in run.items()), begins


def test_options_alone_tell_nothing(library: Library) -> None:
    """Five readers of the options score within five points of chance over all multiple-choice questions."""
    choices = [item for item in library.questions.values() if isinstance(item, Choice)]
    chance = sum(1 / len(item.options) for item in choices) / len(choices)
    assert {reader: round(score, 3) for reader, score in scores(choices).items() if abs(score - chance) > MARGIN} == {}


def test_two_loads_are_equal(library: Library) -> None:
    """Reading is a function of the files."""
    assert load() == library
