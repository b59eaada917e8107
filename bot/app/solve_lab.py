"""Labs: finding one, starting it, handing in changes, hints, the solution.

Responsible for: each learner's attempts, their steps in one transaction with what follows from them, and what is shown after each.
Leaves to others: a try (`lab_trial`, in a worker), the steps and their credit (`bot.learning.lab`), the words (`bot.rendering.lab`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from random import Random

from bot.app import answers, lab_trial
from bot.app.examination import unique
from bot.app.lab_trial import Trial
from bot.app.pasted import MAX_FILES, total
from bot.app.workers import TimeLimitError, Workers
from bot.learning import lab as steps
from bot.learning.items import Chunk, Lab
from bot.learning.lab import Ending, LabAttempt, Part
from bot.library import Library
from bot.rendering import lab as look
from bot.rendering import manifest, notices
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, attempts, quarantines, sessions
from bot.storage.attempts import Attempt
from bot.storage.sessions import SessionRow
from simulator import SourceFile

_LAB = "lab"
_KEPT = 100
_MOST = 64 * 1024
"""Characters that may be handed in at once: labs are small."""
_IDS = "abcdefghijkmnpqrstuvwxyz23456789"


class SolveLab:
    """`session` names an attempt; "" is the learner's open one that was touched last."""

    def __init__(self, library: Library, storage: Storage, workers: Workers, clock: Callable[[], datetime], random: Random) -> None:
        self._library, self._storage, self._workers, self._clock, self._random = library, storage, workers, clock, random

    async def contents(self, learner: int, server: int = 0) -> Reply:
        """All labs, with what the learner has solved and begun."""
        open_ones, results, held = await self._storage.read(
            lambda db: (_open(db, learner), attempts.last_results(db, learner), quarantines.held(db, server))
        )
        return look.contents([lab for lab in self._library.labs.values() if lab.id not in held], self._skills, set(open_ones), results)

    def suggestions(self, typed: str) -> Sequence[tuple[str, str]]:
        """Up to 25 labs as title and id, for autocomplete."""
        wanted = typed.casefold()
        found = [(lab.title, lab.id) for lab in self._library.labs.values() if wanted in lab.title.casefold() or wanted in lab.id]
        return found[:25]

    async def start(self, learner: int, name: str, server: int = 0) -> Reply:
        """The lab's task; an attempt that is open goes on as it stands."""
        lab = self._library.labs.get(name)
        if lab is None:
            return notices.unknown("lab", name, list(self._library.labs))
        fresh = LabAttempt("".join(self._random.choices(_IDS, k=12)), learner, lab.id)

        def begin(db: Database) -> LabAttempt | None:
            attempt = _open(db, learner).get(lab.id, fresh)
            if attempt is fresh and lab.id in quarantines.held(db, server):
                return None
            self._save(db, attempt)
            sessions.forget_old(db, learner, _LAB, _KEPT)
            return attempt

        attempt = await self._storage.write(begin)
        if attempt is None:
            return notices.notice("This lab is taken out while somebody looks into it. `/lab list` shows the others.")
        return await self._shown(attempt, look.task)

    async def submit(self, learner: int, session: str, handed_in: Sequence[SourceFile]) -> Reply:
        """Puts what was handed in into the lab's cluster and tells how it stands."""
        attempt = await self._own(learner, session)
        if isinstance(attempt, Reply):
            return attempt
        if not any(file.text.strip() for file in handed_in):
            return manifest.nothing_pasted()
        if total(handed_in) > _MOST or len(handed_in) > MAX_FILES:
            return notices.notice(f"A lab needs no more than {MAX_FILES} files with {_MOST // 1024} KB together. Hand in what you changed.")
        lab = self._library.labs[attempt.lab]
        tried = tuple(Part(file.name, file.text) for file in unique(handed_in))
        try:
            trial = await self._workers.run(lab_trial.attempt, lab, attempt.applied, tried, attempt.operations)
        except TimeLimitError:
            return manifest.too_much_work()
        after = await self._step(attempt.id, lab, lambda now: steps.submit(now, trial.tried, trial.applied, solved=trial.solved))
        return look.tried(after, lab, trial, self._explained(trial), self._chunk(lab))

    async def operate(self, learner: int, session: str, operation: str) -> Reply:
        """Does one of the lab's operations, or takes it back, and tells how the cluster stands."""
        attempt = await self._own(learner, session)
        if isinstance(attempt, Reply):
            return attempt
        lab = self._library.labs[attempt.lab]
        found = next((each for each in lab.operations if each.id == operation), None)
        if found is None:
            return notices.notice("That cannot be done in this lab. The menu under its task has what can.")
        chosen = steps.toggled(attempt.operations, operation)
        try:
            trial = await self._workers.run(lab_trial.attempt, lab, attempt.applied, (), chosen)
        except TimeLimitError:
            return manifest.too_much_work()
        helps = operation in lab.helpful
        after = await self._step(attempt.id, lab, lambda now: steps.operate(now, chosen, operation, helps=helps, solved=trial.solved))
        return look.tried(after, lab, trial, self._explained(trial), self._chunk(lab), found)

    async def state(self, learner: int, session: str = "") -> Reply:
        """What the goal asks, what holds, what fails, and the way of the first request that fails."""
        attempt = await self._own(learner, session)
        return attempt if isinstance(attempt, Reply) else await self._shown(attempt, look.state)

    async def task(self, learner: int, session: str) -> Reply:
        """The task once more, with the lab's manifests."""
        attempt = await self._own(learner, session)
        return attempt if isinstance(attempt, Reply) else await self._shown(attempt, look.task)

    async def hint(self, learner: int, session: str = "", rung: int | None = None) -> Reply:
        """The next hint, or one that was shown before."""
        attempt = await self._own(learner, session)
        if isinstance(attempt, Reply):
            return attempt
        lab = self._library.labs[attempt.lab]
        trial = await self._trial(attempt)
        if trial is None:
            return manifest.too_much_work()
        wanted = min(rung or attempt.hints + 1, steps.HINTS)
        after = await self._step(attempt.id, lab, lambda now: steps.take_hint(now, wanted))
        return look.hint(after, lab, trial, wanted if after.over else min(wanted, after.hints), self._explained(trial))

    async def reset(self, learner: int, session: str = "") -> Reply:
        """The broken cluster as it was."""
        attempt = await self._own(learner, session)
        if isinstance(attempt, Reply):
            return attempt
        lab = self._library.labs[attempt.lab]
        after = await self._step(attempt.id, lab, steps.reset)
        return await self._shown(after, look.task)

    async def solution(self, learner: int, session: str = "", *, sure: bool = False) -> Reply:
        """The worked solution. While the lab is open it costs all credit, so the learner is asked first."""
        attempt = await self._own(learner, session)
        if isinstance(attempt, Reply):
            return attempt
        lab = self._library.labs[attempt.lab]
        if not attempt.over and not sure:
            return look.before_solution(attempt)
        after = await self._step(attempt.id, lab, steps.give_up)
        return look.solution(after, lab, self._chunk(lab))

    async def _own(self, learner: int, session: str) -> LabAttempt | Reply:
        """The learner's attempt, or the words why there is none."""
        find = (lambda db: sessions.load(db, session, _LAB)) if session else (lambda db: sessions.latest_open(db, learner, _LAB))
        row = await self._storage.read(find)
        if row is None or row.state["lab"] not in self._library.labs:
            return notices.gone("lab list") if session else notices.notice("You have no open lab. `/lab list` shows them all.")
        return LabAttempt.of(row.state) if row.learner == learner else notices.not_yours()

    async def _step(self, session: str, lab: Lab, step: Callable[[LabAttempt], LabAttempt]) -> LabAttempt:
        """Takes a step from where the attempt stands in the file; what ends it is kept as an answer in the same transaction."""

        def take(db: Database) -> LabAttempt:
            row = sessions.load(db, session, _LAB)
            assert row is not None
            before = LabAttempt.of(row.state)
            after = step(before)
            if after.over and not before.over:
                solved = after.ending is Ending.SOLVED
                answer = Attempt(after.learner, lab.id, lab.skills[0], after.id, 0, -1, solved, "", self._clock(), after.helped)
                answers.record(db, answer, lab.level)
            self._save(db, after)
            return after

        return await self._storage.write(take)

    def _save(self, db: Database, attempt: LabAttempt) -> None:
        sessions.save(db, SessionRow(attempt.id, _LAB, attempt.learner, attempt.as_data(), attempt.over), self._clock())

    async def _shown(self, attempt: LabAttempt, view: Callable[[LabAttempt, Lab, Trial], Reply]) -> Reply:
        trial = await self._trial(attempt)
        return view(attempt, self._library.labs[attempt.lab], trial) if trial else manifest.too_much_work()

    async def _trial(self, attempt: LabAttempt) -> Trial | None:
        try:
            lab = self._library.labs[attempt.lab]
            return await self._workers.run(lab_trial.attempt, lab, attempt.applied, attempt.tried, attempt.operations)
        except TimeLimitError:
            return None

    def _explained(self, trial: Trial) -> Mapping[str, str]:
        """The titles of the pages on the rules that the trial speaks of; a rule without a page has none."""
        rules = {trial.fault, trial.clue.rule if trial.clue else ""}
        return {rule: page.title for rule in rules if (page := self._library.explanations.get(rule))}

    def _chunk(self, lab: Lab) -> Chunk | None:
        """The first lesson step on one of the lab's skills."""
        return next((chunk for skill in lab.skills for chunk in self._library.chunks.values() if skill in chunk.skills), None)

    @property
    def _skills(self) -> Mapping[str, str]:
        return {skill.id: skill.title for skill in self._library.skills.values()}


def _open(db: Database, learner: int) -> Mapping[str, LabAttempt]:
    """The learner's open attempts by their lab, the newest of each."""
    rows = [LabAttempt.of(row.state) for row in sessions.all_open(db, learner, _LAB)]
    return {attempt.lab: attempt for attempt in reversed(rows)}
