"""The question of the day as a value, and when it is asked: everyone on a server answers privately until it is revealed.

Responsible for: which moment's question is posted, which question, answers and changes, the reveal, its form as data.
Leaves to others: clock times and zones (`reminder`), the clock, messages (`bot.app`, `bot.frontend`), keeping (`bot.storage`).
An answer given before the reveal is an honest first attempt: it counts from the moment at which it was given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from random import Random
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from bot.learning.quiz import Question

SEASON = timedelta(days=90)
"""Within this time no question comes twice on a server."""
OPEN = timedelta(hours=24)
"""A question is revealed after this, or when the next one comes."""
PUNCTUAL = timedelta(minutes=10)
"""A question that comes later than this says so."""
LATEST = timedelta(hours=6)
"""A question that could not be posted for longer than this is left out: the next one is near."""


def newest_moment(at: time, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The last moment, in UTC, at which it was `at` in `zone`, unless that is too long ago to ask its question still."""
    today = now.astimezone(zone).date()
    moments = (datetime.combine(today + timedelta(days=days), at, zone).astimezone(UTC) for days in (1, 0, -1, -2))
    newest = next(moment for moment in moments if moment <= now)
    return newest if now - newest <= LATEST else None


def choose_item(written: Sequence[str], made: Collection[str], asked: Mapping[str, datetime], now: datetime, random: Random) -> str | None:
    """The item to ask: one that was not asked this season. `made` are made anew each time, so they may come again before their time.

    `asked` tells when each was last asked. None: every item has had its turn.
    """
    fresh = [name for name in (*written, *made) if name not in asked or now - asked[name] > SEASON]
    if fresh:
        return random.choice(fresh)
    return min(made, key=lambda name: (asked[name], name), default=None)


@dataclass(frozen=True, slots=True)
class Given:
    """One person's newest answer, in the author's numbering of the options, so many whole seconds after the question came."""

    option: int
    after: int


@dataclass(frozen=True, slots=True)
class Daily:
    """`due` is the moment for which it was planned, `opened` the one at which it came, `revealed` the one of its end ("": not yet).

    `recorded`: of how many answers, in their order, all that follows from them is already kept. `withdrawn`: the item was taken out
    while it was asked, so nothing is to be revealed, and no answer counts.
    """

    id: str
    question: Question
    due: str
    opened: str
    answers: Mapping[int, Given] = field(default_factory=dict)
    revealed: str = ""
    recorded: int = 0
    withdrawn: bool = False

    @property
    def deadline(self) -> datetime:
        return datetime.fromisoformat(self.opened) + OPEN

    def at(self, given: Given) -> datetime:
        """When an answer was given."""
        return datetime.fromisoformat(self.opened) + timedelta(seconds=given.after)

    @property
    def late(self) -> bool:
        """Did it come so late that people wonder?"""
        return datetime.fromisoformat(self.opened) - datetime.fromisoformat(self.due) > PUNCTUAL

    @property
    def complete(self) -> bool:
        """Revealed, with every answer recorded: nothing is left to do."""
        return bool(self.revealed) and self.recorded >= len(self.answers)

    def as_data(self) -> dict[str, Any]:
        """Plain data for JSON; `Daily.of` reads it back."""
        answers = {str(person): [given.option, given.after] for person, given in self.answers.items()}
        return {
            "id": self.id, "question": asdict(self.question), "due": self.due, "opened": self.opened, "answers": answers,
            "revealed": self.revealed, "recorded": self.recorded, "withdrawn": self.withdrawn,
        }  # fmt: skip

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Daily:
        question = Question(**{**data["question"], "order": tuple(data["question"]["order"])})
        answers = {int(person): Given(*given) for person, given in data["answers"].items()}
        return cls(**{**data, "question": question, "answers": answers})


@dataclass(frozen=True, slots=True)
class Choose:
    """Somebody chooses the option shown at `place` (from 0)."""

    person: int
    place: int


@dataclass(frozen=True, slots=True)
class Reveal:
    """The time is over, or the next question comes."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The time is over, and meanwhile the item was taken out."""


Event: TypeAlias = Choose | Reveal | Withdraw


class Outcome(Enum):
    CHANGED = "changed"
    REPEATED = "repeated"
    LATE = "late"


def step(daily: Daily, event: Event, now: datetime) -> tuple[Daily, Outcome]:
    """Takes one step. An event that does not fit leaves the question as it is and says so."""
    if isinstance(event, Reveal | Withdraw):
        if daily.revealed:
            return daily, Outcome.REPEATED
        return replace(daily, revealed=now.isoformat(), withdrawn=isinstance(event, Withdraw)), Outcome.CHANGED
    if daily.revealed or now >= daily.deadline or not 0 <= event.place < len(daily.question.order):
        return daily, Outcome.LATE
    option, before = daily.question.order[event.place], daily.answers.get(event.person)
    if before is not None and before.option == option:
        return daily, Outcome.REPEATED
    after = int((now - datetime.fromisoformat(daily.opened)).total_seconds())
    return replace(daily, answers={**daily.answers, event.person: Given(option, after)}), Outcome.CHANGED


def to_record(daily: Daily, most: int) -> tuple[Daily, Sequence[tuple[int, Given]]]:
    """The next answers of which something is to be kept, at most so many, and the question once that is done."""
    following = list(daily.answers.items())[daily.recorded : daily.recorded + most] if daily.revealed else []
    return replace(daily, recorded=daily.recorded + len(following)), following


def shares(daily: Daily) -> Mapping[int, int]:
    """How many people chose each option, in the author's numbering."""
    counts = Counter(given.option for given in daily.answers.values())
    return {option: counts[option] for option in daily.question.order}
