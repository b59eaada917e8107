"""The path: which skills come next for a learner, and why.

Responsible for: `/path`.
Leaves to others: the order (`bot.learning.mastery`), what may be taken as known (`bot.learning.placement`), the layout.
"""

from __future__ import annotations

from bot.learning.items import Chunk, Skill
from bot.learning.mastery import Standing, in_a_row, next_skills
from bot.learning.placement import taken_as_known
from bot.library import Library
from bot.rendering import progress as look
from bot.rendering.progress import Stage
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, abilities, attempts

SHOWN = 4


class ShowPath:
    def __init__(self, library: Library, storage: Storage) -> None:
        self._library, self._storage = library, storage

    async def show(self, learner: int) -> Reply:
        """The next few skills with why they come now, what to read and what to practise."""
        skills = list(self._library.skills.values())

        def work(db: Database) -> Reply:
            known = abilities.standings(db, learner)
            probable = taken_as_known(abilities.of(db, learner), skills)
            stages = [
                Stage(
                    skill,
                    known.get(skill.id, Standing.NEW),
                    in_a_row(attempts.evidence(db, learner, skill.id)),
                    skill.id in probable,
                    tuple(self._library.skills[needed].title for needed in skill.requires if needed in self._library.skills),
                    self._chunk(skill),
                )
                for skill in next_skills(skills, known, probable)[:SHOWN]
            ]
            mastered = sum(known.get(skill.id) is Standing.MASTERED for skill in skills)
            return look.path(stages, mastered, len(skills))

        return await self._storage.read(work)

    def _chunk(self, skill: Skill) -> Chunk | None:
        """The step of the lessons that teaches a skill."""
        chunks = self._library.chunks
        taught = next((chunk for chunk in chunks.values() if skill.id in chunk.skills), None)
        return taught or next((chunks[item.read_next] for item in self._library.items_of(skill=skill.id) if item.read_next in chunks), None)
