"""The window to paste manifests into, or to add a file.

Responsible for: its fields, handing over what was put into them, text and uploads as files.
Leaves to others: everything after that (`cogs.manifest`, `cogs.labs`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

import discord
from discord import ui

from bot.app import pasted
from bot.frontend.errors import report
from simulator import SourceFile

Pasted: TypeAlias = Callable[[discord.Interaction[Any], str, Sequence[discord.Attachment]], Awaitable[None]]

_OPEN_FOR = 60 * 60.0
"""Seconds for which an open window is remembered; the learner may have closed it without a word."""

_EXAMPLE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n..."


class PasteModal(ui.Modal):
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

    def __init__(self, pasted: Pasted, title: str = "Check manifest") -> None:
        super().__init__(title=title, timeout=_OPEN_FOR)
        self._pasted = pasted

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        text, files = self.text.component, self.files.component
        assert isinstance(text, ui.TextInput)
        assert isinstance(files, ui.FileUpload)
        try:
            await self._pasted(interaction, text.value, files.values)
        except Exception as error:
            await report(interaction, error, self.title)


async def handed_in(text: str, attachments: Sequence[discord.Attachment], *, raw: bool = False) -> list[SourceFile]:
    """Text and uploads as files. `raw`: the text is the manifest itself, not a message that may hold one. Raises NotAManifestError."""
    files = [pasted.from_text(text)] if raw and text.strip() and "```" not in text else pasted.from_message(text)
    for attachment in attachments[: pasted.MAX_FILES]:
        pasted.check_size(attachment.size)
        files.append(pasted.from_bytes(attachment.filename, await attachment.read()))
    return files
