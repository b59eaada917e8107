"""What the hosts of a server choose for it: the screen of all settings, and those of rounds and drills.

Responsible for: `/settings`, where and by whom rounds and drills are started, at what level when nobody names one.
Leaves to others: the daily question (`daily_plan`), roles (`reward_roles`), the look (`bot.rendering.server_settings`), who is a host
(the cog).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.app.daily_plan import DailyPlans
from bot.app.reward_roles import RewardRoles
from bot.app.surroundings import DRILL, Person, Surroundings
from bot.learning.hosting import ANY, EVERYBODY, MODERATORS, GroupChoices
from bot.learning.items import Level
from bot.rendering import server_settings as look
from bot.rendering.reply import Reply, Text
from bot.storage import Storage, servers

CHANNELS = 10
"""Channels that can be chosen for rounds and drills."""


class ServerSettings:
    def __init__(self, storage: Storage, daily: DailyPlans, roles: RewardRoles) -> None:
        self._storage, self._daily, self._roles = storage, daily, roles

    async def screen(self, server: int, around: Surroundings) -> Reply:
        """All settings of the server in words, with what hinders the bot there."""
        rounds = _in_words(await self._chosen(server), around)
        return look.overview([rounds, await self._daily.in_words(server, around), await self._roles.in_words(server, around)])

    async def rounds(self, server: int, around: Surroundings) -> Reply:
        """The settings of rounds and drills, with the menus to change them."""
        chosen = await self._chosen(server)
        there = [channel for channel in chosen.channels if around.missing_in(channel) is not None]
        role = chosen.role if around.has_role(chosen.role) else 0
        return look.rounds(_in_words(chosen, around), chosen, there, role, most=CHANNELS)

    async def set_channels(self, server: int, around: Surroundings, channels: Sequence[int]) -> Reply:
        """Rounds and drills may be started in these channels; none: everywhere."""
        return await self._change(server, around, lambda chosen: replace(chosen, channels=tuple(channels[:CHANNELS])))

    async def set_starters(self, server: int, around: Surroundings, starters: str) -> Reply:
        """Who may start them: `everybody`, `moderators`, or a role by its id."""
        known = starters == MODERATORS or starters.isdigit()
        return await self._change(server, around, lambda chosen: replace(chosen, starters=starters if known else EVERYBODY))

    async def set_level(self, server: int, around: Surroundings, level: str) -> Reply:
        """The level of a round or drill for which nobody names one; may be `any`."""
        known = level in [each.value for each in Level]
        return await self._change(server, around, lambda chosen: replace(chosen, level=level if known else ANY))

    async def level(self, server: int) -> str:
        """The level of a round or drill for which nobody names one; may be `any`."""
        return (await self._chosen(server)).level

    async def refusal(self, server: int, channels: Sequence[int], person: Person, around: Surroundings) -> Reply | None:
        """Why this person may not start a round or drill here, and who may; None: go ahead.

        `channels` are the channel and, for a thread, the one that it belongs to.
        """
        chosen = await self._chosen(server)
        if chosen.channels and not set(chosen.channels) & set(channels):
            return look.elsewhere([channel for channel in chosen.channels if around.missing_in(channel) is not None])
        if chosen.starters == EVERYBODY or person.moderates or person.manages or chosen.role in person.roles:
            return None
        return look.not_a_starter(chosen.role if around.has_role(chosen.role) else 0)

    async def _chosen(self, server: int) -> GroupChoices:
        return await self._storage.read(lambda db: servers.of(db, server))

    async def _change(self, server: int, around: Surroundings, change: Callable[[GroupChoices], GroupChoices]) -> Reply:
        await self._storage.write(lambda db: servers.save(db, server, change(servers.of(db, server))))
        return await self.rounds(server, around)


def _in_words(chosen: GroupChoices, around: Surroundings) -> Text:
    found = [(channel, around.missing_in(channel, DRILL)) for channel in chosen.channels]
    role_gone = bool(chosen.role) and not around.has_role(chosen.role)
    gone = sum(missing is None for _, missing in found)
    return look.rounds_in_words(chosen, [(channel, missing) for channel, missing in found if missing], gone, role_gone=role_gone)
