"""Having manifests checked: the diagnosis, its hint, its fix, the share of it with others.

Responsible for: running a paste on top of the learner's workspace, keeping what was accepted, and the check for its buttons.
Leaves to others: the run (`examination`, in a worker), the words (`bot.rendering.manifest`).
A check keeps its redacted files and nothing of the answer: every button runs them again and gets the same answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import TypeVar

from bot.app import inspection
from bot.app.examination import Examined, examine, examine_again, superseded_by, unique
from bot.app.pasted import MAX_BYTES, MAX_FILES, total
from bot.app.workers import TimeLimitError, Workers
from bot.library import Library
from bot.rendering import manifest as look
from bot.rendering import notices, terminal, trace
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, sessions, workspaces
from bot.storage.sessions import SessionRow
from bot.storage.workspaces import Applied
from simulator import SourceFile

T = TypeVar("T")

_CHECK = "check"
_KEPT = 10
_WORKSPACE_BYTES = 512 * 1024
_IDS = "abcdefghijkmnpqrstuvwxyz23456789"


class CheckManifest:
    def __init__(self, library: Library, storage: Storage, workers: Workers, clock: Callable[[], datetime], random: Random) -> None:
        self._library, self._storage, self._workers, self._clock, self._random = library, storage, workers, clock, random

    async def check(self, learner: int, pasted: Sequence[SourceFile]) -> Reply:
        """The diagnosis of what was pasted. What a cluster would accept of it stays applied in the learner's workspace."""
        if not any(file.text.strip() for file in pasted):
            return look.nothing_pasted()
        if total(pasted) > MAX_BYTES or len(pasted) > MAX_FILES:
            return notices.notice(f"That is more than I read at once: at most {MAX_FILES} files with {MAX_BYTES // 2**20} MB together.")
        applied = await self._storage.read(lambda db: workspaces.of(db, learner))
        try:
            examined = await self._workers.run(examine, unique(pasted), applied)
        except TimeLimitError:
            return look.too_much_work()
        check = "".join(self._random.choices(_IDS, k=12))
        now = self._clock()
        state = {"files": [[file.name, file.text] for file in examined.files], "earlier": examined.earlier, "shared": False}

        def keep(db: Database) -> bool:
            room = _apply(db, learner, examined.accepted, now)
            if examined.files:
                sessions.save(db, SessionRow(check, _CHECK, learner, state, True), now)
                sessions.forget_old(db, learner, _CHECK, _KEPT)
            return room

        room = await self._storage.write(keep)
        return look.diagnosis(examined, check, 0, room=room)

    async def diagnosis(self, learner: int, check: str, finding: int) -> Reply:
        """One of the findings in full."""
        return await self._view(learner, check, lambda examined: look.diagnosis(examined, check, finding))

    async def hint(self, learner: int, check: str, finding: int) -> Reply:
        return await self._view(learner, check, lambda examined: look.hint(examined, finding))

    async def fix(self, learner: int, check: str, finding: int) -> Reply:
        return await self._view(learner, check, lambda examined: look.fix(examined, finding))

    async def share(self, learner: int, check: str, finding: int) -> Reply:
        """The diagnosis for everyone in the channel, who may then look at its hint and fix too."""
        now = self._clock()

        def open_up(db: Database) -> None:
            row = sessions.load(db, check, _CHECK)
            if row is not None and row.learner == learner:
                sessions.save(db, replace(row, state={**row.state, "shared": True}), now)

        await self._storage.write(open_up)
        return await self._view(learner, check, lambda examined: look.shared(examined, check, finding))

    async def trace(self, learner: int, check: str, finding: int) -> Reply:
        """The way of a request to the object of a finding."""
        return await self._work(learner, check, lambda files, _: self._workers.run(inspection.trace_to, files, finding), trace.way)

    async def kubectl(self, learner: int, check: str, finding: int) -> Reply:
        """What kubectl would show of the object of a finding."""
        return await self._work(learner, check, lambda files, _: self._workers.run(inspection.kubectl_on, files, finding), terminal.session)

    async def _view(self, learner: int, check: str, view: Callable[[Examined], Reply]) -> Reply:
        return await self._work(learner, check, lambda files, earlier: self._workers.run(examine_again, files, earlier), view)

    async def _work(
        self, learner: int, check: str, work: Callable[[Sequence[SourceFile], int], Awaitable[T]], view: Callable[[T], Reply]
    ) -> Reply:
        """Runs the files of a check again: the learner's own, or one that was shared."""
        row = await self._storage.read(lambda db: sessions.load(db, check, _CHECK))
        if row is None:
            return notices.gone("check-manifest")
        if row.learner != learner and not row.state["shared"]:
            return notices.not_yours()
        files = [SourceFile(name, text) for name, text in row.state["files"]]
        try:
            return view(await work(files, row.state["earlier"]))
        except TimeLimitError:
            return look.too_much_work()

    def explanation(self, rule: str) -> Reply:
        """The page on a fault: why Kubernetes works this way."""
        page = self._library.explanations.get(rule)
        return look.explanation(page) if page else notices.notice("There is no page on this yet.")


def _apply(db: Database, learner: int, accepted: Sequence[Applied], now: datetime) -> bool:
    """Adds documents to the workspace in place of older ones of the same objects. False, and no change, where there is no room."""
    objects = {name for document in accepted for name in document.objects}
    documents = [*superseded_by(objects, workspaces.of(db, learner)), *accepted]
    if sum(len(document.text) for document in documents) > _WORKSPACE_BYTES:
        return False
    if accepted:
        workspaces.replace(db, learner, documents, now)
    return True
