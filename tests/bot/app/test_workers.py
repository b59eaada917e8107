"""Work in processes is bounded, and the next one finds them alive."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator

import pytest

from bot.app.workers import TimeLimitError, Workers


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    made = Workers.processes(1, seconds=5)
    yield made
    made.close()


async def test_work_runs_in_another_process(workers: Workers) -> None:
    """The result comes back; the work was not done here."""
    await workers.warm_up()

    assert await workers.run(divmod, 7, 2) == (3, 1)
    assert await workers.run(os.getpid) != os.getpid()


async def test_endless_work_is_stopped(workers: Workers) -> None:
    """After its time the process is killed, and a new one takes the next work."""
    brief = Workers.processes(1, seconds=0.5)
    await brief.warm_up()
    began = time.monotonic()
    with pytest.raises(TimeLimitError):
        await brief.run(time.sleep, 60)

    assert time.monotonic() - began < 5
    brief._seconds = 10
    assert await brief.run(divmod, 7, 2) == (3, 1)
    brief.close()


async def test_runaway_work_stops_nobody_else() -> None:
    """What waits behind runaway work is done afterwards; what runs beside it is not disturbed."""
    two = Workers.processes(2, seconds=1.5)
    await two.warm_up()
    runaway = asyncio.create_task(two.run(time.sleep, 60))
    others = [asyncio.create_task(two.run(divmod, number, 2)) for number in range(4)]

    assert await asyncio.gather(*others) == [divmod(number, 2) for number in range(4)]
    with pytest.raises(TimeLimitError):
        await runaway
    assert await two.run(divmod, 7, 2) == (3, 1)
    two.close()


async def test_a_dead_process_is_replaced(workers: Workers) -> None:
    """Work that kills its process (as the kernel may, for memory) is told as stopped work."""
    with pytest.raises(TimeLimitError):
        await workers.run(os._exit, 1)

    assert await workers.run(divmod, 7, 2) == (3, 1)


async def test_memory_is_bounded(workers: Workers) -> None:
    """Work that asks for more memory than a worker may take is stopped, and harms nobody."""
    with pytest.raises(TimeLimitError):
        await workers.run(bytes, 4 * 2**30)

    assert await workers.run(divmod, 7, 2) == (3, 1)


async def test_an_error_of_ours_is_raised_here(workers: Workers) -> None:
    """Other exceptions pass through: they are bugs, for the error boundary."""
    with pytest.raises(ZeroDivisionError):
        await workers.run(divmod, 1, 0)
