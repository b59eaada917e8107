"""A server as discord.py has it cached: what the bot may do there, and who a person is.

Responsible for: permissions in channels, roles that can be given, from the guild alone: nothing is asked of Discord.
Leaves to others: what follows from it (`bot.app`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from bot.app.surroundings import WRITE, Person
from bot.learning.hosting import RoleFault

_POWERS = discord.Permissions.elevated() | discord.Permissions(mention_everyone=True)


class Around:
    """`guild` is None where the bot is not on the server; nothing is there then. `asker` is whoever clicked."""

    def __init__(self, guild: discord.Guild | None, asker: discord.User | discord.Member | None = None) -> None:
        self._asker = asker
        self._guild = guild if guild is not None and guild.me is not None else None

    def missing_in(self, channel: int, wanted: Sequence[str] = WRITE) -> Sequence[str] | None:
        found = self._guild.get_channel_or_thread(channel) if self._guild else None
        if self._guild is None or found is None:
            return None
        allowed = found.permissions_for(self._guild.me)
        missing = [name for name in wanted if not getattr(allowed, name.lower().replace(" ", "_"))]
        # Without the first two, discord.py takes others away too, which the host need not give.
        implied = [name for name in missing if name == "View Channel"] or [name for name in missing if name != "Attach Files"]
        return implied if {"View Channel", "Send Messages"} & set(missing) else missing

    def role_fault(self, role: int) -> RoleFault | None:
        found = self._guild.get_role(role) if self._guild else None
        if self._guild is None or found is None:
            return RoleFault.GONE
        if found.managed or found.is_default():
            return RoleFault.MANAGED
        if found.permissions.value & _POWERS.value:
            return RoleFault.POWERFUL
        if not self._guild.me.guild_permissions.manage_roles:
            return RoleFault.FORBIDDEN
        return RoleFault.ABOVE if found >= self._guild.me.top_role else None

    def hands_out(self, role: int) -> bool:
        found = self._guild.get_role(role) if self._guild else None
        if self._guild is None or found is None or not isinstance(self._asker, discord.Member):
            return False
        # Not what they may do in this channel: there, the same permission is about the channel's own settings.
        by_hand = self._asker.guild_permissions.manage_roles and found < self._asker.top_role
        return self._asker.id == self._guild.owner_id or by_hand

    def role_name(self, role: int) -> str:
        found = self._guild.get_role(role) if self._guild else None
        return found.name if found else "a role that is gone"

    def has_role(self, role: int) -> bool:
        return self._guild is not None and self._guild.get_role(role) is not None


def server_of(interaction: discord.Interaction[Any]) -> int:
    """Where somebody is; 0 outside of servers."""
    return interaction.guild_id or 0


def person(interaction: discord.Interaction[Any]) -> Person:
    """Whoever clicked or typed, with what they may do in this channel."""
    roles = interaction.user.roles if isinstance(interaction.user, discord.Member) else ()
    may = interaction.permissions
    return Person(interaction.user.id, frozenset(role.id for role in roles), may.manage_messages, may.manage_guild)


def places(interaction: discord.Interaction[Any]) -> Sequence[int]:
    """The channel, and for a thread the one that it belongs to."""
    parent = interaction.channel.parent_id if isinstance(interaction.channel, discord.Thread) else 0
    return [place for place in (interaction.channel_id or 0, parent) if place]
