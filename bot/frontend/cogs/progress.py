"""`/progress`, `/path` and `/leaderboard`.

Responsible for: the commands and their buttons.
Leaves to others: everything they show (`bot.app`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.app.show_leaderboard import Seen
from bot.frontend.show import answer
from bot.frontend.surroundings import server_of

if TYPE_CHECKING:
    from bot.frontend.client import Bot


class ProgressCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._progress, self._path, self._board = bot.app.show_progress, bot.app.show_path, bot.app.show_leaderboard
        bot.on_action({"path-show": self.show_path, "progress-show": self.show_progress, "board-seen": self.be_seen})

    @app_commands.command(description="See what you have mastered, what comes due, and how well you judge yourself.")
    async def progress(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._progress.show(interaction.user.id, server_of(interaction)))

    @app_commands.command(description="See what comes next for you, and why.")
    async def path(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._path.show(interaction.user.id))

    @app_commands.command(description="Who has mastered most. You are on it only if you say so.")
    @app_commands.describe(of="Of this server, or of everywhere", me="Where you want to be seen yourself")
    @app_commands.choices(
        of=[app_commands.Choice(name="this server", value=Seen.SERVER), app_commands.Choice(name="everywhere", value=Seen.PUBLIC)],
        me=[app_commands.Choice(name=seen.value, value=seen.value) for seen in Seen],
    )
    async def leaderboard(
        self,
        interaction: discord.Interaction[Bot],
        of: app_commands.Choice[str] | None = None,
        me: app_commands.Choice[str] | None = None,
    ) -> None:
        learner, guild = interaction.user.id, interaction.guild_id
        if me is not None:
            await answer(interaction, self._board.be_seen(learner, guild, Seen(me.value)))
        else:
            await answer(interaction, self._board.show(learner, guild, Seen(of.value) if of else Seen.SERVER))

    async def be_seen(self, interaction: discord.Interaction[Bot], how: str) -> None:
        await answer(interaction, self._board.be_seen(interaction.user.id, interaction.guild_id, Seen(how)), edit=True)

    async def show_path(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._path.show(interaction.user.id))

    async def show_progress(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._progress.show(interaction.user.id, server_of(interaction)), edit=True)
