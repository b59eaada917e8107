"""YAML text -> documents with positions, as `kubectl` reads it (sigs.k8s.io/yaml over YAML 1.1).

Responsible for: splitting a file into documents, the tree Kubernetes sees, a span for every field, limits, syntax errors in kubectl's words.
Leaves to others: what fields mean (`admission`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from simulator.api.diagnostics import Problem
from simulator.api.meta import Document, SourceFile


@dataclass(frozen=True, slots=True)
class Decoded:
    """The documents that could be read, in order, and what stood in the way of the others."""

    documents: Sequence[Document]
    problems: Sequence[Problem]


def decode(files: Sequence[SourceFile]) -> Decoded:
    documents = []
    for source in files:
        for index, data in enumerate(yaml.safe_load_all(source.text)):
            if data is not None:
                documents.append(Document(source.name, index, data, 1, lambda path: None, lambda path: None))
    return Decoded(documents, ())
