"""`/reports`, for a server's moderators and, in direct messages, for the operator.

Responsible for: the command, its menus, buttons and forms, and that each of them is theirs alone: a button outlives a permission;
looking whether answers are left to be corrected.
Leaves to others: cases and decisions (`bot.app.judge_reports`), reporting (`report`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.frontend.forms import modal
from bot.frontend.show import answer, show
from bot.rendering.form import Form
from bot.rendering.judgement import not_for_you
from bot.rendering.reply import Reply
from bot.storage.reports import OPERATOR

if TYPE_CHECKING:
    from bot.frontend.client import Bot, Handler

log = logging.getLogger("portside")


class ReportsCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._bot, self._judge = bot, bot.app.judge_reports
        self._correcting: asyncio.Task[None] | None = None
        bot.pulse.on_beat(self.beat)
        bot.on_action(
            {
                "reports-queue": self._guarded(lambda server, page="0": self._judge.queue(server, int(page))),
                "reports-open": self._guarded(self._open),
                "reports-held": self._guarded(self._open),
                "reports-case": self._guarded(self._judge.case),
                "reports-issue": self._guarded(self._judge.issue),
                "reports-items": self._guarded(lambda server, page: self._judge.items(server, int(page))),
                "judged": self._guarded(self._judge.decide),
                "judge": self.decide,
            }
        )

    async def cog_unload(self) -> None:
        if self._correcting is not None:
            self._correcting.cancel()

    async def beat(self) -> None:
        """Correcting the answers of thousands takes longer than a beat, so it is done beside it; to be connected comes first."""
        if self._bot.is_ready() and (self._correcting is None or self._correcting.done()):
            self._correcting = asyncio.create_task(self._correct())

    async def _correct(self) -> None:
        try:
            await self._judge.go_on()
        except Exception:
            log.exception("in corrections")

    @app_commands.command(description="For moderators: what learners have reported, what to do about it, and the figures of all questions.")
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.default_permissions(manage_guild=True)
    async def reports(self, interaction: discord.Interaction[Bot]) -> None:
        await self._guarded(self._judge.queue, edit=False)(interaction)

    async def decide(self, interaction: discord.Interaction[Bot], verdict: str, kind: str, item: str, seen: str) -> None:
        server = self._server(interaction)
        if server is None:
            await show(interaction, not_for_you())
            return
        form = await self._judge.form(server, verdict, kind, item, seen)
        if isinstance(form, Form):
            await interaction.response.send_modal(modal(form))
        else:
            await show(interaction, form, edit=True)

    async def _open(self, server: int, thing: str) -> Reply:
        kind, item = thing.split("/", 1)
        return await self._judge.case(server, kind, item)

    def _server(self, interaction: discord.Interaction[Any]) -> int | None:
        """The server whose moderator this is, 0 for the operator in our direct messages; None: neither."""
        if interaction.guild_id is not None:
            return interaction.guild_id if interaction.permissions.manage_guild else None
        return OPERATOR if interaction.user.id in self._bot.operators else None

    def _guarded(self, work: Callable[..., Awaitable[Reply]], *, edit: bool = True) -> Handler:
        async def handler(interaction: discord.Interaction[Any], *arguments: Any) -> None:
            server = self._server(interaction)
            if server is None:
                await show(interaction, not_for_you())
            else:
                await answer(interaction, work(server, *arguments), edit=edit)

        return handler
