"""What every Kubernetes object has, and where it stood in the text it came from.

Responsible for: references, source positions, decoded documents, stored objects.
Leaves to others: what a kind's fields mean (`core_v1` and its siblings), reading text (`simulator.decode`).
Mirrors: apimachinery `meta/v1` (ObjectMeta, OwnerReference) in the few parts that routing needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""A tree of dict, list, str, int, float, bool and None, as `json.loads` would give it. Treated as frozen once stored."""

Path: TypeAlias = tuple[str | int, ...]
"""Where a field stands: keys and list indexes from the document's root, e.g. ("spec", "ports", 0, "targetPort")."""


def dotted(path: Path) -> str:
    """`spec.ports[0].targetPort`, in the form of the API server's field paths (apimachinery `field.Path`)."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file. Lines and columns count from 1; the end column is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Ref:
    """Names one object. `namespace` is "" for a kind that has none."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A manifest as it was pasted or read: `name` is only for messages, `text` is not trusted."""

    name: str
    text: str


SpanOf: TypeAlias = Callable[[Path], Span | None]


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document of a file (an item of a `List` counts as a document of its own).

    `data` is the tree as Kubernetes reads it. `value_span` and `key_span` answer where a field's value or key stands,
    for every path in `data`; None where there is no such path. Lines count within the file, not the document.
    `root` is where `data` stands in the YAML document: () as a rule, ("items", 2) for the third item of a `List`.
    """

    file: str
    index: int
    data: Json
    line: int
    value_span: SpanOf = field(compare=False, repr=False)
    key_span: SpanOf = field(compare=False, repr=False)
    root: Path = ()

    def nearest_span(self, path: Path) -> Span | None:
        """The span of the field at `path`, or of its nearest existing ancestor: where a missing field would have stood."""
        for length in range(len(path), -1, -1):
            found = self.value_span(path[:length])
            if found is not None:
                return found if length == len(path) else self.key_span(path[:length]) or found
        return None


@dataclass(frozen=True, slots=True)
class Object:
    """One object as the API server stores it. `document` is None for what a controller or the cluster itself made."""

    api_version: str
    kind: str
    namespace: str
    name: str
    data: Json = field(repr=False)
    document: Document | None = field(default=None, repr=False, compare=False)

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.namespace, self.name)

    @property
    def metadata(self) -> Mapping[str, Json]:
        return self.data.get("metadata") or {}

    @property
    def labels(self) -> Mapping[str, str]:
        return self.metadata.get("labels") or {}

    @property
    def annotations(self) -> Mapping[str, str]:
        return self.metadata.get("annotations") or {}

    @property
    def spec(self) -> Mapping[str, Json]:
        return self.data.get("spec") or {}

    @property
    def status(self) -> Mapping[str, Json]:
        return self.data.get("status") or {}

    @property
    def controller(self) -> Ref | None:
        """The owner that manages this object (`ownerReferences` with `controller: true`), e.g. a Pod's ReplicaSet."""
        owners: Sequence[Mapping[str, Json]] = self.metadata.get("ownerReferences") or ()
        for owner in owners:
            if owner.get("controller"):
                return Ref(owner["kind"], self.namespace, owner["name"])
        return None

    def with_data(self, data: Json) -> Object:
        """The same object holding another tree. The caller hands over the tree and does not change it afterwards."""
        return replace(self, data=data)

    def with_status(self, **fields: Json) -> Object:
        """The same object with these fields of `status` set."""
        return replace(self, data={**self.data, "status": {**self.status, **fields}})
