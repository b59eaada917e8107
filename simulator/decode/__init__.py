"""YAML text -> documents with positions, as `kubectl` reads it (sigs.k8s.io/yaml over YAML 1.1).

Responsible for: splitting a file into documents, the tree Kubernetes sees, a span for every field, limits, syntax errors in
kubectl's words.
Leaves to others: what fields mean (`admission`).
Mirrors: cli-runtime `pkg/resource/visitor.go` (StreamVisitor) for what counts as a document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.api.diagnostics import Place, Problem, Severity
from simulator.api.meta import Document, Json, Path, SourceFile, Span, SpanOf
from simulator.decode.documents import Chunk, split
from simulator.decode.places import Places
from simulator.decode.tree import MAX_NODES, Tree, UnreadableYAMLError, read

MAX_BYTES = 2 * 1024 * 1024
MAX_DOCUMENTS = 4_000


@dataclass(frozen=True, slots=True)
class Reading:
    """One YAML document as kubectl takes it in: `documents` are its objects (the items, where it is a List), or `fault` says why not.

    `fault` is what kubectl prints after `error parsing FILE: `. `index` counts the file's documents from 0 without empty ones. Where
    there are nothing but comments, the whole counts as one document without objects.
    """

    file: str
    index: int
    line: int
    data: Json = None
    documents: Sequence[Document] = ()
    fault: str = ""
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True)
class Decoded:
    """The documents that could be read, in order, and what stood in the way of the others.

    `documents` are the objects of all readable documents; `readings` has every document, readable or not, and tells which belong together.
    """

    documents: Sequence[Document]
    problems: Sequence[Problem]
    readings: Sequence[Reading] = ()


def decode(files: Sequence[SourceFile]) -> Decoded:
    """Reads the files. Any text is accepted: what cannot be read becomes a problem with its place."""
    readings = [reading for source in _affordable(files) for reading in _read_file(source)]
    if sum(len(source.text) for source in files) > MAX_BYTES or len(readings) > MAX_DOCUMENTS:
        readings = _within_limits(files, readings)
    if not readings:
        readings = [Reading(source.name, 0, 1) for source in files if source.text.strip()][:1]
    documents = [document for reading in readings for document in reading.documents]
    return Decoded(documents, [problem for reading in readings for problem in reading.problems], readings)


def _affordable(files: Sequence[SourceFile]) -> Iterator[SourceFile]:
    left = MAX_BYTES
    for source in files:
        left -= len(source.text)
        if left < 0:
            return
        yield source


def _within_limits(files: Sequence[SourceFile], readings: list[Reading]) -> list[Reading]:
    if len(readings) > MAX_DOCUMENTS:
        first = readings[MAX_DOCUMENTS]
        fault = f"there are more than {MAX_DOCUMENTS:,} documents"
        return [*readings[:MAX_DOCUMENTS], _refused(first.file, first.index, first.line, fault)]
    read = {reading.file for reading in readings}
    file = next((source.name for source in files if source.name not in read), files[-1].name)
    return [*readings, _refused(file, 0, 1, f"the files are larger than {MAX_BYTES // 1024 // 1024} MiB together")]


def _refused(file: str, index: int, line: int, fault: str) -> Reading:
    """A document that this simulator does not read, though kubectl might."""
    place = Place(file, Span(line, 1, line, 1), "not read from here on")
    return Reading(file, index, line, fault=fault, problems=(Problem("too-much-to-read", fault, place=place),))


def _read_file(source: SourceFile) -> Iterator[Reading]:
    index, nodes_left = 0, MAX_NODES
    try:
        source.text.encode()
    except UnicodeEncodeError:
        yield _refused(source.name, 0, 1, "the text is not valid Unicode")
        return
    for chunk in split(source.text):
        try:
            tree = _tree(chunk, nodes_left)
        except UnreadableYAMLError as fault:
            yield _unreadable(source.name, index, chunk, fault)
        else:
            nodes_left -= tree.nodes
            if tree.data is None:
                continue
            yield _readable(source.name, index, chunk, tree)
        index += 1
        if index > MAX_DOCUMENTS:
            return


def _tree(chunk: Chunk, nodes_left: int) -> Tree:
    if chunk.fault:
        raise UnreadableYAMLError(chunk.fault, 0, 0)
    return read(chunk.text, nodes_left)


def _unreadable(file: str, index: int, chunk: Chunk, fault: UnreadableYAMLError) -> Reading:
    lines = chunk.text.split("\n")

    def place(row: int, column: int, label: str) -> Place:
        row = min(row, len(lines) - 1)
        start = min(column, len(lines[row])) + 1
        return Place(file, Span(chunk.line + row, start, chunk.line + row, max(start, len(lines[row]) + 1)), label)

    code = "too-much-to-read" if fault.limit else "yaml-syntax"
    text = fault.text if fault.limit else chunk.otherwise or fault.text
    related = (place(*fault.began, "what could not be read to its end begins here"),) if fault.began else ()
    problem = Problem(code, text, place=place(fault.line or 0, fault.column or 0, "reading stopped here"), related=related)
    return Reading(file, index, chunk.line, fault=text, problems=(problem,))


def _readable(file: str, index: int, chunk: Chunk, tree: Tree) -> Reading:
    places = Places(chunk.text, chunk.line)
    problems = [*_repeats(file, places), *_tags(file, chunk.line, tree)] if tree.repeats or tree.tags else []
    return Reading(file, index, chunk.line, tree.data, tuple(_documents(file, index, chunk.line, tree.data, places)), problems=problems)


def _documents(file: str, index: int, line: int, data: Json, places: Places) -> Iterator[Document]:
    """The objects of a YAML document: itself, or its items where its kind is a list's (cli-runtime FlattenListVisitor)."""
    if not isinstance(data, dict):
        return
    todo: list[tuple[tuple[str | int, ...], Json]] = [((), data)]
    while todo:
        root, item = todo.pop(0)
        if is_list(item):
            todo += [
                ((*root, "items", number), _typed(inner, item)) for number, inner in enumerate(item["items"]) if isinstance(inner, dict)
            ]
            continue
        if not root:
            yield Document(file, index, item, line, places.value, places.key)
            continue
        yield Document(file, index, item, line, _under(places.value, root), _under(places.key, root), root)


def is_list(data: Json) -> bool:
    """Whether kubectl takes an object apart into its items: it has a list `items` and a kind that ends in List."""
    kind = data.get("kind")
    return isinstance(data.get("items"), list) and isinstance(kind, str) and kind.endswith("List")


def _typed(item: Json, holder: Json) -> Json:
    """An item of a `PodList` and its like is a Pod without saying so (apimachinery `unstructuredJSONScheme.decodeToList`)."""
    kind = holder["kind"].removesuffix("List")
    return (
        {"apiVersion": holder.get("apiVersion"), "kind": kind, **item}
        if kind and not item.get("kind") and not item.get("apiVersion")
        else item
    )


def _under(find: SpanOf, root: Path) -> SpanOf:
    return lambda path: find((*root, *path))


def _repeats(file: str, places: Places) -> Iterator[Problem]:
    found = list(places.repeats())
    header = {"apiVersion", "kind", "metadata", "spec"}
    top = [repeat for repeat in found if len(repeat.path) == 1 and repeat.path[0] in header]
    if any(repeat.path[0] in ("apiVersion", "kind") for repeat in top):
        first = min(top, key=lambda repeat: repeat.second.line)
        yield Problem(
            "missing-document-separator",
            "a second object begins here without a line --- before it, so its fields replace those of the first",
            first.path,
            Place(file, first.second, "a second object begins here", first.path),
            Severity.WARNING,
            related=(Place(file, first.first, "the first object", first.path),),
        )
        found = [repeat for repeat in found if repeat not in top]
    for repeat in found:
        yield Problem(
            "duplicate-key",
            f'"{repeat.path[-1]}" is given twice; Kubernetes takes the last and says nothing',
            repeat.path,
            Place(file, repeat.second, "this one counts", repeat.path),
            Severity.WARNING,
            related=(Place(file, repeat.first, "this one is ignored", repeat.path),),
        )


def _tags(file: str, line: int, tree: Tree) -> Iterator[Problem]:
    for tag in dict.fromkeys(tree.tags):
        message = f"the tag {tag} means nothing to Kubernetes; what it marks is read as plain data"
        yield Problem("custom-tag", message, place=Place(file, Span(line, 1, line, 1), "in this document"), severity=Severity.WARNING)
