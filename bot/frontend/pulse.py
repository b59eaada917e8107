"""The bot's pulse: one task that looks about once a second whether something is due.

Responsible for: the rhythm, and that one fault stops nothing else.
Leaves to others: what is due (the database knows; whoever joins with `on_beat` asks it).
There is no timer for any message, round or learner: whatever was due while the bot was away is done with the first beat.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from discord.ext import tasks

log = logging.getLogger("portside")

SECONDS = 1.2
"""Between two beats. One edit of a message in each keeps within the five in five seconds that Discord allows."""

Work: TypeAlias = Callable[[], Awaitable[None]]


class Pulse:
    def __init__(self) -> None:
        self._works: list[Work] = []
        self._loop = tasks.loop(seconds=SECONDS)(self._beat)

    def on_beat(self, work: Work) -> None:
        """Has `work` done with every beat. It must be short, and find nothing to do most of the time."""
        self._works.append(work)

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        self._loop.cancel()

    async def _beat(self) -> None:
        for work in self._works:
            try:
                await work()
            except Exception:
                log.exception("in the pulse: %s", getattr(work, "__qualname__", work))
