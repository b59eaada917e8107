"""What a file of the material holds, in the order in which it stands there.

Responsible for: finding chunks, questions and labs by the file that an author names.
Leaves to others: how they look (`bot.app.preview` joins this with the rendering).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TypeAlias

from bot.learning.items import Chunk, Item, Lab
from bot.library.library import Library

Material: TypeAlias = Chunk | Item | Lab


def material_in(library: Library, file: str) -> Sequence[Material]:
    """Chunks, items and labs that were written in `file`: its whole path, or the end of one."""
    wanted = PurePath(file).parts
    everything: dict[str, Material] = {**library.chunks, **library.items, **library.labs}
    found = [(place, everything[id_]) for id_, place in library.places.items() if id_ in everything and _ends(place.file, wanted)]
    return [material for _, material in sorted(found, key=lambda pair: (pair[0].file, pair[0].line))]


def _ends(file: str, wanted: tuple[str, ...]) -> bool:
    parts = PurePath(file).parts
    shorter = min(len(parts), len(wanted))
    return shorter > 0 and parts[-shorter:] == wanted[-shorter:]
