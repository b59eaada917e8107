"""Having manifests checked: the diagnosis, its hint, its fix, the share of it with others.

Responsible for: running a paste on top of the learner's workspace, keeping what was accepted, and the check for its buttons.
Leaves to others: the run (`examination`, in a worker), the words (`bot.rendering.manifest`).
A check keeps its redacted files and nothing of the answer: every button runs them again and gets the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any, TypeVar

from bot.app import inspection
from bot.app.examination import examine, examine_again, superseded_by, unique
from bot.app.pasted import MAX_BYTES, MAX_FILES, total
from bot.app.workers import TimeLimitError, Workers
from bot.library import Library
from bot.rendering import manifest as look
from bot.rendering import notices, terminal, trace
from bot.rendering.limits import fitted
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


@dataclass(frozen=True, slots=True)
class Checked:
    """What a worker made of a paste: the message, the files to come back to, and what is applied from now on (None: it has no room)."""

    reply: Reply
    files: tuple[SourceFile, ...]
    earlier: int
    workspace: tuple[Applied, ...] | None


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
        check = "".join(self._random.choices(_IDS, k=12))
        try:
            checked = await self._workers.run(first_look, unique(pasted), applied, check)
        except TimeLimitError:
            return look.too_much_work()
        now = self._clock()
        state = {"files": [[file.name, file.text] for file in checked.files], "earlier": checked.earlier, "shared": False}

        def keep(db: Database) -> None:
            if checked.workspace is not None:
                workspaces.replace(db, learner, checked.workspace, now)
            if checked.files:
                sessions.save(db, SessionRow(check, _CHECK, learner, state, True), now)
                sessions.forget_old(db, learner, _CHECK, _KEPT)

        await self._storage.write(keep)
        return checked.reply

    async def diagnosis(self, learner: int, check: str, finding: int) -> Reply:
        """One of the findings in full."""
        return await self._view(learner, check, look_again, look.diagnosis, check, finding)

    async def hint(self, learner: int, check: str, finding: int) -> Reply:
        return await self._view(learner, check, look_again, look.hint, finding)

    async def fix(self, learner: int, check: str, finding: int) -> Reply:
        return await self._view(learner, check, look_again, look.fix, finding)

    async def trace(self, learner: int, check: str, finding: int) -> Reply:
        """The way of a request to the object of a finding."""
        return await self._view(learner, check, look_inside, inspection.trace_to, trace.way, finding)

    async def kubectl(self, learner: int, check: str, finding: int) -> Reply:
        """What kubectl would show of the object of a finding."""
        return await self._view(learner, check, look_inside, inspection.kubectl_on, terminal.session, finding)

    async def share(self, learner: int, check: str, finding: int) -> Reply:
        """The diagnosis for everyone in the channel, who may then look at its hint and fix too."""
        now = self._clock()

        def open_up(db: Database) -> None:
            row = sessions.load(db, check, _CHECK)
            if row is not None and row.learner == learner:
                sessions.save(db, replace(row, state={**row.state, "shared": True}), now)

        await self._storage.write(open_up)
        return await self._view(learner, check, look_again, look.shared, check, finding)

    def explanation(self, rule: str) -> Reply:
        """The page on a fault: why Kubernetes works this way."""
        page = self._library.explanations.get(rule)
        return look.explanation(page) if page else notices.notice("There is no page on this yet.")

    async def _view(self, learner: int, check: str, work: Callable[..., Reply], *arguments: Any) -> Reply:
        """Another look at the files of a check: the learner's own, or one that was shared."""
        row = await self._storage.read(lambda db: sessions.load(db, check, _CHECK))
        if row is None:
            return notices.gone("check-manifest")
        if row.learner != learner and not row.state["shared"]:
            return notices.not_yours()
        files = [SourceFile(name, text) for name, text in row.state["files"]]
        try:
            return await self._workers.run(work, files, row.state["earlier"], *arguments)
        except TimeLimitError:
            return look.too_much_work()


# What follows runs in a worker: the message too is made there, for a paste may have thousands of findings.


def first_look(pasted: Sequence[SourceFile], applied: Sequence[Applied], check: str) -> Checked:
    """Examines a paste and words the first finding."""
    examined = examine(pasted, applied)
    objects = {name for document in examined.accepted for name in document.objects}
    workspace = (*superseded_by(objects, applied), *examined.accepted)
    room = sum(len(document.text) for document in workspace) <= _WORKSPACE_BYTES
    reply = fitted(look.diagnosis(examined, check, 0, room=room))
    return Checked(reply, examined.files, examined.earlier, workspace if room else None)


def look_again(files: Sequence[SourceFile], earlier: int, view: Callable[..., Reply], *arguments: Any) -> Reply:
    """A view of the same examination."""
    return fitted(view(examine_again(files, earlier), *arguments))


def look_inside(files: Sequence[SourceFile], _: int, question: Callable[..., T], view: Callable[[T], Reply], finding: int) -> Reply:
    """The answer to a question to the cluster that the files make."""
    return fitted(view(question(files, finding)))
