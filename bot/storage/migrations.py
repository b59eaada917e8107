"""The tables, as the steps by which they came to be. A step that has been released is never changed; add another.

Responsible for: names, types, keys and indexes.
Leaves to others: rows (the module of each table). Times are UTC, ISO 8601; learners are Discord's user ids.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("portside")


@migrations()
def first_tables(db: Database) -> None:
    db.table("sessions").create(
        {"id": str, "kind": str, "learner": int, "state": str, "opened": str, "changed": str, "closed": str},
        pk="id",
        not_null={"kind", "learner", "state", "opened", "changed"},
    )
    db.table("sessions").create_index(["learner", "kind", "changed"])
    db.table("attempts").create(
        {
            "id": int, "learner": int, "item": str, "skill": str, "session": str, "step": int,
            "option": int, "correct": int, "confidence": str, "at": str,
        },
        pk="id",
        not_null={"learner", "item", "skill", "correct", "at"},
    )  # fmt: skip
    db.table("attempts").create_index(["session", "step"], unique=True)
    db.table("attempts").create_index(["learner", "at"])
    db.table("lesson_progress").create(
        {"learner": int, "chunk": str, "opened": str, "understood": str}, pk=("learner", "chunk"), not_null={"opened"}
    )
    db.table("manifests").create(
        {"learner": int, "position": int, "name": str, "text": str, "objects": str, "applied": str},
        pk=("learner", "position"),
        not_null={"name", "text", "objects", "applied"},
    )
    db.table("settings").create({"key": str, "value": str}, pk="key", not_null={"value"})
