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
from simulator.controllers.gateway_attachment import attachments
from simulator.dataplane.endpoints import serving
from simulator.decode import decode
from simulator.diagnosis.backends import ingress_backends, route_backends
from simulator.diagnosis.policies import difference
from simulator.diagnosis.state import State
from simulator.diagnosis.traffic import failed
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
    return replace(fix, proved=True, outcome=_outcome(finding.object, fix, before, after), files=changed)


def together(findings: Sequence[Finding], before: Examined, again: Again) -> Sequence[Finding]:
    """The findings with what their fixes show once all of them are made: one fault alone may hide what the fix of another does."""
    proven = [f for f in findings if f.fixes and f.fixes[0].proved]
    files = patched_files(Fix("likely", tuple(e for f in proven for e in f.fixes[0].edits)), before) if len(proven) > 1 else None
    if files is None:
        return findings
    after = again(files)
    return [_with_outcome(f, _outcome(f.object, f.fixes[0], before, after)) if f in proven else f for f in findings]


def _with_outcome(finding: Finding, outcome: str) -> Finding:
    first, *others = finding.fixes
    if outcome in ("", first.outcome):
        return finding
    return replace(finding, fixes=(replace(first, outcome=f"with the other fixes, {outcome}"), *others))


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
    return any(not failed(old) and failed(new) for (_, old), (_, new) in pairs)


def _outcome(about: Ref, fix: Fix, before: Examined, after: Examined) -> str:
    """What the run after the fix shows: endpoints, where a route sends, what a policy opens or closes, or what is accepted now."""
    told = difference(before.state, after.state) if about.kind == "NetworkPolicy" else ""
    told = told or _shown(after.state, about)
    if told:
        return told
    verdicts = {(v.file, v.index): v for v in after.verdicts}
    changed = [verdicts[place] for place in dict.fromkeys((e.file, e.index) for e in fix.edits) if place in verdicts]
    shown = (_shown(after.state, verdict.ref) for verdict in changed)
    accepted = [f"{v.kind if v.name else about.kind} {v.name or about.name} is accepted" for v in changed if v.accepted]
    return next(filter(None, shown), accepted[0] if accepted else "the fault is gone; others are left")


def _shown(state: State, about: Ref) -> str:
    stored = state.cluster.find(about)
    if stored is None:
        return ""
    if about.kind == "Service":
        return _endpoints(state, stored)
    parts = []
    judged = attachments(state.cluster).by_route.get(about, ())
    if judged:
        joined = [a.parent.ref for a in judged if a.fault is None]
        parts.append(f"attached to {listed(f'{p.kind} {p.namespace}/{p.name}' for p in joined)}" if joined else "not attached")
    for backend in (*ingress_backends(state), *route_backends(state)):
        if backend.object == about:
            found = serving(state.cluster, backend.service, backend.port).endpoints
            parts += [f"Service {backend.service.name}: {count(len(found), 'endpoint')}"] if found else []
    return "; ".join(dict.fromkeys(parts))


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
