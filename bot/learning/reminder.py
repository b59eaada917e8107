"""When a daily reminder comes next, and on which day of the learner an answer falls.

Responsible for: clock times in the learner's own time zone, across the changes to and from summer time.
Leaves to others: whether there is anything to remind of (`review`), sending it (`bot.frontend`).
Zones are IANA names; a time that a day skips in spring is taken as late as it would have been, one that comes twice the first time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def zone_of(name: str) -> ZoneInfo | None:
    """The zone of this name; None if there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not among them; no name at all; a folder of them
        return None


def next_reminder(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The next moment, in UTC, at which it is `at` in `zone`; always after `now`."""
    today = now.astimezone(zone).date()
    moments = (datetime.combine(today + timedelta(days=days), at, zone).astimezone(UTC) for days in (0, 1, 2))
    return next(moment for moment in moments if moment > now)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The learner's calendar day. An hour after midnight still counts for the day before: nights of study end late."""
    return (moment.astimezone(zone) - timedelta(hours=1)).date()
