"""`/settings`, for the hosts of a server.

Responsible for: the command, its menus and buttons, and that each of them is a host's alone: a button outlives a permission.
Leaves to others: what is set (`bot.app.server_settings`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.app.time_zones import clock_time, zones
from bot.frontend.forms import modal
from bot.frontend.show import answer, show
from bot.frontend.surroundings import Around
from bot.learning.hosting import EVERYBODY
from bot.rendering.reply import Reply
from bot.rendering.server_settings import for_hosts

if TYPE_CHECKING:
    from bot.frontend.client import Bot, Handler


class SettingsCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._settings, self._daily, self._roles = bot.app.server_settings, bot.app.daily_plans, bot.app.reward_roles
        bot.on_action(
            {
                "settings-show": hosts_only(self._settings.screen),
                "settings-rounds": hosts_only(self._settings.rounds),
                "settings-channels": hosts_only(self._set_channels),
                "settings-everywhere": hosts_only(self._set_channels),
                "settings-who": hosts_only(self._settings.set_starters),
                "settings-role": hosts_only(self._set_role),
                "settings-level": hosts_only(self._settings.set_level),
                "settings-daily": hosts_only(self._daily.settings),
                "settings-daily-channel": hosts_only(self._set_daily_channel),
                "settings-daily-topic": hosts_only(self._daily.set_topic),
                "settings-daily-pack": hosts_only(self._daily.set_topic),
                "settings-daily-levels": hosts_only(self._set_daily_levels),
                "settings-daily-switch": hosts_only(self._daily.switch),
                "settings-daily-when": self._when,
                "settings-daily-time": hosts_only(self._daily.set_when),
                "settings-daily-zone": hosts_only(self._set_daily_zone),
                "settings-roles": hosts_only(self._roles.settings),
                "settings-roles-pick": hosts_only(lambda server, around, role="0": self._roles.what_for(server, around, int(role))),
                "settings-roles-add": hosts_only(lambda server, around, role, what: self._roles.add(server, around, int(role), what)),
                "settings-roles-remove": hosts_only(lambda server, around, role: self._roles.remove(server, around, int(role))),
                "settings-roles-keep": hosts_only(lambda server, around: self._roles.set_take_back(server, around, to=False)),
                "settings-roles-take": hosts_only(lambda server, around: self._roles.set_take_back(server, around, to=True)),
            }
        )

    @app_commands.command(description="For hosts: channels, the daily question, roles, who may start rounds and drills.")
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.describe(zone="Sets the time zone of the daily question, as Europe/Berlin")
    async def settings(self, interaction: discord.Interaction[Bot], zone: app_commands.Range[str, 1, 60] = "") -> None:
        if zone:
            await hosts_only(self._daily.set_zone, edit=False)(interaction, zone)
        else:
            await hosts_only(self._settings.screen, edit=False)(interaction)

    @settings.autocomplete("zone")
    async def suggest_zones(self, _: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=name, value=name) for name in zones(typed)[:25]]

    async def _set_channels(self, server: int, around: Around, *channels: str) -> Reply:
        return await self._settings.set_channels(server, around, [int(channel) for channel in channels])

    async def _set_daily_channel(self, server: int, around: Around, channel: str = "0") -> Reply:
        return await self._daily.set_channel(server, around, int(channel))

    async def _set_daily_levels(self, server: int, around: Around, *levels: str) -> Reply:
        return await self._daily.set_levels(server, around, levels)

    async def _set_daily_zone(self, server: int, around: Around, at: str, zone: str) -> Reply:
        return await self._daily.set_zone(server, around, zone, clock_time(at.replace(".", ":")))

    async def _when(self, interaction: discord.Interaction[Bot]) -> None:
        if interaction.guild_id is None or not interaction.permissions.manage_guild:
            await show(interaction, for_hosts())
        else:
            await interaction.response.send_modal(modal(await self._daily.form(interaction.guild_id)))

    async def _set_role(self, server: int, around: Around, role: str = EVERYBODY) -> Reply:
        return await self._settings.set_starters(server, around, role)


def hosts_only(work: Callable[..., Awaitable[Reply]], *, edit: bool = True) -> Handler:
    """What a menu or button does, for whoever has *Manage Server* at this moment. `work` takes the server, its surroundings, arguments."""

    async def handler(interaction: discord.Interaction[Any], *arguments: Any) -> None:
        if interaction.guild_id is None or not interaction.permissions.manage_guild:
            await show(interaction, for_hosts())
            return
        await answer(interaction, work(interaction.guild_id, Around(interaction.guild, interaction.user), *arguments), edit=edit)

    return handler
