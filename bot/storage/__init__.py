"""What is remembered, and nothing else: ids, answers, progress, redacted manifests, in one SQLite file.

`Storage` runs work in threads; the modules beside it hold one table each, as plain functions of a `Database`.
"""

from sqlite_utils import Database

from bot.storage.database import Storage, StorageError

__all__ = ["Database", "Storage", "StorageError"]
