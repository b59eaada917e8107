"""The window to write an answer into.

Responsible for: its field, and handing over what was written.
Leaves to others: everything after that (the cogs).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.frontend.errors import report

Written: TypeAlias = Callable[[discord.Interaction[Any], str], Awaitable[None]]

_OPEN_FOR = 60 * 60.0
"""Seconds for which an open window is remembered; the learner may have closed it without a word."""


class AnswerModal(ui.Modal, title="Your answer"):
    text: ui.Label[Any] = ui.Label(
        text="In your own words",
        description="One or two sentences; names and numbers exactly",
        component=ui.TextInput(custom_id="answer", style=discord.TextStyle.paragraph, max_length=2000),
    )

    def __init__(self, written: Written) -> None:
        super().__init__(timeout=_OPEN_FOR)
        self._written = written

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        field = self.text.component
        assert isinstance(field, ui.TextInput)
        try:
            await self._written(interaction, field.value)
            interaction.client.dispatch("acted", interaction)
        except Exception as error:
            await report(interaction, error, "an answer")
