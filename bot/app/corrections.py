"""Answers corrected after the fact: an option counts as right as well, or a question counts for nothing.

Responsible for: the affected answers with all that followed from them, in the transaction of the decision; answers that still come in.
Leaves to others: deciding (`judge_reports`), the rules (`bot.learning`), telling the learners (`tell_reporters`).

Recomputed from what is kept: the answer, its review card, the standing of the skill, the question's figures, a step's being understood, the
score of a sitting that is open. Moved by what the answer had moved them, with its after-effect on later answers to the first order: the
learner's estimates; the question's difficulty without after-effects. An answer that does not tell how probable it was, since it is from
before that was kept, leaves its mark on the estimates when it is left out. Tables of rounds that are over, and what a placement concluded,
stay as they were shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from bot.learning import review
from bot.learning.ability import Ability, Moved, corrected, easier, slope
from bot.learning.items import Choice, Written
from bot.learning.mastery import standing
from bot.learning.quiz import Quiz
from bot.learning.reporting import Decision, Verdict
from bot.storage import Database, abilities, attempts, cards, item_counters, lesson_progress, preferences, sessions, tidings
from bot.storage.attempts import Attempt
from bot.storage.sessions import SessionRow

Options: TypeAlias = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Corrected:
    """How many answers of how many people."""

    answers: int = 0
    people: int = 0


def correct(
    db: Database, decision: Decision, item: Choice | Written | None, options: Options, kinds: Sequence[str], now: datetime
) -> Corrected:
    """Does what a decision says to the answers that were given already. Call it inside `Storage.write`.

    `options` tells how many there are to guess from in an item, `kinds` are those of sittings.
    """
    given = attempts.given(db, decision.thing.id)
    moved = _first_of_each(given)
    accepts = decision.verdict is Verdict.ACCEPTED
    beliefs = {"", item.options[decision.option].misconception} if accepts and isinstance(item, Choice) else set()
    affected = {number: one for number, one in given.items() if not accepts or _was(one, decision.option, beliefs)}
    if accepts:
        _accept_in_figures(db, decision, {number for number in affected if number in moved}, moved, beliefs)
    else:
        item_counters.forget(db, decision.thing.id)
        abilities.forget_difficulty(db, decision.thing.id)
    by_learner: dict[int, dict[int, Attempt]] = defaultdict(dict)
    for number, one in affected.items():
        by_learner[one.learner][number] = one
    for learner, own in by_learner.items():
        _correct_one(db, learner, own, {number for number in own if number in moved}, options, accepts=accepts)
        for one in own.values():
            if accepts:
                _correct_sitting(db, one, kinds, now)
        tidings.add(db, learner, decision.id, tidings.CORRECTED, direct=False)
    return Corrected(len(affected), len(by_learner))


def _was(one: Attempt, option: int, beliefs: set[str]) -> bool:
    """Was this the option, as far as an answer can tell? A number alone may be of an older edition of the question."""
    return one.option == option and not one.correct and not one.instance and one.misconception in beliefs


def _first_of_each(given: Mapping[int, Attempt]) -> Sequence[int]:
    """The numbers of the answers that moved estimates: the first of each learner to each instance, oldest first."""
    first: dict[tuple[int, str], int] = {}
    for number, one in given.items():
        first.setdefault((one.learner, one.instance), number)
    return list(first.values())


def _accept_in_figures(db: Database, decision: Decision, surprised: set[int], moved: Sequence[int], beliefs: set[str]) -> None:
    """The question was easier than it seemed."""
    hardness = abilities.difficulty(db, decision.thing.id)
    for before, number in enumerate(moved):
        if hardness and number in surprised:
            hardness = easier(hardness, before, 1.0)
    if hardness:
        abilities.set_difficulty(db, decision.thing.id, hardness)
    item_counters.accept(db, decision.thing.id, decision.option, beliefs)


def _correct_one(db: Database, learner: int, own: Mapping[int, Attempt], moved: set[int], options: Options, *, accepts: bool) -> None:
    """One learner's answers to the question, then everything that is read off them."""
    strength = abilities.of(db, learner)
    for number, one in own.items():
        if number in moved and one.skill and not (accepts and one.hints):
            strength = _strength(db, strength, number, one, options, accepts=accepts)
        (attempts.correct if accepts else attempts.void)(db, number)
    item = next(iter(own.values())).item
    for skill in strength.skills:
        abilities.save(db, learner, skill, strength)
    for skill in {one.skill for one in own.values()} - {""}:
        abilities.set_standing(db, learner, skill, standing(attempts.evidence(db, learner, skill)))
    left = list(attempts.given(db, item, learner).values())
    grades = [(review.grade(correct=a.correct, confidence=a.confidence, hints=a.hints), a.at, a.confidence) for a in left]
    known = cards.find(db, learner, item)
    card = review.replayed(item, known.skill, grades, preferences.of(db, learner).exam) if known else None
    if card is not None:
        cards.save(db, learner, [card])
    elif known:
        cards.remove(db, learner, item)


def _strength(db: Database, strength: Ability, number: int, one: Attempt, options: Options, *, accepts: bool) -> Ability:
    """The learner's estimates, had the answer been right, or not been given."""
    if one.chance is None and not accepts:
        return strength
    by = 1.0 if accepts or one.chance is None else one.chance - (one.correct and not one.hints)
    steps, of_skill = dict[int, Moved](), Counter[str]()
    for general, (id_, item, skill, chance) in enumerate(attempts.moving(db, one.learner)):
        steps[id_] = Moved(skill, general, of_skill[skill], slope(chance, options(item)) if chance is not None else 0.0)
        of_skill[skill] += 1
    later = [step for id_, step in steps.items() if id_ > number]
    return corrected(strength, steps[number], by, later, left_out=not accepts)


def _correct_sitting(db: Database, one: Attempt, kinds: Sequence[str], now: datetime) -> None:
    """The sitting in which the answer was given, if it is still open, counts it as right; a lesson's step that it closed is understood."""
    row = next((row for kind in kinds if (row := sessions.load(db, one.session, kind))), None)
    if row is None or row.learner != one.learner:
        return
    quiz = Quiz.of(row.state)
    if not row.closed and one.step < len(quiz.answers):
        answered = [replace(a, correct=True) if at == one.step else a for at, a in enumerate(quiz.answers)]
        quiz = replace(quiz, answers=tuple(answered))
        sessions.save(db, SessionRow(quiz.id, quiz.kind, quiz.learner, quiz.as_data(), False), now)
    if quiz.chunk:
        lesson_progress.understood(db, one.learner, quiz.chunk, now)
