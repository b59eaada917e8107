"""A Reply -> a Discord message, by whichever of Discord's doors is still open.

Responsible for: Components V2 from blocks, files with alt text, answering in time (response, deferral, edit or follow-up).
Leaves to others: what the reply says (`bot.rendering`), what buttons do (`components`).
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable
from typing import Any

import discord
from discord import ui

from bot.frontend import components
from bot.rendering.escape import code_block
from bot.rendering.limits import fitted
from bot.rendering.reply import Block, Buttons, Code, File, Menu, Pick, Picture, Reply, Rule, Text, Tone

PATIENCE = 1.5
"""Seconds after which a learner is told that an answer is coming. Discord gives up at three."""

_COLOURS = {Tone.PLAIN: None, Tone.GOOD: 0x2E8B57, Tone.BAD: 0xC0392B, Tone.CAREFUL: 0xD68910}


async def answer(interaction: discord.Interaction[Any], work: Awaitable[Reply], *, edit: bool = False) -> None:
    """Waits for a reply and shows it; what takes longer than `PATIENCE` is acknowledged first.

    `edit` puts the reply in place of the clicked message.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=PATIENCE)
    if not done:
        if edit:
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=_secluded(interaction), thinking=True)
    await show(interaction, await task, edit=edit)


async def show(interaction: discord.Interaction[Any], reply: Reply, *, edit: bool = False) -> None:
    """Shows a reply: as the first response, or by an edit or a follow-up once that has been given."""
    reply = fitted(reply)
    private = reply.private and _secluded(interaction)
    if edit and not reply.aside and interaction.message is not None:
        if interaction.response.is_done():
            await interaction.edit_original_response(view=layout(reply), attachments=files(reply))
        else:
            await interaction.response.edit_message(view=layout(reply), attachments=files(reply))
    elif interaction.response.is_done():
        await interaction.followup.send(view=layout(reply), files=files(reply), ephemeral=private)
    else:
        await interaction.response.send_message(view=layout(reply), files=files(reply), ephemeral=private)


async def send(channel: discord.abc.Messageable, reply: Reply, nonce: str = "") -> None:
    """Sends a reply to where a learner wrote to us. By its `nonce` Discord recognises for a while what is sent twice, and shows it once."""
    reply = fitted(reply)
    once: dict[str, Any] = {"nonce": nonce} if nonce else {}
    await channel.send(view=layout(reply), files=files(reply), **once)


def layout(reply: Reply) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*(_item(block) for block in reply.blocks), accent_colour=_COLOURS[reply.tone]))
    return view


def files(reply: Reply) -> list[discord.File]:
    return [
        discord.File(io.BytesIO(block.data), filename=block.name, description=block.alt if isinstance(block, Picture) else None)
        for block in reply.blocks
        if isinstance(block, File | Picture)
    ]


def _item(block: Block) -> ui.Item[Any]:
    match block:
        case Text(markdown=markdown):
            return ui.TextDisplay(markdown)
        case Code(text=text, language=language):
            return ui.TextDisplay(code_block(text, language))
        case Rule():
            return ui.Separator()
        case Buttons(buttons=buttons):
            return ui.ActionRow(*(components.button(button) for button in buttons))
        case Menu():
            return ui.ActionRow(components.menu(block))
        case Pick():
            return ui.ActionRow(components.pick(block))
        case Picture(name=name, alt=alt):
            return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{name}", description=alt))
        case File(name=name):
            return ui.File(f"attachment://{name}")


def _secluded(interaction: discord.Interaction[Any]) -> bool:
    """Must a private answer be hidden here? In our own direct messages nobody else reads along, and what is hidden does not last."""
    return not interaction.context.dm_channel
