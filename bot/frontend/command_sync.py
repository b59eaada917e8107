"""Tells Discord which commands there are, when that has changed and only then.

Responsible for: a hash of the command set, kept beside the data; comparing what Discord lists.
Leaves to others: the commands (`cogs`).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from discord import app_commands

from bot.storage import Storage, settings

_KEY = "command-set"


async def sync_if_changed(tree: app_commands.CommandTree[Any], storage: Storage) -> bool:
    """Sends the command set if it differs from the one last sent, or if Discord does not list it. True if it was sent."""
    wanted = digest(tree)
    if await storage.read(lambda db: settings.get(db, _KEY)) == wanted:
        listed = {(command.type.value, command.name) for command in await tree.fetch_commands()}
        if listed == {(described["type"], described["name"]) for described in _described(tree)}:
            return False
    await sync(tree, storage)
    return True


async def sync(tree: app_commands.CommandTree[Any], storage: Storage) -> None:
    """Sends the command set, and remembers that it did."""
    await tree.sync()
    sent = digest(tree)
    await storage.write(lambda db: settings.put(db, _KEY, sent))


def digest(tree: app_commands.CommandTree[Any]) -> str:
    """The same for the same command set, whatever the order in which the cogs were loaded."""
    lines = sorted(json.dumps(described, sort_keys=True) for described in _described(tree))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _described(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    return [command.to_dict(tree) for command in tree.get_commands()]
