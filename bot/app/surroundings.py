"""What a host's settings need to know of the server around the bot.

Responsible for: the questions, and who somebody is who wants to do something there.
Leaves to others: the answers (`bot.frontend.surroundings`), what follows from them (`server_settings`, `daily_question`, `reward_roles`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.learning.hosting import RoleFault

WRITE = ("View Channel", "Send Messages", "Attach Files")
DRILL = (*WRITE, "Create Private Threads", "Send Messages in Threads")
"""Permissions by the names that Discord's settings show."""


class Surroundings(Protocol):
    """A server as it is now."""

    def missing_in(self, channel: int, wanted: Sequence[str] = WRITE) -> Sequence[str] | None:
        """Those of the wanted permissions that the bot lacks in a channel; None: there is no such channel."""

    def role_fault(self, role: int) -> RoleFault | None:
        """Why the bot cannot give this role to learners; None: it can."""

    def hands_out(self, role: int) -> bool:
        """Could whoever asks give this role by hand?"""

    def role_name(self, role: int) -> str:
        """What the role is called, as its owners typed it."""

    def has_role(self, role: int) -> bool:
        """Is there such a role?"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a server. `moderates`: has *Manage Messages*; `manages`: has *Manage Server*."""

    id: int
    roles: frozenset[int] = frozenset()
    moderates: bool = False
    manages: bool = False
