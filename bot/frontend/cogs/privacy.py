"""`/privacy`: what is kept, a copy of it, an end to it; and the daily forgetting.

Responsible for: the commands, their buttons, noticing that a server was left.
Leaves to others: what is done (`bot.app.privacy`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.frontend.show import answer

if TYPE_CHECKING:
    from bot.frontend.client import Bot


class PrivacyCog(commands.Cog):
    privacy = app_commands.Group(name="privacy", description="What is kept about you: see it, download it, delete it.")

    def __init__(self, bot: Bot) -> None:
        self._bot, self._privacy, self._packs = bot, bot.app.privacy, bot.app.server_packs
        bot.on_action({"privacy-export": self.hand_out, "privacy-ask": self.ask, "privacy-delete": self.erase})

    async def cog_load(self) -> None:
        self.forget.start()
        self.compare.start()

    async def cog_unload(self) -> None:
        self.forget.cancel()
        self.compare.cancel()

    @privacy.command(description="See what is kept about you.")
    async def show(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._privacy.show(interaction.user.id))

    @privacy.command(description="Download everything that is kept about you.")
    async def export(self, interaction: discord.Interaction[Bot]) -> None:
        await self.hand_out(interaction)

    @privacy.command(description="Delete everything that is kept about you.")
    async def delete(self, interaction: discord.Interaction[Bot]) -> None:
        await self.ask(interaction)

    async def hand_out(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._privacy.export(interaction.user.id))

    async def ask(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._privacy.ask(interaction.user.id))

    async def erase(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._privacy.delete(interaction.user.id), edit=True)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._privacy.left(guild.id)

    @tasks.loop(hours=24)
    async def compare(self) -> None:
        """A server that was left while the bot was off is noticed here. One that is out of order at Discord's is still among ours."""
        for server in await self._privacy.compare([guild.id for guild in self._bot.guilds]):
            self._packs.left(server)

    @compare.before_loop
    async def connected(self) -> None:
        await self._bot.wait_until_ready()

    @tasks.loop(hours=24)
    async def forget(self) -> None:
        await self._privacy.forget_absent()
