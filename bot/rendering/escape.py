"""Hostile text made harmless: what learners paste, name and type, inside Discord Markdown.

Responsible for: escaping for prose, inline code and code blocks; control and invisible characters; width.
Leaves to others: which text is hostile (all that `templates` is not told to trust).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

CODE_WIDTH = 60
"""Columns of a code block that a phone shows without breaking its lines."""

_SPECIAL = re.compile(r"([\\`*_~|<\[\]@]|(?<=^)[ ]*[#>-]|:(?=//))", re.MULTILINE)
_UNUSUAL = re.compile(r"[^ -~\n]")
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


class Trusted(str):
    """Markdown of our own making: passed through as it is."""

    __slots__ = ()


def visible(text: str) -> str:
    """The text with every character that cannot be seen (controls, zero width, direction marks) spelt out as `<U+200B>`.

    Newlines stay, tabs become `→   `: a tab in YAML is a fault that the learner must see.
    """
    return _UNUSUAL.sub(lambda match: _spelt_out(match[0]), text)


def _spelt_out(character: str) -> str:
    if character == "\t":
        return "→   "
    if unicodedata.category(character) in _INVISIBLE:
        return f"<U+{ord(character):04X}>"
    return character


def prose(text: str) -> str:
    """Plain text as Markdown that shows it literally: no formatting, mention, link or heading can come of it."""
    return _SPECIAL.sub(r"\\\1", visible(text))


def sentence(text: str) -> str:
    """A sentence that sets names between backticks: these become inline code, all the rest is shown literally."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return prose(text)
    return "".join(inline_code(part) if number % 2 else prose(part) for number, part in enumerate(parts))


def inline_code(text: str) -> str:
    """Any text as inline code on one line."""
    line = visible(text).replace("\n", "⏎")
    if not line.strip():
        return "` `"
    if "`" not in line:
        return f"`{line}`"
    # Two backticks enclose single ones; runs are broken by a space of no width, which Discord does not show.
    return "`` " + re.sub("`(?=`)", "`\u200b", line) + " ``"


def code_block(text: str, language: str = "") -> str:
    """Any text as a fenced block. Three backticks in it are broken by spaces of no width."""
    body = visible(text.rstrip("\n")).replace("```", "`\u200b`\u200b`")
    return f"```{language}\n{body or ' '}\n```"


def width(text: str) -> int:
    """Columns that a line takes in a fixed-width font."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def clipped(text: str, columns: int = CODE_WIDTH) -> str:
    """The line, cut to at most `columns` with `…` at its end."""
    if width(text) <= columns:
        return text
    kept = ""
    for character in text:
        if width(kept + character) > columns - 1:
            break
        kept += character
    return kept + "…"


def shortened(text: str, characters: int) -> str:
    """Plain text of at most so many characters, cut at a word where that loses little."""
    if len(text) <= characters:
        return text
    cut = text[: characters - 1]
    word_end = cut.rfind(" ")
    return (cut[:word_end] if word_end > characters // 2 else cut).rstrip(" \n.,:;") + "…"


def plain(markdown: str) -> str:
    """Our own Markdown without its marks, for places that know none: button labels, menus."""
    return re.sub(r"[`*_]+", "", markdown).replace("\n", " ").strip()


def listed(names: Iterable[str]) -> str:
    """`a`, `b` and `c`."""
    codes = [inline_code(name) for name in names]
    return " and ".join([", ".join(codes[:-1]), codes[-1]]) if len(codes) > 1 else "".join(codes)
