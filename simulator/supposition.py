"""The cluster that questions about policies are asked of: what is stored, or what was meant where documents were refused for form.

Responsible for: text that YAML 1.1 reads as a truth value or a number (`namespace: y`) and a string field therefore refuses.
Leaves to others: other slips, and namespaces taken for granted (`lenient`); verdicts and requests, which stay with what is stored.
Who reaches whom is asked about manifests that are being written, often without their Namespaces. An answer that left out whatever was
refused would say nothing about the policies, so the refusals are told beside it, as findings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from simulator.admission import Admitted, admit
from simulator.api.meta import Document, Json, Path, SourceFile
from simulator.cluster import Cluster
from simulator.controllers import reconcile
from simulator.decode import Decoded
from simulator.lenient import as_meant
from simulator.profile import Profile
from simulator.schema import LIST, MAP, STRUCT, Table, Type, table

Text = Callable[[Path], str | None]


def supposed(files: Sequence[SourceFile], decoded: Decoded, admitted: Admitted, profile: Profile) -> Cluster | None:
    """The cluster as it was meant, after the controllers; None where nothing was refused that a slip of form explains."""
    refused = {(verdict.file, verdict.index) for verdict in admitted.verdicts if not verdict.accepted}
    if not refused:
        return None
    known = table(profile.kubernetes)
    texts = {file.name: file.text.split("\n") for file in files}
    written = {
        id(document): as_written(document, texts.get(document.file, ()), known)
        for document in decoded.documents
        if (document.file, document.index) in refused
    }
    meant: Admitted | None = None
    if any(document is not written.get(id(document), document) for document in decoded.documents):
        decoded = _with(decoded, written)
        meant = admitted = admit(decoded, profile)
    meant = as_meant(decoded, admitted.verdicts, profile) or meant
    return reconcile(meant.cluster) if meant else None


def _with(decoded: Decoded, written: Mapping[int, Document]) -> Decoded:
    readings = [replace(r, documents=tuple(written.get(id(d), d) for d in r.documents)) for r in decoded.readings]
    return replace(decoded, documents=[written.get(id(d), d) for d in decoded.documents], readings=readings)


def as_written(document: Document, lines: Sequence[str], known: Table) -> Document:
    """The document with the author's own characters wherever a field holds text and YAML made a truth value or a number of them."""
    data = document.data
    kind = known.kind(str(data.get("apiVersion")), str(data.get("kind"))) if isinstance(data, dict) else None
    if kind is None or kind.type is None:
        return document

    def text(path: Path) -> str | None:
        span = document.value_span(path)
        if span is None or span.line != span.end_line or span.line > len(lines):
            return None
        return lines[span.line - 1][span.column - 1 : span.end_column - 1].strip() or None

    corrected = _corrected(data, kind.type, (), text)
    return document if corrected is data else replace(document, data=corrected)


def _corrected(value: Json, wanted: Type, path: Path, text: Text) -> Json:
    """The same tree where nothing is to be corrected, else a copy of what lies above the corrections."""
    if wanted.shape == "string" and isinstance(value, (bool, int, float)):
        return text(path) or value
    if wanted.shape == STRUCT and isinstance(value, dict):
        parts = {
            name: _corrected(part, wanted.fields[name].type, (*path, name), text) for name, part in value.items() if name in wanted.fields
        }
        return {**value, **parts} if any(parts[name] is not value[name] for name in parts) else value
    if wanted.element is None:
        return value
    if wanted.shape == MAP and isinstance(value, dict):
        parts = {name: _corrected(part, wanted.element, (*path, name), text) for name, part in value.items()}
        return parts if any(parts[name] is not value[name] for name in parts) else value
    if wanted.shape == LIST and isinstance(value, list):
        items = [_corrected(item, wanted.element, (*path, index), text) for index, item in enumerate(value)]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value
