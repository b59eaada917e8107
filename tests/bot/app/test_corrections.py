"""Correcting answers after the fact: as if they had been right, or had not been given, a few people's in each transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import answers, corrections
from bot.app.sittings import KINDS
from bot.learning.items import Choice
from bot.learning.quiz import Choose, Quiz, question_of, step
from bot.learning.reporting import Kind, Thing, Verdict
from bot.storage import (
    Database,
    Storage,
    abilities,
    attempts,
    cards,
    item_counters,
    lesson_progress,
    quarantines,
    reports,
    sessions,
    tidings,
)
from bot.storage.attempts import Attempt
from bot.storage.migrations import migrations
from bot.storage.sessions import SessionRow
from tests.bot.conftest import NOW
from tests.bot.material import choice

ITEM = choice("q-1", skill="skill-1")
THING = Thing(Kind.QUESTION, "q-1")
OPTION = 2
"""The wrong option that turns out to be right as well."""


def fresh() -> Database:
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    migrations.apply(db)
    return db


def attempt(number: int, item: int, option: int, learner: int = 1, confidence: str = "") -> Attempt:
    wrong = {1: "name-matches", 2: "silent-drop"}.get(option, "")
    at = NOW + timedelta(hours=7 * number)
    return Attempt(learner, f"q-{item}", f"skill-{item % 3}", f"s{number}", 0, option, option == 0, confidence, at, misconception=wrong)


def told(db: Database, history: Sequence[Attempt]) -> Database:
    for each in history:
        answers.record(db, each, ITEM.level, 3)
    return db


def begin(db: Database, verdict: Verdict, option: int = -1) -> corrections.Corrected:
    decision, _ = reports.decide(db, THING, 0, verdict, "", NOW, option)
    belief = corrections.belief_of(ITEM, option)
    whose, _ = corrections.affected(db, "q-1", option, belief, 0)
    corrections.begin(db, decision, belief)
    return corrections.Corrected(len(whose), len(set(whose)))


def go_on(db: Database) -> bool:
    """The answers of one more person."""
    return corrections.go_on(db, lambda _: 3, KINDS, NOW, people=1)


def decide(db: Database, verdict: Verdict, option: int = -1) -> corrections.Corrected:
    affected = begin(db, verdict, option)
    while go_on(db):
        continue
    return affected


def seen(db: Database) -> Any:
    """All that is read off answers, for both learners."""
    return [
        (
            abilities.standings(db, learner), cards.find(db, learner, "q-1"), attempts.last_results(db, learner),
            [(e.correct, e.instance) for e in attempts.evidence(db, learner)],
        )
        for learner in (1, 2)
    ]  # fmt: skip


histories = st.lists(
    st.builds(
        lambda item, option, learner, confidence: (item, option, learner, confidence),
        st.integers(1, 4), st.integers(0, 2), st.integers(1, 2), st.sampled_from(["", "sure", "guess"]),
    ),
    max_size=25,
).map(lambda rows: [attempt(number, *row) for number, row in enumerate(rows)])  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(histories)
def test_accepting_an_option_is_as_if_it_had_been_right_from_the_start(history: list[Attempt]) -> None:
    """Answers, cards, standings; the counters are what a recount gives; the estimates are near, and nearer than untouched."""
    right = [replace(a, correct=True) if a.item == "q-1" and a.option == OPTION else a for a in history]
    wanted, db, untouched = told(fresh(), right), told(fresh(), history), told(fresh(), history)
    corrected = decide(db, Verdict.ACCEPTED, OPTION)

    assert corrected.answers == sum(a != b for a, b in zip(history, right, strict=True))
    assert seen(db) == seen(wanted)
    kept = item_counters.tallies(db)
    item_counters.recount(db)
    assert item_counters.tallies(db) == kept
    for learner in (1, 2):
        for skill in ("skill-0", "skill-1", "skill-2"):
            aim, got = abilities.of(wanted, learner).at(skill), abilities.of(db, learner).at(skill)
            assert abs(got - aim) <= max(0.12, abs(abilities.of(untouched, learner).at(skill) - aim))
            assert abs(got - aim) < 0.3


@settings(max_examples=60, deadline=None)
@given(histories)
def test_a_question_that_counts_for_nothing_leaves_no_trace(history: list[Attempt]) -> None:
    """As if it had never been asked; the answers are still in the file."""
    wanted, db = told(fresh(), [a for a in history if a.item != "q-1"]), told(fresh(), history)
    corrected = decide(db, Verdict.VOIDED)

    assert corrected.answers == sum(a.item == "q-1" for a in history)
    assert db.table("attempts").count == len(history)
    for mine, others in zip(seen(db), seen(wanted), strict=True):
        assert {skill: s for skill, s in mine[0].items() if s.value != "new"} == others[0]
        assert mine[1:] == others[1:]
    kept = item_counters.tallies(db)
    assert "q-1" not in kept
    item_counters.recount(db)
    assert item_counters.tallies(db) == kept
    assert abilities.difficulty(db, "q-1") is None
    for learner in (1, 2):
        one, other = abilities.of(db, learner), abilities.of(wanted, learner)
        assert one.general.answers == other.general.answers
        assert abs(one.general.value - other.general.value) < 0.2


def test_the_last_answer_is_undone_exactly() -> None:
    """With nothing after it there is nothing to estimate: strength and difficulty are what they would have been."""
    history = [attempt(0, 2, 0), attempt(1, 3, 1), attempt(2, 1, OPTION)]
    wanted, db = told(fresh(), [*history[:2], replace(history[2], correct=True)]), told(fresh(), history)
    decide(db, Verdict.ACCEPTED, OPTION)
    assert abilities.of(db, 1).at("skill-1") == pytest.approx(abilities.of(wanted, 1).at("skill-1"))
    got, aim = abilities.difficulty(db, "q-1"), abilities.difficulty(wanted, "q-1")
    assert got
    assert aim
    assert got.value == pytest.approx(aim.value)

    left_out, without = told(fresh(), history), told(fresh(), history[:2])
    decide(left_out, Verdict.VOIDED)
    assert abilities.of(left_out, 1).general.value == pytest.approx(abilities.of(without, 1).general.value)
    assert abilities.of(left_out, 1).general.answers == 2


def test_an_option_of_an_older_edition_is_left_alone() -> None:
    """The number is the same and the belief behind it another one: it was another option."""
    db = told(fresh(), [replace(attempt(0, 1, OPTION), misconception="another-belief")])
    assert decide(db, Verdict.ACCEPTED, OPTION) == corrections.Corrected()
    assert tidings.of(db, 1) == []


def test_everybody_concerned_is_told_once() -> None:
    """Who chose the option, once, with the next use of the bot; nobody else."""
    db = told(fresh(), [attempt(0, 1, OPTION), attempt(1, 1, OPTION), attempt(2, 1, 1, learner=2)])
    decide(db, Verdict.ACCEPTED, OPTION)
    assert [tiding.what for tiding in tidings.of(db, 1)] == [tidings.CORRECTED]
    assert tidings.of(db, 2) == []
    assert tidings.to_send(db) == {}


def test_what_is_answered_in_spite_of_it_is_corrected_at_once() -> None:
    """The question was on the screen: the option counts, and the learner is told; after it was mended, nothing is corrected any more."""
    db = fresh()
    decide(db, Verdict.ACCEPTED, OPTION)
    told(db, [attempt(0, 1, OPTION), attempt(1, 1, 1, learner=2)])
    assert attempts.last_results(db, 1) == {"q-1": True}
    assert attempts.last_results(db, 2) == {"q-1": False}
    assert len(tidings.of(db, 1)) == 1
    decide(db, Verdict.VOIDED)
    told(db, [attempt(2, 1, 0, learner=3)])
    assert attempts.last_results(db, 3) == {}
    assert cards.of(db, 3) == []
    assert abilities.of(db, 3).general.answers == 0
    reports.decide(db, THING, 0, Verdict.BROUGHT_BACK, "", NOW)
    told(db, [attempt(3, 1, OPTION, learner=4), attempt(4, 1, 0, learner=3)])
    assert attempts.last_results(db, 4) == {"q-1": False}
    assert attempts.last_results(db, 3) == {"q-1": True}
    kept = item_counters.tallies(db)
    item_counters.recount(db)
    assert item_counters.tallies(db) == kept


async def test_an_open_sitting_counts_it_and_a_lesson_step_is_understood(storage: Storage) -> None:
    """The score on the screen follows, and so does the step that the question closes."""
    item = ITEM
    assert isinstance(item, Choice)
    question = replace(question_of(item, Random(1)), order=(0, 1, 2))
    quiz, _ = step(Quiz("abc", 1, (question,), chunk="why-services", kind="chunk-question"), Choose(0, OPTION), NOW)

    def work(db: Database) -> tuple[SessionRow | None, frozenset[str]]:
        sessions.save(db, SessionRow(quiz.id, quiz.kind, 1, quiz.as_data(), False), NOW)
        answers.record(db, replace(attempt(0, 1, OPTION), session="abc"), item.level, 3)
        decide(db, Verdict.ACCEPTED, OPTION)
        return sessions.load(db, "abc", quiz.kind), lesson_progress.of(db, 1).understood

    row, understood = await storage.write(work)
    assert row is not None
    assert Quiz.of(row.state).right == 1
    assert understood == {"why-services"}
    assert await storage.read(lambda db: quarantines.held(db, 0)) == frozenset(), "taking out is the decision's, not the correction's"


def test_what_is_left_to_correct_is_in_the_file_and_reaches_no_later_answer() -> None:
    """One person's answers at a time, whoever goes on with it; meanwhile the question is mended and answered anew."""
    db = told(fresh(), [attempt(number, 1, OPTION, learner) for number, learner in enumerate((1, 2, 1, 3))])
    assert begin(db, Verdict.VOIDED) == corrections.Corrected(4, 3)
    left = [sum(bool(attempts.given(db, "q-1", learner)) for learner in (1, 2, 3)) for _ in range(3) if go_on(db)]
    assert left == [2, 1, 0]
    reports.decide(db, THING, 0, Verdict.BROUGHT_BACK, "", NOW)
    told(db, [attempt(4, 1, 0, learner=3)])
    while go_on(db):
        continue
    assert [one.correct for one in attempts.given(db, "q-1", 3).values()] == [True]
    assert [len(tidings.of(db, learner)) for learner in (1, 2, 3)] == [1, 1, 1]


def test_the_second_decision_waits_for_the_first() -> None:
    """An option is accepted and the whole question left out after all, before the first has been carried out."""
    history = [attempt(number, 1, OPTION, learner) for number, learner in enumerate((1, 2))]
    wanted, db = told(fresh(), []), told(fresh(), history)
    begin(db, Verdict.ACCEPTED, OPTION)
    decide(db, Verdict.VOIDED)
    assert [mine[1:] for mine in seen(db)] == [others[1:] for others in seen(wanted)]
    assert abilities.difficulty(db, "q-1") is None
