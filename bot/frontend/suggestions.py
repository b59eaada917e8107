"""What Discord suggests while a learner types.

Responsible for: choosing among names by what was typed, within Discord's limits.
Leaves to others: the names (`bot.app`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from discord import app_commands


def matching(typed: str, names: Iterable[str]) -> list[app_commands.Choice[str]]:
    """Discord takes 25 suggestions of up to 100 characters."""
    wanted = typed.casefold()
    found = [name for name in names if wanted in name.casefold() and len(name) <= 100]
    return [app_commands.Choice(name=name, value=name) for name in dict.fromkeys(found)][:25]


def choices(typed: str, names: Mapping[str, str]) -> list[app_commands.Choice[str]]:
    """The same for values that are shown under other names."""
    wanted = typed.casefold()
    found = [app_commands.Choice(name=name[:100], value=value) for value, name in names.items() if wanted in name.casefold()]
    return found[:25]
