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
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MEMORY = 2 * 2**30
"""Bytes of address space that one worker may take."""


class TimeLimitError(Exception):
    """The work was stopped: it exceeded its time, or its memory. Or all workers were busy for too long."""


class Workers:
    """`run` is the whole of it. `executor` makes one worker, which does one thing at a time; tests give a thread."""

    def __init__(self, executor: Callable[[], Executor], seconds: float, count: int = 1) -> None:
        self._make, self._seconds = executor, seconds
        self._idle: asyncio.LifoQueue[Executor] = asyncio.LifoQueue()
        self._all = {executor() for _ in range(count)}
        for worker in self._all:
            self._idle.put_nowait(worker)

    @classmethod
    def processes(cls, count: int, seconds: float) -> Workers:
        """Workers in processes of their own, which are started with the first work or by `warm_up`."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["bot.app.check_manifest"])
        return cls(lambda: ProcessPoolExecutor(1, mp_context=context, initializer=_settle_in), seconds, count)

    async def run(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """The result of `work`. Raises TimeLimitError."""
        try:
            async with asyncio.timeout(2 * self._seconds):
                worker = await self._idle.get()
        except TimeoutError:
            raise TimeLimitError from None
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.get_running_loop().run_in_executor(worker, partial(work, *arguments, **named))
        except (TimeoutError, MemoryError, BrokenProcessPool):
            worker = self._replaced(worker)
            raise TimeLimitError from None
        finally:
            self._idle.put_nowait(worker)

    async def warm_up(self) -> None:
        """Starts the workers, so that the first learner does not wait for them."""
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(worker, _nothing) for worker in self._all))

    def close(self) -> None:
        for worker in self._all:
            _end(worker)

    def _replaced(self, worker: Executor) -> Executor:
        _end(worker)
        new = self._make()
        self._all = self._all - {worker} | {new}
        return new


def _end(worker: Executor) -> None:
    if isinstance(worker, ProcessPoolExecutor):
        # The library ends processes in kind only; one that is in the middle of something would never hear of it.
        for process in list((worker._processes or {}).values()):
            process.kill()
    worker.shutdown(wait=False, cancel_futures=True)


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
