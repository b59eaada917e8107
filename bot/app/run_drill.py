"""An interview drill: open, join, take turns, score, go on, sum up.

Responsible for: loading a drill, taking one step, keeping it in one transaction, what a closed turn brings into reviews.
Leaves to others: what a step does (`bot.learning.drill`), threads and forms (`bot.frontend`), looks (`bot.rendering.drill`).
A drill depends on nobody's presence and on no process: its state and its deadlines are in the file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from bot.app import answers
from bot.app.board import Board
from bot.app.questions import Questions
from bot.learning import written
from bot.learning.drill import PASSES, SCORES, Card, Drill, Event, Join, Judge, Leave, Outcome, Phase, Probe, closed, step, summary, without
from bot.learning.gathering import Back, TimeUp, forgotten
from bot.learning.items import Written
from bot.learning.review import first_card
from bot.rendering import drill as look
from bot.rendering import notices
from bot.rendering.form import Filled, Form
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, cards, group_sessions, quarantines, sessions
from bot.storage.attempts import Attempt
from bot.storage.group_sessions import Place
from bot.storage.sessions import SessionRow

ANY = "any"
KIND = "drill"
_IDS = "abcdefghijkmnpqrstuvwxyz23456789"


class RunDrill:
    def __init__(self, questions: Questions, storage: Storage, clock: Callable[[], datetime], random: Random) -> None:
        self._questions, self._storage, self._clock, self._random = questions, storage, clock, random

    async def open(
        self, host: int, server: int, level: str, minutes: int, turns: int, usual: str = ANY, *, apart: bool = True
    ) -> tuple[str, Reply]:
        """A new drill with its host in it: its id, and the invitation. The id is "" where there is nothing to ask.

        `usual` is the server's level, for a drill whose `level` is `any`, if there are questions of it. `apart`: in a thread of its own.
        """
        held = await self._storage.read(lambda db: quarantines.held(db, server))
        interviews = [item for item in self._questions.pool(server) if isinstance(item, Written) and item.kind == "interview"]
        fitting = [item for item in interviews if level in (ANY, item.level.value) and item.id not in held]
        preferred = [item for item in fitting if item.level.value == usual]
        pool = [item.id for item in (preferred or fitting)]
        if not pool:
            return "", notices.notice(f"There are no interview questions at the level `{level}` yet. Leave it out.")
        now = self._clock()
        queue = tuple(self._random.sample(pool, min(turns, len(pool))))
        drill = Drill("".join(self._random.choices(_IDS, k=12)), host, minutes * 60, queue, (host,), opened=now.isoformat())
        place = Place(drill.id, server, 0)
        await self._storage.write(lambda db: group_sessions.begin(db, _row(drill), place, drill.deadline, now))
        return drill.id, look.invitation(drill, level, apart=apart)

    async def move(self, session: str, channel: int) -> None:
        """The drill takes place in this channel."""
        await self._storage.write(lambda db: group_sessions.move(db, session, channel))

    async def join(self, person: int, session: str) -> tuple[Reply, int]:
        """The reply, and the channel that the person is to be let into (0: none)."""
        taken = await self._take(session, Join(person))
        place = await self._storage.read(lambda db: group_sessions.place(db, session))
        if taken is None or place is None or taken[1] is Outcome.LATE:
            return notices.notice("This drill is over. `/interview` begins another one."), 0
        return look.joined(place.channel), place.channel

    async def act(self, session: str, event: Event) -> Reply | None:
        """A reply tells why it was not done, or what was; None: the board shows it."""
        taken = await self._take(session, event)
        if taken is None:
            return notices.gone("interview")
        return look.told(taken[0], event, taken[1])

    async def probe(self, by: int, session: str, turn: int, number: int) -> Reply:
        """The interviewer asks a follow-up question; the sheet again, without it."""
        taken = await self._take(session, Probe(by, turn, number))
        if taken is None:
            return notices.gone("interview")
        drill, outcome = taken
        item = self._item(drill.turn.item)
        if item is None:
            return notices.gone("interview")
        return look.told(drill, Probe(by, turn, number), outcome) or look.sheet(drill, item)

    async def sheet(self, person: int, session: str, turn: int) -> Reply:
        """The model answer, the points and the probes: for the interviewer, and for all once the candidate has finished."""
        drill = await self._load(session)
        item = self._item(drill.turns[turn].item) if drill and 0 <= turn < len(drill.turns) else None
        if drill is None or item is None:
            return notices.gone("interview")
        open_turn = turn == len(drill.turns) - 1 and drill.phase is Phase.ANSWERING
        if open_turn and person != drill.turn.interviewer:
            return notices.notice("This is for the interviewer's eyes until the answer is complete.")
        return look.sheet(drill, item, turn)

    async def form(self, person: int, session: str, turn: int, what: str) -> Form | Reply:
        """The form to write an answer (`write`) or to score one (`score`), with what the person gave before."""
        drill = await self._load(session)
        item = self._item(drill.turn.item) if drill and drill.turns and turn == len(drill.turns) - 1 else None
        if drill is None or item is None:
            return notices.notice("This turn is over.")
        if what == "write":
            return look.write_form(drill) if person == drill.turn.candidate else notices.notice("Only the candidate writes the answer.")
        if drill.phase is not Phase.SCORING:
            return notices.notice("Scores are given when the answer is complete.")
        return look.score_form(drill, item, person)

    async def judge(self, person: int, session: str, turn: int, filled: Filled) -> Reply:
        """A score with ticks and a note. Whoever had not joined, has now."""
        score, ticks, note = str(filled.get("score") or "0"), filled.get("ticks") or [], str(filled.get("note") or "").strip()
        card = Card(int(score) if score.isdigit() and int(score) in SCORES else 0, tuple(ticks), note)
        event = Judge(person, turn, card)
        taken = await self._take(session, Join(person), event)
        if taken is None:
            return notices.gone("interview")
        return look.told(taken[0], event, taken[1]) or look.scored(card)

    async def boards(self, session: str) -> Sequence[Board]:
        """What everybody sees now; what they saw before, for the last time."""
        row, place = await self._storage.read(lambda db: (sessions.load(db, session, KIND), group_sessions.place(db, session)))
        if row is None or place is None or not place.channel:
            return ()
        drill = Drill.of(row.state)
        items = {turn.item: self._item(turn.item) or look.lost(turn.item) for turn in drill.turns}
        for turn in drill.turns:
            if turn.answer:
                await asyncio.to_thread(written.grade, turn.answer, items[turn.item].key_points)  # at hand for the boards from here on
        now = look.name(drill)
        past = [
            Board(name, place.channel, message, look.past(drill, name, items), final=True)
            for name, message in place.messages.items()
            if name != now
        ]
        return (*past, Board(now, place.channel, place.messages.get(now), look.board(drill, items)))

    async def placed(self, session: str, board: str, message: int | None) -> None:
        await self._storage.write(lambda db: group_sessions.put_message(db, session, board, message))

    async def go_on(self) -> Sequence[str]:
        """Does what is due; the drills that changed."""
        now = self._clock()
        due = await self._storage.read(lambda db: group_sessions.due(db, KIND, now))
        for session in due:
            await self._take(session, TimeUp())
        return due

    async def come_back(self) -> Sequence[str]:
        """After a start of the bot: all drills that are open or were until just now; no candidate has lost the turn."""
        since = self._clock() - timedelta(hours=1)
        opened = await self._storage.read(lambda db: group_sessions.recent(db, KIND, since))
        for session in opened:
            await self._take(session, Back())
        return opened

    def _item(self, name: str) -> Written | None:
        found = self._questions.find(name)
        return found if isinstance(found, Written) else None

    async def _load(self, session: str) -> Drill | None:
        row = await self._storage.read(lambda db: sessions.load(db, session, KIND))
        return Drill.of(row.state) if row else None

    async def _take(self, session: str, *events: Event) -> tuple[Drill, Outcome] | None:
        """Takes steps in one transaction; the drill after them, and what the last one did. A turn that is closed is recorded."""
        now = self._clock()

        def take(db: Database) -> tuple[Drill, Outcome] | None:
            row = sessions.load(db, session, KIND)
            if row is None:
                return None
            before = Drill.of(row.state)
            place = group_sessions.place(db, session)
            lost = {name for name in before.queue if self._item(name) is None}
            drill = without(before, lost | quarantines.held(db, place.server if place else 0))
            outcome = Outcome.LATE
            gone = sorted(filter(forgotten, drill.present))
            for event in (*map(Leave, gone), *events):
                drill, outcome = step(drill, event, now)
            for turn in closed(drill):
                if turn not in closed(before):
                    self._record(db, drill, turn, now)
            if drill != before or TimeUp() in events:
                group_sessions.save(db, _row(drill), drill.deadline, now)
            return drill, outcome

        return await self._storage.write(take)

    def _record(self, db: Database, drill: Drill, number: int, now: datetime) -> None:
        """The candidate's answer, as the others scored it; what was weak comes into the reviews of all who were there."""
        turn = drill.turns[number]
        item = self._item(turn.item)
        told = next((told for told in summary(drill, {}) if told.turn == number), None)
        score = None if told is None else told.own if told.median is None else told.median
        if item is None or score is None:
            return
        if not forgotten(turn.candidate):
            attempt = Attempt(turn.candidate, item.id, item.counts_for, f"{drill.id}.{number}", 0, -1, score >= PASSES, "", now)
            answers.record(db, attempt, item.level)
        for person in drill.people if score < PASSES else ():
            if not forgotten(person) and cards.find(db, person, item.id) is None:
                cards.save(db, person, [first_card(item.id, item.counts_for or item.id, now)])


def _row(drill: Drill) -> SessionRow:
    return SessionRow(drill.id, KIND, drill.host, drill.as_data(), drill.phase is Phase.OVER)
