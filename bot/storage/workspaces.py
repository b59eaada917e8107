"""What a learner has applied so far: manifests, with the data of Secrets already taken out by `bot.app.redaction`.

Responsible for: one row per applied document, in the order of applying; the workspace before the last change.
Leaves to others: redaction, deciding what was accepted (`bot.app.check_manifest`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.storage import sessions
from bot.storage.sessions import SessionRow

_BEFORE = "workspace-before"


@dataclass(frozen=True, slots=True)
class Applied:
    """One document. `objects` are the kind/namespace/name of what it holds; `name` is what its file is called in messages."""

    name: str
    text: str
    objects: tuple[str, ...]


def of(db: Database, learner: int) -> Sequence[Applied]:
    """The workspace, in the order in which it was applied."""
    rows = db.query("SELECT name, text, objects FROM manifests WHERE learner = ? ORDER BY position", [learner])
    return [Applied(row["name"], row["text"], tuple(json.loads(row["objects"]))) for row in rows]


def replace(db: Database, learner: int, documents: Iterable[Applied], now: datetime) -> None:
    """Makes `documents` the whole workspace, and remembers the one before where that was another."""
    earlier, documents = of(db, learner), list(documents)
    if earlier and earlier != documents:
        state = {"documents": [[each.name, each.text, each.objects] for each in earlier]}
        sessions.save(db, SessionRow(f"{_BEFORE}-{learner}", _BEFORE, learner, state, True), now)
    db.execute("DELETE FROM manifests WHERE learner = ?", [learner])
    for number, document in enumerate(documents):
        db.execute(
            "INSERT INTO manifests (learner, position, objects, name, text, applied) VALUES (?, ?, ?, ?, ?, ?)",
            [learner, number, json.dumps(document.objects), document.name, document.text, now.isoformat()],
        )


def reset(db: Database, learner: int) -> None:
    """Empties the workspace, and forgets the one before."""
    db.execute("DELETE FROM manifests WHERE learner = ?", [learner])
    db.execute("DELETE FROM sessions WHERE learner = ? AND kind = ?", [learner, _BEFORE])


def before(db: Database, learner: int) -> Sequence[Applied]:
    """The workspace before it last changed; nothing where it never did."""
    row = sessions.load(db, f"{_BEFORE}-{learner}", _BEFORE)
    return [Applied(name, text, tuple(objects)) for name, text, objects in row.state["documents"]] if row else []
