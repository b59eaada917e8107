"""Everything there is to learn, found by id.

Responsible for: holding lessons, items, labs, pages and facts, and answering where each is.
Leaves to others: reading them (`loader`), judging them (`checks`), choosing what to ask (`bot.learning`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bot.learning.items import Chunk, Explanation, Fact, Item, Lab, Lesson, Level, ScenarioItem, Skill, Term


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written: a file relative to the project, and a line."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class InventoryEntry:
    """One line of the lesson's inventory, or one correction (E01 ...): nothing of them may get lost."""

    id: str
    kind: str
    title: str


@dataclass(frozen=True)
class Library:
    """All teaching material. Mappings are by permanent id, in the order of the files."""

    skills: Mapping[str, Skill]
    misconceptions: Mapping[str, str]
    facts: Mapping[str, Fact]
    lessons: Mapping[str, Lesson]
    items: Mapping[str, Item]
    labs: Mapping[str, Lab]
    explanations: Mapping[str, Explanation]
    glossary: Sequence[Term] = ()
    asked: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What people ask in everyday words, by the chunk or explanation that answers it."""
    inventory: Sequence[InventoryEntry] = ()
    places: Mapping[str, Place] = field(default_factory=dict, repr=False)
    """Where each id was written, for messages to authors."""

    @cached_property
    def chunks(self) -> Mapping[str, Chunk]:
        """Every chunk by id, lesson by lesson in reading order."""
        return {chunk.id: chunk for lesson in self.lessons.values() for chunk in lesson.chunks}

    @cached_property
    def topics(self) -> Sequence[str]:
        """The topics that have questions, in the order of the skills."""
        asked = {item.topic for item in self.items.values()}
        return tuple(dict.fromkeys(skill.topic for skill in self.skills.values() if skill.topic in asked))

    @cached_property
    def questions(self) -> Mapping[str, Item]:
        """Every item by id, and the steps of scenario items as the questions they are."""
        found: dict[str, Item] = {}
        for item in self.items.values():
            found[item.id] = item
            if isinstance(item, ScenarioItem):
                found.update({step.question.id: step.question for step in item.steps})
        return found

    def items_of(self, topic: str | None = None, level: Level | None = None, skill: str | None = None) -> Sequence[Item]:
        """The items of a topic, a level, a skill; None leaves that open."""
        return tuple(
            item
            for item in self.items.values()
            if topic in (None, item.topic) and level in (None, item.level) and skill in (None, item.skill)
        )

    def place(self, id_: str) -> Place:
        return self.places.get(id_, Place("content", 1))
