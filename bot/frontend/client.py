"""The bot itself: how it connects, which commands it has, where its buttons lead, what happens when something fails.

Responsible for: intents and caches, cogs, the handlers of buttons, command sync at the start, the error boundary.
Leaves to others: each command (`cogs`), everything that is not Discord (`bot.app`).
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any, TypeAlias, cast

import discord
import discord.gateway
import discord.http
import yarl
from discord import app_commands
from discord.ext import commands

from bot.app import App
from bot.app.workers import Workers
from bot.frontend import forms
from bot.frontend.cogs import COGS
from bot.frontend.command_sync import sync_if_changed
from bot.frontend.components import Action, on_message, parse
from bot.frontend.errors import note, report
from bot.frontend.pulse import Pulse
from bot.frontend.show import show
from bot.library import Library
from bot.rendering import notices
from bot.settings import Settings
from bot.storage import Storage

Handler: TypeAlias = Callable[..., Awaitable[None]]
"""Takes the interaction and the action's arguments as strings; a menu's value is the last of them."""


class Bot(commands.AutoShardedBot):
    """Portside on Discord. It asks for no privileged intent and remembers no messages and no members."""

    def __init__(self, app: App, shard_count: int | None = None, operators: Collection[int] = (), *, threads: bool = True) -> None:
        super().__init__(
            command_prefix=(),
            help_command=None,
            intents=discord.Intents(guilds=True, dm_messages=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            shard_count=shard_count,
        )
        self.app, self.operators, self.threads = app, frozenset(operators), threads
        self.handlers: dict[str, Handler] = {}
        self.pulse = Pulse()
        self.tree.error(self._command_failed)

    async def setup_hook(self) -> None:
        for cog in COGS:
            await self.add_cog(cog(self))
        self.add_dynamic_items(Action)
        self.pulse.start()
        await sync_if_changed(self.tree, self.app.storage)

    async def close(self) -> None:
        self.pulse.stop()
        await super().close()

    def on_action(self, handlers: Mapping[str, Handler]) -> None:
        """Tells where the buttons and menus of these verbs lead."""
        self.handlers |= handlers

    async def act(self, interaction: discord.Interaction[Any], verb: str, arguments: Sequence[Any]) -> None:
        """Does what a clicked button or menu, or a form that was sent, says."""
        try:
            if verb in self.handlers:
                await self.handlers[verb](interaction, *arguments)
            else:
                await show(interaction, notices.gone("help"))
        except Exception as error:
            await report(interaction, error, verb)
        self.dispatch("acted", interaction)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answers a click on a button that its message has lost meanwhile, as by a double click: discord.py dispatches it nowhere."""
        if interaction.type is discord.InteractionType.modal_submit and (filled := forms.filled_in(interaction)):
            await self.act(interaction, *filled)
        if interaction.type is not discord.InteractionType.component or interaction.message is None:
            return
        clicked = str(cast("Mapping[str, Any]", interaction.data).get("custom_id"))
        if not on_message(interaction.message, clicked) and (action := parse(clicked)):
            await self.act(interaction, *action)

    async def _command_failed(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        await report(interaction, error, interaction.command.qualified_name if interaction.command else "a command")

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            note(error, event_method)

    async def on_message(self, _: discord.Message, /) -> None:
        """There are no prefix commands; the cogs listen for what they need."""


def build_bot(
    settings: Settings, library: Library, storage: Storage, workers: Workers, clock: Callable[[], datetime], random: Random
) -> Bot:
    """The bot, wired but not connected. Whoever calls this opens and closes the storage and the workers."""
    if settings.api_url:
        discord.http.Route.BASE = settings.api_url
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway_url)
    return Bot(App(library, storage, workers, clock, random), settings.shard_count, settings.operators, threads=settings.threads)
