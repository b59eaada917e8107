"""What a learner meets: skills, lesson chunks, questions, labs.

Responsible for: the shapes of teaching material, as read by `bot.library` from `content/` and `quizzes/`.
Leaves to others: reading and checking the files (`library`), asking and grading (`sessions`, `grading`).
Ids are permanent: attempts and schedules refer to nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Any


class Level(str, Enum):
    """The lesson's four levels of questions."""

    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"
    ARCHITECT = "architect"


@dataclass(frozen=True, slots=True)
class Skill:
    """One of the 66 things to be able to do, e.g. `svc-selector-match`. `proof`: proved | modelled | fact."""

    id: str
    title: str
    topic: str
    level: Level
    proof: str
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """A named manifest shown with an item, and run by its proof."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a multiple-choice question. A wrong one names the misconception that leads to it.

    `belief` is that misconception in a sentence. `asserts` is what the option says of the proof's run (`bot.library.expectations`):
    true for the correct option, false for a wrong one. `applies` is a manifest that the option has applied first, in a run of its own.
    """

    text: str
    correct: bool
    why: str
    misconception: str = ""
    belief: str = ""
    asserts: Mapping[str, Any] | None = None
    applies: str = ""


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One point that a written answer may make. `kind`: required | optional | forbidden.

    `phrases`: any of them makes the point; each is a set of words that must occur near each other.
    """

    id: str
    says: str
    kind: str
    phrases: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scenario question: a question of its own about what has just been shown."""

    question: Choice | Written


@dataclass(frozen=True, slots=True)
class Item:
    """What all questions have. `proof` is a scenario with its expectations (see `library`), where behaviour decides."""

    id: str
    topic: str
    skill: str
    level: Level
    stem: str
    explanation: str
    sources: tuple[str, ...] = ()
    manifests: tuple[Manifest, ...] = ()
    proof: Mapping[str, Any] | None = None
    facts: tuple[str, ...] = ()
    """Ids in the dated fact table that the answer depends on."""
    read_next: str = ""
    """The lesson chunk that teaches this."""
    covers: tuple[str, ...] = ()
    """Lines of the inventory and of the corrections that this item takes up."""
    server: int = 0
    """The Discord server whose own question this is, 0 for Portside's. Such a question comes back in reviews and counts for no skill."""
    pack: str = ""
    """The name of that server's pack."""

    @property
    def counts_for(self) -> str:
        """The skill that an answer is evidence of, "" for none: what a server asks of its own was not proved by us."""
        return "" if self.server else self.skill

    @property
    def gist(self) -> str:
        """The stem in a line: its first, and where that leads on to something shown, its last."""
        lines = self.stem.strip().split("\n")
        return f"{lines[0]} … {lines[-1]}" if lines[0].endswith(":") and len(lines) > 1 else lines[0]


@dataclass(frozen=True, slots=True)
class Choice(Item):
    """Multiple choice, exactly one option correct."""

    options: tuple[Option, ...] = ()
    instance: str = ""
    """The seed of a generated question."""
    trace: str = ""
    """What the simulator printed for a generated question, to be shown after the answer."""


@dataclass(frozen=True, slots=True)
class Written(Item):
    """Short answer or interview question: graded by key points, with a model answer. `kind`: short | interview."""

    kind: str = "short"
    key_points: tuple[KeyPoint, ...] = ()
    model_answer: str = ""
    probes: tuple[str, ...] = ()
    """Follow-up questions an interviewer may ask."""


@dataclass(frozen=True, slots=True)
class ScenarioItem(Item):
    """Several steps over one cluster."""

    steps: tuple[Step, ...] = ()


PACK = "pack/"
"""Before the name of a server's pack where a topic may be given."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The questions that a server has brought. Ids begin with the server's number, so that they are nobody else's."""

    server: int
    name: str
    title: str
    items: Mapping[str, Item]

    @property
    def questions(self) -> Mapping[str, Item]:
        """Every item by its id, and the steps of scenarios as the questions they are."""
        steps = [step.question for item in self.items.values() if isinstance(item, ScenarioItem) for step in item.steps]
        return {**self.items, **{question.id: question for question in steps}}

    @property
    def proved(self) -> int:
        """How many of its questions were proved by running them."""
        return sum(question.proof is not None for question in self.questions.values())


@dataclass(frozen=True, slots=True)
class Chunk:
    """One idea of a lesson, at most 120 words. `question` is the id of the item that ends it."""

    id: str
    lesson: str
    title: str
    body: str
    question: str
    skills: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    picture: str = ""
    picture_alt: str = ""
    predict: str = ""
    demonstration: Mapping[str, Any] | None = None
    """`profile`, `manifests` (each a name and a text) and `commands`, whose printed output is the simulator's own."""
    facts: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    mistakes: tuple[int, ...] = ()
    """Those of the forty frequent mistakes that it tells of."""


@dataclass(frozen=True, slots=True)
class Lesson:
    id: str
    title: str
    summary: str
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that can be done to a lab's cluster besides handing in manifests: open a firewall, install, restart.

    `profile` changes the cluster's circumstances (lists are added to); each of `manifests` takes the place of its namesake, or is added.
    An operation with neither changes nothing, as a restart does. `told` is what one sees when it is done.
    """

    id: str
    title: str
    told: str
    profile: Mapping[str, Any] = field(default_factory=dict)
    manifests: tuple[Manifest, ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """One way to solve a lab: the whole set of manifests, after these operations."""

    manifests: tuple[Manifest, ...]
    operations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lab:
    """A broken cluster with a goal.

    `goal` holds questions (`requests`, `lookups`, `connections`, `rollouts`) and `expect`, what they must answer; under `keeps`, in the
    same form, what works already and must go on working. `hints` climb from where to look, through the rule and the rule on this case, to
    the answer. `operations` may be chosen besides, wrong ones among them.
    """

    id: str
    title: str
    story: str
    skills: tuple[str, ...]
    manifests: tuple[Manifest, ...]
    goal: Mapping[str, Any]
    hints: tuple[str, ...]
    solutions: tuple[Solution, ...]
    explanation: str
    level: Level = Level.BEGINNER
    profile: Mapping[str, Any] | None = None
    mistake: int | None = None
    covers: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    """The files that are as they are: the client, the neighbours. What stands in them cannot be handed in anew."""
    operations: tuple[Operation, ...] = ()
    in_place: bool = False
    """Whether a document changes its namesake as `kubectl apply` does, where fields may be immutable; else it takes the place of it."""

    def after(self, operations: Iterable[str]) -> Lab:
        """The lab with its cluster as these operations leave it, done in this order; an id that is none of its own does nothing."""
        done = [operation for id_ in operations for operation in self.operations if operation.id == id_]
        files = {file.name: file for each in (self.manifests, *(operation.manifests for operation in done)) for file in each}
        profile = dict(self.profile or {})
        for operation in done:
            profile |= {key: _added(profile.get(key), value) for key, value in operation.profile.items()}
        return replace(self, manifests=tuple(files.values()), profile=profile)

    @property
    def helpful(self) -> frozenset[str]:
        """The operations that belong to some way to solve it."""
        return frozenset(id_ for solution in self.solutions for id_ in solution.operations)


def _added(before: Any, value: Any) -> Any:
    """A setting after an operation: what it lists comes on top of what was listed, anything else takes its place."""
    return [*before, *value] if isinstance(before, list | tuple) and isinstance(value, list | tuple) else value


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that depends on versions, with its source and the day it was checked."""

    id: str
    statement: str
    value: str
    source: str
    checked: date


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the glossary. `chunk` teaches it."""

    term: str
    means: str
    chunk: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The page of one diagnostic rule: Markdown with a title. `id` is the rule's."""

    id: str
    title: str
    body: str
