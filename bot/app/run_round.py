"""A quiz round of several people in a channel: open, join, answer, lock, reveal, table.

Responsible for: loading a round, taking one step, keeping it in one transaction, recording answers at the lock, what is shown to whom.
Leaves to others: what a step does (`bot.learning.round`), the beat that asks what is due (`bot.frontend`), looks (`bot.rendering.round`).
Every click is in the file before it is acknowledged. The deadlines are in the file too, so a restart loses none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from bot.app import answers, proof_run
from bot.app.board import Board
from bot.app.questions import Questions
from bot.app.take_quiz import ANY, fits, topics
from bot.app.workers import Workers
from bot.learning.gathering import Back, TimeUp, forgotten
from bot.learning.items import Choice
from bot.learning.quiz import Question, choose_questions, parts_of, question_of, still_asked
from bot.learning.round import Choose, Event, Join, Leave, Mode, Outcome, Phase, Round, locked, step, voided, without
from bot.library import Library
from bot.rendering import notices
from bot.rendering import round as look
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, group_sessions, quarantines, sessions
from bot.storage.attempts import Attempt
from bot.storage.group_sessions import Place
from bot.storage.sessions import SessionRow

KIND = "round"
TEAMS = ("Red", "Blue", "Green", "Gold")
_IDS = "abcdefghijkmnpqrstuvwxyz23456789"
_BOARD = "board"


class RunRound:
    def __init__(
        self, library: Library, questions: Questions, storage: Storage, workers: Workers, clock: Callable[[], datetime], random: Random
    ) -> None:
        self._library, self._questions, self._storage, self._workers = library, questions, storage, workers
        self._clock, self._random = clock, random

    async def open(
        self, host: int, server: int, channel: int, mode: Mode, topic: str, level: str, length: int, seconds: int, teams: int,
        usual: str = ANY,
    ) -> tuple[str, Reply]:  # fmt: skip
        """A new round in its lobby: its id and its board. The id is "" where there can be none, and the reply says why.

        `usual` is the server's level, for a round whose `level` is `any`, if there are questions of it.
        """
        if topic not in (ANY, *self.topics(server)):
            return "", notices.unknown("topic", topic, list(self.topics(server)))
        held = await self._storage.read(lambda db: quarantines.held(db, server))
        asked = still_asked(self._questions.pool(server), held)

        def chosen(of: str) -> list[Choice]:
            wanted = [item for item in asked if fits(item, topic, of)]
            return [item for item in choose_questions(wanted, length, {}, self._random) if isinstance(item, Choice)]

        items = (chosen(usual) if level == ANY else []) or chosen(level)
        if not items:
            return "", notices.notice(f"There are no questions on `{topic}` at the level `{level}` yet. Leave one of the two out.")
        now = self._clock()
        game = Round(
            "".join(self._random.choices(_IDS, k=12)), host, mode, tuple(question_of(item, self._random) for item in items), seconds,
            opened=now.isoformat(), teams=TEAMS[:teams] if mode is Mode.TEAMS else (),
        )  # fmt: skip

        def begin(db: Database) -> bool:
            if group_sessions.open_ones(db, KIND, channel):
                return False
            group_sessions.begin(db, _row(game), Place(game.id, server, channel), game.deadline, now)
            return True

        if not await self._storage.write(begin):
            return "", notices.notice("There is a round open in this channel already. Join it, or let its host end it first.")
        return game.id, self._look(game)

    async def answer(self, player: int, session: str, asked: int, place: int) -> Reply:
        """A player's answer, or a changed one. Whoever had not joined plays from here on."""
        taken = await self._take(session, Join(player), Choose(player, asked, place))
        if taken is None:
            return notices.gone("quiz-round")
        game, outcome = taken
        item = self._item(game.questions[asked]) if 0 <= asked < len(game.questions) else None
        if item is None:
            return look.withdrawn()
        return look.late(game) if outcome is Outcome.LATE else look.chosen(game, item, asked, place)

    async def act(self, session: str, event: Event) -> Reply | None:
        """Anything else. A reply tells why it was not done, or what was; None: the board shows it."""
        taken = await self._take(session, event)
        if taken is None:
            return notices.gone("quiz-round")
        game, outcome = taken
        return look.told(game, event, outcome)

    async def board(self, session: str) -> Sequence[Board]:
        """What everybody sees now."""
        found = await self._storage.read(lambda db: (sessions.load(db, session, KIND), group_sessions.place(db, session)))
        row, place = found
        if row is None or place is None:
            return ()
        return [Board(_BOARD, place.channel, place.messages.get(_BOARD), self._look(Round.of(row.state)))]

    async def placed(self, session: str, board: str, message: int | None) -> None:
        await self._storage.write(lambda db: group_sessions.put_message(db, session, board, message))

    async def go_on(self) -> Sequence[str]:
        """Does what is due; the rounds that changed."""
        now = self._clock()
        due = await self._storage.read(lambda db: group_sessions.due(db, KIND, now))
        for session in due:
            await self._take(session, TimeUp())
        return due

    async def come_back(self) -> Sequence[str]:
        """After a start of the bot: all rounds that are open or were until just now; in none of them has anybody lost time."""
        since = self._clock() - timedelta(hours=1)
        opened = await self._storage.read(lambda db: group_sessions.recent(db, KIND, since))
        for session in opened:
            await self._take(session, Back())
        return opened

    async def others(self, session: str, asked: int) -> Reply:
        """Why the wrong options of a question that was revealed are wrong."""
        found = await self._revealed(session, asked)
        return look.others(*found, asked) if found else notices.gone("quiz-round")

    async def run_behind(self, session: str, asked: int) -> Reply:
        """The run that proves a revealed question."""
        found = await self._revealed(session, asked)
        if found is None:
            return notices.gone("quiz-round")
        return await proof_run.show(self._workers, found[1], self._questions.scenario_of(found[1].id))

    async def mine(self, player: int, session: str) -> Reply:
        """One's own answers, with what was right."""
        game = await self._load(session)
        if game is None:
            return notices.gone("quiz-round")
        return look.mine(game, player, [self._item(question) for question in game.questions], self._library.chunks)

    async def _take(self, session: str, *events: Event) -> tuple[Round, Outcome] | None:
        """Takes steps in one transaction; the round after them, and what the last one did."""
        now = self._clock()

        def take(db: Database) -> tuple[Round, Outcome] | None:
            row = sessions.load(db, session, KIND)
            if row is None:
                return None
            before = Round.of(row.state)
            place = group_sessions.place(db, session)
            lost = {question.item for question in before.questions if self._item(question) is None}
            game = without(before, lost | quarantines.held(db, place.server if place else 0))
            outcome = Outcome.LATE
            gone = sorted(filter(forgotten, {*game.present, game.host}))
            for event in (*map(Leave, gone), *events):
                game, outcome = step(game, event, now)
                if outcome is Outcome.LOCKED:
                    game = self._settled(db, game, now)
            if game != before or TimeUp() in events:
                group_sessions.save(db, _row(game), game.deadline, now)
            return game, outcome

        return await self._storage.write(take)

    def _settled(self, db: Database, game: Round, now: datetime) -> Round:
        """The answers to the question that has just been locked become attempts of those who gave them; one that is lost counts no more."""
        item = self._item(game.question)
        if item is None:
            return voided(game)
        for player, given in game.answers[game.at].items():
            if forgotten(player):
                continue
            attempt = Attempt(
                player, item.id, item.counts_for, f"{game.id}.{player}", game.at, given.option, given.option == game.question.key,
                given.confidence, now, seconds=round(given.seconds), misconception=item.options[given.option].misconception,
            )  # fmt: skip
            answers.record(db, attempt, item.level, len(item.options))
        return game

    def _look(self, game: Round) -> Reply:
        item = self._item(game.question)
        return look.board(game, item, self._questions.scenario_of(item.id) if item else None)

    async def _load(self, session: str) -> Round | None:
        row = await self._storage.read(lambda db: sessions.load(db, session, KIND))
        return Round.of(row.state) if row else None

    async def _revealed(self, session: str, asked: int) -> tuple[Round, Choice] | None:
        game = await self._load(session)
        if game is None or not 0 <= asked < locked(game):
            return None
        item = self._item(game.questions[asked])
        return (game, item) if item else None

    def _item(self, question: Question) -> Choice | None:
        """The question's item, if it is still what it was when the round began."""
        item = self._questions.find(question.item, question.instance)
        unchanged = isinstance(item, Choice) and len(item.options) == len(question.order) and item.options[question.key].correct
        return item if isinstance(item, Choice) and unchanged else None

    def topics(self, server: int) -> Mapping[str, str]:
        """What can be chosen on this server: topics that have questions with options, and its own packs."""
        return topics(self._questions, server, parts_of)


def _row(game: Round) -> SessionRow:
    return SessionRow(game.id, KIND, game.host, game.as_data(), game.phase is Phase.OVER)
