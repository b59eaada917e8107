"""A form as data: what a window asks for.

Responsible for: the fields of a form, and nothing about what they say.
Leaves to others: turning it into Discord's modal and reading it back (`bot.frontend.forms`).
Like a button, a form carries its `action`; so one that was opened before a restart of the bot can be sent after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Line:
    """A text to write, in one line or in a `long` box."""

    name: str
    label: str
    description: str = ""
    value: str = ""
    long: bool = False
    required: bool = False
    most: int = 2000


@dataclass(frozen=True, slots=True)
class Options:
    """Things to tick: exactly one of 2 to 10, or `many` of 1 to 10, even none. Each is a value, a label, and whether it is ticked."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]
    description: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    title: str
    action: str
    fields: tuple[Line | Options, ...]


Filled: TypeAlias = dict[str, "str | list[str]"]
"""What came back, by the fields' names."""
