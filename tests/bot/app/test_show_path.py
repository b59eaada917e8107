"""The path through the real curriculum: it always leads on, and every message fits."""

from __future__ import annotations

from bot.app.show_path import ShowPath
from bot.learning.mastery import Standing
from bot.library import load
from bot.rendering.limits import problems, text_of
from bot.storage import Storage, abilities


async def test_the_path_leads_through_every_skill(storage: Storage) -> None:
    """Whoever masters what is shown is shown more, until nothing is left; no message breaks a limit."""
    library = load()
    path, seen = ShowPath(library, storage), set[str]()
    while len(seen) < len(library.skills):
        reply = await path.show(1)
        assert problems(reply) == []
        shown = [skill for skill in library.skills.values() if f"{skill.title}**" in text_of(reply) and skill.id not in seen]
        assert shown, f"the path ends after {len(seen)} skills"
        for skill in shown:
            seen.add(skill.id)
            await storage.write(lambda db, name=skill.id: abilities.set_standing(db, 1, name, Standing.MASTERED))
    assert "mastered all there is" in text_of(await path.show(1))
