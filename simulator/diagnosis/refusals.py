"""What the API server or kubectl refused, sorted into faults that have a rule of their own and the rest.

Responsible for: which rule tells which problem. Leaves to others: finding problems (`decode`, `admission`), the telling (`rules`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.api.diagnostics import Edit, Place, Problem, Severity, Verdict
from simulator.api.meta import Document, Json, Path, Ref
from simulator.diagnosis.state import State, child

_Test = Callable[[Problem, str], bool]

_SPECIAL: tuple[tuple[str, _Test], ...] = (
    ("service-port-unnamed", lambda p, kind: kind == "Service" and p.code == "required-value" and _ends(p, "ports", "name")),
    ("node-port-out-of-range", lambda p, kind: kind == "Service" and p.path[-1:] == ("nodePort",) and "valid range" in p.message),
    ("target-port-quoted-number", lambda p, _: p.path[-1:] in (("targetPort",), ("port",)) and "at least one letter" in p.message),
    ("external-name-not-a-host", lambda p, kind: kind == "Service" and p.path == ("spec", "externalName") and p.code == "invalid-value"),
    ("workload-selector-mismatch", lambda p, _: "does not match template `labels`" in p.message),
    ("field-immutable", lambda p, _: "field is immutable" in p.message or "may not change once set" in p.message),
    ("container-port-name-duplicate", lambda p, _: _ends(p, "ports", "name") and p.code == "duplicate-value"),
)
_PLAIN = {
    "yaml-syntax", "too-much-to-read", "custom-tag", "missing-document-separator", "duplicate-key", "unknown-field", "wrong-type",
    "no-such-kind", "namespace-missing", "required-value", "webhook-unreachable",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refusal:
    """One problem with the document that has it; `document` and `verdict` are None for text that could not be read."""

    problem: Problem
    document: Document | None
    verdict: Verdict | None

    @property
    def object(self) -> Ref:
        if self.verdict is None:
            return Ref("", "", self.problem.place.file if self.problem.place else "")
        item = self.document.data if self.document and self.document.root else {}
        meta = child(item, "metadata")
        if not meta:
            return self.verdict.ref
        return Ref(str(item.get("kind") or ""), str(meta.get("namespace") or "default"), str(meta.get("name") or ""))

    def at(self, path: Path) -> Refusal:
        """The same, looked at from another path of the document."""
        return replace(self, problem=replace(self.problem, path=path))

    @property
    def value(self) -> Json:
        """What stands at the problem's path; None where nothing does."""
        value: Json = self.document.data if self.document else None
        for step in self.problem.path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def edit(self, value: Json = None, path: Path | None = None, remove: bool = False) -> Edit | None:
        """A change at the problem's path, or at another path of the same document."""
        if self.document is None:
            return None
        where = self.problem.path if path is None else path
        return Edit(self.document.file, self.document.index, (*self.document.root, *where), value, remove)

    @property
    def places(self) -> tuple[Place, ...]:
        return (self.problem.place, *self.problem.related) if self.problem.place else ()


def refusals(state: State, rule: str) -> Iterator[Refusal]:
    """The problems that a rule tells."""
    for found in (*_unread(state), *_judged(state)):
        kind = found.verdict.kind if found.verdict else ""
        if rule_of(found.problem, kind) == rule:
            yield found


def rule_of(problem: Problem, kind: str) -> str:
    """The id of the rule that tells a problem of an object of this kind."""
    for rule, holds in _SPECIAL:
        if holds(problem, kind):
            return rule
    if problem.code in _PLAIN:
        return problem.code
    return "invalid-value" if problem.severity is Severity.ERROR else "server-warning"


def _unread(state: State) -> Iterator[Refusal]:
    for problem in state.problems:
        verdict = next((v for v in state.verdicts if problem.place and v.file == problem.place.file and problem in v.problems), None)
        if verdict is None:
            yield Refusal(problem, None, None)


def _judged(state: State) -> Iterator[Refusal]:
    documents: dict[tuple[str, int], list[Document]] = {}
    for document in state.documents:
        documents.setdefault((document.file, document.index), []).append(document)
    told = set()
    for verdict in (*state.verdicts, *state.meant):
        for problem in verdict.problems:
            key = (verdict.file, verdict.index, problem.code, problem.path, problem.message)
            if key not in told:
                told.add(key)
                yield Refusal(problem, holder(documents.get((verdict.file, verdict.index), ()), problem), verdict)


def holder(documents: Sequence[Document], problem: Problem) -> Document | None:
    """Of the objects of one YAML document (the items of a List), the one in which the problem stands."""
    line = problem.place.span.line if problem.place else 0
    starts = [(span.line if (span := document.value_span(())) else document.line, document) for document in documents]
    return next((document for start, document in reversed(starts) if start <= line), documents[0] if documents else None)


def _ends(problem: Problem, holder: str, field: str) -> bool:
    """Whether the path ends in `holder[i].field`."""
    return problem.path[-1:] == (field,) and problem.path[-3:-2] == (holder,)
