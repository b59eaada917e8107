"""Whatever a learner can meet and report, by what it is and its permanent id.

Responsible for: finding it, its title, where it was written, whether it bears out what it claims.
Leaves to others: the library, generated questions (`questions`), running (`workers`, `bot.library.proofs`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from bot.app.questions import Questions
from bot.generators import TEMPLATES
from bot.learning.items import Choice, Chunk, Explanation, Item, Lab, ScenarioItem, Written
from bot.learning.reporting import Kind, Thing
from bot.library import Library
from bot.library.proofs import disproved, play, unsolved
from bot.rendering.escape import plain, shortened

Found: TypeAlias = Choice | Written | Lab | Chunk | Explanation

_TITLE = 90
TYPICAL = 4
"""Options of most generated questions."""


class Material:
    def __init__(self, library: Library, questions: Questions) -> None:
        self._library, self._questions = library, questions

    def find(self, thing: Thing, instance: str = "") -> Found | None:
        """The thing itself; of a generated question without an instance, some example. None if it is no longer there.

        Making a generated one may take half a second: not for the event loop.
        """
        match thing.kind:
            case Kind.QUESTION:
                return self._questions.find(thing.id, instance) if instance else self._questions.another(thing.id)
            case Kind.LAB:
                return self._library.labs.get(thing.id)
            case Kind.STEP:
                return self._library.chunks.get(thing.id)
            case Kind.PAGE:
                return self._library.explanations.get(thing.id)

    def authored(self, thing: Thing) -> Choice | Written | None:
        """A question that is the same for everybody."""
        return self._questions.find(thing.id) if thing.kind is Kind.QUESTION and thing.id not in TEMPLATES else None

    def knows(self, thing: Thing) -> bool:
        """Is it still there?"""
        return self._questions.knows(thing.id) if thing.kind is Kind.QUESTION else self.find(thing) is not None

    def scenario(self, found: Found) -> ScenarioItem | None:
        """What a question is a step of."""
        return self._questions.scenario_of(found.id)

    def title(self, thing: Thing) -> str:
        """One line in plain text; the id where the thing is no longer there."""
        if thing.id in TEMPLATES:
            return shortened(f"From random clusters: {plain(self._library.skills[TEMPLATES[thing.id].skill].title)}", _TITLE)
        found = self.find(thing)
        if found is None:
            return thing.id
        words = found.gist if isinstance(found, Item) else found.title
        return shortened(plain(words), _TITLE) or thing.id

    def options(self, thing: Thing) -> Sequence[int]:
        """The numbers of a question's options; none where they are made anew each time, or where there are none."""
        found = None if thing.id in TEMPLATES or thing.kind is not Kind.QUESTION else self.find(thing)
        return range(len(found.options)) if isinstance(found, Choice) else ()

    def choices(self, item: str) -> int:
        """How many options there are to guess from in a question; 0 where there are none."""
        return TYPICAL if item in TEMPLATES else len(self.options(Thing(Kind.QUESTION, item)))

    def place(self, thing: Thing) -> str:
        """The file and line where it was written."""
        found = self.find(thing) if thing.owner else None
        if isinstance(found, Item):
            return f"the server's pack `{found.pack}`"
        if thing.id in TEMPLATES:
            return f"{TEMPLATES[thing.id].make.__module__.replace('.', '/')}.py, template `{thing.id}`"
        if thing.kind is Kind.PAGE:
            return f"content/explanations/{thing.id}.md"
        place = self._library.place(thing.id)
        return f"{place.file}:{place.line}"

    def asked(self, item: str) -> Thing | None:
        """The question or lab of this id, if there is one."""
        kind = Kind.LAB if item in self._library.labs else Kind.QUESTION if self._questions.knows(item) else None
        return Thing(kind, item) if kind else None

    def named(self, name: str) -> Thing | None:
        """A lab, lesson step or page by its id."""
        for kind, known in ((Kind.LAB, self._library.labs), (Kind.STEP, self._library.chunks), (Kind.PAGE, self._library.explanations)):
            if name in known:
                return Thing(kind, name)
        return None

    def matching(self, typed: str) -> Sequence[tuple[str, str]]:
        """Up to 25 labs, lesson steps and pages as title and id, whose title or id holds what was typed."""
        wanted = typed.casefold()
        known: list[tuple[str, str]] = [
            *((f"Lab: {lab.title}", lab.id) for lab in self._library.labs.values()),
            *((f"Lesson step: {chunk.title}", chunk.id) for chunk in self._library.chunks.values()),
            *((f"Page: {page.title}", page.id) for page in self._library.explanations.values()),
        ]
        return [(shortened(plain(title), 100), name) for title, name in known if wanted in title.casefold() or wanted in name][:25]


def not_borne_out(found: Found) -> tuple[str, ...] | None:
    """Runs what can be run of it: one sentence for each claim that does not hold. None: there is nothing to run. Made for a worker."""
    match found:
        case Item():
            return tuple(disproved(found)) if found.proof is not None else None
        case Lab():
            return tuple(unsolved(found))
        case Chunk() if found.demonstration:
            try:
                return () if play(found.demonstration) else ("the demonstration shows nothing",)
            except ValueError as error:
                return (f"the demonstration cannot be run: {error}",)
        case _:
            return None
