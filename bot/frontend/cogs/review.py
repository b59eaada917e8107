"""`/review`, `/remind`, `/mistakes`, `/placement`, and the one task that sends reminders.

Responsible for: the commands' options, which button asks for what, sending what is to be sent by direct message.
Leaves to others: what is due and who is reminded (`bot.app.review_due`), mistakes and placement (their modules in `bot.app`).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.app.time_zones import zones
from bot.frontend.show import answer, send
from bot.frontend.surroundings import server_of
from bot.storage import StorageError

if TYPE_CHECKING:
    from bot.frontend.client import Bot

log = logging.getLogger("portside")


class ReviewCog(commands.Cog):
    reminders = app_commands.Group(name="remind", description="A daily reminder of what is due, only if you ask for it.")

    def __init__(self, bot: Bot) -> None:
        self._bot, self._review = bot, bot.app.review_due
        self._mistakes, self._place = bot.app.replay_mistakes, bot.app.place
        bot.on_action(
            {
                "review-list": self.due,
                "review-start": self.start,
                "mistakes-replay": self.replay,
                "placement-begin": self.begin_placement,
            }
        )

    async def cog_load(self) -> None:
        self.send_reminders.start()

    async def cog_unload(self) -> None:
        self.send_reminders.cancel()

    @app_commands.command(description="See what is about to fade, and answer it again before it does.")
    @app_commands.describe(exam="The day of your exam, as 2026-12-24: everything comes back before it. none: no exam")
    async def review(self, interaction: discord.Interaction[Bot], exam: app_commands.Range[str, 1, 20] = "") -> None:
        learner, server = interaction.user.id, server_of(interaction)
        await answer(interaction, self._review.set_exam(learner, exam) if exam else self._review.due(learner, server))

    @reminders.command(name="on", description="Remind me every day on which something is due.")
    @app_commands.describe(time="When, as 18:30", zone="Your time zone, as Europe/Berlin")
    async def on(
        self, interaction: discord.Interaction[Bot], time: app_commands.Range[str, 4, 5], zone: app_commands.Range[str, 1, 60]
    ) -> None:
        await answer(interaction, self._review.remind(interaction.user.id, time, zone))

    @on.autocomplete("zone")
    async def suggest_zones(self, _: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=name, value=name) for name in zones(typed)[:25]]

    @reminders.command(name="off", description="No more reminders.")
    async def off(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._review.remind_off(interaction.user.id))

    @app_commands.command(description="Answer again what you got wrong and have not put right since.")
    async def mistakes(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._mistakes.replay(interaction.user.id, server_of(interaction)))

    @app_commands.command(description="Know some of it already? A dozen questions find out where to begin.")
    async def placement(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._place.begin(interaction.user.id, server_of(interaction)))

    async def replay(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._mistakes.replay(interaction.user.id, server_of(interaction)), edit=True)

    async def begin_placement(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._place.begin(interaction.user.id, server_of(interaction)))

    async def due(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._review.due(interaction.user.id, server_of(interaction)), edit=True)

    async def start(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._review.start(interaction.user.id, server_of(interaction)), edit=True)

    @tasks.loop(minutes=1)
    async def send_reminders(self) -> None:
        """One look a minute for everybody. Who does not let us write is not written to again."""
        try:
            for learner, reply in await self._review.reminders():
                try:
                    await send(await self._bot.create_dm(discord.Object(learner)), reply)
                except discord.Forbidden:
                    await self._review.remind_off(learner)
                except discord.HTTPException as error:
                    log.warning("a reminder was not sent: %s", error.status)
        except StorageError as error:
            log.error("reminders: storage: %s", error)

    @send_reminders.before_loop
    async def connected(self) -> None:
        await self._bot.wait_until_ready()
