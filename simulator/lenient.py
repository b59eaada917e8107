"""The cluster as the author meant it: refused documents with plain slips put right, so that their other faults are told as well.

Responsible for: replacing a field name that does not exist by the close one that does (or dropping it), adding Namespaces that are
taken for granted, applying what stands behind a document that cannot be read.
Leaves to others: the verdicts, which stay as the API server gives them (`admission`); everything that is said to the learner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from simulator.admission import Admitted, admit
from simulator.api.diagnostics import Problem, Verdict
from simulator.api.meta import Document, Json, Path, Span
from simulator.decode import Decoded, Reading
from simulator.profile import Profile

NAMESPACE_MISSING = "namespace-missing"
UNKNOWN_FIELD = "unknown-field"


def as_meant(decoded: Decoded, verdicts: Sequence[Verdict], profile: Profile) -> Admitted | None:
    """What admission makes of the documents once plain slips are put right; None where there is nothing to put right."""
    refused = {(v.file, v.index): v for v in verdicts if not v.accepted}
    documents = [_put_right(d, refused.get((d.file, d.index))) for d in decoded.documents]
    unread = any(reading.fault for reading in decoded.readings)
    missing = dict.fromkeys(v.namespace for v in refused.values() if any(p.code == NAMESPACE_MISSING for p in v.problems))
    added = [_namespace(name, index) for index, name in enumerate(missing)]
    if not added and not unread and all(new is old for new, old in zip(documents, decoded.documents, strict=True)):
        return None
    new = dict(zip(map(id, decoded.documents), documents, strict=True))
    readings = [replace(r, documents=tuple(new[id(d)] for d in r.documents)) for r in decoded.readings if not r.fault]
    taken_for_granted = [Reading(d.file, d.index, d.line, d.data, (d,)) for d in added]
    return admit(Decoded([*added, *documents], decoded.problems, [*taken_for_granted, *readings]), profile)


def _put_right(document: Document, verdict: Verdict | None) -> Document:
    if verdict is None or not verdict.problems or any(p.code != UNKNOWN_FIELD for p in _own(verdict)):
        return document
    data, renamed = document.data, {}
    for problem in _own(verdict):
        meant = meant_field(problem)
        data = _renamed(data, problem.path, meant)
        if meant:
            renamed[(*problem.path[:-1], meant)] = problem.path
    if data is document.data:
        return document
    back = _Back(renamed)
    return replace(
        document,
        data=data,
        value_span=lambda path: document.value_span(back.to(path)),
        key_span=lambda path: document.key_span(back.to(path)),
    )


def _own(verdict: Verdict) -> Iterator[Problem]:
    return (p for p in verdict.problems if p.code != NAMESPACE_MISSING)


def meant_field(problem: Problem) -> str:
    """The field that an unknown one was probably meant to be; "" where none is close."""
    return str((problem.facts.get("near") or [""])[0])


class _Back:
    """Paths in the tree that was put right -> paths in the text as it stands."""

    def __init__(self, renamed: Mapping[Path, Path]) -> None:
        self._renamed = renamed

    def to(self, path: Path) -> Path:
        for length in range(len(path), 0, -1):
            if path[:length] in self._renamed:
                return (*self._renamed[path[:length]], *path[length:])
        return path


def _renamed(data: Json, path: Path, meant: str) -> Json:
    """The tree with the field at `path` under another name, or without it where that name is empty or taken."""
    step, rest = path[0], path[1:]
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return [*data[:step], _renamed(data[step], rest, meant), *data[step + 1 :]] if rest else data
    if not isinstance(data, dict) or step not in data:
        return data
    if rest:
        return {**data, step: _renamed(data[step], rest, meant)}
    if not meant or meant in data:
        return {key: value for key, value in data.items() if key != step}
    return {meant if key == step else key: value for key, value in data.items()}


def _namespace(name: str, index: int) -> Document:
    data = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    return Document("", index, data, 1, _nowhere, _nowhere)


def _nowhere(_: Path) -> Span | None:
    return None
