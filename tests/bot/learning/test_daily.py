"""The question of the day: when it is due, which one is asked, answers and changes until the reveal."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.learning.daily import LATEST, OPEN, SEASON, Choose, Daily, Outcome, Reveal, choose_item, newest_moment, shares, step, to_record
from bot.learning.quiz import Question
from bot.learning.reminder import next_reminder

BERLIN = ZoneInfo("Europe/Berlin")
T0 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati", "Asia/Kathmandu", "America/Sao_Paulo"]
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - naive by contract


def daily(**given: object) -> Daily:
    return Daily("d", Question("q", (2, 0, 1), 0), T0.isoformat(), T0.isoformat(), **given)  # type: ignore[arg-type]


@given(st.times(), st.sampled_from(ZONES), MOMENTS)
def test_the_newest_moment_is_past_and_near_or_left_out(at: time, zone: str, now: datetime) -> None:
    """It shows the time that was asked for, none lies between it and now, and what is too long ago is left to the next."""
    found = newest_moment(at, ZoneInfo(zone), now)
    if found is not None:
        assert timedelta() <= now - found <= LATEST
        assert next_reminder(at, ZoneInfo(zone), found) > now
        assert next_reminder(at, ZoneInfo(zone), found - timedelta(microseconds=1)) == found
    else:
        assert next_reminder(at, ZoneInfo(zone), now - LATEST - timedelta(microseconds=1)) > now


@given(st.times(), st.sampled_from(ZONES), MOMENTS, st.lists(st.timedeltas(timedelta(seconds=1), timedelta(days=3)), max_size=12))
def test_each_day_has_at_most_one_question_whatever_the_absences(at: time, zone: str, start: datetime, absences: list[timedelta]) -> None:
    """The plan is looked at now and then, as by a bot that is often away: no moment is asked twice, no day of the zone either."""
    now, following, asked = start, next_reminder(at, ZoneInfo(zone), start), list[datetime]()
    for absence in absences:
        now += absence
        if following <= now:
            moment = newest_moment(at, ZoneInfo(zone), now)
            asked += [moment] if moment else []
            following = next_reminder(at, ZoneInfo(zone), now)
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in asked]
    assert days == sorted(set(days))


def test_summer_time() -> None:
    """Nine in Berlin is nine in Berlin; half past two is asked once on the day that has it twice and on the one that skips it."""
    assert newest_moment(time(9), BERLIN, datetime(2026, 3, 28, 9, tzinfo=UTC)) == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert newest_moment(time(9), BERLIN, datetime(2026, 3, 29, 9, tzinfo=UTC)) == datetime(2026, 3, 29, 7, tzinfo=UTC)
    half_past_two = time(2, 30)
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        moments = {newest_moment(half_past_two, BERLIN, datetime(day.year, day.month, day.day, hour, 31, tzinfo=UTC)) for hour in (1, 2, 3)}
        assert len(moments) == 1


def test_no_item_twice_in_a_season_unless_it_is_made_anew() -> None:
    """Fresh ones first; then a generator whose turn is longest ago; a written one only after the season."""
    dice = Random(1)
    asked: dict[str, datetime] = {}
    for day in range(4):
        name = choose_item(["a", "b"], ["gen-c", "gen-d"], asked, T0 + timedelta(days=day), dice)
        assert name is not None
        assert name not in asked
        asked[name] = T0 + timedelta(days=day)
    oldest = min(("gen-c", "gen-d"), key=lambda name: asked[name])
    assert choose_item(["a", "b"], ["gen-c", "gen-d"], asked, T0 + timedelta(days=5), dice) == oldest
    assert choose_item(["a", "b"], [], asked, T0 + timedelta(days=5), dice) is None
    assert choose_item(["a", "b"], [], asked, T0 + SEASON + timedelta(days=9), dice) in ("a", "b")
    assert choose_item([], [], {}, T0, dice) is None


def test_an_answer_may_be_changed_until_the_reveal() -> None:
    """The last one counts, at the time at which it was given; afterwards nothing does."""
    at = [T0 + timedelta(hours=hours) for hours in (1, 2, 3, 4)]
    asked, first = step(daily(), Choose(7, 1), at[0])
    asked, second = step(asked, Choose(7, 0), at[1])
    asked, same = step(asked, Choose(7, 0), at[2])
    assert (first, second, same) == (Outcome.CHANGED, Outcome.CHANGED, Outcome.REPEATED)
    assert (asked.answers[7].option, asked.at(asked.answers[7])) == (2, at[1])
    asked, _ = step(asked, Reveal(), at[3])
    assert step(asked, Choose(8, 0), at[3]) == (asked, Outcome.LATE)
    assert step(asked, Reveal(), at[3]) == (asked, Outcome.REPEATED)
    assert shares(asked) == {2: 1, 0: 0, 1: 0}
    assert step(daily(), Choose(7, 0), T0 + OPEN)[1] is Outcome.LATE
    assert step(daily(), Choose(7, 3), T0)[1] is Outcome.LATE


@given(st.integers(0, 30), st.integers(1, 7))
def test_answers_are_recorded_in_pieces_and_each_once(people: int, most: int) -> None:
    """Whatever is stored between two pieces: in the end everybody's answer was handed out once."""
    asked = daily()
    for person in range(people):
        asked, _ = step(asked, Choose(person, person % 3), T0)
    assert to_record(asked, most) == (asked, [])
    asked, _ = step(asked, Reveal(), T0)
    handed_out = list[int]()
    while not asked.complete:
        asked = Daily.of(json.loads(json.dumps(asked.as_data())))
        asked, given = to_record(asked, most)
        assert len(given) <= most
        handed_out += [person for person, _ in given]
    assert handed_out == list(range(people))


def test_late_is_what_people_notice() -> None:
    """A few seconds are no lateness."""
    later = [(T0 + timedelta(minutes=minutes)).isoformat() for minutes in (1, 11)]
    assert [Daily("d", Question("q", (0,), 0), T0.isoformat(), opened).late for opened in later] == [False, True]
