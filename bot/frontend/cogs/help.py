"""`/help`, for somebody who has never seen the bot.

Responsible for: the command.
Leaves to others: the words (`bot.rendering.welcome`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.frontend.show import show
from bot.rendering.welcome import welcome

if TYPE_CHECKING:
    from bot.frontend.client import Bot


class Help(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        """Nothing to keep: the page is the same for all."""

    @app_commands.command(description="What you can do here, and where to begin.")
    async def help(self, interaction: discord.Interaction[Bot]) -> None:
        await show(interaction, welcome())
