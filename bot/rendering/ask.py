"""How answers to `/ask` look.

Responsible for: the layout of what was found, and of "not found".
Leaves to others: finding it (`bot.app.ask`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.rendering.escape import plain, shortened
from bot.rendering.reply import Block, Button, Buttons, Reply, Style, Tone
from bot.rendering.templates import text

_KINDS = {"chunk": "lesson", "explanation": "explanation", "lab": "lab", "term": "glossary", "command": "command"}
_OPENS = {"chunk": "lesson-look", "explanation": "check-why", "lab": "lab-start:any:0", "term": "lesson-look"}


@dataclass(frozen=True, slots=True)
class Found:
    """A page that was found: what kind it is, its id (a command's name), title and text."""

    kind: str
    name: str
    title: str
    body: str


def found(hits: Sequence[Found], corrected: Sequence[tuple[str, str]]) -> Reply:
    """Each page with its beginning and, where it has one, the button that opens it."""
    pages = [
        (_KINDS[hit.kind], hit.name if hit.kind == "command" else hit.title, shortened(plain(_opening(hit.body)), 220)) for hit in hits
    ]
    ways: dict[str, Button] = {}
    for number, hit in enumerate(hits, 1):
        if hit.kind in _OPENS and hit.name:
            action = f"{_OPENS[hit.kind]}:{hit.name}"
            label = shortened(f"{number}. {hit.title}", 80)
            ways.setdefault(action, Button(label, action, Style.SECONDARY if ways else Style.PRIMARY))
    blocks: list[Block] = [text("found", pages=pages, corrected=corrected)]
    return Reply((*blocks, *(Buttons((way,)) for way in ways.values())))


def not_found(corrected: Sequence[tuple[str, str]]) -> Reply:
    """It is not there, and where else to look."""
    return Reply((text("not_found", corrected=corrected), Buttons((Button("All lessons", "lesson-contents"),))), Tone.CAREFUL)


def _opening(body: str) -> str:
    """The first words of a page that are neither a heading nor its id."""
    lines = [line.strip() for line in body.split("\n")]
    told = [line for line in lines if line and not line.startswith(("#", "```", "|")) and (" " in line)]
    return told[0].removeprefix("- ") if told else body.strip()
