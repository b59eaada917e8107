"""`/kubectl`, `/curl`, `/nslookup` and `/workspace`: the learner's simulated cluster.

Responsible for: the commands' options and what is suggested while typing.
Leaves to others: the answers (`bot.app.ask_cluster`, `bot.app.trace_request`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.app.ask_cluster import OUTSIDE, RECORD_TYPES
from bot.app.trace_request import METHODS
from bot.frontend.show import answer
from bot.frontend.suggestions import matching

if TYPE_CHECKING:
    from bot.frontend.client import Bot

_METHODS = [app_commands.Choice(name=method, value=method) for method in METHODS]
_TYPES = [app_commands.Choice(name=kind, value=kind) for kind in RECORD_TYPES]
_COMMON = ("pods", "services", "endpointslices", "deployments", "ingresses", "gateways", "httproutes", "networkpolicies", "all")


class ClusterCog(commands.Cog):
    kubectl = app_commands.Group(name="kubectl", description="Ask the simulated cluster that your manifests make.")
    workspace = app_commands.Group(name="workspace", description="What you have pasted so far and is still applied.")

    def __init__(self, bot: Bot) -> None:
        self._cluster = bot.app.ask_cluster
        self._requests = bot.app.trace_request
        bot.on_action({"workspace-reset": self.clear, "what-if": self.what_if})

    @kubectl.command(description="List objects, as kubectl does.")
    @app_commands.describe(arguments="As after kubectl get, e.g. svc -o wide")
    async def get(self, interaction: discord.Interaction[Bot], arguments: app_commands.Range[str, 1, 300]) -> None:
        await answer(interaction, self._cluster.kubectl(interaction.user.id, "get", arguments))

    @kubectl.command(description="Show one object in full, as kubectl does.")
    @app_commands.describe(arguments="As after kubectl describe, e.g. svc web")
    async def describe(self, interaction: discord.Interaction[Bot], arguments: app_commands.Range[str, 1, 300]) -> None:
        await answer(interaction, self._cluster.kubectl(interaction.user.id, "describe", arguments))

    @kubectl.command(description="What clients meet while Pods are replaced. Your cluster stays as it is.")
    @app_commands.describe(arguments="As after `kubectl rollout`, e.g. `restart deployment/web`")
    async def rollout(self, interaction: discord.Interaction[Bot], arguments: app_commands.Range[str, 1, 300]) -> None:
        await answer(interaction, self._cluster.kubectl(interaction.user.id, "rollout", arguments))

    @get.autocomplete("arguments")
    async def get_arguments(self, interaction: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return matching(typed, (*_COMMON, *await self._objects(interaction)))

    @describe.autocomplete("arguments")
    async def describe_arguments(self, interaction: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return matching(typed, await self._objects(interaction))

    @rollout.autocomplete("arguments")
    async def rollout_arguments(self, interaction: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return matching(typed, [f"restart {each}" for each in await self._objects(interaction) if each.startswith("deployment ")])

    @app_commands.command(description="Send a request through the simulated cluster and follow it hop by hop.")
    @app_commands.describe(
        url="Where to, e.g. http://web/path",
        client="Who asks: a Pod, a node, or outside (a Pod)",
        via="From outside: whose address is dialled",
        method="GET unless you say otherwise",
        header="One header, e.g. X-Canary: always",
    )
    @app_commands.rename(client="from")
    @app_commands.choices(method=_METHODS)
    async def curl(
        self,
        interaction: discord.Interaction[Bot],
        url: app_commands.Range[str, 1, 500],
        client: str = "",
        via: str = "",
        method: app_commands.Choice[str] | None = None,
        header: app_commands.Range[str, 0, 300] = "",
    ) -> None:
        verb = method.value if method else "GET"
        origin = client or (OUTSIDE if via else "")
        await answer(interaction, self._requests.curl(interaction.user.id, url, origin, via, verb, header))

    async def what_if(self, interaction: discord.Interaction[Bot], session: str, event: str) -> None:
        await answer(interaction, self._requests.what_if(interaction.user.id, session, event))

    @curl.autocomplete("url")
    async def urls(self, interaction: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        names = await self._cluster.names(interaction.user.id)
        return matching(typed, [f"http://{service}" for service in names.services])

    @curl.autocomplete("client")
    async def clients(self, interaction: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        names = await self._cluster.names(interaction.user.id)
        return matching(typed, (OUTSIDE, *names.pods, *names.nodes))

    @curl.autocomplete("via")
    async def entries(self, interaction: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return matching(typed, (await self._cluster.names(interaction.user.id)).entries)

    @app_commands.command(description="Look a name up as a Pod would, with every query that was tried.")
    @app_commands.describe(name="The name, e.g. web or web.shop.svc.cluster.local", record="A unless you say otherwise", pod="Who asks")
    @app_commands.choices(record=_TYPES)
    async def nslookup(
        self,
        interaction: discord.Interaction[Bot],
        name: app_commands.Range[str, 1, 253],
        record: app_commands.Choice[str] | None = None,
        pod: str = "",
    ) -> None:
        await answer(interaction, self._cluster.nslookup(interaction.user.id, name, record.value if record else "A", pod))

    @nslookup.autocomplete("name")
    async def lookup_names(self, interaction: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return matching(typed, (await self._cluster.names(interaction.user.id)).services)

    @nslookup.autocomplete("pod")
    async def pods(self, interaction: discord.Interaction[Bot], typed: str) -> list[app_commands.Choice[str]]:
        return matching(typed, (await self._cluster.names(interaction.user.id)).pods)

    @workspace.command(name="show", description="See what is applied.")
    async def show(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._cluster.workspace(interaction.user.id))

    @workspace.command(name="reset", description="Begin afresh: nothing is applied any more.")
    async def reset(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._cluster.reset(interaction.user.id))

    async def clear(self, interaction: discord.Interaction[Bot]) -> None:
        await answer(interaction, self._cluster.reset(interaction.user.id))

    async def _objects(self, interaction: discord.Interaction[Bot]) -> list[str]:
        objects = (await self._cluster.names(interaction.user.id)).objects
        return [
            f"{ref.kind.lower()} {ref.name}" + (f" -n {ref.namespace}" if ref.namespace not in ("", "default") else "") for ref in objects
        ]
