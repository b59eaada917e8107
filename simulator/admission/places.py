"""Where in the manifest a problem of admission stands.

Responsible for: a place for every problem: the field itself, or where a missing one would have stood.
Leaves to others: spans of fields (`decode.places`).
"""

from __future__ import annotations

from dataclasses import replace

from simulator.api.diagnostics import Place, Problem
from simulator.api.meta import Document, Path, Span
from simulator.decode import Reading

_WRITTEN_AS = {("spec", "clusterIPs"): ("spec", "clusterIP")}
"""Fields that the server fills from another one, which is what the manifest has."""


def in_document(document: Document, problem: Problem) -> Problem:
    """The problem with its place in an object's document."""
    if problem.place is not None:
        return problem
    path = _as_written(document, problem.path)
    span = document.key_span(path) if problem.code == "unknown-field" else None
    span = span or document.nearest_span(path) or Span(document.line, 1, document.line, 1)
    return replace(problem, place=Place(document.file, span, _label(problem), path))


def in_reading(reading: Reading, problem: Problem) -> Problem:
    """The problem with its place in a YAML document that may hold no object, one, or a list of them."""
    if problem.place is not None:
        return problem
    for document in reading.documents:
        if problem.path[: len(document.root)] == document.root:
            return in_document(document, replace(problem, path=problem.path[len(document.root) :]))
    return replace(problem, place=Place(reading.file, Span(reading.line, 1, reading.line, 1), _label(problem)))


def _as_written(document: Document, path: Path) -> Path:
    for stored, written in _WRITTEN_AS.items():
        if path[: len(stored)] == stored and document.value_span(stored) is None and document.value_span(written) is not None:
            return written
    return path


def _label(problem: Problem) -> str:
    near = problem.facts.get("near")
    if problem.code == "unknown-field":
        return f"there is no such field; close is {near[0]}" if near else "there is no such field"
    if problem.code == "required-value":
        return "something is missing here"
    return "this is what was refused" if problem.severity.value == "error" else "this is what the warning is about"
