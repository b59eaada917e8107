"""A quiz is a value: every step is a function of the quiz, the event and the time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.learning.items import Level, ScenarioItem, Step, Written
from bot.learning.quiz import (
    LONGEST_SECONDS,
    Choose,
    Confide,
    Confidence,
    Event,
    GoOn,
    Outcome,
    Quiz,
    Stop,
    choose_questions,
    parts_of,
    question_of,
    step,
)
from tests.bot.material import choice

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def quiz(length: int = 2) -> Quiz:
    return Quiz("abc", 1, tuple(question_of(choice(f"q-{number}"), Random(number)) for number in range(length)))


def right_place(given: Quiz) -> int:
    return given.question.order.index(given.question.key)


def test_an_answer_is_graded_by_the_option_behind_the_letter() -> None:
    """The options are shuffled; what counts is the author's option that was shown there."""
    begun = quiz()

    after, outcome = step(begun, Choose(0, right_place(begun)), NOW)

    assert outcome is Outcome.ANSWERED
    assert after.answer is not None
    assert after.answer.correct
    assert after.right == 1


def test_a_second_click_changes_nothing() -> None:
    """The same button twice is one answer; another button afterwards does not replace the first answer."""
    begun = quiz()
    after, _ = step(begun, Choose(0, 0), NOW)

    assert step(after, Choose(0, 0), NOW) == (after, Outcome.REPEATED)
    assert step(after, Choose(0, 1), NOW) == (after, Outcome.LATE)


def test_confidence_goes_with_the_next_answer_only() -> None:
    """What was said before an answer is kept with it, and the next question starts without."""
    sure, _ = step(quiz(), Confide(0, Confidence.SURE), NOW)
    answered, _ = step(sure, Choose(0, 0), NOW)

    assert answered.answers[0].confidence == "sure"
    assert answered.confidence == ""
    assert step(answered, Confide(0, Confidence.GUESS), NOW)[1] is Outcome.REPEATED


def test_going_on_needs_an_answer_and_happens_once() -> None:
    """No question is skipped by a stray click, none is jumped over by a double click."""
    begun = quiz()
    assert step(begun, GoOn(0), NOW) == (begun, Outcome.LATE)
    answered, _ = step(begun, Choose(0, 0), NOW)
    second, outcome = step(answered, GoOn(0), NOW)

    assert (second.at, outcome) == (1, Outcome.MOVED)
    assert step(second, GoOn(0), NOW) == (second, Outcome.REPEATED)


def test_after_the_end_nothing_is_answered() -> None:
    """A quiz that was stopped takes no more answers; stopping it again is no fault."""
    stopped, _ = step(quiz(), Stop(), NOW)

    assert stopped.over
    assert step(stopped, Choose(0, 0), NOW) == (stopped, Outcome.LATE)
    assert step(stopped, Stop(), NOW) == (stopped, Outcome.REPEATED)


events = st.one_of(
    st.builds(Choose, st.integers(-1, 4), st.integers(-1, 4)),
    st.builds(Confide, st.integers(-1, 4), st.sampled_from(Confidence)),
    st.builds(GoOn, st.integers(-1, 4)),
    st.builds(Stop),
)


@given(st.lists(events, max_size=30))
def test_whatever_is_clicked(clicks: list[Event]) -> None:
    """Answers never change or vanish, at most one comes per question, and only steps that changed something report so."""
    now = quiz(3)
    for event in clicks:
        after, outcome = step(now, event, NOW)
        assert after.answers[: len(now.answers)] == now.answers
        assert len(after.answers) - len(now.answers) == (outcome is Outcome.ANSWERED)
        assert (after != now) == (outcome in (Outcome.ANSWERED, Outcome.MOVED))
        assert len(after.answers) in (after.at, after.at + 1)
        assert Quiz.of(json.loads(json.dumps(after.as_data()))) == after
        now = after


def scenario() -> ScenarioItem:
    steps = (Step(choice("s-1", "x")), Step(choice("s-2", "y")))
    return ScenarioItem("s", "services", "z", Level.BEGINNER, "Two steps.", "Both matter.", steps=steps)


def test_a_scenario_is_asked_whole_or_not_at_all() -> None:
    """Its steps follow each other in their order, and only where there is room for all of them, or nothing else."""
    chosen = [item.id for item in choose_questions([scenario(), choice("a"), choice("b", "b")], 4, {}, Random(1))]

    assert sorted(chosen) == ["a", "b", "s-1", "s-2"]
    assert chosen.index("s-2") == chosen.index("s-1") + 1
    assert [item.id for item in choose_questions([scenario(), choice("a")], 1, {}, Random(1))] == ["a"]
    assert [item.id for item in choose_questions([scenario()], 1, {}, Random(1))] == ["s-1", "s-2"]
    assert not choose_questions([], 1, {}, Random(1))


def test_what_must_be_written_is_not_asked_by_options() -> None:
    """A written question, and a scenario with one, are left to others."""
    written = Written("w", "services", "z", Level.BEGINNER, "Why?", "Because.")

    assert parts_of(written) == ()
    assert parts_of(replace(scenario(), steps=(Step(written),))) == ()


def test_new_and_missed_items_come_before_known_ones_and_skills_take_turns() -> None:
    """Of three items on one skill and one on another, the first two chosen are of both skills; what was right waits."""
    pool = [choice("a-1", "a"), choice("a-2", "a"), choice("a-3", "a"), choice("b-1", "b"), choice("known", "c")]

    chosen = choose_questions(pool, 5, {"known": True, "a-1": False}, Random(3))

    assert {item.skill for item in chosen[:2]} == {"a", "b"}
    assert chosen[-1].id == "known"
    assert len(choose_questions(pool, 2, {}, Random(3))) == 2


def test_the_time_of_an_answer_counts_from_when_the_question_came_to_the_screen() -> None:
    """From the beginning for the first, from the way on for the next; at most an hour, and unknown in a quiz from before."""
    begun = replace(quiz(3), shown=NOW.isoformat())
    moments = [(Choose(0, 0), 12.0), (GoOn(0), 60.0), (Choose(1, 0), 69.6), (GoOn(1), 70.0), (Choose(2, 0), 86_400.0)]
    for event, seconds in moments:
        begun, _ = step(begun, event, NOW + timedelta(seconds=seconds))
    assert [answer.seconds for answer in begun.answers] == [12, 10, LONGEST_SECONDS]
    older, _ = step(quiz(1), Choose(0, 0), NOW)
    assert older.answers[0].seconds is None


def test_a_question_in_a_line_does_not_end_where_something_is_shown() -> None:
    """Its first line; with the last, where the first only leads on to a terminal."""
    asked = choice("a")
    assert replace(asked, stem="What comes?\nMore.").gist == "What comes?"
    assert replace(asked, stem="You look:\n```\n$ date\n```\nWhat comes?").gist == "You look: … What comes?"
    assert replace(asked, stem="It ends so:").gist == "It ends so:"
