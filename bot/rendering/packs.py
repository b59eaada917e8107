"""How a server's own question packs look to those who look after them.

Responsible for: the list of faults, what was taken, the list of packs, files handed out.
Leaves to others: words (`templates`), what is done (`bot.app.server_packs`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from bot.learning.items import Item, Pack, Written
from bot.rendering.escape import shortened
from bot.rendering.reply import Block, File, Reply, Tone
from bot.rendering.templates import text

Fault: TypeAlias = tuple[int, str, str]
"""A line of the file, what is wrong there, what to do next."""

_SHOWN = 10


def faults(found: Sequence[Fault], *, read: bool) -> Reply:
    """Everything that is wrong with a pack, at once; what has no room in the message stands in a file.

    `read`: its form is right, so that its questions were checked and run as well.
    """
    return Reply((text("pack_faults", count=len(found), read=read), *_listed(found)), Tone.BAD)


def taken(pack: Pack, before: Pack | None, advice: Sequence[Fault], *, dry_run: bool) -> Reply:
    """What the pack holds and what changed against the one of its name; `advice` does not stand in its way."""
    old, new = (before.items if before else {}), pack.items
    words = text(
        "pack_taken",
        pack=pack,
        dry_run=dry_run,
        replaced=before is not None,
        kinds=_kinds(new),
        added=_short(id_ for id_ in new if id_ not in old) if before else [],
        changed=_short(id_ for id_ in new if id_ in old and old[id_] != new[id_]),
        gone=_short(id_ for id_ in old if id_ not in new),
        advice=len(advice),
    )
    return Reply((words, *_listed(advice)), Tone.CAREFUL if dry_run or advice else Tone.GOOD)


def overview(packs: Sequence[tuple[str, Pack | None]]) -> Reply:
    """The packs by name; None where one is kept and not asked."""
    return Reply((text("packs", packs=[(name, pack, _kinds(pack.items) if pack else "") for name, pack in packs]),))


def given_back(file: str, source: str, found: Sequence[Fault]) -> Reply:
    """The file; with its faults, if it is not asked because of them."""
    words = text("pack_file", file=file, count=len(found))
    return Reply((words, *_listed(found), File(file, source.encode())), Tone.CAREFUL if found else Tone.PLAIN)


def removed(name: str, file: str, source: str) -> Reply:
    """With the file, by which it can be handed in again."""
    return Reply((text("pack_removed", name=name), File(file, source.encode())), Tone.GOOD)


def example(source: str, names: str) -> Reply:
    """A pack to begin with, and all that a pack may name."""
    return Reply((text("pack_example"), File("our-first-pack.yaml", source.encode()), File("names.txt", names.encode())))


def _listed(found: Sequence[Fault]) -> tuple[Block, ...]:
    if not found:
        return ()
    shown = [(line, shortened(what, 220), shortened(following, 160)) for line, what, following in found[:_SHOWN]]
    words = text("pack_lines", faults=shown, more=len(found) - len(shown))
    whole = "".join(f"line {line}: {what}\n    {following}\n" for line, what, following in found)
    return (words, File("faults.txt", whole.encode())) if len(found) > len(shown) else (words,)


def _kinds(items: Mapping[str, Item]) -> str:
    kinds = Counter(item.kind if isinstance(item, Written) else _KINDS.get(type(item).__name__, "") for item in items.values())
    return ", ".join(f"{count} {kind}" for kind, count in kinds.items())


_KINDS = {"Choice": "multiple choice", "ScenarioItem": "scenario"}


def _short(ids: Iterable[str]) -> list[str]:
    return [id_.rpartition("/")[2] for id_ in ids]
