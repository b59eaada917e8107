"""Runs the simulator away from the event loop, for a bounded time.

Responsible for: worker processes, stopping one that takes too long, starting it anew.
Leaves to others: what is run (module-level functions of `bot.app` with picklable arguments and results).
A learner may paste anything, so whatever looks into a paste runs here: it can neither hold up the others nor fill the bot's memory.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MEMORY = 2 * 2**30
"""Bytes of address space that one worker may take."""


class TimeLimitError(Exception):
    """The work was stopped: it exceeded its time, or its memory."""


class Workers:
    """`run` is the whole of it. `executor` makes the pool; tests give one of threads."""

    def __init__(self, executor: Callable[[], Executor], seconds: float) -> None:
        self._make, self._seconds = executor, seconds
        self._executor = executor()

    @classmethod
    def processes(cls, count: int, seconds: float) -> Workers:
        """Workers in processes of their own, which are started with the first work or by `warm_up`."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["bot.app.examination"])
        return cls(lambda: ProcessPoolExecutor(count, mp_context=context, initializer=_settle_in), seconds)

    async def run(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """The result of `work`. Raises TimeLimitError."""
        assert not named
        executor = self._executor
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.get_running_loop().run_in_executor(executor, work, *arguments)
        except (TimeoutError, MemoryError, BrokenProcessPool):
            self._replace(executor)
            raise TimeLimitError from None

    async def warm_up(self) -> None:
        """Starts the workers, so that the first learner does not wait for them."""
        await asyncio.get_running_loop().run_in_executor(self._executor, _nothing)

    def close(self) -> None:
        _end(self._executor)

    def _replace(self, executor: Executor) -> None:
        # Whoever shares a pool with runaway work is stopped with it: a second of one's own is better than the eternity of another.
        if executor is self._executor:
            self._executor = self._make()
            _end(executor)


def _end(executor: Executor) -> None:
    if isinstance(executor, ProcessPoolExecutor):
        for process in list((executor._processes or {}).values()):
            process.kill()
    executor.shutdown(wait=False, cancel_futures=True)


def _settle_in() -> None:
    """What a worker does first: bounds its memory, and sees to it that it does not outlive a bot that was killed."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _nothing() -> None:
    """What a worker does to show that it has started."""
