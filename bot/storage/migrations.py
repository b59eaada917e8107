"""The tables, as the steps by which they came to be. A step that has been released is never changed; add another.

Responsible for: names, types, keys and indexes.
Leaves to others: rows (the module of each table). Times are UTC, ISO 8601; learners are Discord's user ids.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from bot.storage import item_counters

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


@migrations()
def what_is_remembered_of_answers(db: Database) -> None:
    """Hints and instances of answers; review cards, estimates of strength and difficulty, and a learner's own choices."""
    attempts = db.table("attempts")
    attempts.add_column("hints", int, not_null_default=0)
    attempts.add_column("instance", str, not_null_default="")
    attempts.create_index(["learner", "item"])
    attempts.create_index(["learner", "skill"])
    db.table("cards").create(
        {
            "learner": int, "item": str, "skill": str, "due": str, "memory": str, "reviews": int, "lapses": int, "misled": int,
        },
        pk=("learner", "item"),
        not_null={"skill", "due", "memory", "reviews", "lapses", "misled"},
    )  # fmt: skip
    db.table("cards").create_index(["learner", "due"])
    db.table("abilities").create(
        {"learner": int, "skill": str, "value": float, "answers": int, "standing": str},
        pk=("learner", "skill"),
        not_null={"value", "answers", "standing"},
    )
    db.table("difficulties").create({"item": str, "value": float, "answers": int}, pk="item", not_null={"value", "answers"})
    db.table("preferences").create(
        {"learner": int, "zone": str, "exam": str, "remind_at": str, "remind_next": str},
        pk="learner",
        not_null={"zone", "exam", "remind_at", "remind_next"},
    )
    db.table("preferences").create_index(["remind_next"])
    db.table("shown_on").create({"learner": int, "guild": int}, pk=("learner", "guild"))


@migrations()
def group_sessions(db: Database) -> None:
    """Rounds and drills: where they are shown, and when they go on by themselves."""
    db.table("group_sessions").create(
        {"session": str, "server": int, "channel": int, "messages": str, "due": str},
        pk="session",
        not_null={"server", "channel", "messages"},
    )
    db.table("group_sessions").create_index(["due"])


@migrations()
def server_settings(db: Database) -> None:
    """What the hosts of servers have chosen for them."""
    db.table("server_settings").create(
        {"server": int, "channels": str, "starters": str, "level": str}, pk="server", not_null={"channels", "starters", "level"}
    )


@migrations()
def item_statistics(db: Database) -> None:
    """What answers tell about items, as counters; and what an answer has to keep of itself to be counted, corrected or left out."""
    attempts = db.table("attempts")
    attempts.add_column("seconds", int)
    attempts.add_column("strength", int)
    attempts.add_column("chance", float)
    attempts.add_column("misconception", str, not_null_default="")
    attempts.add_column("voided", int, not_null_default=0)
    db.table("item_answers").create(
        {
            "item": str, "option": int, "misconception": str, "correct": int,
            "answers": int, "hinted": int, "placed": int, "strength": int, "squares": int,
        },
        pk=("item", "option", "misconception", "correct"),
        not_null={"answers", "hinted", "placed", "strength", "squares"},
    )  # fmt: skip
    db.table("item_times").create({"item": str, "bucket": int, "answers": int}, pk=("item", "bucket"), not_null={"answers"})
    item_counters.recount(db)


@migrations()
def packs(db: Database) -> None:
    """Question packs that servers have uploaded."""
    db.table("packs").create({"server": int, "name": str, "text": str, "changed": str}, pk=("server", "name"), not_null={"text", "changed"})


@migrations()
def daily_questions(db: Database) -> None:
    """When and where a server's question of the day is asked, and which ones were."""
    db.table("daily_plans").create(
        {
            "server": int, "channel": int, "at": str, "zone": str, "topic": str, "levels": str, "following": str, "fault": str,
            "failures": int,
        },
        pk="server",
        not_null={"channel", "at", "zone", "topic", "levels", "following", "fault", "failures"},
    )  # fmt: skip
    db.table("daily_plans").create_index(["following"])
    db.table("daily_asked").create({"server": int, "item": str, "at": str}, pk=("server", "item"), not_null={"at"})


@migrations()
def role_rewards(db: Database) -> None:
    """Roles that servers give for what somebody has mastered, who wants to wear them, and who was given which."""
    db.table("role_rewards").create(
        {"server": int, "role": int, "skills": int, "topic": str}, pk=("server", "role"), not_null={"skills", "topic"}
    )
    db.table("reward_rules").create({"server": int, "take_back": int}, pk="server", not_null={"take_back"})
    db.table("reward_wishes").create({"learner": int, "guild": int, "wish": str}, pk=("learner", "guild"), not_null={"wish"})
    db.table("roles_given").create({"learner": int, "guild": int, "role": int, "at": str}, pk=("learner", "guild", "role"), not_null={"at"})


@migrations()
def reports(db: Database) -> None:
    """Reports on items, what was decided about them, which items are taken out where, and what learners are still to be told of it."""
    db.table("reports").create(
        {
            "id": int, "learner": int, "kind": str, "item": str, "instance": str,
            "server": int, "reason": str, "words": str, "at": str, "decided_here": int, "decided": int,
        },
        pk="id",
        not_null={"kind", "item", "instance", "server", "reason", "words", "at"},
    )  # fmt: skip
    db.table("reports").create_index(["learner", "kind", "item", "instance"], unique=True)
    db.table("reports").create_index(["kind", "item"])
    db.table("decisions").create(
        {"id": int, "kind": str, "item": str, "server": int, "verdict": str, "option": int, "words": str, "at": str},
        pk="id",
        not_null={"kind", "item", "server", "verdict", "option", "words", "at"},
    )
    db.table("decisions").create_index(["kind", "item", "server"])
    db.table("quarantines").create({"kind": str, "item": str, "server": int, "at": str}, pk=("kind", "item", "server"), not_null={"at"})
    db.table("tidings").create(
        {"id": int, "learner": int, "decision": int, "what": str, "direct": int},
        pk="id",
        not_null={"learner", "decision", "what", "direct"},
    )
    db.table("tidings").create_index(["learner", "decision", "what"], unique=True)


@migrations()
def corrections(db: Database) -> None:
    """Corrections of answers that are under way, and the way to an item's answers."""
    db.table("corrections").create(
        {"decision": int, "belief": str, "last": int, "at": int, "moved": int},
        pk="decision",
        not_null={"belief", "last", "at", "moved"},
    )
    db.table("attempts").create_index(["item"])


@migrations()
def memberships(db: Database) -> None:
    """The servers that the bot is in, and since when one of them has been missed ("": it is not)."""
    db.table("memberships").create({"server": int, "missed": str}, pk="server", not_null={"missed"})
