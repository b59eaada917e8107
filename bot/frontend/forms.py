"""Forms that outlive the process: what one does stands in its custom_id, what was written comes with it.

Responsible for: making Discord's modal from a form, reading one that was sent.
Leaves to others: finding the handler of a verb (`client`), what the verbs do (the cogs).
Nothing is remembered between opening and sending, so a restart in between loses nothing that somebody wrote.
"""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.frontend.components import parse
from bot.rendering.form import Filled, Form, Line, Options

_OPEN_FOR = 60.0
"""Seconds for which discord.py keeps a modal that it need not keep at all."""


def modal(form: Form) -> ui.Modal:
    made = ui.Modal(title=form.title, custom_id=f"portside.{form.action}", timeout=_OPEN_FOR)
    for field in form.fields:
        made.add_item(ui.Label(text=field.label, description=field.description or None, component=_component(field)))
    return made


def filled_in(interaction: discord.Interaction[Any]) -> tuple[str, tuple[Any, ...]] | None:
    """The verb and arguments of a form of ours, the last of them what was filled in; None for any other modal."""
    data: Any = interaction.data
    action = parse(str(data.get("custom_id")))
    if action is None:
        return None
    filled: Filled = {}
    for row in data.get("components") or ():
        part = row.get("component") or {}
        if "custom_id" in part:
            found = part.get("values") if part.get("values") is not None else part.get("value")
            filled[part["custom_id"]] = found if isinstance(found, list) else _sound(found or "")
    verb, arguments = action
    return verb, (*arguments, filled)


def _sound(text: str) -> str:
    """What was written, without halves of characters, which no file takes."""
    return text.encode("utf-8", "replace").decode()


def _component(field: Line | Options) -> ui.Item[Any]:
    if isinstance(field, Line):
        style = discord.TextStyle.paragraph if field.long else discord.TextStyle.short
        return ui.TextInput(custom_id=field.name, style=style, required=field.required, max_length=field.most, default=field.value or None)
    if field.many:
        ticks = [discord.CheckboxGroupOption(label=label, value=value, default=ticked) for value, label, ticked in field.options]
        return ui.CheckboxGroup(custom_id=field.name, required=False, min_values=0, max_values=len(ticks), options=ticks)
    choices = [discord.RadioGroupOption(label=label, value=value, default=ticked) for value, label, ticked in field.options]
    return ui.RadioGroup(custom_id=field.name, required=True, options=choices)
