"""The leaderboard: nobody is on it who did not ask to be.

Responsible for: `/leaderboard`, and who is seen where (private, this server, everywhere).
Leaves to others: the ranking (`bot.storage.visibility`), the layout (`bot.rendering.leaderboard`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rendering import leaderboard as look
from bot.rendering import notices
from bot.rendering.reply import Reply
from bot.storage import Storage, visibility

DAYS = 30
LINES = 10


class Seen(StrEnum):
    PRIVATE = "private"
    SERVER = "server"
    PUBLIC = "public"


class ShowLeaderboard:
    def __init__(self, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._storage, self._clock = storage, clock

    async def show(self, learner: int, guild: int | None, scope: Seen) -> Reply:
        """The board of this server, or the one of everywhere. `guild` is None in direct messages."""
        board = visibility.EVERYWHERE if scope is Seen.PUBLIC or guild is None else guild
        since = self._clock() - timedelta(days=DAYS)
        ranks, own = await self._storage.read(lambda db: (visibility.ranking(db, board, since, LINES), visibility.of(db, learner)))
        lines = [(rank.learner, rank.mastered, rank.right) for rank in ranks]
        return look.board(lines, everywhere=board == visibility.EVERYWHERE, seen=board in own)

    async def be_seen(self, learner: int, guild: int | None, how: Seen) -> Reply:
        """Where the learner is seen from now on."""
        if how is Seen.SERVER and guild is None:
            return notices.notice("There is no server here. Say it on the server on whose board you want to be.")

        def keep(own: frozenset[int]) -> frozenset[int]:
            servers = own - {visibility.EVERYWHERE} | ({guild} if guild else set())
            return {Seen.PRIVATE: frozenset[int](), Seen.SERVER: servers, Seen.PUBLIC: servers | {visibility.EVERYWHERE}}[how]

        await self._storage.write(lambda db: visibility.set_to(db, learner, keep(visibility.of(db, learner))))
        return look.seen(how)
