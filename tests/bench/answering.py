"""An answer with all that follows from it, in one durable transaction: attempt, card, estimates, standing, the item's statistics.

What the statistics cost is told by the same answers without them, in processor time: how long the disk takes differs from moment to moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from unittest.mock import patch

from bot.app import answers
from bot.learning.items import Level
from bot.storage import Storage
from bot.storage.attempts import Attempt

LEARNERS, ITEMS, SKILLS, ANSWERS = 40, 300, 60, 4_000
_START = datetime(2026, 1, 1, tzinfo=UTC)


def history(seed: int = 1) -> Iterator[Attempt]:
    """Answers of some learners to some items, the later ones more and more often a repetition."""
    random = Random(seed)
    for number in range(ANSWERS):
        item, option = random.randrange(ITEMS), random.randrange(4)
        yield Attempt(
            random.randrange(LEARNERS), f"item-{item}", f"skill-{item % SKILLS}", f"s{number}", 0, option, option == 0, "",
            _START + timedelta(minutes=number), seconds=random.randrange(120),
        )  # fmt: skip


def milliseconds() -> tuple[float, float]:
    """Of one answer: by the clock and of the processor, in the mean over a whole history in a new file."""
    with TemporaryDirectory() as folder:
        storage = Storage.open(Path(folder) / "portside.db")

        async def answer_all() -> tuple[float, float]:
            begun, busy = perf_counter(), process_time()
            for attempt in history():
                await storage.write(lambda db, attempt=attempt: answers.record(db, attempt, Level.BEGINNER, 4))  # type: ignore[misc]
            return 1000 * (perf_counter() - begun) / ANSWERS, 1000 * (process_time() - busy) / ANSWERS

        try:
            return asyncio.run(answer_all())
        finally:
            storage.close()


@contextmanager
def without_statistics() -> Iterator[None]:
    with patch("bot.app.answers.item_counters.count"):
        yield


def table() -> str:
    clock, whole = min(milliseconds() for _ in range(2))
    with without_statistics():
        _, bare = min(milliseconds() for _ in range(2))
    return (
        f"one answer            {clock:.2f} ms with the disk, {1000 / clock:,.0f} a second one after the other\n"
        f"of the processor      {whole:.2f} ms; without statistics {bare:.2f} ms, so they cost {whole / bare - 1:+.0%}"
    )
