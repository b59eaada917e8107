"""What is kept about a learner: shown, handed out, deleted; and what is forgotten without being asked.

Responsible for: the three deeds, and how long is long enough.
Leaves to others: finding and removing rows (`bot.storage.personal`), the words (`bot.rendering.privacy`).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.rendering import privacy as look
from bot.rendering.limits import FILE_BYTES
from bot.rendering.reply import Reply
from bot.storage import Storage, memberships, personal, reports

ABSENCE = timedelta(days=400)
"""Who has not been heard of for this long is forgotten."""

MISSED = timedelta(days=7)
"""A server that the bot is no longer in, without having been told, counts as left after this."""


class Privacy:
    def __init__(self, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._storage, self._clock = storage, clock

    async def show(self, learner: int) -> Reply:
        """What is kept, in words, with counts."""
        rows = await self._storage.read(lambda db: personal.rows(db, learner))
        return look.kept({table: len(found) for table, found in rows.items()}, ABSENCE.days)

    async def export(self, learner: int) -> Reply:
        """All of it, as a file of JSON, packed where Discord would not take it otherwise."""
        return look.exported(*await self._storage.read(lambda db: _file(personal.rows(db, learner))))

    async def ask(self, learner: int) -> Reply:
        """Says what deleting means, before it is done."""
        rows = await self._storage.read(lambda db: personal.rows(db, learner))
        return look.sure(sum(len(found) for found in rows.values()))

    async def delete(self, learner: int) -> Reply:
        """Deletes every row about the learner."""
        return look.deleted(await self._storage.write(lambda db: personal.erase(db, learner)))

    async def forget_absent(self) -> None:
        """Deletes the rows of those who have been away for longer than ABSENCE, and reports that are older."""
        moment = self._clock() - ABSENCE
        for learner in await self._storage.read(lambda db: personal.absent_since(db, moment)):
            await self._storage.write(lambda db, learner=learner: personal.erase(db, learner))  # type: ignore[misc]
        await self._storage.write(lambda db: reports.forget_before(db, moment))

    async def left(self, server: int) -> None:
        """Deletes what was kept for a server that the bot has left."""
        await self._storage.write(lambda db: personal.forget_server(db, server))

    async def compare(self, present: Collection[int]) -> Sequence[int]:
        """Deletes what was kept for servers that the bot was in and has not been in for MISSED; those.

        `present` are all that it is in, those that are out of order at present included.
        """
        now = self._clock()
        await self._storage.write(lambda db: memberships.compare(db, present, now))
        gone = await self._storage.read(lambda db: memberships.missed_since(db, now - MISSED))
        for server in gone:
            await self.left(server)
        return gone


def _file(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[str, bytes]:
    """The name and the bytes of a file with these rows. Of many thousands it takes a while."""
    data = json.dumps(rows, indent=1, ensure_ascii=False).encode()
    return ("portside-data.json", data) if len(data) <= FILE_BYTES else ("portside-data.json.gz", gzip.compress(data))
