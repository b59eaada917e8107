"""`/progress` and `/path`.

Responsible for: the commands and their buttons.
Leaves to others: everything they show (`bot.app`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.frontend.show import answer

if TYPE_CHECKING:
    from bot.frontend.client import Bot


class ProgressCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._progress, self._path = bot.app.show_progress, bot.app.show_path
        bot.on_action({"path-show": self.show_path, "progress-show": self.show_progress})

    @app_commands.command(description="See what you have mastered, what comes due, and how well you judge yourself.")
    async def progress(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._progress.show(interaction.user.id))

    @app_commands.command(description="See what comes next for you, and why.")
    async def path(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._path.show(interaction.user.id))

    async def show_path(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._path.show(interaction.user.id))

    async def show_progress(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._progress.show(interaction.user.id), edit=True)
