"""What follows from an answer, whoever asked: quiz, review, lab, round or drill.

Responsible for: keeping the attempt and, in the same transaction, the review card, the estimates and the standing of the skill.
Leaves to others: whether the answer was right, the rules by which it counts (`bot.learning`), the tables (`bot.storage`).
"""

from __future__ import annotations

from bot.learning import ability, review
from bot.learning.items import Level
from bot.learning.mastery import standing
from bot.learning.review import Card
from bot.storage import Database, abilities, attempts, cards, preferences
from bot.storage.attempts import Attempt


def record(db: Database, attempt: Attempt, level: Level, options: int = 0) -> Card:
    """Keeps an answer and all that follows from it; gives the item's new card. Call it inside `Storage.write`.

    `level` is where the item's difficulty starts, `options` how many there were to guess from (0: none).
    Only the first answer to an item moves the estimates: the second one shows memory of the feedback.
    """
    first = not attempts.answered(db, attempt.learner, attempt.item, attempt.instance)
    attempts.add(db, attempt)
    if first:
        before = abilities.difficulty(db, attempt.item) or ability.starting_at(level)
        strength, hardness = ability.update(
            abilities.of(db, attempt.learner), before, attempt.skill, correct=attempt.correct and not attempt.hints, options=options
        )
        abilities.save(db, attempt.learner, attempt.skill, strength)
        abilities.set_difficulty(db, attempt.item, hardness)
    evidence = attempts.evidence(db, attempt.learner, attempt.skill)
    abilities.set_standing(db, attempt.learner, attempt.skill, standing(evidence))
    known = cards.find(db, attempt.learner, attempt.item) or review.first_card(attempt.item, attempt.skill, attempt.at)
    grade = review.grade(correct=attempt.correct, confidence=attempt.confidence, hints=attempt.hints)
    card = review.review(known, grade, attempt.at, preferences.of(db, attempt.learner).exam, attempt.confidence)
    cards.save(db, attempt.learner, [card])
    return card
