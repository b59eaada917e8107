"""A server's own question packs: handed in, tried without being kept, listed, given back, removed.

Responsible for: what becomes of an uploaded file, how much a server may keep, which packs are asked after a start.
Leaves to others: reading and checking (`bot.library.packs`), who may do it (`bot.frontend`), asking (`questions` and the modules that ask).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from bot.app.questions import Questions
from bot.app.redaction import redact
from bot.app.workers import TimeLimitError, Workers
from bot.learning.items import Item, Pack
from bot.library import Library, Slip
from bot.library.faults import FORM
from bot.library.packs import ADVICE, LARGEST, Known, check_pack, example, read_pack
from bot.rendering import notices
from bot.rendering import packs as look
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, packs
from bot.storage.packs import PackRow

MOST_PACKS = 20
MOST_ITEMS = 500
"""Items of all packs of one server together."""


class ServerPacks:
    def __init__(self, library: Library, questions: Questions, storage: Storage, workers: Workers, clock: Callable[[], datetime]) -> None:
        self._known, self._questions, self._storage, self._workers, self._clock = Known.of(library), questions, storage, workers, clock

    async def come_back(self) -> None:
        """After a start: takes in every pack that still fits. One that no longer does is kept, and `overview` says why it is not asked."""
        for row in await self._storage.read(packs.everything):
            pack, _ = await asyncio.to_thread(read_pack, row.text, _file(row.name), row.server, self._known)
            if pack is not None:
                self._questions.take_in(pack)

    def too_large(self, size: int) -> Reply | None:
        """The refusal of a file of so many bytes, before it is fetched."""
        return notices.notice(f"A pack has at most {LARGEST // 1024} KiB. Split it into several.") if size > LARGEST else None

    async def hand_in(self, server: int, data: bytes, *, dry_run: bool) -> Reply:
        """Checks a pack and runs its proofs. Without slips it is asked from now on, unless this is a dry run."""
        if refusal := self.too_large(len(data)):
            return refusal
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return notices.notice("This file is not text in UTF-8. A pack is a YAML file; `/pack example` gives you one to begin with.")
        try:
            pack, slips = await self._workers.run(examined, text, server, self._known)
        except TimeLimitError:
            return notices.notice("Checking this pack took too long, so nothing of it was kept. Split it, or make its manifests smaller.")
        if pack is None:
            read = all(slip.check != FORM for slip in slips)
            return look.faults(_told(slip for slip in slips if slip.check not in ADVICE), read=read)
        others = [other for other in self._questions.packs(server) if other.name != pack.name]
        if refused := _no_room(pack, others):
            return notices.notice(refused)
        before = next((other for other in self._questions.packs(server) if other.name == pack.name), None)
        if not dry_run:
            row = PackRow(server, pack.name, text, self._clock())
            await self._storage.write(lambda db: packs.save(db, row))
            self._questions.take_in(pack)
        return look.taken(pack, before, _told(slip for slip in slips if slip.check in ADVICE), dry_run=dry_run)

    async def overview(self, server: int) -> Reply:
        """The packs of this server, and what is wrong with those that are not asked."""
        rows = await self._storage.read(lambda db: packs.of_server(db, server))
        asked = {pack.name: pack for pack in self._questions.packs(server)}
        return look.overview([(row.name, asked.get(row.name)) for row in rows])

    async def give_back(self, server: int, name: str) -> Reply:
        """The file as it was handed in, or, where it is not asked, with what is wrong in it."""
        row = await self._storage.read(lambda db: _find(db, server, name))
        if row is None:
            return await self._unknown(server, name)
        _, slips = await asyncio.to_thread(read_pack, row.text, _file(name), server, self._known)
        return look.given_back(_file(name), row.text, _told(slips))

    async def remove(self, server: int, name: str) -> Reply:
        def take(db: Database) -> PackRow | None:
            row = _find(db, server, name)
            packs.remove(db, server, name)
            return row

        row = await self._storage.write(take)
        if row is None:
            return await self._unknown(server, name)
        self._questions.give_up(server, name)
        return look.removed(name, _file(name), row.text)

    def left(self, server: int) -> None:
        """The bot has left the server, and its packs are gone from the file."""
        self._questions.give_up(server)

    async def names(self, server: int) -> Sequence[str]:
        """The names of all packs that are kept of this server, those that are not asked included."""
        return [row.name for row in await self._storage.read(lambda db: packs.of_server(db, server))]

    def example(self) -> Reply:
        """A small pack that can be handed in as it is, with a word on each field, and what a pack may name."""
        return look.example(example(), self._known.in_words())

    async def _unknown(self, server: int, name: str) -> Reply:
        return notices.unknown("pack of this server", name, await self.names(server))


def examined(text: str, server: int, known: Known) -> tuple[Pack | None, Sequence[Slip]]:
    """The pack with all that is wrong in it. Done by a worker."""
    pack, slips = check_pack(text, "pack.yaml", server, known)
    if pack is None:
        return None, slips
    secrets = sorted({Slip("pack.yaml", 1, *said, "secrets") for item in pack.questions.values() for said in _secrets(item)})
    return (None, secrets) if secrets else (pack, slips)


def _secrets(item: Item) -> Iterator[tuple[str, str]]:
    """Manifests of an item that hold the data of a Secret: it would be shown to everybody who is asked."""
    shown = [(manifest.name, manifest.text) for manifest in item.manifests]
    run = [(manifest["name"], manifest["text"]) for manifest in (item.proof or {}).get("manifests", ())]
    for name, text in dict.fromkeys((*shown, *run)):
        redacted = redact(text)
        if redacted.given_up is not None or (redacted.secrets and redacted.text != text):
            yield (
                f"The manifest `{name}` of `{item.id.rpartition('/')[2]}` holds the data of a Secret.",
                "Put `UkVEQUNURUQh` in place of each value under `data`, and `redacted` under `stringData`.",
            )


def _no_room(pack: Pack, others: Sequence[Pack]) -> str:
    """Why this pack cannot stand beside the others; "" if it can."""
    shared = sorted(name.rpartition("/")[2] for other in others for name in other.questions.keys() & pack.questions.keys())
    if shared:
        return f"The id `{shared[0]}` is taken by another pack of this server. Ids are never shared."
    if len(others) >= MOST_PACKS:
        return f"This server has {len(others)} packs already. `/pack remove` makes room."
    if sum(len(other.items) for other in others) + len(pack.items) > MOST_ITEMS:
        return f"All packs of a server together have at most {MOST_ITEMS} questions. `/pack remove` makes room."
    return ""


def _told(slips: Iterable[Slip]) -> Sequence[look.Fault]:
    return [(slip.line, slip.what, slip.next_step) for slip in slips]


def _find(db: Database, server: int, name: str) -> PackRow | None:
    return next((row for row in packs.of_server(db, server) if row.name == name), None)


def _file(name: str) -> str:
    return f"{name}.yaml"
