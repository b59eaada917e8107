"""`/report`, the button under whatever can be reported, and bringing the answer to whoever reported.

Responsible for: the command's option, the form, direct messages, and telling what is left with the next use of the bot.
Leaves to others: reports (`bot.app.report_item`), what there is to tell (`bot.app.tell_reporters`), decisions (`reports`).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.frontend.forms import modal
from bot.frontend.show import answer, send, show
from bot.rendering.form import Filled, Form
from bot.rendering.reply import Reply
from bot.storage import StorageError

if TYPE_CHECKING:
    from bot.frontend.client import Bot

log = logging.getLogger("portside")


class ReportCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._bot, self._report, self._tell = bot, bot.app.report_item, bot.app.tell_reporters
        self._busy: set[int] = set()
        bot.on_action({"report-ask": self.ask, "report-pick": self.pick, "report-send": self.receive})

    async def cog_load(self) -> None:
        self.send_tidings.start()

    async def cog_unload(self) -> None:
        self.send_tidings.cancel()

    @app_commands.command(description="Report a mistake in a question, a lab, a lesson step or a page.")
    @app_commands.describe(about="A lab, a lesson step or a page; leave it out for what you met last")
    async def report(self, interaction: discord.Interaction[Bot], about: app_commands.Range[str, 0, 100] = "") -> None:
        if about:
            await _open(interaction, await self._report.named(interaction.user.id, about))
        else:
            await answer(interaction, self._report.recent(interaction.user.id))

    @report.autocomplete("about")
    async def things(self, _: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=title, value=name) for title, name in self._report.suggestions(typed)]

    async def ask(self, interaction: discord.Interaction[Bot], kind: str, item: str, instance: str = "") -> None:
        await _open(interaction, await self._report.form(interaction.user.id, kind, item, instance))

    async def pick(self, interaction: discord.Interaction[Bot], thing: str) -> None:
        kind, rest = thing.split("/", 1)
        item, _, instance = rest.rpartition("/")
        await self.ask(interaction, kind, item, instance)

    async def receive(self, interaction: discord.Interaction[Bot], kind: str, item: str, instance: str, filled: Filled) -> None:
        # Only where the bot is on the server are there moderators who could look.
        server = interaction.guild_id if interaction.guild_id and self._bot.get_guild(interaction.guild_id) else 0
        await answer(interaction, self._report.send(interaction.user.id, server, kind, item, instance, filled))

    @commands.Cog.listener()
    async def on_app_command_completion(self, interaction: discord.Interaction[Bot], _: Any) -> None:
        await self._tell_here(interaction)

    @commands.Cog.listener()
    async def on_acted(self, interaction: discord.Interaction[Bot]) -> None:
        await self._tell_here(interaction)

    async def _tell_here(self, interaction: discord.Interaction[Bot]) -> None:
        """Tells whoever has just used the bot what is left to tell, for their eyes alone."""
        learner = interaction.user.id
        if learner in self._busy or interaction.response.type in (None, discord.InteractionResponseType.modal):
            return
        self._busy.add(learner)
        try:
            message = await self._tell.waiting(learner)
            if message is not None:
                if message.reply is not None:
                    await show(interaction, message.reply)
                await self._tell.told(message)
        except (discord.HTTPException, StorageError) as error:
            log.warning("tidings: %s", type(error).__name__)
        finally:
            self._busy.discard(learner)

    @tasks.loop(minutes=1)
    async def send_tidings(self) -> None:
        """One look a minute. Who does not let us write is told with the next use of the bot."""
        try:
            for message in await self._tell.to_send():
                if message.learner in self._busy:
                    continue
                try:
                    if message.reply is not None:
                        channel = await self._bot.create_dm(discord.Object(message.learner))
                        await send(channel, message.reply, f"tidings-{message.tidings[0].id}")
                    await self._tell.told(message)
                except (discord.Forbidden, discord.NotFound):
                    await self._tell.wait(message.learner)
                except discord.HTTPException as error:
                    log.warning("tidings were not sent: %s", error.status)
                    if error.status < 500:
                        await self._tell.wait(message.learner)
        except StorageError as error:
            log.error("tidings: storage: %s", error)

    @send_tidings.before_loop
    async def connected(self) -> None:
        await self._bot.wait_until_ready()


async def _open(interaction: discord.Interaction[Any], form: Form | Reply) -> None:
    if isinstance(form, Form):
        await interaction.response.send_modal(modal(form))
    else:
        await show(interaction, form)
