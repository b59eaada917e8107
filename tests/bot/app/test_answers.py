"""What follows from an answer: attempt, card, estimates, standing, all in one transaction."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.app import answers
from bot.learning.items import Level
from bot.learning.mastery import Standing
from bot.storage import Storage, abilities, attempts, cards
from bot.storage.attempts import Attempt
from tests.bot.conftest import NOW


def attempt(item: str = "q", days: float = 0, *, correct: bool = True, confidence: str = "sure", hints: int = 0, step: int = 0) -> Attempt:
    return Attempt(1, item, "skill", f"s{item}{days}", step, 0, correct, confidence, NOW + timedelta(days=days), hints)


async def test_an_answer_makes_a_card_and_moves_the_estimates(storage: Storage) -> None:
    """The learner rises, the item falls, the card comes back."""
    card = await storage.write(lambda db: answers.record(db, attempt(), Level.BEGINNER, 4))

    assert card.due > NOW
    assert await storage.read(lambda db: cards.of(db, 1)) == [card]
    ability = await storage.read(lambda db: abilities.of(db, 1))
    assert ability.at("skill") > 0
    hardness = await storage.read(lambda db: abilities.difficulty(db, "q"))
    assert hardness is not None
    assert hardness.value < -0.8
    assert await storage.read(lambda db: abilities.standings(db, 1)) == {"skill": Standing.LEARNING}


async def test_only_the_first_answer_to_an_item_moves_the_estimates(storage: Storage) -> None:
    """Later ones show what the feedback taught: they move the card alone."""
    await storage.write(lambda db: answers.record(db, attempt(correct=False), Level.BEGINNER, 4))
    before = await storage.read(lambda db: (abilities.of(db, 1), abilities.difficulties(db)))

    await storage.write(lambda db: answers.record(db, attempt(days=1), Level.BEGINNER, 4))

    assert await storage.read(lambda db: (abilities.of(db, 1), abilities.difficulties(db))) == before
    [card] = await storage.read(lambda db: cards.of(db, 1))
    assert card.reviews == 2


async def test_three_in_a_row_on_two_days_master_a_skill_and_a_miss_opens_it(storage: Storage) -> None:
    """The standing is kept with each answer; a guess or a hint does not count."""
    told = []
    for days, item, correct, confidence, hints in (
        (0, "a", True, "sure", 0), (1, "b", True, "guess", 0), (2, "b", True, "sure", 1), (3, "a", True, "", 0), (4, "b", True, "sure", 0),
        (5, "a", True, "think-so", 0), (6, "a", False, "sure", 0),
    ):  # fmt: skip
        given = attempt(item, days, correct=correct, confidence=confidence, hints=hints)
        await storage.write(lambda db, given=given: answers.record(db, given, Level.BEGINNER))
        told.append((await storage.read(lambda db: abilities.standings(db, 1)))["skill"])
    assert told == [Standing.LEARNING] * 5 + [Standing.MASTERED, Standing.REOPENED]


async def test_sure_and_wrong_comes_first(storage: Storage) -> None:
    """What is believed wrongly is marked, and put right by the next right answer."""
    card = await storage.write(lambda db: answers.record(db, attempt(correct=False), Level.BEGINNER, 4))
    assert card.misled
    card = await storage.write(lambda db: answers.record(db, attempt(days=1), Level.BEGINNER, 4))
    assert not card.misled


async def test_nothing_is_kept_of_an_answer_that_came_twice(storage: Storage) -> None:
    """The second answer to a step raises, and neither card nor estimate moves."""
    card = await storage.write(lambda db: answers.record(db, attempt(), Level.BEGINNER, 4))
    with pytest.raises(Exception, match="UNIQUE"):
        await storage.write(lambda db: answers.record(db, attempt(), Level.BEGINNER, 4))
    assert await storage.read(lambda db: cards.of(db, 1)) == [card]
    assert len(await storage.read(lambda db: attempts.evidence(db, 1))) == 1
