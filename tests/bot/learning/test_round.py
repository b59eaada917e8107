"""Group rounds: joining, answering, locking, scores, absences."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.learning.gathering import Back, Pause, Resume, Start, Stop, TimeUp
from bot.learning.quiz import Question
from bot.learning.round import (
    Choose,
    Event,
    Join,
    Leave,
    Lock,
    Mode,
    Next,
    Outcome,
    Phase,
    Round,
    scores,
    shares,
    step,
    team_scores,
    voided,
    won_together,
)

T0 = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
QUESTIONS = (Question("q1", (2, 0, 1), 0), Question("q2", (1, 0), 1))


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def play(*events: tuple[float, Event], mode: Mode = Mode.CLASSIC) -> tuple[Round, list[Outcome]]:
    game, outcomes = Round("r", 1, mode, QUESTIONS, 20, opened=T0.isoformat(), teams=("red", "blue") if mode is Mode.TEAMS else ()), []
    for seconds, event in events:
        game, outcome = step(game, event, at(seconds))
        outcomes.append(outcome)
    return game, outcomes


JOINED: list[tuple[float, Event]] = [(0, Join(1)), (0, Join(2)), (0, Join(3)), (0, Start(1))]


def test_the_last_answer_before_the_lock_counts() -> None:
    """An answer may be changed until the lock, not afterwards; the shown order maps to the author's numbers."""
    game, outcomes = play(*JOINED, (3, Choose(2, 0, 0)), (5, Choose(2, 0, 1)), (20, TimeUp()), (21, Choose(2, 0, 0)))
    assert outcomes[-4:] == [Outcome.CHANGED, Outcome.CHANGED, Outcome.LOCKED, Outcome.LATE]
    assert game.answers[0][2].option == 0
    assert game.answers[0][2].changes == 1
    assert shares(game, 0) == {2: 0, 0: 1, 1: 0}


def test_an_answer_after_the_deadline_is_late_even_before_the_lock_arrives() -> None:
    """The clock decides, not the order in which the timer and a click reach the loop."""
    _, outcomes = play(*JOINED, (20.5, Choose(2, 0, 1)))
    assert outcomes[-1] is Outcome.LATE


def test_unanswered_counts_as_full_time() -> None:
    """Of two players with one right answer each, the one who never hesitated stands first; silence costs the whole time."""
    game, _ = play(*JOINED, (4, Choose(2, 0, 1)), (6, Choose(3, 0, 1)), (20, TimeUp()))
    assert [(s.player, s.right, s.seconds) for s in scores(game)] == [(2, 1, 4), (3, 1, 6), (1, 0, 20)]


def test_a_question_that_was_lost_counts_for_nobody() -> None:
    """Neither its right answers nor the seconds of those who were silent; a round comes back from the file as it was."""
    game, _ = play(*JOINED, (4, Choose(2, 0, 1)), (20, TimeUp()))
    game = Round.of(voided(game).as_data())
    assert [(s.right, s.points, s.seconds) for s in scores(game)] == [(0, 0, 0)] * 3
    older = {key: value for key, value in game.as_data().items() if key != "void"}
    assert [s.right for s in scores(Round.of(older))] == [1, 0, 0]


def test_a_race_gives_points_by_order() -> None:
    """Three players: three points for the first right answer, two for the second."""
    game, _ = play(*JOINED, (4, Choose(2, 0, 1)), (2, Choose(3, 0, 1)), (20, TimeUp()), mode=Mode.RACE)
    assert [(s.player, s.points) for s in scores(game)] == [(3, 3), (2, 2), (1, 0)]


def test_teams_are_compared_by_their_mean_and_together_by_majority() -> None:
    """One right of one beats one right of two; two of three right win a question together."""
    game, _ = play(
        (0, Join(1, "red")),
        (0, Join(2, "red")),
        (0, Join(3, "blue")),
        (0, Start(1)),
        (1, Choose(1, 0, 1)),
        (1, Choose(3, 0, 1)),
        (20, TimeUp()),
        mode=Mode.TEAMS,
    )
    assert team_scores(game) == [("blue", 1.0), ("red", 0.5)]
    assert won_together(game) == 1


def test_a_pause_stops_the_clock() -> None:
    """Ten minutes of pause neither lock the question nor count as thinking time."""
    game, _ = play(*JOINED, (5, Pause(1)), (605, Resume(1)), (607, Choose(2, 0, 1)))
    assert game.answers[0][2].seconds == 7
    assert game.deadline == at(620)


def test_only_the_host_leads_and_a_leaving_host_hands_over() -> None:
    """The next player becomes host; when the last one leaves the round is over."""
    game, outcomes = play(*JOINED, (20, TimeUp()), (21, Next(2, 0)), (22, Leave(1)), (23, Next(2, 0)))
    assert outcomes[-3:] == [Outcome.NOT_YOURS, Outcome.CHANGED, Outcome.CHANGED]
    assert (game.host, game.at, game.phase) == (2, 1, Phase.ASKING)
    game, _ = step(game, Leave(2), at(24))
    game, _ = step(game, Leave(3), at(25))
    assert game.phase is Phase.OVER


def test_once_everyone_has_answered_a_moment_is_left_to_change() -> None:
    """Nobody waits for the clock when there is nothing to wait for; a late joiner is waited for again."""
    answered: list[tuple[float, Event]] = [*JOINED, (1, Choose(1, 0, 0)), (2, Choose(2, 0, 0)), (3, Choose(3, 0, 0))]
    game, _ = play(*answered)
    assert game.deadline == at(8)
    game, outcomes = play(*answered, (7, Choose(2, 0, 1)), (8, TimeUp()))
    assert outcomes[-2:] == [Outcome.CHANGED, Outcome.LOCKED]
    game, _ = play(*answered, (4, Join(4)))
    assert game.deadline == at(20)


def test_the_round_goes_on_by_itself() -> None:
    """The reveal stays for half a minute, the last one leads to the table; before its time nothing happens."""
    ends: list[tuple[float, Event]] = [(19, TimeUp()), (20, TimeUp()), (49, TimeUp()), (50, TimeUp()), (70, TimeUp()), (100, TimeUp())]
    game, outcomes = play(*JOINED, *ends)
    early, changed, locked = Outcome.REPEATED, Outcome.CHANGED, Outcome.LOCKED
    assert outcomes[-6:] == [early, locked, early, changed, locked, changed]
    assert game.phase is Phase.OVER


def test_an_absence_of_the_bot_costs_nobody_an_answer() -> None:
    """After a restart at least fifteen seconds are left, and answers given before it stay; with time enough nothing changes."""
    game, outcomes = play(*JOINED, (3, Choose(2, 0, 1)), (60, Back()))
    assert (outcomes[-1], game.deadline, game.answers[0][2].seconds) == (Outcome.CHANGED, at(75), 3)
    game, outcomes = play(*JOINED, (2, Back()))
    assert (outcomes[-1], game.deadline) == (Outcome.REPEATED, at(20))


def test_a_lobby_or_a_pause_that_nobody_ends_ends_the_round() -> None:
    """After an hour; the question of a paused round locks with what was answered."""
    assert play((3599, TimeUp()))[0].phase is Phase.LOBBY
    assert play((3600, TimeUp()))[0].phase is Phase.OVER
    game, outcomes = play(*JOINED, (5, Pause(1)), (3605, TimeUp()))
    assert (game.phase, outcomes[-1]) == (Phase.OVER, Outcome.LOCKED)


def test_who_names_no_team_joins_the_smallest() -> None:
    """Teams stay even; the lobby lets one change sides, the game does not."""
    game, _ = play((0, Join(1, "red")), (0, Join(2)), (1, Join(1, "blue")), (1, Start(1)), (2, Join(2, "red")), mode=Mode.TEAMS)
    assert game.players == {1: "blue", 2: "blue"}


EVENTS = st.one_of(
    st.builds(Join, st.integers(1, 4), st.sampled_from(["", "red"])), st.builds(Leave, st.integers(1, 4)), st.builds(Start, st.integers(1, 2)),
    st.builds(Choose, st.integers(1, 4), st.integers(0, 2), st.integers(-1, 3)), st.builds(Lock, st.integers(1, 2), st.integers(0, 2)), st.just(TimeUp()), st.just(Back()), st.builds(Pause, st.integers(1, 2)),
    st.builds(Next, st.integers(1, 2), st.integers(0, 2)), st.builds(Resume, st.integers(1, 2)), st.builds(Stop, st.integers(1, 2)),
)  # fmt: skip


@given(st.lists(st.tuples(st.floats(0, 25), EVENTS), max_size=40))
def test_any_order_of_events_keeps_the_round_sound(events: list[tuple[float, Event]]) -> None:
    """No event raises, a round survives JSON at every moment, locked answers never change."""
    game, now = Round("r", 1, Mode.TEAMS, QUESTIONS, 20, opened=T0.isoformat(), teams=("red", "blue")), 0.0
    for pause, event in events:
        now += pause
        frozen = game.answers[: len(game.answers) - (game.phase is Phase.ASKING)]
        game, _ = step(game, event, at(now))
        assert Round.of(json.loads(json.dumps(game.as_data()))) == game
        assert game.answers[: len(frozen)] == frozen
        assert len(scores(game)) == len(game.players)
