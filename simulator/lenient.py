"""The cluster as the author meant it: refused documents with plain slips put right, so that their other faults are told as well.

Responsible for: making the repairs that the problems themselves suggest, round by round; filling in what is missing and plays no part in
routing; adding Namespaces that are taken for granted; applying what stands behind a document that cannot be read, and what a webhook
that cannot be called keeps out.
Leaves to others: the verdicts, which stay as the API server gives them (`admission`); everything that is said to the learner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from simulator.admission import admit
from simulator.api.diagnostics import Edit, Problem, Verdict
from simulator.api.meta import Document, Json, Path, Ref, Span
from simulator.cluster import Cluster
from simulator.decode import Decoded, Reading
from simulator.diagnosis.refusals import Refusal, holder
from simulator.diagnosis.repairs import repair
from simulator.patch import CannotPatchError, patched_tree
from simulator.profile import Profile

ROUNDS = 5
"""The server refuses for types first, then for names, then for values: each round may bring other problems to light."""
MANY = 400
"""With more documents than this, one round must do."""


_Touched = tuple[str, int, Path]


@dataclass(frozen=True, slots=True)
class AsMeant:
    """What admission makes of the documents in the end, the verdicts of each round, and the objects that no manifest gave."""

    cluster: Cluster
    verdicts: Sequence[Verdict]
    granted: frozenset[Ref]


def as_meant(decoded: Decoded, verdicts: Sequence[Verdict], profile: Profile) -> AsMeant | None:
    """The documents with plain slips put right, applied; None where there is nothing to put right."""
    namespaces = list(_namespaces(verdicts))
    barred = any(problem.code == "webhook-unreachable" for verdict in verdicts for problem in verdict.problems)
    readings = [reading for reading in decoded.readings if not reading.fault]
    repaired, touched = _put_right(readings, verdicts, profile)
    if not namespaces and not barred and repaired == readings and len(readings) == len(decoded.readings):
        return None
    rounds: list[Verdict] = []
    for _ in range(ROUNDS if len(readings) <= MANY else 1):
        readings = repaired
        admitted = admit(_decoded([*namespaces, *readings], decoded), profile)
        rounds += [_not_our_own(verdict, touched) for verdict in admitted.verdicts if verdict.file]
        repaired, more = _put_right(readings, admitted.verdicts, profile)
        if repaired == readings:
            break
        touched |= more
    granted = frozenset(Ref("Namespace", "", d.data["metadata"]["name"]) for reading in namespaces for d in reading.documents)
    return AsMeant(admitted.cluster, rounds, granted)


def _not_our_own(verdict: Verdict, touched: set[_Touched]) -> Verdict:
    """The verdict without problems of values that only the repair put there."""
    own = [problem for problem in verdict.problems if (verdict.file, verdict.index, problem.path) not in touched]
    return replace(verdict, problems=tuple(own))


def _decoded(readings: Sequence[Reading], decoded: Decoded) -> Decoded:
    return Decoded([document for reading in readings for document in reading.documents], decoded.problems, readings)


def _put_right(readings: Sequence[Reading], verdicts: Sequence[Verdict], profile: Profile) -> tuple[list[Reading], set[_Touched]]:
    """The readings with their repairs, and the places that these changed."""
    refused = {(v.file, v.index): v for v in verdicts if not v.accepted}
    repaired: list[Reading] = []
    touched: set[_Touched] = set()
    for reading in readings:
        verdict = refused.get((reading.file, reading.index))
        edits = list(_edits_of(reading, verdict, profile)) if verdict else []
        touched |= {(edit.file, edit.index, edit.path[len(d.root) :]) for d, edit in edits}
        repaired.append(_repaired(reading, edits) if edits else reading)
    return repaired, touched


def _edits_of(reading: Reading, verdict: Verdict, profile: Profile) -> Iterator[tuple[Document, Edit]]:
    for problem in verdict.problems:
        document = holder(reading.documents, problem)
        if document is not None:
            yield from ((document, edit) for edit in _edits(Refusal(problem, document, verdict), profile))


def _repaired(reading: Reading, edits: Sequence[tuple[Document, Edit]]) -> Reading:
    documents = tuple(_changed(document, [edit for d, edit in edits if d is document]) for document in reading.documents)
    if documents == reading.documents:
        return reading
    alone = len(documents) == 1 and not documents[0].root
    return replace(reading, documents=documents, data=documents[0].data if alone else reading.data)


def _edits(found: Refusal, profile: Profile) -> Iterator[Edit]:
    fixes = repair(found, profile.kubernetes)
    if fixes:
        yield from fixes[0].edits
        return
    dropped = [found.edit(remove=True)] if found.problem.code in ("unknown-field", "wrong-type") else _filled_in(found)
    yield from filter(None, dropped)


def _filled_in(found: Refusal) -> Iterator[Edit | None]:
    """Stand-ins for what is required and plays no part in routing."""
    path, code = found.problem.path, found.problem.code
    last = path[-1] if path else ""
    if code == "duplicate-value" and last == "name":
        yield found.edit(f"{found.value}-{path[-2]}")
    if code != "required-value":
        return
    if last == "image":
        yield found.edit("image")
    elif last == "containers":
        yield found.edit([{"name": "main", "image": "image"}])
    elif path == ("metadata", "name"):
        yield found.edit(f"unnamed-{found.document.index if found.document else 0}")
    elif last == "name" and path[-3:-2] != ("ports",):
        yield found.edit(f"unnamed-{path[-2]}")
    elif path == ("spec", "selector"):
        yield found.edit({"matchLabels": {"app": "unnamed"}})
        yield found.edit({"app": "unnamed"}, ("spec", "template", "metadata", "labels"))


def _changed(document: Document, edits: Sequence[Edit]) -> Document:
    depth, data = len(document.root), document.data
    moved: dict[Path, Path] = {}
    own = [replace(edit, path=edit.path[depth:]) for edit in edits]
    for edit, following in zip_longest(own, own[1:]):
        try:
            data = patched_tree(data, [edit])
        except CannotPatchError:
            return document
        if following is not None and edit.remove and not following.remove:
            moved[following.path] = edit.path
    if data == document.data:
        return document
    back = _Back(moved)
    return replace(
        document,
        data=data,
        value_span=lambda path: document.value_span(back.to(path)),
        key_span=lambda path: document.key_span(back.to(path)),
    )


class _Back:
    """Paths in the tree that was put right -> paths in the text as it stands."""

    def __init__(self, moved: Mapping[Path, Path]) -> None:
        self._moved = moved

    def to(self, path: Path) -> Path:
        for length in range(len(path), 0, -1):
            if path[:length] in self._moved:
                return (*self._moved[path[:length]], *path[length:])
        return path


def _namespaces(verdicts: Sequence[Verdict]) -> Iterator[Reading]:
    """The namespaces that objects were meant for and that no manifest makes."""
    missing = dict.fromkeys(v.namespace for v in verdicts if any(_is_namespace(p) for p in v.problems))
    for index, name in enumerate(missing):
        yield _granted(index, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})


def _is_namespace(problem: Problem) -> bool:
    return problem.code == "namespace-missing"


def _granted(index: int, data: Json) -> Reading:
    return Reading("", index, 1, data, (Document("", index, data, 1, _nowhere, _nowhere),))


def _nowhere(_: Path) -> Span | None:
    return None
