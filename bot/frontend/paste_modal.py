"""The window to paste manifests into, or to add a file.

Responsible for: its fields, and handing over what was put into them.
Leaves to others: everything after that (`cogs.manifest`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.frontend.errors import report

Pasted: TypeAlias = Callable[[discord.Interaction[Any], str, Sequence[discord.Attachment]], Awaitable[None]]

_OPEN_FOR = 60 * 60.0
"""Seconds for which an open window is remembered; the learner may have closed it without a word."""

_EXAMPLE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n..."


class PasteModal(ui.Modal, title="Check manifest"):
    text: ui.Label[Any] = ui.Label(
        text="Manifests",
        description="YAML or JSON, as many documents as you like, with --- between them",
        component=ui.TextInput(
            custom_id="manifests", style=discord.TextStyle.paragraph, required=False, placeholder=_EXAMPLE, max_length=4000
        ),
    )
    files: ui.Label[Any] = ui.Label(
        text="Or files",
        description="For more than 4,000 characters",
        component=ui.FileUpload(custom_id="files", required=False, min_values=0, max_values=5),
    )

    def __init__(self, pasted: Pasted) -> None:
        super().__init__(timeout=_OPEN_FOR)
        self._pasted = pasted

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        text, files = self.text.component, self.files.component
        assert isinstance(text, ui.TextInput)
        assert isinstance(files, ui.FileUpload)
        try:
            await self._pasted(interaction, text.value, files.values)
        except Exception as error:
            await report(interaction, error, "check-manifest")
