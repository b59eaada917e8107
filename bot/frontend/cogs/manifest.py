"""`/check-manifest`, the menu entry "Check manifest" on a message, code blocks in direct messages, and the buttons of a check.

Responsible for: getting at what was handed in (modal, upload, attachment, message), which button asks for which view.
Leaves to others: whether that is a manifest (`bot.app.pasted`), the check (`bot.app.check_manifest`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import pasted
from bot.frontend.errors import reply_to
from bot.frontend.paste_modal import PasteModal, handed_in
from bot.frontend.show import answer, send, show
from bot.rendering import notices
from bot.rendering.reply import Reply

if TYPE_CHECKING:
    from bot.frontend.client import Bot

Look: TypeAlias = Callable[[int, str, int], Awaitable[Reply]]
"""A view of a check: the learner, the check, the number of the finding."""


class ManifestCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._checks = bot.app.check_manifest
        bot.tree.add_command(app_commands.ContextMenu(name="Check manifest", callback=self.check_message))
        bot.on_action({"check-show": self.choose, "check-why": self.why})
        looks = {"hint": self._checks.hint, "fix": self._checks.fix, "share": self._checks.share,
                 "trace": self._checks.trace, "kubectl": self._checks.kubectl}  # fmt: skip
        bot.on_action({f"check-{verb}": partial(self._look, look) for verb, look in looks.items()})

    @app_commands.command(
        name="check-manifest", description="Paste YAML, or attach a file: I show what is wrong, where, why, and a change that works."
    )
    @app_commands.describe(file="A YAML or JSON file; leave it out to paste")
    async def check_manifest(self, interaction: discord.Interaction[Bot], file: discord.Attachment | None = None) -> None:
        if file is None:
            await interaction.response.send_modal(PasteModal(self._pasted))
        else:
            await answer(interaction, self._check(interaction.user.id, "", [file]))

    async def check_message(self, interaction: discord.Interaction[Bot], message: discord.Message) -> None:
        await answer(interaction, self._check(interaction.user.id, message.content, _manifests(message)))

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if message.guild is not None or message.author.bot or not (pasted.from_message(message.content) or _manifests(message)):
            return
        try:
            reply = await self._check(message.author.id, message.content, _manifests(message))
        except Exception as error:
            reply = reply_to(error, "a direct message")
        await send(message.channel, reply)

    async def choose(self, interaction: discord.Interaction[Bot], check: str, finding: str) -> None:
        await answer(interaction, self._checks.diagnosis(interaction.user.id, check, int(finding)), edit=True)

    async def why(self, interaction: discord.Interaction[Bot], rule: str) -> None:
        await show(interaction, self._checks.explanation(rule))

    async def _look(self, look: Look, interaction: discord.Interaction[Bot], check: str, finding: str) -> None:
        await answer(interaction, look(interaction.user.id, check, int(finding)))

    async def _pasted(self, interaction: discord.Interaction[Bot], text: str, files: Sequence[discord.Attachment]) -> None:
        await answer(interaction, self._check(interaction.user.id, text, files, raw=True))

    async def _check(self, learner: int, text: str, attachments: Sequence[discord.Attachment], *, raw: bool = False) -> Reply:
        """`raw`: the text is the manifest itself, not a message that may hold one."""
        try:
            files = await handed_in(text, attachments, raw=raw)
        except pasted.NotAManifestError as refusal:
            return notices.notice(str(refusal))
        return await self._checks.check(learner, files)


def _manifests(message: discord.Message) -> list[discord.Attachment]:
    return [attachment for attachment in message.attachments if attachment.filename.lower().endswith(pasted.EXTENSIONS)]
