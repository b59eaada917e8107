"""`/reach` and `/migrate`: questions to the learner's workspace as a whole.

Responsible for: the commands' options and what is suggested while typing.
Leaves to others: the answers (`bot.app.show_reach`, `bot.app.migrate_ingress`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.frontend.show import answer
from bot.frontend.suggestions import matching

if TYPE_CHECKING:
    from bot.frontend.client import Bot


class ReachCog(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self._show_reach, self._migrate_ingress = bot.app.show_reach, bot.app.migrate_ingress

    @app_commands.command(description="See which of your workloads reach each other, and what your last change opened or closed.")
    @app_commands.describe(namespace="Only the workloads of this namespace")
    async def reach(self, interaction: discord.Interaction[Bot], namespace: app_commands.Range[str, 0, 63] = "") -> None:
        await answer(interaction, self._show_reach.reach(interaction.user.id, namespace))

    @reach.autocomplete("namespace")
    async def namespaces(self, interaction: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return matching(typed, await self._show_reach.namespaces(interaction.user.id))

    @app_commands.command(description="Turn your Ingresses into a Gateway and HTTPRoutes that do the same, with the proof.")
    @app_commands.rename(gateway_class="class")
    @app_commands.describe(gateway_class="The GatewayClass of your cluster, e.g. cilium")
    async def migrate(self, interaction: discord.Interaction[Bot], gateway_class: app_commands.Range[str, 1, 63] = "example") -> None:
        await answer(interaction, self._migrate_ingress.migrate(interaction.user.id, gateway_class))
