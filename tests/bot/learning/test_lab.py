"""A lab attempt: credit, hints, endings."""

from __future__ import annotations

from bot.learning.lab import CREDIT, DETOUR, LEAST, Ending, LabAttempt, Part, give_up, operate, reset, submit, take_hint, toggled

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


def test_an_operation_in_vain_costs_once() -> None:
    """One that helps is free, and so are taking back and doing the same thing again; something always remains."""
    helped = operate(OPEN, ("open",), "open", helps=True, solved=False)
    assert (helped.operations, helped.credit, helped.helped) == (("open",), 100, 0)
    vain = operate(helped, toggled(helped.operations, "restart"), "restart", helps=False, solved=False)
    assert (vain.operations, vain.credit, vain.helped) == (("open", "restart"), 100 - DETOUR, 1)
    back = operate(vain, toggled(vain.operations, "restart"), "restart", helps=False, solved=False)
    assert (back.operations, back.credit) == (("open",), 100 - DETOUR)
    again = operate(back, toggled(back.operations, "restart"), "restart", helps=False, solved=True)
    assert (again.credit, again.ending) == (100 - DETOUR, Ending.SOLVED)
    assert reset(back).operations == ()
    assert reset(back).detours == ("restart",)
    lost = OPEN
    for number in range(20):
        lost = operate(lost, (f"vain-{number}",), f"vain-{number}", helps=False, solved=False)
    assert lost.credit == LEAST


def test_it_outlives_the_process() -> None:
    """Written as data and read again it is the same; one that was kept before there were operations has none."""
    attempt = operate(submit(take_hint(OPEN, 1), PART, PART, solved=True), ("open",), "open", helps=False, solved=False)
    data = attempt.as_data()
    assert LabAttempt.of(data) == attempt
    old = {key: value for key, value in data.items() if key not in ("operations", "detours")}
    assert LabAttempt.of(old).operations == ()
