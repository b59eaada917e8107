"""What the hosts of a server choose for it, as values.

Responsible for: the choices about rounds and drills, the daily question, roles, and what stands in their way.
Leaves to others: keeping them (`bot.storage`), what follows from them (`bot.app`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum

EVERYBODY, MODERATORS = "everybody", "moderators"
ANY = "any"


class RoleFault(Enum):
    """Why a role cannot be given for what somebody has mastered."""

    GONE = "gone"
    MANAGED = "managed"
    """It belongs to a bot, an integration or to everybody, and Discord alone gives it."""
    POWERFUL = "powerful"
    """It lets people moderate or manage: nobody should come by that through a quiz."""
    FORBIDDEN = "forbidden"
    """The bot lacks *Manage Roles*."""
    ABOVE = "above"
    """It stands above the bot's own highest role."""
    NOT_YOURS = "not-yours"
    """The host who chose it could not give it by hand."""


@dataclass(frozen=True, slots=True)
class GroupChoices:
    """`channels`: where rounds and drills may be started, none: everywhere. `starters`: who may, a role by its id. `level` may be `any`."""

    channels: tuple[int, ...] = ()
    starters: str = EVERYBODY
    level: str = ANY

    @property
    def role(self) -> int:
        """The role whose people may start one; 0 if it is not a role that decides."""
        return int(self.starters) if self.starters.isdigit() else 0


class DailyFault(Enum):
    """Why the last question of the day was not asked."""

    FORBIDDEN = "forbidden"
    GONE = "gone"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class DailyPlan:
    """`channel` 0: none was chosen yet. `levels`: none means any. `following` is the next moment, in UTC; None: switched off.

    `failures` counts the days in a row on which the question could not be posted.
    """

    channel: int = 0
    at: time = time(9)
    zone: str = "UTC"
    topic: str = ANY
    levels: tuple[str, ...] = ()
    following: datetime | None = None
    fault: DailyFault | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Reward:
    """A role for so many mastered `skills`, or (0) for every skill of a `topic`."""

    role: int
    skills: int = 0
    topic: str = ""
