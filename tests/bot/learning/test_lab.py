"""A lab attempt: credit, hints, endings."""

from __future__ import annotations

from bot.learning.lab import CREDIT, Ending, LabAttempt, Part, give_up, reset, submit, take_hint

OPEN = LabAttempt("k3v9x2", 1, "selector-typo")
PART = (Part("a.yaml", "kind: Service", ("Service/default/web",)),)


def test_hints_cost_and_handing_in_does_not() -> None:
    """Each further hint lowers the credit; the same one again costs nothing, and none can be left out."""
    tried = submit(OPEN, PART, PART, solved=False)
    assert (tried.credit, tried.submissions) == (100, 1)
    one = take_hint(tried, 1)
    assert (one.credit, one.next_credit) == (CREDIT[1], CREDIT[2])
    assert take_hint(one, 1) == one
    assert take_hint(one, 3) == one


def test_solved_stays_solved() -> None:
    """What is tried after the end changes neither ending nor credit."""
    solved = submit(take_hint(OPEN, 1), PART, PART, solved=True)
    assert (solved.ending, solved.credit) == (Ending.SOLVED, CREDIT[1])
    assert submit(solved, PART, (), solved=False).ending is Ending.SOLVED
    assert give_up(solved) == solved
    assert take_hint(solved, 2).credit == CREDIT[1]


def test_a_solution_that_was_shown_is_worth_nothing() -> None:
    """Reaching the goal afterwards is not counted as solved."""
    after = submit(give_up(OPEN), PART, PART, solved=True)
    assert (after.ending, after.credit) == (Ending.GIVEN_UP, 0)


def test_a_reset_keeps_the_hints_that_were_taken() -> None:
    """Only the cluster begins afresh."""
    after = reset(submit(take_hint(OPEN, 1), PART, PART, solved=False))
    assert (after.applied, after.tried, after.hints) == ((), (), 1)


def test_it_outlives_the_process() -> None:
    """Written as data and read again it is the same."""
    attempt = submit(take_hint(OPEN, 1), PART, PART, solved=True)
    assert LabAttempt.of(attempt.as_data()) == attempt
