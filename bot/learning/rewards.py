"""Roles for what somebody has mastered: what is earned, and what is to be done about it now.

Responsible for: counting towards a reward, which roles are given, offered or taken.
Leaves to others: what is mastered (`mastery`), giving roles (`bot.frontend.cogs.rewards`), keeping (`bot.storage`).
A role is public, so it is given only to who wants to be seen. What a moderator took away stays away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.learning.hosting import Reward
from bot.learning.items import Skill
from bot.learning.mastery import Standing


class Wish(StrEnum):
    """What somebody said about wearing the roles of a server."""

    NONE = ""
    ASKED = "asked"
    """Was asked, and has not answered."""
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Steps:
    """What is to be done for one person now: roles to give, roles to take (`unwanted`: as the person asked), whether to ask about them."""

    give: Sequence[int] = ()
    take: Sequence[int] = ()
    unwanted: bool = False
    ask: bool = False


def counted(reward: Reward, standings: Mapping[str, Standing], skills: Iterable[Skill]) -> tuple[int, int]:
    """How many skills that the reward counts are mastered, and how many it wants. A topic without skills is never complete."""
    counting = [skill for skill in skills if not reward.topic or skill.topic == reward.topic]
    mastered = sum(standings.get(skill.id) is Standing.MASTERED for skill in counting)
    return mastered, (len(counting) or 1) if reward.topic else reward.skills


def steps(
    rewards: Sequence[Reward],
    earned: Collection[int],
    held: Collection[int],
    given: Mapping[int, datetime],
    joined: datetime | None,
    wish: Wish,
    *,
    take_back: bool,
) -> Steps:
    """What follows for somebody who holds these roles and joined the server then. `given`: roles that came from us, and when.

    A role that we gave and that is gone was taken by a moderator, unless the person has left and come back since.
    """
    known = {reward.role for reward in rewards}
    missing = [
        reward.role
        for reward in rewards
        if reward.role in earned
        and reward.role not in held
        and (reward.role not in given or (joined is not None and joined > given[reward.role]))
    ]
    own = [role for role in given if role in held]
    if wish is Wish.NO:
        return Steps(take=own, unwanted=bool(own))
    taken = [role for role in own if take_back and role in known and role not in earned]
    return Steps(give=missing if wish is Wish.YES else (), take=taken, ask=bool(missing) and wish is Wish.NONE)
