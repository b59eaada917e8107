"""The forms that authors fill in: every field of every kind of file, and the words said about one filled in wrongly.

Responsible for: which fields there are, their types and bounds, sentences for what does not fit.
Leaves to others: finding the files (`loader`), whether what they say is right (`checks`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from rapidfuzz import fuzz, process

from bot.learning.items import Level
from bot.library.documents import Document
from bot.library.faults import Slip

Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=3, max_length=48)]
Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Topic: TypeAlias = Literal["services", "kube-proxy", "dns", "endpointslices", "ingress", "gateway-api", "network-policy", "troubleshooting"]
Settings: TypeAlias = dict[str, Any]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    guide: ClassVar[str] = "CONTRIBUTING.md"
    """Where its author reads what it holds."""


class ManifestForm(Form):
    name: Text
    text: Text


class SkillForm(Form):
    id: Id
    title: Text
    topic: Topic
    level: Level
    proof: Literal["proved", "modelled", "fact"]
    requires: tuple[Id, ...] = ()


class MisconceptionForm(Form):
    id: Id
    belief: Text


class FactForm(Form):
    id: Id
    statement: Text
    value: Text
    source: Text
    checked: date


class TermForm(Form):
    term: Text
    means: Text
    chunk: Id | None = None


class AskedForm(Form):
    page: Id
    asked: Annotated[tuple[Text, ...], Field(min_length=1)]


class InventoryLine(Form):
    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]\d+[a-z]?$")]
    kind: Text
    title: Text


class OptionForm(Form):
    text: Text
    why: Text
    correct: bool = False
    misconception: Id | None = None
    asserts: Settings | None = None
    applies: Text | None = None


class KeyPointForm(Form):
    id: Id
    says: Text
    kind: Literal["required", "optional", "forbidden"]
    phrases: Annotated[tuple[Text, ...], Field(min_length=1)]
    hint: str = ""


class ProofForm(Form):
    """A scenario over the item's manifests, and those around them that are named here and come first (namespaces, the client)."""

    profile: Settings = {}
    manifests: tuple[ManifestForm | str, ...] = ()
    requests: tuple[Settings, ...] = ()
    lookups: tuple[Settings, ...] = ()
    connections: tuple[Settings, ...] | Literal["workloads"] = ()
    rollouts: tuple[Settings, ...] = ()
    commands: tuple[Text, ...] = ()
    expect: Settings = {}


class ItemForm(Form):
    id: Id
    skill: Id
    level: Level
    stem: Text
    explanation: Text
    sources: tuple[Text, ...] = ()
    manifests: tuple[ManifestForm | str, ...] = ()
    proof: ProofForm | None = None
    facts: tuple[Id, ...] = ()
    read_next: Id | None = None
    covers: tuple[str, ...] = ()


class ChoiceForm(ItemForm):
    kind: Literal["choice"]
    options: Annotated[tuple[OptionForm, ...], Field(min_length=3, max_length=5)]


class WrittenForm(ItemForm):
    kind: Literal["short", "interview"]
    key_points: Annotated[tuple[KeyPointForm, ...], Field(min_length=1)]
    model_answer: Text
    probes: tuple[Text, ...] = ()


StepForm: TypeAlias = Annotated[ChoiceForm | WrittenForm, Field(discriminator="kind")]


class ScenarioForm(ItemForm):
    kind: Literal["scenario"]
    steps: Annotated[tuple[StepForm, ...], Field(min_length=2)]


AnyItemForm: TypeAlias = Annotated[ChoiceForm | WrittenForm | ScenarioForm, Field(discriminator="kind")]


class PackForm(Form):
    """A question pack, e.g. `quizzes/services-ports.yaml`. `manifests` may be named by any of its items."""

    topic: Topic
    manifests: dict[str, Text] = {}
    items: Annotated[tuple[AnyItemForm, ...], Field(min_length=1)]


class ServerPackForm(PackForm):
    """A server's own pack: one file, with a name to replace it by, and the beliefs that its wrong options need beyond the known ones."""

    guide: ClassVar[str] = "`/pack example`"
    name: Id
    title: Annotated[Text, StringConstraints(max_length=60)]
    misconceptions: dict[Id, Text] = {}
    items: Annotated[tuple[AnyItemForm, ...], Field(min_length=1, max_length=100)]


class LessonForm(Form):
    id: Id
    title: Text
    summary: Text


class DemonstrationForm(Form):
    profile: Settings = {}
    manifests: Annotated[tuple[ManifestForm | str, ...], Field(min_length=1)]
    commands: Annotated[tuple[Text, ...], Field(min_length=1)]


class ChunkForm(Form):
    """The front matter of a chunk; the idea itself is the page's body."""

    id: Id
    title: Text
    question: Id
    skills: tuple[Id, ...] = ()
    requires: tuple[Id, ...] = ()
    sources: tuple[Text, ...] = ()
    picture: str = ""
    picture_alt: str = ""
    predict: str = ""
    demonstration: DemonstrationForm | None = None
    facts: tuple[Id, ...] = ()
    covers: tuple[str, ...] = ()
    mistakes: tuple[int, ...] = ()


class QuestionsForm(Form):
    """What is asked of the lab's cluster, and what it must answer."""

    requests: tuple[Settings, ...] = ()
    lookups: tuple[Settings, ...] = ()
    connections: tuple[Settings, ...] | Literal["workloads"] = ()
    rollouts: tuple[Settings, ...] = ()
    commands: tuple[Text, ...] = ()
    expect: Settings


class GoalForm(QuestionsForm):
    keeps: QuestionsForm | None = None


class OperationForm(Form):
    """Something to do to the cluster besides: it changes the profile, or puts files in the place of their namesakes, or neither."""

    id: Id
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=90)]
    told: Text
    profile: Settings = {}
    manifests: tuple[Text, ...] = ()


class SolutionForm(Form):
    operations: Annotated[tuple[Id, ...], Field(min_length=1)]
    manifests: tuple[Text, ...] = ()


class LabForm(Form):
    """`lab.yaml`. Manifests and solutions are file names in the lab's folder; a solution's file takes the place of its namesake."""

    id: Id
    title: Text
    story: Text
    skills: Annotated[tuple[Id, ...], Field(min_length=1)]
    level: Level
    mistake: int | None = None
    profile: Settings = {}
    manifests: Annotated[tuple[Text, ...], Field(min_length=1)]
    given: tuple[Text, ...] = ()
    in_place: bool = False
    goal: GoalForm
    hints: Annotated[tuple[Text, ...], Field(min_length=4, max_length=4)]
    operations: Annotated[tuple[OperationForm, ...], Field(max_length=25)] = ()
    solutions: Annotated[tuple[tuple[Text, ...] | SolutionForm, ...], Field(min_length=1)]
    explanation: Text
    covers: tuple[str, ...] = ()


class ExplanationForm(Form):
    """The front matter of a rule's page; `content/explanations` belongs to the rules, which may say more of them than is needed here."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: Id
    title: Text


_UNION_MEMBERS = {"choice", "short", "interview", "scenario", "ManifestForm", "str", "ChoiceForm", "WrittenForm", "SolutionForm"}
"""pydantic puts the chosen member of a union into a path (`items.0.choice.options`); these are no fields of the author's."""

F = TypeVar("F", bound=Any)


def fill(form: type[F], document: Document) -> tuple[F | None, list[Slip]]:
    """The filled-in form, or None with a slip for every field that does not fit."""
    try:
        return TypeAdapter(form).validate_python(document.data), []
    except ValidationError as error:
        return None, list(_slips(error, document, getattr(form, "guide", Form.guide)))


def _slips(error: ValidationError, document: Document, guide: str) -> Iterator[Slip]:
    faults = error.errors()
    for fault in faults:
        # A list whose entries are at fault is counted without them.
        if fault["type"] == "too_short" and any(
            other["loc"][: len(fault["loc"])] == fault["loc"] for other in faults if other is not fault
        ):
            continue
        path = tuple(step for step in fault["loc"] if step not in _UNION_MEMBERS)
        where = _dotted(path) or "the file"
        what, next_step = _sentence(fault["type"], where, path, fault.get("input"), fault["msg"], fault.get("ctx") or {}, guide)
        yield Slip(document.file, document.line(*path), what, next_step)


def _sentence(
    code: str, where: str, path: tuple[str | int, ...], given: object, said: str, context: dict[str, Any], guide: str
) -> tuple[str, str]:
    name = path[-1] if path else ""
    if code == "missing":
        return f"`{where}` is missing.", f"Add `{name}:` here; {guide} shows what it holds."
    if code == "extra_forbidden":
        near = process.extractOne(str(name), _known_fields(), scorer=fuzz.ratio, score_cutoff=75)
        hint = f"Did you mean `{near[0]}`?" if near else f"Remove it, or see {guide} for the fields there are."
        return f"`{where}` is not a field.", hint
    if code == "string_pattern_mismatch":
        return (
            f"`{where}` is {given!r}, which is not an id.",
            "An id is lower-case words and digits joined by single hyphens, e.g. `svc-label-typo`.",
        )
    if code == "union_tag_invalid":
        return f"`{where}` has a kind that is not known.", "The kinds are choice, short, interview and scenario."
    if code == "union_tag_not_found":
        return f"`{where}` does not say its kind.", "Add `kind: choice` (or short, interview, scenario)."
    if code in ("too_short", "too_long", "string_too_short", "string_too_long"):
        bound = context.get("min_length", context.get("max_length"))
        word = "at least" if "short" in code else "at most"
        return f"`{where}` is too {'short' if 'short' in code else 'long'}.", f"It takes {word} {bound}."
    if code in ("enum", "literal_error"):
        return f"`{where}` is {given!r}.", f"It is one of {context.get('expected', '')}."
    if code in ("bool_parsing", "bool_type"):
        return f"`{where}` is {given!r}.", "It is `true` or `false`."
    return f"`{where}`: {said}.", f"{guide} shows the form."


def _known_fields() -> list[str]:
    return sorted({name for form in _all_forms(Form) for name in form.model_fields})


def _all_forms(form: type[Form]) -> Iterator[type[Form]]:
    for child in form.__subclasses__():
        yield child
        yield from _all_forms(child)


def _dotted(path: tuple[str | int, ...]) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
