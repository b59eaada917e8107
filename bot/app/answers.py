"""What follows from an answer, whoever asked: quiz, review, lab, round or drill.

Responsible for: keeping the attempt and, in the same transaction, the review card, the estimates, the standing of the skill and what the
answer tells about the item.
Leaves to others: whether the answer was right, the rules by which it counts (`bot.learning`), the tables (`bot.storage`).
"""

from __future__ import annotations

from dataclasses import replace

from bot.learning import ability, review
from bot.learning.item_analysis import KNOWN_AFTER
from bot.learning.items import Level
from bot.learning.mastery import standing
from bot.learning.reporting import Decision, Verdict
from bot.learning.review import Card
from bot.storage import Database, abilities, attempts, cards, item_counters, preferences, reports, tidings
from bot.storage.attempts import Attempt


def record(db: Database, attempt: Attempt, level: Level, options: int = 0) -> Card:
    """Keeps an answer and all that follows from it; gives the item's new card. Call it inside `Storage.write`.

    `level` is where the item's difficulty starts, `options` how many there were to guess from (0: none).
    Only the first answer to an item moves the estimates: the second one shows memory of the feedback. An item is judged by each learner's
    first answer to it, whichever cluster it was about.
    An answer to a question that is being corrected meanwhile is kept as corrected, and the learner will be told.
    An attempt without a skill moves no estimate but the item's; it comes back in reviews all the same.
    """
    if correction := reports.correction(db, attempt.item):
        attempt = _corrected(db, attempt, correction)
    met = attempts.answered(db, attempt.learner, attempt.item, None)
    if not attempt.voided and not (met and attempts.answered(db, attempt.learner, attempt.item, attempt.instance)):
        before = abilities.difficulty(db, attempt.item) or ability.starting_at(level)
        own = abilities.of(db, attempt.learner)
        attempt = replace(
            attempt,
            strength=round(1000 * own.at(attempt.skill)) if own.general.answers >= KNOWN_AFTER else None,
            chance=ability.chance(own.at(attempt.skill), before.value, options),
        )
        strength, hardness = ability.update(own, before, attempt.skill, correct=attempt.correct and not attempt.hints, options=options)
        if attempt.skill:
            abilities.save(db, attempt.learner, attempt.skill, strength)
        abilities.set_difficulty(db, attempt.item, hardness)
    attempts.add(db, attempt)
    if attempt.voided:
        return cards.find(db, attempt.learner, attempt.item) or review.first_card(attempt.item, attempt.skill or attempt.item, attempt.at)
    if not met:
        item_counters.count(db, attempt)
    if attempt.skill:
        evidence = attempts.evidence(db, attempt.learner, attempt.skill)
        abilities.set_standing(db, attempt.learner, attempt.skill, standing(evidence))
    known = cards.find(db, attempt.learner, attempt.item) or review.first_card(attempt.item, attempt.skill or attempt.item, attempt.at)
    grade = review.grade(correct=attempt.correct, confidence=attempt.confidence, hints=attempt.hints)
    card = review.review(known, grade, attempt.at, preferences.of(db, attempt.learner).exam, attempt.confidence)
    cards.save(db, attempt.learner, [card])
    return card


def _corrected(db: Database, attempt: Attempt, by: Decision) -> Attempt:
    """The answer as a decision on its question has it, which was taken while the question was on the screen."""
    voided = by.verdict is Verdict.VOIDED
    if not voided and (attempt.correct or attempt.option != by.option):
        return attempt
    tidings.add(db, attempt.learner, by.id, tidings.CORRECTED, direct=False)
    return replace(attempt, voided=True) if voided else replace(attempt, correct=True)
