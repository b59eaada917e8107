"""`content/` and `quizzes/` -> a Library, or every slip at once.

Responsible for: which files there are, lessons, labs, pages and tables in learning's types, ids that are used without existing.
Leaves to others: questions (`assembly`), the fields of a file (`forms`), whether what stands in them is right (`checks`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from rapidfuzz import fuzz, process

from bot.learning.items import (
    Choice,
    Chunk,
    Explanation,
    Fact,
    Item,
    Lab,
    Lesson,
    Manifest,
    Operation,
    Skill,
    Solution,
    Term,
)
from bot.library import forms
from bot.library.assembly import Assembly, items_of
from bot.library.documents import Document, Path, read_markdown, read_yaml
from bot.library.faults import MaterialError, Slip
from bot.library.library import InventoryEntry, Library, Place

F = TypeVar("F")


def load(content: Traversable | None = None, quizzes: Traversable | None = None) -> Library:
    """Reads all material: from the installed packages, or from two folders of the same shape.

    Raises MaterialError with every slip of form and every id that is used twice or used without existing.
    """
    reading = read(content, quizzes)
    if reading.slips:
        raise MaterialError(reading.slips)
    return reading.library


@dataclass
class Reading(Assembly):
    """What was read so far of the two folders."""

    content: Traversable = field(kw_only=True)
    quizzes: Traversable = field(kw_only=True)
    library: Library = field(init=False)

    def document(self, path: Traversable, name: str) -> Document:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            slip = Slip(name, 1, f"The file cannot be read: {error}.", "It must be there, as UTF-8 text.")
            return Document(name, None, {}, slips=(slip,))
        return read_markdown(text, name) if name.endswith(".md") else read_yaml(text, name)

    def rows(self, form: type[F], name: str) -> Sequence[tuple[F, Place]]:
        """The rows of a file that is a list of one kind of form; those that do not fit are left out, with their slips."""
        document = self.document(self.content / name, f"content/{name}")
        self.slips.extend(document.slips)
        if not isinstance(document.data, list):
            if not document.slips:
                self.slips.append(Slip(document.file, 1, "The file is not a list.", "Each entry begins with `- id: ...`."))
            return ()
        lines: list[dict[Path, int]] = [{} for _ in document.data]
        for path, line in document.lines.items():
            if path:
                lines[int(path[0])][path[1:]] = line
        rows = []
        for index, data in enumerate(document.data):
            filled, slips = forms.fill(form, Document(document.file, data, lines[index]))
            self.slips.extend(slips)
            if filled is not None:
                rows.append((filled, Place(document.file, document.line(index))))
        return rows


def read(content: Traversable | None = None, quizzes: Traversable | None = None) -> Reading:
    """Reads all that can be read. `library` holds what is sound; `slips` tells the rest."""
    reading = Reading(content=files("content") if content is None else content, quizzes=files("quizzes") if quizzes is None else quizzes)
    skills = {s.id: Skill(**dict(s)) for s, place in reading.rows(forms.SkillForm, "skills.yaml") if reading.claim(f"skill {s.id}", place)}
    misconceptions = {
        m.id: m.belief
        for m, place in reading.rows(forms.MisconceptionForm, "misconceptions.yaml")
        if reading.claim(f"misconception {m.id}", place)
    }
    facts = {f.id: Fact(**dict(f)) for f, place in reading.rows(forms.FactForm, "facts.yaml") if reading.claim(f"fact {f.id}", place)}
    glossary = [
        Term(t.term, t.means, t.chunk or "")
        for t, place in reading.rows(forms.TermForm, "glossary.yaml")
        if reading.claim(f"term {t.term}", place)
    ]
    asked = {
        row.page: row.asked for row, place in reading.rows(forms.AskedForm, "asked.yaml") if reading.claim(f"asked of {row.page}", place)
    }
    inventory = [
        InventoryEntry(line.id, line.kind, line.title)
        for line, place in reading.rows(forms.InventoryLine, "inventory.yaml")
        if reading.claim(f"inventory {line.id}", place)
    ]
    items = dict(_packs(reading, misconceptions))
    reading.library = Library(
        skills=skills,
        misconceptions=misconceptions,
        facts=facts,
        lessons=dict(_lessons(reading)),
        items=items,
        labs=dict(_labs(reading)),
        explanations=dict(_explanations(reading)),
        glossary=glossary,
        asked=asked,
        inventory=inventory,
        places=reading.places,
    )
    reading.slips.extend(dangling(reading.library, reading.library.chunks))
    return reading


def _folder(parent: Traversable, name: str) -> Sequence[Traversable]:
    """What lies in a folder, by name; nothing if there is no such folder."""
    folder = parent / name if name else parent
    return (
        sorted((entry for entry in folder.iterdir() if not entry.name.startswith((".", "_"))), key=lambda e: e.name)
        if folder.is_dir()
        else ()
    )


def _packs(reading: Reading, beliefs: dict[str, str]) -> Iterable[tuple[str, Item]]:
    for path in _folder(reading.quizzes, ""):
        if not path.name.endswith(".yaml"):
            continue
        document = reading.document(path, f"quizzes/{path.name}")
        pack = reading.form(forms.PackForm, document)
        if pack is None:
            continue
        yield from items_of(reading, pack, document, beliefs)


def _lessons(reading: Reading) -> Iterable[tuple[str, Lesson]]:
    for folder in _folder(reading.content, "lessons"):
        if not folder.is_dir():
            continue
        name = f"content/lessons/{folder.name}"
        head = reading.form(forms.LessonForm, reading.document(folder / "lesson.yaml", f"{name}/lesson.yaml"))
        chunks = []
        for path in _folder(folder, ""):
            if path.name.endswith(".md"):
                document = reading.document(path, f"{name}/{path.name}")
                form = reading.form(forms.ChunkForm, document)
                if form is not None and reading.claim(form.id, Place(document.file, document.body_line)):
                    chunks.append(_chunk(reading, form, document, folder, head.id if head else folder.name))
        if head is not None and reading.claim(f"lesson {head.id}", Place(f"{name}/lesson.yaml", 1)):
            yield head.id, Lesson(head.id, head.title, head.summary, tuple(chunks))


def _chunk(reading: Reading, form: forms.ChunkForm, document: Document, folder: Traversable, lesson: str) -> Chunk:
    demonstration = None
    if form.demonstration is not None:
        place = Place(document.file, document.line("demonstration"))
        given = form.demonstration
        shared = {path.name: path.read_text(encoding="utf-8").rstrip("\n") for path in _folder(folder, "manifests")}
        manifests = reading.manifests(given.manifests, shared, place)
        demonstration = {
            "profile": given.profile,
            "manifests": [{"name": m.name, "text": m.text} for m in manifests],
            "commands": list(given.commands),
        }
    return Chunk(
        id=form.id,
        lesson=lesson,
        title=form.title,
        body=document.body,
        question=form.question,
        skills=form.skills,
        requires=form.requires,
        sources=form.sources,
        picture=form.picture.rstrip("\n"),
        picture_alt=form.picture_alt,
        predict=form.predict,
        demonstration=demonstration,
        facts=form.facts,
        covers=form.covers,
        mistakes=form.mistakes,
    )


def _labs(reading: Reading) -> Iterable[tuple[str, Lab]]:
    for folder in _folder(reading.content, "labs"):
        if not folder.is_dir():
            continue
        name = f"content/labs/{folder.name}"
        document = reading.document(folder / "lab.yaml", f"{name}/lab.yaml")
        form = reading.form(forms.LabForm, document)
        if form is None or not reading.claim(form.id, Place(document.file, 1)):
            continue
        broken = {path: _lab_file(reading, folder, path, Place(document.file, document.line("manifests"))) for path in form.manifests}
        for path in set(form.given) - set(form.manifests):
            place = Place(document.file, document.line("given"))
            reading.slips.append(Slip(place.file, place.line, f"`{path}` is given and no manifest.", "Name files of `manifests`."))
        operations = {
            given.id: _operation(reading, folder, given, Place(document.file, document.line("operations", index)))
            for index, given in enumerate(form.operations)
        }
        solutions = []
        for index, way in enumerate(form.solutions):
            place = Place(document.file, document.line("solutions", index))
            done, paths = (way.operations, way.manifests) if isinstance(way, forms.SolutionForm) else ((), way)
            for unknown in set(done) - set(operations):
                known = ", ".join(operations) or "none"
                reading.slips.append(Slip(place.file, place.line, f"There is no operation `{unknown}` here.", f"Known are: {known}."))
            changed = {file.name: file.text for id_ in done if id_ in operations for file in operations[id_].manifests}
            fixed = {path.rsplit("/", 1)[-1]: _lab_file(reading, folder, path, place) for path in paths}
            solutions.append(Solution(tuple(Manifest(n, t) for n, t in {**broken, **changed, **fixed}.items()), done))
        yield (
            form.id,
            Lab(
                id=form.id,
                title=form.title,
                story=form.story,
                skills=form.skills,
                manifests=tuple(Manifest(n, t) for n, t in broken.items()),
                given=form.given,
                goal=form.goal.model_dump(exclude_defaults=True),
                hints=form.hints,
                solutions=tuple(solutions),
                explanation=form.explanation,
                level=form.level,
                profile=form.profile or None,
                mistake=form.mistake,
                covers=form.covers,
                operations=tuple(operations.values()),
                in_place=form.in_place,
            ),
        )


def _operation(reading: Reading, folder: Traversable, form: forms.OperationForm, place: Place) -> Operation:
    files = tuple(Manifest(path.rsplit("/", 1)[-1], _lab_file(reading, folder, path, place)) for path in form.manifests)
    return Operation(form.id, form.title, form.told, form.profile, files)


def _lab_file(reading: Reading, folder: Traversable, path: str, place: Place) -> str:
    try:
        return folder.joinpath(*path.split("/")).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        reading.slips.append(Slip(place.file, place.line, f"There is no file `{path}`.", "Name files in the lab's own folder."))
        return ""


def _explanations(reading: Reading) -> Iterable[tuple[str, Explanation]]:
    for path in _folder(reading.content, "explanations"):
        if path.name.endswith(".md"):
            document = reading.document(path, f"content/explanations/{path.name}")
            form = reading.form(forms.ExplanationForm, document)
            if form is not None and reading.claim(f"explanation {form.id}", Place(document.file, 1)):
                yield form.id, Explanation(form.id, form.title, document.body)


def dangling(library: Library, chunks: Collection[str]) -> Iterable[Slip]:
    """Every id that is used without existing. `chunks` are the lesson chunks that there are."""
    known = {
        "skill": library.skills,
        "chunk": chunks,
        "page": {*chunks, *library.explanations},
        "item": library.questions,
        "fact": library.facts,
        "misconception": library.misconceptions,
        "inventory line": {entry.id for entry in library.inventory},
    }
    for user, kind, id_ in _uses(library):
        if id_ and id_ not in known[kind]:
            place = library.place(user)
            near = process.extractOne(id_, list(known[kind]), scorer=fuzz.ratio, score_cutoff=60)
            hint = f"Did you mean `{near[0]}`?" if near else f"Correct the id, or add the {kind}."
            yield Slip(place.file, place.line, f"`{user}` names the {kind} `{id_}`, which does not exist.", hint)


def _uses(library: Library) -> Iterable[tuple[str, str, str]]:
    """(who, kind of thing, id) for every reference."""
    for skill in library.skills.values():
        yield from ((f"skill {skill.id}", "skill", required) for required in skill.requires)
    for item in library.questions.values():
        yield item.id, "skill", item.skill
        yield item.id, "chunk", item.read_next
        yield from ((item.id, "fact", fact) for fact in item.facts)
        yield from ((item.id, "inventory line", line) for line in item.covers)
        if isinstance(item, Choice):
            yield from ((item.id, "misconception", option.misconception) for option in item.options)
    for chunk in library.chunks.values():
        yield chunk.id, "item", chunk.question
        yield from ((chunk.id, "skill", skill_id) for skill_id in chunk.skills)
        yield from ((chunk.id, "chunk", required) for required in chunk.requires)
        yield from ((chunk.id, "fact", fact) for fact in chunk.facts)
        yield from ((chunk.id, "inventory line", line) for line in chunk.covers)
    for lab in library.labs.values():
        yield from ((lab.id, "skill", skill_id) for skill_id in lab.skills)
        yield from ((lab.id, "inventory line", line) for line in lab.covers)
    for term in library.glossary:
        yield f"term {term.term}", "chunk", term.chunk
    for page in library.asked:
        yield f"asked of {page}", "page", page
