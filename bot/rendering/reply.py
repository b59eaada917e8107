"""A message as data: blocks of text and code, buttons, menus, pictures, files.

Responsible for: the parts of a message, and nothing about what they say.
Leaves to others: wording (`templates`), Discord's limits (`limits`), turning it into a Discord message (`bot.frontend.show`).
An `action` is what a button carries and gets back: a verb and its arguments, e.g. `quiz-answer:k3v9x2:0:2`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Tone(Enum):
    """The colour of a message's edge. Never the only sign of anything."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    CAREFUL = "careful"


class Style(Enum):
    PRIMARY = "primary"
    SECONDARY = "secondary"
    SUCCESS = "success"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Text:
    """Discord Markdown, already escaped."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code block of any text; `name` is what its file is called where it is too long for the message."""

    text: str
    language: str = ""
    name: str = "output.txt"


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line between two parts."""


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    action: str
    style: Style = Style.SECONDARY
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of one to five buttons."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    value: str
    description: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of one to 25 entries, of which one to `most` can be taken. Their values come back as the action's last arguments."""

    action: str
    placeholder: str
    entries: tuple[Entry, ...]
    most: int = 1


class Kind(Enum):
    CHANNELS = "channels"
    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Pick:
    """Discord's own menu of a server's text channels or roles. The ids of up to `most` come back as the action's last arguments."""

    action: str
    placeholder: str
    kind: Kind
    chosen: tuple[int, ...] = ()
    most: int = 1


@dataclass(frozen=True, slots=True)
class Picture:
    """An image with the words for those who do not see it."""

    name: str
    data: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class File:
    name: str
    data: bytes


Block: TypeAlias = Text | Code | Rule | Buttons | Menu | Pick | Picture | File


@dataclass(frozen=True, slots=True)
class Reply:
    """One message. `private` is for the learner's eyes alone; an `aside` stands beside the message that was clicked, never in its place."""

    blocks: tuple[Block, ...]
    tone: Tone = Tone.PLAIN
    private: bool = True
    aside: bool = False
