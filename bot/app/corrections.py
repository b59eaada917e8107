"""Answers corrected after the fact: an option counts as right as well, or a question counts for nothing.

Responsible for: the affected answers with all that followed from them, some people's in each transaction, so that nobody else waits.
Leaves to others: deciding (`judge_reports`), the rules (`bot.learning`), answers that still come in (`answers`), telling the learners
(`tell_reporters`).
What is left to do is in the file from the decision on: a bot that is killed goes on where it was.

Recomputed from what is kept: the answer, its review card, the standing of the skill, the question's figures, a step's being understood, the
score of a sitting that is open. Moved by what the answer had moved them, with its after-effect on later answers to the first order: the
learner's estimates; the question's difficulty without after-effects. An answer that does not tell how probable it was, since it is from
before that was kept, leaves its mark on the estimates when it is left out. Tables of rounds that are over, and what a placement concluded,
stay as they were shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from bot.learning import review
from bot.learning.ability import Ability, Moved, corrected, easier, slope
from bot.learning.items import Choice, Written
from bot.learning.mastery import standing
from bot.learning.quiz import Quiz
from bot.learning.reporting import Decision, Verdict
from bot.storage import Database, abilities, attempts, cards, item_counters, lesson_progress, preferences, reports, sessions, tidings
from bot.storage import corrections as under_way
from bot.storage.attempts import Attempt
from bot.storage.corrections import UnderWay
from bot.storage.sessions import SessionRow

Options: TypeAlias = Callable[[str], int]

AT_ONCE = 5
"""People whose answers are corrected in one transaction: each takes a few milliseconds."""
_LOOKED_AT = 100
"""Answers that are looked at in one transaction, affected or not."""
_COUNTED = 500
"""Answers that are counted in one go."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """How many answers of how many people."""

    answers: int = 0
    people: int = 0


def affected(db: Database, item: str, option: int, belief: str, after: int) -> tuple[Sequence[int], int]:
    """Whose answers a decision on a question would correct, among the next ones after that number; and the number of the last one of these.

    They are those that chose this option, as far as it came from this belief; -1: all.
    """
    rows = attempts.following(db, item, after, attempts.last(db), _COUNTED)
    return [one.learner for one in rows.values() if option < 0 or _was(one, option, {"", belief})], max(rows, default=after)


def belief_of(item: Choice | Written | None, option: int) -> str:
    """The misconception behind an option of a question; "" where there is none."""
    return item.options[option].misconception if isinstance(item, Choice) and option >= 0 else ""


def begin(db: Database, decision: Decision, belief: str) -> None:
    """Corrects the question's figures, and notes that the answers given so far are to be. Call it with the decision, in `Storage.write`."""
    if decision.verdict is Verdict.ACCEPTED:
        item_counters.accept(db, decision.thing.id, decision.option, {"", belief})
    else:
        item_counters.forget(db, decision.thing.id)
        abilities.forget_difficulty(db, decision.thing.id)
    under_way.save(db, UnderWay(decision.id, belief, attempts.last(db)))


def go_on(db: Database, options: Options, kinds: Sequence[str], now: datetime, people: int = AT_ONCE) -> bool:
    """Does what a decision says to the answers of some more people. False: nothing was left to do. Call it in `Storage.write`.

    `options` tells how many there are to guess from in an item, `kinds` are those of sittings.
    """
    begun = under_way.first(db)
    if begun is None:
        return False
    decision = reports.decision(db, begun.decision)
    rows = attempts.following(db, decision.thing.id, begun.at, begun.last, _LOOKED_AT) if decision else {}
    seen: set[int] = set()
    for number, one in rows.items():
        assert decision is not None
        moved = attempts.first(db, one) == number
        if one.learner not in seen and (decision.verdict is Verdict.VOIDED or _was(one, decision.option, {"", begun.belief})):
            seen.add(one.learner)
            if moved and decision.verdict is Verdict.ACCEPTED:
                _make_easier(db, one.item, begun.moved)
            _correct_one(db, one.learner, decision, begun, options, kinds, now)
        begun = replace(begun, at=number, moved=begun.moved + moved)
        if len(seen) == people:
            break
    if rows:
        under_way.save(db, begun)
    else:
        under_way.done(db, begun.decision)
    return True


def _was(one: Attempt, option: int, beliefs: set[str]) -> bool:
    """Was this the option, as far as an answer can tell? A number alone may be of an older edition of the question."""
    return one.option == option and not one.correct and not one.instance and one.misconception in beliefs


def _make_easier(db: Database, item: str, before: int) -> None:
    """The answer that came after so many others was right: the question was easier than it seemed."""
    hardness = abilities.difficulty(db, item)
    if hardness:
        abilities.set_difficulty(db, item, easier(hardness, before, 1.0))


def _correct_one(
    db: Database, learner: int, decision: Decision, begun: UnderWay, options: Options, kinds: Sequence[str], now: datetime
) -> None:
    """One learner's answers to the question, then everything that is read off them."""
    item, accepts = decision.thing.id, decision.verdict is Verdict.ACCEPTED
    given = attempts.given(db, item, learner)
    moved = {number for number, one in given.items() if attempts.first(db, one) == number}
    own = {n: a for n, a in given.items() if n <= begun.last and (not accepts or _was(a, decision.option, {"", begun.belief}))}
    strength = abilities.of(db, learner)
    for number, one in own.items():
        if number in moved and one.skill and not (accepts and one.hints):
            strength = _strength(db, strength, number, one, options, accepts=accepts)
        (attempts.correct if accepts else attempts.void)(db, number)
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
    for one in own.values() if accepts else ():
        _correct_sitting(db, one, kinds, now)
    tidings.add(db, learner, decision.id, tidings.CORRECTED, direct=False)


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
