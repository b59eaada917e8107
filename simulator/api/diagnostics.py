"""What the simulator says about manifests: verdicts as the API server gives them, and findings as a tutor does.

Responsible for: the shapes of verdicts, findings, fixes.
Leaves to others: deciding them (`admission`, `rules`), wording them for people (`explain`, the bot's templates).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from simulator.api.meta import Json, Path, Ref, SourceFile, Span


class Severity(str, Enum):
    """How bad: an error breaks something that was asked for, a warning may surprise, a note is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Basis(str, Enum):
    """On whose word: Kubernetes specifies it, a named component implements it, or this simulator models it."""

    SPECIFIED = "specified"
    IMPLEMENTED = "implemented"
    MODELLED = "modelled"


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a manifest and what it has to do with the matter, e.g. `the Service asks for this`."""

    file: str
    span: Span
    label: str
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault that decoding or admission found. `message` is in the words of the component that would report it.

    `facts` are values that a rule may speak of, e.g. {"near": ["replicas"]} for an unknown field. `related` are further places.
    """

    code: str
    message: str
    path: Path = ()
    place: Place | None = None
    severity: Severity = Severity.ERROR
    facts: dict[str, Json] = field(default_factory=dict)
    related: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the API server made of one document. `output` is the line (or lines) that kubectl prints for it."""

    file: str
    index: int
    kind: str
    namespace: str
    name: str
    accepted: bool
    output: str
    warnings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.namespace, self.name)


@dataclass(frozen=True, slots=True)
class ApplyOutput:
    """What `kubectl apply --validate=strict` prints for all the files together."""

    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to one document: set the field at `path` to `value`, or remove it if `remove`.

    An empty path with an `index` past the file's last document adds `value` as a document of its own.
    """

    file: str
    index: int
    path: Path
    value: Json = None
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Fix:
    """A suggested change. `proved` only after it was applied, run again, and the symptom was gone with nothing new broken.

    `certainty` is "certain" where only one change can be meant, "likely" where a near name was found, "possible" otherwise.
    `outcome` tells what the run showed, e.g. `2 endpoints: 10.244.1.10:8080, 10.244.2.10:8080`.
    `files` are the changed files as they would read, comments kept: what a diff is made from.
    """

    certainty: str
    edits: tuple[Edit, ...]
    proved: bool = False
    outcome: str = ""
    files: tuple[SourceFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault with its cause. A rule yields facts and places; `message` is one plain sentence that stands alone.

    `facts` are the values that the rule's template speaks of, e.g. {"selector": "app=web", "matched": 0}.
    `consequences` are the findings' or requests' symptoms that follow from this cause, one sentence each.
    """

    rule: str
    severity: Severity
    basis: Basis
    object: Ref
    message: str
    path: Path = ()
    places: tuple[Place, ...] = ()
    facts: dict[str, Json] = field(default_factory=dict)
    consequences: tuple[str, ...] = ()
    hint: str = ""
    check: str = ""
    fixes: tuple[Fix, ...] = ()

    @property
    def place(self) -> Place | None:
        """The primary place: the one that is underlined with carets."""
        return self.places[0] if self.places else None
