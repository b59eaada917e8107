"""`/interview`, its buttons and forms, and the thread of a drill.

Responsible for: the command's options, making the thread and letting people in, which button asks for which step.
Leaves to others: the drill (`bot.app.run_drill`), editing its messages (`boards`), when something is due (`pulse`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.app.run_drill import ANY
from bot.frontend.boards import Boards
from bot.frontend.forms import modal
from bot.frontend.show import answer, show
from bot.frontend.surroundings import Around, person, places
from bot.learning.drill import EndTurn, Event, Leave, NextTurn, Write
from bot.learning.gathering import Pause, Resume, Start, Stop
from bot.learning.items import Level
from bot.rendering import notices
from bot.rendering.form import Filled, Form

if TYPE_CHECKING:
    from bot.frontend.client import Bot

_LEVELS = [app_commands.Choice(name=level.value, value=level.value) for level in Level]
_NO_THREAD = "I may not open a private thread here. I need *Create Private Threads* and *Send Messages in Threads* in a text channel."


class InterviewCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._bot, self._drill, self._settings = bot, bot.app.run_drill, bot.app.server_settings
        self._boards = Boards(bot, self._drill.boards, self._drill.placed)
        bot.pulse.on_beat(self.beat)
        bot.on_action(
            {
                "drill-join": self.join,
                "drill-leave": lambda i, session: self._act(i, session, Leave(i.user.id)),
                "drill-start": lambda i, session: self._act(i, session, Start(i.user.id)),
                "drill-stop": lambda i, session: self._act(i, session, Stop(i.user.id)),
                "drill-pause": lambda i, session: self._act(i, session, Pause(i.user.id)),
                "drill-resume": lambda i, session: self._act(i, session, Resume(i.user.id)),
                "drill-done": lambda i, session, turn: self._act(i, session, EndTurn(i.user.id, int(turn))),
                "drill-next": lambda i, session, turn: self._act(i, session, NextTurn(i.user.id, int(turn))),
                "drill-sheet": lambda i, session, turn: answer(i, self._drill.sheet(i.user.id, session, int(turn))),
                "drill-probe": self.probe,
                "drill-write": lambda i, session, turn: self._form(i, session, turn, "write"),
                "drill-score": lambda i, session, turn: self._form(i, session, turn, "score"),
                "drill-wrote": self.wrote,
                "drill-scored": self.scored,
            }
        )

    async def cog_load(self) -> None:
        self._boards.touch(*await self._drill.come_back())

    async def beat(self) -> None:
        self._boards.touch(*await self._drill.go_on())
        await self._boards.beat()

    @app_commands.command(description="Practise for interviews, alone or with others: roles that rotate, a clock, scores, a summary.")
    @app_commands.describe(level="How hard", minutes="For each turn (5)", turns="How many turns (4)")
    @app_commands.choices(level=_LEVELS)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def interview(
        self,
        interaction: discord.Interaction[Bot],
        level: app_commands.Choice[str] | None = None,
        minutes: app_commands.Range[int, 1, 30] = 5,
        turns: app_commands.Range[int, 1, 12] = 4,
    ) -> None:
        channel = interaction.channel
        in_server = interaction.guild_id is not None
        server = interaction.guild_id or 0
        refusal = await self._settings.refusal(server, places(interaction), person(interaction), Around(interaction.guild))
        if refusal is not None:
            await show(interaction, refusal)
            return
        apart = in_server and self._bot.threads
        if apart and not isinstance(channel, discord.TextChannel):
            await show(interaction, notices.notice(_NO_THREAD))
            return
        session, reply = await self._drill.open(
            interaction.user.id, server, level.value if level else ANY, minutes, turns, await self._settings.level(server), apart=apart
        )
        await show(interaction, reply)
        if not session:
            return
        place = interaction.channel_id or 0
        if apart and isinstance(channel, discord.TextChannel):
            try:
                thread = await channel.create_thread(name="Interview drill", type=discord.ChannelType.private_thread, invitable=True)
                await thread.add_user(interaction.user)
            except discord.Forbidden:
                await self._drill.act(session, Stop(interaction.user.id))
                await show(interaction, notices.notice(_NO_THREAD))
                return
            place = thread.id
        await self._drill.move(session, place)
        self._boards.touch(session)

    async def join(self, interaction: discord.Interaction[Bot], session: str) -> None:
        reply, channel = await self._drill.join(interaction.user.id, session)
        await show(interaction, reply)
        self._boards.touch(session)
        if channel and interaction.guild_id is not None and interaction.channel_id != channel:
            thread: Any = await self._bot.fetch_channel(channel)
            await thread.add_user(interaction.user)

    async def probe(self, interaction: discord.Interaction[Bot], session: str, turn: str, number: str) -> None:
        await answer(interaction, self._drill.probe(interaction.user.id, session, int(turn), int(number)), edit=True)
        self._boards.touch(session)

    async def wrote(self, interaction: discord.Interaction[Bot], session: str, turn: str, filled: Filled) -> None:
        await self._act(interaction, session, Write(interaction.user.id, int(turn), str(filled.get("answer") or "")))

    async def scored(self, interaction: discord.Interaction[Bot], session: str, turn: str, filled: Filled) -> None:
        await answer(interaction, self._drill.judge(interaction.user.id, session, int(turn), filled))
        self._boards.touch(session)

    async def _form(self, interaction: discord.Interaction[Bot], session: str, turn: str, what: str) -> None:
        form = await self._drill.form(interaction.user.id, session, int(turn), what)
        if isinstance(form, Form):
            await interaction.response.send_modal(modal(form))
        else:
            await show(interaction, form)

    async def _act(self, interaction: discord.Interaction[Bot], session: str, event: Event) -> None:
        reply = await self._drill.act(session, event)
        if reply is not None:
            await show(interaction, reply)
        else:
            await interaction.response.defer()
        self._boards.touch(session)
