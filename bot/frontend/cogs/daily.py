"""The question of the day in its channel.

Responsible for: looking with every beat whether one is due, which button asks for what, telling the board that something changed.
Leaves to others: the question (`bot.app.daily_question`), posting and editing (`boards`), the host's choices (`settings`).
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.frontend.boards import Boards
from bot.frontend.show import answer

if TYPE_CHECKING:
    from bot.frontend.client import Bot

log = logging.getLogger("portside")

_GONE = {10003, 10004}
"""Unknown channel, unknown server."""


class DailyCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._bot, self._daily = bot, bot.app.daily_question
        self._boards = Boards(bot, self._daily.board, self._daily.placed, self.refused)
        self._going_on: asyncio.Task[None] | None = None
        bot.pulse.on_beat(self.beat)
        bot.on_action(
            {
                "daily-answer": self.choose,
                "daily-others": lambda i, session: answer(i, self._daily.others(session)),
                "daily-run": lambda i, session: answer(i, self._daily.run_behind(session)),
                "daily-mine": lambda i, session: answer(i, self._daily.mine(i.user.id, session)),
            }
        )

    async def cog_load(self) -> None:
        self._boards.touch(*await self._daily.come_back())

    async def beat(self) -> None:
        """Before Discord has told of the servers, nobody knows what may be looked at there.

        Questions for many servers take longer than a beat, so they are made beside it, those of one beat after those of the one before.
        """
        if self._bot.is_ready():
            if self._going_on is None or self._going_on.done():
                self._going_on = asyncio.create_task(self._go_on())
            await self._boards.beat()

    async def _go_on(self) -> None:
        try:
            self._boards.touch(*await self._daily.go_on())
        except Exception:
            log.exception("in the questions of the day")

    async def choose(self, interaction: discord.Interaction[Bot], session: str, place: str) -> None:
        message = interaction.message.id if interaction.message else 0
        await answer(interaction, self._daily.answer(interaction.user.id, session, int(place), message))

    async def refused(self, session: str, code: int) -> None:
        await self._daily.refused(session, gone=code in _GONE)
