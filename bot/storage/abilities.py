"""How strong each learner is, skill by skill, how hard each item is, and which skills are mastered.

Responsible for: one row per learner and skill (skill "" is the learner's strength in general), one per item.
Leaves to others: the estimates (`bot.learning.ability`) and the judgement (`bot.learning.mastery`).
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database

from bot.learning.ability import Ability, Rating
from bot.learning.mastery import Standing

_GENERAL = ""


def of(db: Database, learner: int) -> Ability:
    rows = db.query("SELECT skill, value, answers FROM abilities WHERE learner = ?", [learner])
    ratings = {row["skill"]: Rating(row["value"], row["answers"]) for row in rows}
    return Ability(ratings.pop(_GENERAL, Rating()), ratings)


def save(db: Database, learner: int, skill: str, ability: Ability) -> None:
    """Keeps the general estimate and the one of this skill."""
    for name, rating in ((_GENERAL, ability.general), (skill, ability.skills.get(skill, Rating()))):
        db.execute(
            "INSERT INTO abilities (learner, skill, value, answers, standing) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (learner, skill) DO UPDATE SET value = excluded.value, answers = excluded.answers",
            [learner, name, rating.value, rating.answers, Standing.NEW.value],
        )


def standings(db: Database, learner: int) -> Mapping[str, Standing]:
    """The standing of every skill that the learner has met."""
    rows = db.query("SELECT skill, standing FROM abilities WHERE learner = ? AND skill <> ?", [learner, _GENERAL])
    return {row["skill"]: Standing(row["standing"]) for row in rows}


def set_standing(db: Database, learner: int, skill: str, standing: Standing) -> None:
    db.execute(
        "INSERT INTO abilities (learner, skill, value, answers, standing) VALUES (?, ?, 0, 0, ?)"
        " ON CONFLICT (learner, skill) DO UPDATE SET standing = excluded.standing",
        [learner, skill, standing.value],
    )


def difficulty(db: Database, item: str) -> Rating | None:
    """The item's estimate; None before anybody has answered it."""
    found = next(iter(db.query("SELECT value, answers FROM difficulties WHERE item = ?", [item])), None)
    return Rating(found["value"], found["answers"]) if found else None


def difficulties(db: Database) -> Mapping[str, Rating]:
    """The estimates of all items that have been answered."""
    return {row["item"]: Rating(row["value"], row["answers"]) for row in db.query("SELECT item, value, answers FROM difficulties")}


def forget_difficulty(db: Database, item: str) -> None:
    """The item's estimate starts afresh."""
    db.execute("DELETE FROM difficulties WHERE item = ?", [item])


def set_difficulty(db: Database, item: str, rating: Rating) -> None:
    db.execute(
        "INSERT INTO difficulties (item, value, answers) VALUES (?, ?, ?)"
        " ON CONFLICT (item) DO UPDATE SET value = excluded.value, answers = excluded.answers",
        [item, rating.value, rating.answers],
    )
