"""Buttons and menus that outlive the process: what they do stands in their custom_id, the truth in the database.

Responsible for: the custom_id grammar (`portside.VERB:ARG:ARG`), making Discord's components from a reply's.
Leaves to others: finding the handler of a verb (`client`), what the verbs do (the cogs).
"""

from __future__ import annotations

import re
from typing import Any, Self

import discord

from bot.rendering.reply import Button, Menu, Style

_STYLES = {
    Style.PRIMARY: discord.ButtonStyle.primary,
    Style.SECONDARY: discord.ButtonStyle.secondary,
    Style.SUCCESS: discord.ButtonStyle.success,
    Style.DANGER: discord.ButtonStyle.danger,
}


class Action(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"portside\.(?P<verb>[a-z-]+)(?P<arguments>(:[A-Za-z0-9._/-]*)*)"):
    """Any button or menu of ours, in a message of whatever age."""

    def __init__(self, item: discord.ui.Item[Any], verb: str, arguments: tuple[str, ...]) -> None:
        super().__init__(item)
        self.verb, self.arguments = verb, arguments

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(item, match["verb"], tuple(match["arguments"].split(":")[1:]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        values = self.item.values if isinstance(self.item, discord.ui.Select) else []
        await interaction.client.act(interaction, self.verb, (*self.arguments, *values))


def button(of: Button) -> Action:
    return _action(
        of.action, discord.ui.Button(label=of.label, custom_id=_custom_id(of.action), style=_STYLES[of.style], disabled=of.disabled)
    )


def menu(of: Menu) -> Action:
    options = [
        discord.SelectOption(label=entry.label, value=entry.value, description=entry.description or None, default=entry.chosen)
        for entry in of.entries
    ]
    return _action(of.action, discord.ui.Select(custom_id=_custom_id(of.action), placeholder=of.placeholder, options=options))


def _custom_id(action: str) -> str:
    return f"portside.{action}"


def _action(action: str, item: discord.ui.Item[Any]) -> Action:
    verb, *arguments = action.split(":")
    return Action(item, verb, tuple(arguments))
