"""Reading lessons: browse, open a step, go on, come back to it, mark it as understood.

Responsible for: which step comes next, and remembering what was opened and understood.
Leaves to others: the question that ends a step (`take_quiz`), the layout (`bot.rendering.lesson`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.app.workers import TimeLimitError, Workers
from bot.learning.items import Choice, Chunk, Lesson, Written
from bot.library import Library
from bot.library.proofs import play
from bot.rendering import lesson as look
from bot.rendering import notices
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, lesson_progress
from bot.storage.lesson_progress import Progress


class ReadLesson:
    def __init__(self, library: Library, storage: Storage, workers: Workers, clock: Callable[[], datetime]) -> None:
        self._library, self._storage, self._workers, self._clock = library, storage, workers, clock
        self._order: Sequence[Chunk] = tuple(library.chunks.values())
        self._lesson_of = {chunk.id: lesson for lesson in library.lessons.values() for chunk in lesson.chunks}

    async def contents(self, learner: int) -> Reply:
        """All lessons, with the way back to where the learner stopped."""
        if not self._order:
            return notices.notice("There are no lessons here yet.")
        progress = await self._storage.read(lambda db: lesson_progress.of(db, learner))
        return look.contents(tuple(self._library.lessons.values()), progress.understood, self._library.chunks.get(progress.last))

    async def open(self, learner: int, name: str) -> Reply:
        """A step by its id, or a lesson: there, the first step that is not understood."""
        lesson = self._library.lessons.get(name)
        if lesson is not None:
            progress = await self._storage.read(lambda db: lesson_progress.of(db, learner))
            return await self._open(learner, _first_open(lesson, progress))
        chunk = self._library.chunks.get(name)
        if chunk is None:
            return notices.unknown("lesson", name, tuple(self._library.lessons))
        return await self._open(learner, chunk)

    async def open_next(self, learner: int, chunk: str) -> Reply:
        """The step after this one, in the next lesson if need be; after the last, the contents."""
        following = self._beside(chunk, 1)
        return await self._open(learner, following) if following else await self.contents(learner)

    async def understood(self, learner: int, chunk: str) -> Reply:
        """Marks the step as understood and shows it so."""
        if chunk not in self._library.chunks:
            return notices.gone("lesson")
        now = self._clock()
        await self._storage.write(lambda db: lesson_progress.understood(db, learner, chunk, now))
        return await self._open(learner, self._library.chunks[chunk])

    async def demonstration(self, chunk: str) -> Reply:
        """What the step's manifests and commands show when they are run."""
        found = self._library.chunks.get(chunk)
        if found is None or not found.demonstration:
            return notices.gone("lesson")
        try:
            return look.demonstration(found.demonstration, await self._workers.run(play, found.demonstration))
        except TimeLimitError:
            return notices.try_again("The simulator took too long over this.")

    def suggestions(self, typed: str) -> Sequence[tuple[str, str]]:
        """(title, id) of lessons and steps whose title holds what was typed; lessons first."""
        wanted = typed.casefold()
        titled = [(lesson.title, lesson.id) for lesson in self._library.lessons.values()]
        if wanted:
            titled += [(f"{self._lesson_of[chunk.id].title}: {chunk.title}", chunk.id) for chunk in self._order]
        return [(title, name) for title, name in titled if wanted in title.casefold()][:25]

    async def _open(self, learner: int, chunk: Chunk) -> Reply:
        now = self._clock()

        def work(db: Database) -> Progress:
            lesson_progress.opened(db, learner, chunk.id, now)
            return lesson_progress.of(db, learner)

        progress = await self._storage.write(work)
        lesson = self._lesson_of[chunk.id]
        number = lesson.chunks.index(chunk) + 1
        return look.step(
            lesson,
            chunk,
            number,
            understood=chunk.id in progress.understood,
            asks=isinstance(self._library.questions.get(chunk.question), Choice | Written),
            following=self._beside(chunk.id, 1),
            preceding=self._beside(chunk.id, -1),
        )

    def _beside(self, chunk: str, distance: int) -> Chunk | None:
        position = next((i for i, each in enumerate(self._order) if each.id == chunk), None)
        if position is None or not 0 <= position + distance < len(self._order):
            return None
        return self._order[position + distance]


def _first_open(lesson: Lesson, progress: Progress) -> Chunk:
    return next((chunk for chunk in lesson.chunks if chunk.id not in progress.understood), lesson.chunks[0])
