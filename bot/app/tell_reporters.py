"""Telling learners what became of their reports, and of answers that were corrected: once, never in a channel.

Responsible for: what there is to tell to whom, now by direct message or with the next use of the bot.
Leaves to others: sending (`bot.frontend.cogs.report`), the words (`bot.rendering.reports`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.app.material import Material
from bot.learning.items import Choice
from bot.learning.reporting import Decision
from bot.rendering import reports as look
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, reports, tidings
from bot.storage.tidings import Tiding


@dataclass(frozen=True, slots=True)
class Message:
    """`reply` is None where what there was to tell is no longer known: it is then told by being dropped."""

    learner: int
    reply: Reply | None
    tidings: tuple[Tiding, ...]


class TellReporters:
    def __init__(self, material: Material, storage: Storage) -> None:
        self._material, self._storage = material, storage

    async def to_send(self) -> Sequence[Message]:
        """What is to go by direct message now."""

        def look_up(db: Database) -> Sequence[Message]:
            return [self._message(db, learner, those) for learner, those in tidings.to_send(db).items()]

        return await self._storage.read(look_up)

    async def waiting(self, learner: int) -> Message | None:
        """What this learner, who is using the bot at this moment, is still to be told."""

        def look_up(db: Database) -> Message | None:
            those = tidings.of(db, learner)
            return self._message(db, learner, those) if those else None

        return await self._storage.read(look_up)

    async def told(self, message: Message) -> None:
        await self._storage.write(lambda db: tidings.told(db, message.tidings))

    async def wait(self, learner: int) -> None:
        """Direct messages are closed to us: the next use of the bot it is."""
        await self._storage.write(lambda db: tidings.wait(db, learner))

    def _message(self, db: Database, learner: int, those: Sequence[Tiding]) -> Message:
        known: Mapping[Tiding, Decision | None] = {tiding: reports.decision(db, tiding.decision) for tiding in those}
        # Of several corrections of one question the newest holds.
        newest = {(tiding.what, decision.thing): decision.id for tiding, decision in known.items() if decision is not None}
        lines = [
            (tiding.what, decision, self._material.title(decision.thing), self._option(decision))
            for tiding, decision in known.items()
            if decision is not None and (tiding.what == tidings.DECIDED or newest[tiding.what, decision.thing] == decision.id)
        ]
        return Message(learner, look.tidings(lines) if lines else None, tuple(those))

    def _option(self, decision: Decision) -> str:
        found = self._material.find(decision.thing) if decision.option >= 0 else None
        return found.options[decision.option].text if isinstance(found, Choice) and decision.option < len(found.options) else ""
