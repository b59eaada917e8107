"""Roles for what somebody has mastered: those that a server gives, who wants to wear them, who was given which.

Responsible for: these rows.
Leaves to others: what is earned (`bot.learning.rewards`), what follows (`bot.app.reward_roles`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlite_utils import Database

from bot.learning.hosting import Reward
from bot.learning.rewards import Wish


def of(db: Database, server: int) -> Sequence[Reward]:
    """The rewards of a server, those for few skills first, then those for topics."""
    rows = db.query("SELECT * FROM role_rewards WHERE server = ? ORDER BY topic, skills, role", [server])
    return [Reward(row["role"], row["skills"], row["topic"]) for row in rows]


def add(db: Database, server: int, reward: Reward) -> None:
    """Keeps a reward; one for the same role is replaced."""
    db.execute(
        "INSERT OR REPLACE INTO role_rewards (server, role, skills, topic) VALUES (?, ?, ?, ?)",
        [server, reward.role, reward.skills, reward.topic],
    )


def remove(db: Database, server: int, role: int) -> None:
    """Takes a reward out. Whoever has the role keeps it, and it is no longer ours to take."""
    db.execute("DELETE FROM role_rewards WHERE server = ? AND role = ?", [server, role])
    db.execute("DELETE FROM roles_given WHERE guild = ? AND role = ?", [server, role])


def takes_back(db: Database, server: int) -> bool:
    """Is a role taken away while a skill that it counts is open again?"""
    row = db.execute("SELECT take_back FROM reward_rules WHERE server = ?", [server]).fetchone()
    return bool(row and row[0])


def set_take_back(db: Database, server: int, *, to: bool) -> None:
    db.execute("INSERT OR REPLACE INTO reward_rules (server, take_back) VALUES (?, ?)", [server, int(to)])


def wish(db: Database, learner: int, server: int) -> Wish:
    """What the learner has said on this server; NONE if nothing."""
    row = db.execute("SELECT wish FROM reward_wishes WHERE learner = ? AND guild = ?", [learner, server]).fetchone()
    return Wish(row[0]) if row else Wish.NONE


def set_wish(db: Database, learner: int, server: int, to: Wish) -> None:
    db.execute("INSERT OR REPLACE INTO reward_wishes (learner, guild, wish) VALUES (?, ?, ?)", [learner, server, to.value])


def given(db: Database, learner: int, server: int) -> Mapping[int, datetime]:
    """The roles that the learner was given on this server, and when."""
    rows = db.query("SELECT role, at FROM roles_given WHERE learner = ? AND guild = ?", [learner, server])
    return {row["role"]: datetime.fromisoformat(row["at"]) for row in rows}


def note_given(db: Database, learner: int, server: int, role: int, at: datetime) -> None:
    db.execute("INSERT OR REPLACE INTO roles_given (learner, guild, role, at) VALUES (?, ?, ?, ?)", [learner, server, role, at.isoformat()])


def note_taken(db: Database, learner: int, server: int, role: int) -> None:
    db.execute("DELETE FROM roles_given WHERE learner = ? AND guild = ? AND role = ?", [learner, server, role])
