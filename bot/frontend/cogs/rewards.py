"""`/roles`, and giving roles to those who have earned them.

Responsible for: looking after each command and click whether somebody is to be given a role, giving and taking it, telling that person.
Leaves to others: who has earned what (`bot.app.reward_roles`), the host's choices (`settings`).
No member is remembered: whoever acts on a server comes with roles and the day of joining, and that is when it is looked at. So a role
that could not be given, or that was lost by leaving, is given the next time the person does anything here.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.frontend.show import answer, show
from bot.frontend.surroundings import Around, person
from bot.learning.rewards import Steps
from bot.rendering import rewards as look

if TYPE_CHECKING:
    from bot.frontend.client import Bot

log = logging.getLogger("portside")

_PAUSE = timedelta(minutes=10)
"""After Discord has refused to give a role, it is not asked again for so long."""


class RewardsCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._rewards, self._clock = bot.app.reward_roles, bot.app.clock
        self._refused: dict[int, datetime] = {}
        bot.on_action({"roles-show": self.show_roles, "roles-wish": self.wish})

    @app_commands.command(description="The roles that this server gives for what you master, and whether you wear them.")
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def roles(self, interaction: discord.Interaction[Bot]) -> None:
        await self.show_roles(interaction)

    async def show_roles(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._rewards.mine(interaction.guild_id or 0, person(interaction), Around(interaction.guild)))

    async def wish(self, interaction: discord.Interaction[Bot], to: str) -> None:
        work = self._rewards.wish(interaction.guild_id or 0, person(interaction), Around(interaction.guild), to)
        await answer(interaction, work, edit=True)

    @commands.Cog.listener()
    async def on_app_command_completion(self, interaction: discord.Interaction[Bot], _: Any) -> None:
        await self.on_acted(interaction)

    @commands.Cog.listener()
    async def on_acted(self, interaction: discord.Interaction[Bot]) -> None:
        """Somebody has done something, and has been answered."""
        member, server = interaction.user, interaction.guild_id
        shown = interaction.response.type not in (None, discord.InteractionResponseType.modal)
        if server is None or not isinstance(member, discord.Member) or not shown:
            return
        steps = await self._rewards.steps(server, person(interaction), member.joined_at)
        try:
            if steps.ask:
                await show(interaction, look.offer())
            await self._follow(interaction, member, server, steps)
        except discord.HTTPException as error:
            log.warning("nobody was told of a role: %s %s", error.status, error.code)

    async def _follow(self, interaction: discord.Interaction[Bot], member: discord.Member, server: int, steps: Steps) -> None:
        given = [role for role in steps.give if await self._give(member, server, role)]
        taken = [role for role in steps.take if await self._take(member, server, role)]
        if given or taken:
            await show(interaction, look.changed(given, taken, unwanted=steps.unwanted))

    async def _give(self, member: discord.Member, server: int, role: int) -> bool:
        if Around(member.guild).role_fault(role) is not None:
            return False
        await self._rewards.giving(member.id, server, role)
        if not await self._done(role, lambda: member.add_roles(discord.Object(role))):
            await self._rewards.taken(member.id, server, role)
            return False
        await self._rewards.given(member.id, server, role)
        return True

    async def _take(self, member: discord.Member, server: int, role: int) -> bool:
        if not await self._done(role, lambda: member.remove_roles(discord.Object(role))):
            return False
        await self._rewards.taken(member.id, server, role)
        return True

    async def _done(self, role: int, deed: Callable[[], Awaitable[None]]) -> bool:
        """Does it, unless Discord has refused that a short while ago; True if it is done."""
        now = self._clock()
        if role in self._refused and now - self._refused[role] < _PAUSE:
            return False
        try:
            await deed()
        except discord.HTTPException as error:
            log.warning("a role was not changed: %s %s", error.status, error.code)
            self._refused[role] = now
            return False
        self._refused.pop(role, None)
        return True
