"""Buttons and menus that outlive the process: what they do stands in their custom_id, the truth in the database.

Responsible for: the custom_id grammar (`portside.VERB:ARG:ARG`), making Discord's components from a reply's.
Leaves to others: finding the handler of a verb (`client`), what the verbs do (the cogs).
"""

from __future__ import annotations

import re
from typing import Any, Self

import discord

from bot.rendering.reply import Button, Kind, Menu, Pick, Style

_STYLES = {
    Style.PRIMARY: discord.ButtonStyle.primary,
    Style.SECONDARY: discord.ButtonStyle.secondary,
    Style.SUCCESS: discord.ButtonStyle.success,
    Style.DANGER: discord.ButtonStyle.danger,
}


_TEMPLATE = re.compile(r"portside\.(?P<verb>[a-z-]+)(?P<arguments>(:[A-Za-z0-9._/-]*)*)")


class Action(discord.ui.DynamicItem[discord.ui.Item[Any]], template=_TEMPLATE):
    """Any button or menu of ours, in a message of whatever age."""

    def __init__(self, item: discord.ui.Item[Any], verb: str, arguments: tuple[str, ...]) -> None:
        super().__init__(item)
        self.verb, self.arguments = verb, arguments

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(item, match["verb"], _arguments(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        # A menu of words has words as its values, Discord's own menus have what they stand for.
        values = [str(getattr(value, "id", value)) for value in getattr(self.item, "values", ())]
        await interaction.client.act(interaction, self.verb, (*self.arguments, *values))


def parse(custom_id: str) -> tuple[str, tuple[str, ...]] | None:
    """The verb and arguments of a custom_id of ours; None for any other."""
    match = _TEMPLATE.fullmatch(custom_id)
    return (match["verb"], _arguments(match)) if match else None


def on_message(message: discord.Message, custom_id: str) -> bool:
    """Does the message still have this button or menu?"""
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    return any(getattr(item, "custom_id", None) == custom_id for item in view.walk_children())


def button(of: Button) -> Action:
    return _action(
        of.action, discord.ui.Button(label=of.label, custom_id=_custom_id(of.action), style=_STYLES[of.style], disabled=of.disabled)
    )


def menu(of: Menu) -> Action:
    options = [
        discord.SelectOption(label=entry.label, value=entry.value, description=entry.description or None, default=entry.chosen)
        for entry in of.entries
    ]
    select = discord.ui.Select[Any](custom_id=_custom_id(of.action), placeholder=of.placeholder, options=options, max_values=of.most)
    return _action(of.action, select)


def pick(of: Pick) -> Action:
    known: dict[str, Any] = {"custom_id": _custom_id(of.action), "placeholder": of.placeholder, "min_values": 0, "max_values": of.most}
    if of.kind is Kind.ROLES:
        roles = [discord.SelectDefaultValue(id=role, type=discord.SelectDefaultValueType.role) for role in of.chosen]
        return _action(of.action, discord.ui.RoleSelect(default_values=roles, **known))
    channels = [discord.SelectDefaultValue(id=channel, type=discord.SelectDefaultValueType.channel) for channel in of.chosen]
    types = [discord.ChannelType.text, discord.ChannelType.news]
    return _action(of.action, discord.ui.ChannelSelect(default_values=channels, channel_types=types, **known))


def _arguments(match: re.Match[str]) -> tuple[str, ...]:
    return tuple(match["arguments"].split(":")[1:])


def _custom_id(action: str) -> str:
    return f"portside.{action}"


def _action(action: str, item: discord.ui.Item[Any]) -> Action:
    verb, *arguments = action.split(":")
    return Action(item, verb, tuple(arguments))
