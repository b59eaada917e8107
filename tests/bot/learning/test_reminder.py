"""Clock times in the learner's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.learning.reminder import day_of, next_reminder, zone_of

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_same_clock_time_before_and_after_summer_time() -> None:
    """18:30 in Berlin is 17:30 UTC in winter and 16:30 in summer."""
    assert next_reminder(time(18, 30), BERLIN, datetime(2026, 3, 28, 12, tzinfo=UTC)) == datetime(2026, 3, 28, 17, 30, tzinfo=UTC)
    assert next_reminder(time(18, 30), BERLIN, datetime(2026, 3, 28, 18, tzinfo=UTC)) == datetime(2026, 3, 29, 16, 30, tzinfo=UTC)


def test_a_time_that_a_day_skips_or_has_twice() -> None:
    """It is given once on either day."""
    assert next_reminder(time(2, 30), BERLIN, datetime(2026, 3, 29, 0, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert next_reminder(time(2, 30), BERLIN, datetime(2026, 10, 25, 0, tzinfo=UTC)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_reminder(time(2, 30), BERLIN, datetime(2026, 10, 25, 0, 31, tzinfo=UTC)) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@given(
    st.times(),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati", "Asia/Kathmandu"]),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the bounds are naive by contract
)
def test_the_next_one_is_ahead_and_within_two_days(at: time, zone: str, now: datetime) -> None:
    """Whatever the zone does meanwhile."""
    following = next_reminder(at, ZoneInfo(zone), now)
    assert now < following <= now + timedelta(days=2)


def test_the_day_ends_late() -> None:
    """Half past midnight still counts for the evening before, by the learner's own clock."""
    assert day_of(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), BERLIN) == date(2026, 11, 23)
    assert day_of(datetime(2026, 11, 24, 0, 30, tzinfo=UTC), BERLIN) == date(2026, 11, 24)


def test_what_is_no_zone() -> None:
    """Names of nothing, of folders and of files elsewhere are none."""
    assert [zone_of(name) for name in ("", "Mars/Base", "Europe", "../../etc/passwd", "\0")] == [None] * 5
