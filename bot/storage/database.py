"""One SQLite file, one thread that writes, one that reads.

Responsible for: the threads, their connections, transactions, durability, migrations at the start.
Leaves to others: what is written (the modules of the tables), when (`bot.app`).
The event loop never waits for the disk. A write has been committed to the file when `write` returns.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from bot.storage.migrations import migrations

T = TypeVar("T")


class StorageError(Exception):
    """The file could not be read or written (full disk, locked by somebody else). Nothing of the transaction was kept."""


class Storage:
    """Open with `Storage.open`, close with `close`. Work is given as a function of a `Database`; its result comes back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="storage-write")
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="storage-read")
        self._writer = self._writing.submit(_writer, path).result()
        self._reader = self._reading.submit(_reader, path).result()

    @classmethod
    def open(cls, path: Path) -> Storage:
        """Opens or makes the file and brings its tables up to date. Raises OSError or sqlite3.Error if it cannot be used."""
        path.parent.mkdir(parents=True, exist_ok=True)
        return cls(path)

    async def write(self, work: Callable[[Database], T]) -> T:
        """Runs `work` in one transaction. All of it is in the file when this returns, or none of it if it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._writing, _transaction, self._writer, work)

    async def read(self, work: Callable[[Database], T]) -> T:
        """Runs `work` on the reading connection, which sees everything that `write` has returned from."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, _look, self._reader, work)

    def close(self) -> None:
        """Finishes what was begun and closes the file. Nothing may be asked afterwards."""
        self._reading.submit(self._reader.close).result()
        self._reading.shutdown()
        self._writing.submit(self._writer.close).result()
        self._writing.shutdown()


def _transaction(db: Database, work: Callable[[Database], T]) -> T:
    with _disk_faults():
        # Not sqlite-utils' `atomic`, which begins DEFERRED: a second process (a backup, a host's shell) makes us wait, not fail midway.
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            result = work(db)
            db.conn.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
            raise
        return result


def _look(db: Database, work: Callable[[Database], T]) -> T:
    with _disk_faults():
        return work(db)


@contextmanager
def _disk_faults() -> Iterator[None]:
    """Turns what the disk or a lock did into the one exception that callers know. A broken constraint is our bug and stays what it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        raise StorageError(f"{type(error).__name__}: {error}") from error


def _writer(path: Path) -> Database:
    db = _connect(str(path))
    db.conn.execute("PRAGMA journal_mode = WAL")
    db.conn.execute("PRAGMA synchronous = FULL")
    db.conn.execute("PRAGMA foreign_keys = ON")
    migrations.apply(db)
    return db


def _reader(path: Path) -> Database:
    db = _connect(str(path))
    db.conn.execute("PRAGMA query_only = ON")
    return db


def _connect(path: str) -> Database:
    # Autocommit: transactions begin and end where this module says so, not where the driver guesses.
    connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    return Database(connection)
