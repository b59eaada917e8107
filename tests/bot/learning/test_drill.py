"""Interview drills: roles, rotation, the clock, scores, absences."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.learning.drill import (
    Card,
    Drill,
    EndTurn,
    Event,
    Join,
    Judge,
    Leave,
    NextTurn,
    Outcome,
    Phase,
    Probe,
    Write,
    closed,
    step,
    summary,
)
from bot.learning.gathering import Back, Pause, Resume, Start, Stop, TimeUp

T0 = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def play(drill: Drill, *events: Event, start: float = 0) -> tuple[Drill, list[Outcome]]:
    outcomes = []
    for n, event in enumerate(events):
        drill, outcome = step(drill, event, at(start + n))
        outcomes.append(outcome)
    return drill, outcomes


def begun(people: int = 3) -> Drill:
    drill, _ = play(Drill("d", 1, 180, ("i1", "i2", "i3", "i4"), opened=T0.isoformat()), *[Join(n) for n in range(1, people + 1)], Start(1))
    return drill


def test_roles_rotate_so_that_everyone_is_candidate_once() -> None:
    """Candidates in the order of joining; the one after interviews."""
    drill, roles = begun(), []
    for n in range(3):
        roles.append((drill.turn.candidate, drill.turn.interviewer))
        drill, _ = play(drill, EndTurn(drill.turn.candidate, n), NextTurn(drill.host, n))
    assert roles == [(1, 2), (2, 3), (3, 1)]


def test_each_role_may_do_only_its_own_part() -> None:
    """The candidate writes, the interviewer probes, observers only judge, and nobody before the time."""
    drill, outcomes = play(
        begun(), Write(2, 0, "mine"), Probe(3, 0, 0), Judge(3, 0, Card(4)), Write(1, 0, "a Service"), Probe(2, 0, 1), Probe(2, 0, 1)
    )
    assert outcomes == [Outcome.NOT_YOURS, Outcome.NOT_YOURS, Outcome.LATE, Outcome.CHANGED, Outcome.CHANGED, Outcome.REPEATED]
    assert (drill.turn.answer, drill.turn.probes) == ("a Service", (1,))


def test_the_clock_ends_the_turn_unless_it_is_paused() -> None:
    """A pause moves the deadline by its own length; the time of another turn changes nothing."""
    drill, _ = play(begun(), Pause(3), start=10)
    drill, outcome = step(drill, TimeUp(), at(200))
    assert outcome is Outcome.REPEATED
    drill, _ = step(drill, Resume(1), at(310))
    assert drill.deadline == at(3 + 180 + 300)
    drill, outcome = step(drill, TimeUp(), at(483))
    assert (drill.phase, outcome) == (Phase.SCORING, Outcome.CHANGED)


def test_an_absence_of_the_bot_costs_no_candidate_the_turn() -> None:
    """After a restart a minute is left; what nobody ends, ends by itself with its scores kept."""
    drill, outcome = step(begun(), Back(), at(500))
    assert (outcome, drill.deadline) == (Outcome.CHANGED, at(560))
    drill, _ = step(drill, EndTurn(1, 0), at(510))
    drill, _ = step(drill, Judge(2, 0, Card(4)), at(520))
    drill, _ = step(drill, TimeUp(), at(510 + 24 * 3600))
    assert (drill.phase, closed(drill), drill.turn.cards[2].score) == (Phase.OVER, [0], 4)


def test_a_leaving_candidate_is_skipped_and_the_question_goes_to_the_next() -> None:
    """Nothing is lost: the item is asked of the next candidate, and whoever comes back gets a turn."""
    drill, _ = play(begun(), Leave(1))
    assert (drill.host, drill.turn.candidate, drill.turn.item, drill.turns[0].skipped) == (2, 2, "i1", True)
    drill, _ = play(drill, Join(1), EndTurn(2, 1), NextTurn(2, 1))
    assert drill.turn.candidate == 1


def test_the_summary_gives_median_spread_and_weak_points_without_the_candidates_own_card() -> None:
    """Scores of the others count; the candidate's own stands beside them."""
    drill, _ = play(
        begun(4),
        EndTurn(1, 0),
        Judge(1, 0, Card(5, ("a",))),
        Judge(2, 0, Card(2, ("a",), "speak of DNS")),
        Judge(3, 0, Card(4, ("a", "b"))),
        Judge(4, 0, Card(3)),
    )
    (told,) = summary(drill, {"i1": ("a", "b", "c")})
    assert (told.low, told.median, told.high, told.own) == (2, 3, 4, 5)
    assert told.heard == {"a": 2 / 3, "b": 1 / 3, "c": 0}
    assert told.notes == ("speak of DNS",)


PEOPLE, TURNS = st.integers(1, 4), st.integers(0, 3)
EVENTS = st.one_of(
    st.builds(Join, PEOPLE), st.builds(Leave, PEOPLE), st.builds(Start, PEOPLE), st.builds(Write, PEOPLE, TURNS, st.text(max_size=5)),
    st.builds(Probe, PEOPLE, TURNS, st.integers(0, 2)), st.builds(EndTurn, PEOPLE, TURNS), st.just(TimeUp()), st.just(Back()),
    st.builds(Judge, PEOPLE, TURNS, st.builds(Card, st.integers(0, 6), st.just(("a",)))), st.builds(NextTurn, PEOPLE, TURNS),
    st.builds(Pause, PEOPLE), st.builds(Resume, PEOPLE), st.builds(Stop, PEOPLE),
)  # fmt: skip


@given(st.lists(EVENTS, max_size=60))
def test_any_order_of_events_keeps_the_drill_sound(events: list[Event]) -> None:
    """No event raises, a drill survives JSON at every moment, its host is present while anybody is."""
    drill = Drill("d", 1, 180, ("i1", "i2", "i3", "i4"), opened=T0.isoformat())
    for n, event in enumerate(events):
        drill, _ = step(drill, event, at(n))
        assert Drill.of(json.loads(json.dumps(drill.as_data()))) == drill
        if drill.turns and drill.present:
            assert drill.host in drill.present or drill.host not in drill.people
        summary(drill, {"i1": ("a",)})
