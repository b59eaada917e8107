"""`/quiz-round` and its buttons.

Responsible for: the command's options, which button asks for which step, telling the board that something changed.
Leaves to others: the round (`bot.app.run_round`), editing the board (`boards`), when something is due (`pulse`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.app.take_quiz import ANY
from bot.frontend.boards import Boards
from bot.frontend.show import answer, show
from bot.frontend.suggestions import choices
from bot.frontend.surroundings import Around, person, places
from bot.learning.gathering import Pause, Resume, Start, Stop
from bot.learning.items import Level
from bot.learning.round import Event, Join, Leave, Lock, Mode, Next

if TYPE_CHECKING:
    from bot.frontend.client import Bot

_LEVELS = [app_commands.Choice(name=level.value, value=level.value) for level in Level]
_MODES = [
    app_commands.Choice(name="classic: most right answers", value="classic"),
    app_commands.Choice(name="race: points by speed", value="race"),
    app_commands.Choice(name="teams: means of right answers", value="teams"),
    app_commands.Choice(name="together: all against the quiz", value="together"),
]


class RoundsCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._round, self._settings = bot.app.run_round, bot.app.server_settings
        self._boards = Boards(bot, self._round.board, self._round.placed)
        bot.pulse.on_beat(self.beat)
        bot.on_action(
            {
                "round-join": lambda i, session, team="": self._act(i, session, Join(i.user.id, team)),
                "round-leave": lambda i, session: self._act(i, session, Leave(i.user.id)),
                "round-start": lambda i, session: self._act(i, session, Start(i.user.id)),
                "round-lock": lambda i, session, asked: self._act(i, session, Lock(i.user.id, int(asked))),
                "round-next": lambda i, session, asked: self._act(i, session, Next(i.user.id, int(asked))),
                "round-pause": lambda i, session: self._act(i, session, Pause(i.user.id)),
                "round-resume": lambda i, session: self._act(i, session, Resume(i.user.id)),
                "round-stop": lambda i, session: self._act(i, session, Stop(i.user.id)),
                "round-answer": self.choose,
                "round-others": lambda i, session, asked: answer(i, self._round.others(session, int(asked))),
                "round-run": lambda i, session, asked: answer(i, self._round.run_behind(session, int(asked))),
                "round-mine": lambda i, session: answer(i, self._round.mine(i.user.id, session)),
            }
        )

    async def cog_load(self) -> None:
        self._boards.touch(*await self._round.come_back())

    async def beat(self) -> None:
        self._boards.touch(*await self._round.go_on())
        await self._boards.beat()

    @app_commands.command(name="quiz-round", description="A quiz for everybody in this channel, with a clock and a table.")
    @app_commands.describe(
        mode="How it is won (classic)", topic="What to ask about", level="How hard", length="How many questions (5)",
        seconds="For each question (30)", teams="How many teams, in that mode (2)",
    )  # fmt: skip
    @app_commands.choices(mode=_MODES, level=_LEVELS)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    async def quiz_round(
        self,
        interaction: discord.Interaction[Bot],
        mode: app_commands.Choice[str] | None = None,
        topic: str = ANY,
        level: app_commands.Choice[str] | None = None,
        length: app_commands.Range[int, 1, 20] = 5,
        seconds: app_commands.Range[int, 10, 300] = 30,
        teams: app_commands.Range[int, 2, 4] = 2,
    ) -> None:
        server = interaction.guild_id or 0
        refusal = await self._settings.refusal(server, places(interaction), person(interaction), Around(interaction.guild))
        if refusal is not None:
            await show(interaction, refusal)
            return
        session, reply = await self._round.open(
            interaction.user.id, server, interaction.channel_id or 0, Mode(mode.value if mode else "classic"),
            topic, level.value if level else ANY, length, seconds, teams, await self._settings.level(server),
        )  # fmt: skip
        await show(interaction, reply)
        if session:
            await self._round.placed(session, "board", (await interaction.original_response()).id)

    @quiz_round.autocomplete("topic")
    async def topics(self, interaction: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return choices(typed, self._round.topics(interaction.guild_id or 0))

    async def choose(self, interaction: discord.Interaction[Bot], session: str, asked: str, place: str) -> None:
        await answer(interaction, self._round.answer(interaction.user.id, session, int(asked), int(place)))
        self._boards.touch(session)

    async def _act(self, interaction: discord.Interaction[Bot], session: str, event: Event) -> None:
        """What changes the board is shown at once, by the click itself, which costs no edit of the few that Discord allows."""
        reply = await self._round.act(session, event)
        if reply is not None:
            await show(interaction, reply)
        elif boards := await self._round.board(session):
            await show(interaction, boards[0].reply, edit=True)
        self._boards.touch(session)
