"""`/ask` and `/export`.

Responsible for: the commands' options.
Leaves to others: finding (`bot.app.ask`), making files (`bot.app.export_items`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.app.export_items import FORMATS, Which
from bot.frontend.show import answer, show

if TYPE_CHECKING:
    from bot.frontend.client import Bot

_FORMATS = [app_commands.Choice(name=title, value=name) for name, title in FORMATS.items()]
_WHICH = [app_commands.Choice(name=which.value, value=which.value) for which in Which]


class AskCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._bot, self._ask, self._export = bot, bot.app.ask, bot.app.export_items
        self._knows_commands = False

    @app_commands.command(description="Find the page for a question, in your own words.")
    @app_commands.describe(question="For example: why is my ingress 404")
    async def ask(self, interaction: discord.Interaction[Bot], question: app_commands.Range[str, 2, 300]) -> None:
        if not self._knows_commands:
            told = [command for command in self._bot.tree.walk_commands() if isinstance(command, app_commands.Command)]
            self._ask.learn_commands((command.qualified_name, command.description) for command in told)
            self._knows_commands = True
        await show(interaction, self._ask.answer(question))

    @app_commands.command(description="Take your questions with you: to Anki, to Moodle, as a table or as JSON.")
    @app_commands.describe(to="The kind of file", which="All that you have answered, or only what you got wrong last time")
    @app_commands.choices(to=_FORMATS, which=_WHICH)
    async def export(
        self, interaction: discord.Interaction[Bot], to: app_commands.Choice[str], which: app_commands.Choice[str] | None = None
    ) -> None:
        wanted = Which(which.value) if which else Which.ANSWERED
        await answer(interaction, self._export.export(interaction.user.id, to.value, wanted))
