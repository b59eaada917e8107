"""Suggested fixes, proved: written into the text, run again, and kept only if the symptom is gone and nothing new broke.

Responsible for: applying a fix to the manifests' text, comparing the run before with the run after, saying what the second run showed.
Leaves to others: suggesting (`rules`), running (`explain` passes the run in), the text splices (`patch`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.api.core_v1 import Service
from simulator.api.diagnostics import Edit, Finding, Fix, Severity, Verdict
from simulator.api.meta import Document, Object, Path, Ref, SourceFile
from simulator.api.traffic import Answer
from simulator.dataplane.endpoints import serving
from simulator.decode import decode
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import count, listed
from simulator.patch import CannotPatchError, patched_text, patched_tree


@dataclass(frozen=True, slots=True)
class Examined:
    """One run of the pipeline over some files, with what the rules found, before anything is folded."""

    files: tuple[SourceFile, ...]
    documents: Sequence[Document]
    verdicts: Sequence[Verdict]
    state: State
    findings: Sequence[Finding]


Again = Callable[[tuple[SourceFile, ...]], Examined]


def proved(finding: Finding, fix: Fix, before: Examined, again: Again) -> Fix | None:
    """The fix with its proof, or None where it cannot be written into the text, does not help, or breaks something else."""
    files = patched_files(fix, before)
    if files is None:
        return None
    after = again(files)
    if _key(finding) in {_key(f) for f in after.findings} or _broke(before, after):
        return None
    changed = tuple(new for new, old in zip(files, before.files, strict=True) if new != old)
    return replace(fix, proved=True, outcome=_outcome(finding.object, fix, after), files=changed)


def patched_files(fix: Fix, before: Examined) -> tuple[SourceFile, ...] | None:
    """All the files with the fix written in; None where the text would not say exactly what the edits mean."""
    try:
        files = tuple(patched_text(f, before.documents, fix.edits) if _touches(fix, f) else f for f in before.files)
        wanted = {_id(d): patched_tree(d.data, list(_concerning(fix, d))) for d in before.documents}
    except CannotPatchError:
        return None
    wanted |= {(e.file, e.index, ()): e.value for e in fix.edits if not e.path}
    return files if {_id(d): d.data for d in decode(files).documents} == wanted else None


def _id(document: Document) -> tuple[str, int, Path]:
    return document.file, document.index, document.root


def _touches(fix: Fix, file: SourceFile) -> bool:
    return any(edit.file == file.name for edit in fix.edits)


def _concerning(fix: Fix, document: Document) -> Iterator[Edit]:
    """The edits of one document, with paths counted from its own root."""
    depth = len(document.root)
    for edit in fix.edits:
        if edit.path and (edit.file, edit.index, edit.path[:depth]) == _id(document):
            yield replace(edit, path=edit.path[depth:])


def _key(finding: Finding) -> tuple[str, Ref, Path]:
    return finding.rule, finding.object, finding.path


def _broke(before: Examined, after: Examined) -> bool:
    """Whether the second run has an error, a refusal or a failed request that the first had not."""
    known = {(f.rule, f.object) for f in before.findings if f.severity is Severity.ERROR}
    if any(f.severity is Severity.ERROR and (f.rule, f.object) not in known for f in after.findings):
        return True
    refused = {(v.file, v.index) for v in before.verdicts if not v.accepted}
    if any(not v.accepted and (v.file, v.index) not in refused for v in after.verdicts):
        return True
    pairs = zip(before.state.traffic, after.state.traffic, strict=True)
    return any(succeeded(old) and not succeeded(new) for (_, old), (_, new) in pairs)


def succeeded(answer: Answer) -> bool:
    """Whether a client would call it an answer: a backend's or a redirect's, not an error page of a gateway."""
    return answer.outcome == "answered" and (answer.status is None or answer.status < 400)


def _outcome(about: Ref, fix: Fix, after: Examined) -> str:
    """What the run after the fix shows of the object: a Service's endpoints, else what the API server or the controller says."""
    cluster = after.state.cluster
    moved = next((e.value for e in fix.edits if e.path == ("metadata", "namespace")), about.namespace)
    stored = cluster.get(about.kind, str(moved), about.name)
    if stored is None:
        return ""
    if stored.kind == "Service":
        return _endpoints(after.state, stored)
    accepted = any(v.ref == stored.ref and v.accepted for v in after.verdicts)
    return f"{about.kind} {about.name} is accepted" if accepted else ""


def _endpoints(state: State, service: Object) -> str:
    view = Service.of(service)
    if view.type == "ExternalName":
        return f"alias of {view.external_name}"
    found = [e for port in view.ports for e in serving(state.cluster, service.ref, port.port, port.protocol).endpoints]
    if found:
        return f"{count(len(found), 'endpoint')}: {listed(_address(e.ip, e.port) for e in found)}"
    pods = state.cluster.selected("Pod", service.namespace, view.selector) if view.selector else ()
    return f"the selector matches {count(len(pods), 'Pod')}"


def _address(ip: str, port: int) -> str:
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
