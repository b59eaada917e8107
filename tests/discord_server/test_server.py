"""The server against an unmodified discord.py bot: what it takes, and that it refuses what Discord refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest
import yarl
from discord import app_commands, ui

from tests.discord_server import DiscordServer, Person
from tests.discord_server.limits import Refused, message_faults, modal_faults
from tests.discord_server.people import seen, texts
from tests.discord_server.server import MANAGE_ROLES


class Again(ui.DynamicItem[ui.Button[ui.View]], template=r"again:(?P<n>\d+)"):
    def __init__(self, n: int) -> None:
        super().__init__(ui.Button(label="Again", custom_id=f"again:{n}"))
        self.n = n

    @classmethod
    async def from_custom_id(cls, interaction, item, match):  # type: ignore[no-untyped-def]
        return cls(int(match["n"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.TextDisplay(f"pressed {self.n}"))
        view.add_item(ui.ActionRow(Again(self.n + 1)))
        await interaction.response.edit_message(view=view)


class Paste(ui.Modal, title="Paste"):
    text: ui.Label[ui.View] = ui.Label(
        text="Manifest", component=ui.TextInput(custom_id="text", style=discord.TextStyle.paragraph, required=False)
    )
    file: ui.Label[ui.View] = ui.Label(text="File", component=ui.FileUpload(custom_id="file", required=False))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        size = len(await self.file.component.values[0].read()) if self.file.component.values else 0  # type: ignore[attr-defined]
        await interaction.followup.send(f"text {self.text.component.value!r}, file of {size}", ephemeral=True)  # type: ignore[attr-defined]


class PlainBot(discord.AutoShardedClient):
    def __init__(self) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.dm_messages = True
        super().__init__(intents=intents, max_messages=None)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[str] = []

        @self.tree.command(description="show a counter")
        async def count(interaction: discord.Interaction, start: int) -> None:
            view = ui.LayoutView(timeout=None)
            view.add_item(ui.TextDisplay("start"))
            view.add_item(ui.ActionRow(Again(start)))
            await interaction.response.send_message(view=view)

        @self.tree.command(description="open a form")
        async def paste(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(Paste())

        @self.tree.command(description="say nothing in time")
        async def sleep(interaction: discord.Interaction) -> None:
            await asyncio.sleep(3.2)
            with pytest.raises(discord.NotFound):
                await interaction.response.send_message("late")

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Again)
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message.content)


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[DiscordServer, PlainBot, Person]]:
    async with DiscordServer() as server:
        monkeypatch.setattr(discord.http.Route, "BASE", f"{server.base}/api/v10")
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway.url))
        guild = server.world.create_guild("study", "general")
        bot = PlainBot()
        running = asyncio.create_task(bot.start(server.token))
        await asyncio.wait_for(server.gateway.ready.wait(), 10)
        yield server, bot, Person(server, server.world.create_user("ada"), guild.channels[0])
        await bot.close()
        await running


async def test_a_button_with_its_state_in_the_custom_id_goes_on(world: tuple[DiscordServer, PlainBot, Person]) -> None:
    """A slash command's message is edited in place by its persistent button."""
    server, _, ada = world
    shown = (await ada.slash("count", start=4)).original
    assert shown is not None
    await ada.click(shown, "Again")
    assert texts(shown) == "pressed 4\n[Again]"
    assert server.unknown == []


async def test_a_form_with_a_file_is_answered_privately(world: tuple[DiscordServer, PlainBot, Person]) -> None:
    """A modal's text and upload arrive; the deferred answer is private."""
    _, _, ada = world
    opened = await ada.slash("paste")
    sent = await ada.submit(opened, text="kind: Pod", file=("a.yaml", b"12345"))
    message = await seen(sent, "file of 5")
    assert sent.ephemeral
    assert "kind: Pod" in texts(message)


async def test_after_three_seconds_the_interaction_is_unknown(world: tuple[DiscordServer, PlainBot, Person]) -> None:
    """A late first response is refused with Discord's code, and the person sees nothing."""
    server, _, ada = world
    late = await ada.slash("sleep")
    await asyncio.sleep(0.5)
    assert late.original is None
    assert any("10062" in refusal for refusal in server.refusals)


async def test_only_direct_messages_are_heard_without_the_intent(world: tuple[DiscordServer, PlainBot, Person]) -> None:
    """A message in a guild does not reach a bot that asks for direct messages alone."""
    server, bot, ada = world
    await ada.say("in the guild")
    await Person(server, ada.user, server.world.direct_channel(ada.user)).say("in private")
    await asyncio.sleep(0.2)
    assert bot.heard == ["in private"]


async def test_a_cut_connection_is_resumed(world: tuple[DiscordServer, PlainBot, Person]) -> None:
    """After a network fault the session resumes and buttons still work."""
    server, _, ada = world
    shown = (await ada.slash("count", start=1)).original
    await server.gateway.drop(4000)
    await asyncio.sleep(0.1)
    await asyncio.wait_for(server.gateway.ready.wait(), 15)
    assert shown is not None
    await ada.click(shown, "Again")
    assert "pressed 1" in texts(shown)


async def test_a_message_with_an_enforced_nonce_is_posted_once(world: tuple[DiscordServer, PlainBot, Person]) -> None:
    """The same answer comes back; and the history gives messages in order, from one on."""
    _, bot, ada = world
    channel = bot.get_partial_messageable(int(ada.channel.id))
    first = await channel.send("one", nonce="n1")
    again = await channel.send("one", nonce="n1")
    other = await channel.send("two", nonce="n2")
    assert first.id == again.id != other.id
    assert [message.id async for message in channel.history(limit=None, oldest_first=True, after=first)] == [other.id]
    assert [message.id async for message in channel.history()] == [other.id, first.id]


async def test_roles_are_handed_out_by_rank(world: tuple[DiscordServer, PlainBot, Person]) -> None:
    """Below the bot's own highest role and with the permission; else Discord says so by its codes."""
    server, bot, ada = world
    guild = ada.channel.guild
    assert guild is not None
    low, high = guild.create_role("low", 1), guild.create_role("high", 9)

    async def give(role: str) -> int:
        try:
            await bot.http.add_role(guild.id, ada.user.id, role)
        except discord.HTTPException as error:
            return error.code
        return 0

    assert await give(low["id"]) == 50013
    guild.roles_of[server.world.bot.id] = [guild.create_role("own", 5, MANAGE_ROLES)["id"]]
    assert [await give(role) for role in (low["id"], high["id"], "1")] == [0, 50013, 10011]
    assert guild.roles_of[ada.user.id] == [low["id"]]
    await bot.http.remove_role(guild.id, ada.user.id, low["id"])
    assert guild.roles_of[ada.user.id] == []


def test_limits_are_discords() -> None:
    """Too many components, doubled ids, V2 with content, long labels and empty messages are refused."""
    text = {"type": 10, "content": "x"}
    button = {"type": 2, "style": 1, "label": "a", "custom_id": "one"}
    assert message_faults({"flags": 1 << 15, "components": [text] * 40}, []) == []
    assert message_faults({"flags": 1 << 15, "components": [text] * 41}, []) != []
    assert message_faults({"flags": 1 << 15, "components": [text], "content": "y"}, []) != []
    assert (
        message_faults({"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 2001}, {"type": 10, "content": "x" * 2000}]}, [])
        != []
    )
    assert message_faults({"components": [{"type": 1, "components": [button, button]}]}, []) != []
    assert message_faults({"components": [{"type": 1, "components": [{**button, "label": "a" * 81}]}]}, []) != []
    assert message_faults({"components": [{"type": 1, "components": [{**button, "custom_id": "a" * 101}]}]}, []) != []
    assert message_faults({"content": "x" * 2001}, []) != []
    with pytest.raises(Refused):
        message_faults({}, [])
    assert modal_faults({"title": "t" * 46, "custom_id": "m", "components": []}) != []
