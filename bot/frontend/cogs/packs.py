"""`/pack`: a server's own questions, for those who may manage the server.

Responsible for: the commands, fetching the file, the check who may, on every call.
Leaves to others: everything else (`bot.app.server_packs`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.frontend.show import answer, show
from bot.frontend.suggestions import matching
from bot.rendering.reply import Reply

if TYPE_CHECKING:
    from bot.frontend.client import Bot


class PackCog(commands.Cog):
    pack = app_commands.Group(
        name="pack",
        description="This server's own questions: hand in, list, get back, remove.",
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )

    def __init__(self, bot: Bot) -> None:
        self._packs = bot.app.server_packs

    async def cog_load(self) -> None:
        await self._packs.come_back()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self._packs.left(guild.id)

    @pack.command(description="Hand in a question pack; one of the same name is replaced.")
    @app_commands.describe(file="A YAML file, as /pack example gives you one", dry_run="Tell all faults, and keep nothing")
    async def upload(self, interaction: discord.Interaction[Bot], file: discord.Attachment, dry_run: bool = False) -> None:
        if refusal := self._packs.too_large(file.size):
            await show(interaction, refusal)
        else:
            await answer(interaction, self._hand_in(interaction.guild_id or 0, file, dry_run))

    @pack.command(name="list", description="See which packs this server has.")
    async def overview(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._packs.overview(interaction.guild_id or 0))

    @pack.command(description="Get a pack back as the file it was.")
    @app_commands.describe(name="Which pack")
    async def get(self, interaction: discord.Interaction[Bot], name: str) -> None:
        await answer(interaction, self._packs.give_back(interaction.guild_id or 0, name))

    @pack.command(description="Remove a pack: its questions are not asked any more.")
    @app_commands.describe(name="Which pack")
    async def remove(self, interaction: discord.Interaction[Bot], name: str) -> None:
        await answer(interaction, self._packs.remove(interaction.guild_id or 0, name))

    @pack.command(description="Get a small pack to begin with.")
    async def example(self, interaction: discord.Interaction[Bot]) -> None:
        await show(interaction, self._packs.example())

    @get.autocomplete("name")
    @remove.autocomplete("name")
    async def names(self, interaction: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return matching(typed, await self._packs.names(interaction.guild_id or 0))

    async def _hand_in(self, server: int, file: discord.Attachment, dry_run: bool) -> Reply:
        return await self._packs.hand_in(server, await file.read(), dry_run=dry_run)
