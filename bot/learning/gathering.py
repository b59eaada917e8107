"""What a round and a drill have in common: a host, a clock that can be stopped, absences of the bot, people who are forgotten.

Responsible for: the events that both know, how a stopped clock goes on, who in a session of several people stands for nobody any more.
Leaves to others: who may do what in which phase (`round`, `drill`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Start:
    by: int


@dataclass(frozen=True, slots=True)
class TimeUp:
    """The deadline has come. The rim sends this; before the deadline it changes nothing."""


@dataclass(frozen=True, slots=True)
class Back:
    """The bot was away. Whoever could not answer meanwhile gets a little time."""


@dataclass(frozen=True, slots=True)
class Pause:
    by: int


@dataclass(frozen=True, slots=True)
class Resume:
    by: int


@dataclass(frozen=True, slots=True)
class Stop:
    by: int


def forgotten(person: int) -> bool:
    """Was this somebody whose data were deleted while the session went on? Ids below zero stand for them, one for each."""
    return person < 0


def moment(text: str) -> datetime:
    """A moment as sessions keep it: ISO 8601 with its zone."""
    return datetime.fromisoformat(text)


def opened_after(pause: str, opened: str, now: datetime) -> str:
    """When what was `opened` counts as opened, once a pause since `pause` has ended."""
    return (moment(opened) + (now - moment(pause))).isoformat()


def opened_at_latest(deadline: datetime, seconds: float, least: timedelta, now: datetime) -> datetime | None:
    """When something of so many seconds would have to have opened for `least` of it to be left; None where as much is left anyway."""
    end = now + min(least, timedelta(seconds=seconds))
    return None if deadline >= end else end - timedelta(seconds=seconds)
