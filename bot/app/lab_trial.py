"""One try at a lab: what was handed in, put into the broken cluster and run. What a worker process is asked to do, and what comes back.

Responsible for: which documents take the place of which, what is out of bounds, whether the goal holds and what worked still works, the
finding that the next hint is about.
Leaves to others: what is asked, in words (`lab_points`), bounds of time and memory (`workers`), keeping (`solve_lab`), layout
(`bot.rendering.lab`).
A document takes the place of its namesake as if that had been deleted, or changes it where the lab is about that; one that the API server
refuses changes nothing. A line `kubectl delete KIND NAME -n NAMESPACE` deletes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.app.lab_points import Point, all_else, points
from bot.app.redaction import redact
from bot.learning.items import Lab
from bot.learning.lab import Part
from bot.library.proofs import executed, standings
from bot.library.standing import Standing, worse
from simulator import Finding, Object, Report, Severity, Verdict

_GIVEN = "belongs to the surroundings of this lab, so it stays as it is"
_PROCESS = "has other `sim/` annotations than the lab's. They say what the running process does, which no manifest can change: keep them"
_NEW = "would run something that the lab does not have. Repair what is there"

_RUN = {"Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job"}
"""Kinds that bring running processes."""

_FRAGMENT = "A part without {missing} has no place to go to. Hand in whole objects: copy the manifest from the task, and change it there."
_NOTHING = "There is no object in what you handed in. Copy the manifest from the task, and change it there."
_REASONS = 5
"""Reasons that are told at once why something was not taken."""
_NOT_THERE = "The cluster has no {kind} `{name}` in the namespace `{namespace}`, so there is nothing to delete."

_EMPTY = "error: no objects passed to apply"

_DELETE = re.compile(
    r"^[ \t]*(?:[$#] ?)?kubectl delete (?P<kind>[A-Za-z]{1,63})[ /](?P<name>[a-z0-9.-]{1,253})"
    r"(?: (?:-n|--namespace)[ =](?P<namespace>[a-z0-9-]+))?[ \t]*$",
    re.MULTILINE,
)
"""A prompt may stand before it; `#` makes the line a comment for YAML."""
_SHORT = {
    "service": ("svc",), "pod": ("po",), "deployment": ("deploy",), "daemonset": ("ds",), "statefulset": ("sts",), "ingress": ("ing",),
    "networkpolicy": ("netpol",), "gateway": ("gtw",), "namespace": ("ns",), "endpoints": ("ep",),
}  # fmt: skip
"""What kubectl takes for a kind besides its name."""


@dataclass(frozen=True, slots=True)
class Trial:
    """`goal` and `keeps`: each thing that is asked; the last of `keeps` stand for all that worked and nobody asked for.

    `printed` is what kubectl says of the files, `declined` what is out of bounds.
    `applied` are all documents of the learner's that are in the cluster now. `clue` is the finding to look at next, None where the
    simulator has nothing to say; `anew` tells that it was not there at the start. `fault` is the rule that the broken cluster breaks.
    """

    goal: tuple[Point, ...]
    keeps: tuple[Point, ...]
    applied: tuple[Part, ...]
    printed: str = ""
    declined: tuple[str, ...] = ()
    clue: Finding | None = None
    anew: bool = False
    fault: str = ""
    tried: tuple[Part, ...] = ()
    secrets: int = 0
    given_up: tuple[tuple[str, int], ...] = ()

    taken: bool = True
    """Is something of what was handed in, if anything was, in the cluster now?"""

    @property
    def solved(self) -> bool:
        return all(point.holds for point in (*self.goal, *self.keeps))

    @property
    def failing(self) -> Point | None:
        """The first thing that does not hold."""
        return next((point for point in (*self.goal, *self.keeps) if not point.holds), None)


def attempt(broken: Lab, applied: Sequence[Part], handed_in: Sequence[Part], operations: Sequence[str] = ()) -> Trial:
    """The lab's cluster after these operations, with all that was applied before and these files. Pure, and never raises for any text."""
    begun, _ = executed(_material(broken, _files(broken)))
    lab = broken.after(operations)
    start = executed(_material(lab, _files(lab)))[0] if operations else begun
    redacted = [(part.name, redact(part.text)) for part in handed_in]
    tried = tuple(Part(name, done.text) for name, done in redacted if done.given_up is None)
    solved = standings(broken)
    documents, printed, declined, refused = _taken(lab, start, solved, tried, applied)
    report, data = executed(_material(lab, _files(lab, start, documents)))
    changes = worse(Standing(begun.cluster), solved, Standing(report.cluster))
    goal, kept = tuple(points(lab.goal, report, data)), _kept(lab, report)
    keeps = (*kept, *all_else(changes, kept))
    before = {(found.rule, found.object) for found in begun.findings}
    clue = next(_telling((*refused, *report.findings), before), None)
    return Trial(
        goal, keeps, documents, printed, declined, clue, clue is not None and (clue.rule, clue.object) not in before,
        next((found.rule for found in _telling(begun.findings, set())), ""), tried,
        sum(done.secrets for _, done in redacted),
        tuple((name, done.given_up) for name, done in redacted if done.given_up is not None),
        not tried or any(part not in applied for part in documents),
    )  # fmt: skip


def _taken(
    lab: Lab, start: Report, solved: Sequence[Standing], tried: Sequence[Part], applied: Sequence[Part]
) -> tuple[tuple[Part, ...], str, tuple[str, ...], tuple[Finding, ...]]:
    """The learner's documents in the cluster from now on; of the new ones: kubectl's words, what is out of bounds, what is wrong."""
    if not tried:
        return tuple(applied), "", (), ()
    texts = [Part(part.name, _DELETE.sub("", part.text)) for part in tried]
    alone, _ = executed({"profile": lab.profile, "manifests": [_file(part) for part in texts]})
    there = _identities(lab, start, applied)
    deletions = tuple(part for _, part in _deletions(there, tried) if part)
    gone = {name for part in (*applied, *deletions) if part.recreated or not part.text for name in part.objects}
    new = [*deletions, *(replace(part, recreated=bool(set(part.objects) & gone)) for part in _documents(alone, texts))]
    kept = [part for part in applied if not set(part.objects) <= {name for part in new for name in part.objects}]
    report, _ = executed({"profile": lab.profile, "manifests": _files(lab, start, (*kept, *new))})
    own = {part.name for part in new}
    refused = {verdict.file for verdict in report.verdicts if verdict.file in own and not verdict.accepted}
    declined = {part.name: why for part in new if part.name not in refused and (why := _out_of_bounds(lab, start, solved, report, part))}
    documents = [part for part in new if part.objects and part.name not in refused and part.name not in declined]
    kept = [part for part in applied if not set(part.objects) <= {name for part in documents for name in part.objects}]
    printed = "\n".join(_said(verdict, there) for verdict in report.verdicts if verdict.file in own - set(declined))
    unreadable = "\n".join(f"error: error parsing {reading.file}: {reading.fault}" for reading in alone.decoded.readings if reading.fault)
    wrong = tuple(found for found in report.findings if found.place and found.place.file in refused)
    wrong += tuple(found for found in alone.findings if unreadable and found.severity is Severity.ERROR)
    deleted = "\n".join(f"deleted: {part.objects[0]}" for part in documents if not part.text)
    said = "\n".join(filter(None, (deleted, printed, unreadable)))
    left = dict.fromkeys((*declined.values(), *_fragments(alone), *(why for why, part in _deletions(there, tried) if not part)))
    return (*kept, *documents), said, tuple(left)[:_REASONS] or (() if said else (_NOTHING,)), wrong


def _identities(lab: Lab, start: Report, applied: Sequence[Part]) -> frozenset[str]:
    """What is in the cluster before something is handed in."""
    theirs = (name for file in lab.manifests for names, _, _ in _extents(start, file.name, file.text) for name in names)
    return frozenset((*theirs, *(name for part in applied for name in part.objects)))


def _said(verdict: Verdict, there: frozenset[str]) -> str:
    """What kubectl says of a document; one that takes the place of its namesake is told as `kubectl replace` tells it."""
    said = verdict.output.rstrip("\n")
    return re.sub(r" created$", " replaced", said) if _identity(verdict) in there else said


def _identity(verdict: Verdict) -> str:
    return "/".join(filter(None, (verdict.kind, verdict.namespace, verdict.name)))


def _fragments(alone: Report) -> Iterator[str]:
    """What is missing where a part of an object was handed in, which has no place to go to."""
    unreadable = {(reading.file, reading.index) for reading in alone.decoded.readings if reading.fault}
    for verdict in alone.verdicts:
        if (verdict.file, verdict.index) not in unreadable and not verdict.name and not verdict.accepted and verdict.output != _EMPTY:
            missing = "`kind` and `metadata.name`" if not verdict.kind else "`metadata.name`"
            yield _FRAGMENT.format(missing=missing)


def _deletions(there: frozenset[str], tried: Sequence[Part]) -> Iterator[tuple[str, Part | None]]:
    """An empty document in place of each object that a line `kubectl delete KIND NAME` names; or why there is none."""
    for part in tried:
        for found in _DELETE.finditer(part.text):
            kind, name, namespace = found["kind"].lower(), found["name"], found["namespace"] or "default"
            named = [identity for identity in there if _names(kind, [namespace, name], *identity.lower().split("/"))]
            if not named:
                yield _NOT_THERE.format(kind=kind, name=name, namespace=namespace), None
            for identity in named:
                yield "", Part(f"deleted-{identity.split('/')[0].lower()}-{name}.yaml", "", (identity,))


def _names(kind: str, wanted: Sequence[str], known: str, *place: str) -> bool:
    """Does what was typed after `kubectl delete` name this object? One without a namespace is found by its name alone."""
    return kind in (known, f"{known}s", f"{known}es", *_SHORT.get(known, ())) and list(place) in (list(wanted), list(wanted[1:]))


def _documents(report: Report, files: Sequence[Part]) -> Iterator[Part]:
    """Each readable document of the files as a file of its own, named after what it holds."""
    for source in files:
        for identities, first, last in _extents(report, source.name, source.text):
            lines = source.text.split("\n")[first:last]
            text = "\n".join(lines).rstrip().removesuffix("\n---").rstrip() + "\n"
            named = "-".join(part.lower() for part in identities[0].split("/") if part != "default") if identities else "nothing"
            if identities:
                yield Part(f"your-{named}.yaml", text, identities)


def _extents(report: Report, file: str, text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """What each document of a file holds, and the lines from which and before which it stands, counted from 0."""
    held: dict[int, list[str]] = {}
    for verdict in report.verdicts:
        if verdict.file == file and verdict.name:
            held.setdefault(verdict.index, []).append(_identity(verdict))
    here = [reading for reading in report.decoded.readings if reading.file == file]
    for reading, following in zip(here, [*here[1:], None], strict=False):
        yield tuple(held.get(reading.index, ())), reading.line - 1, following.line - 1 if following else text.count("\n") + 1


def _files(lab: Lab, start: Report | None = None, documents: Sequence[Part] = ()) -> list[dict[str, str]]:
    """The lab's files with empty lines where a document of the learner's takes over, then the learner's own."""
    superseded = {name for part in documents if not lab.in_place or part.recreated or not part.text for name in part.objects}
    files = []
    for manifest in lab.manifests:
        lines = manifest.text.split("\n")
        for identities, first, last in _extents(start, manifest.name, manifest.text) if start else ():
            if identities and set(identities) <= superseded:
                lines[first:last] = [line if line.startswith("---") else "" for line in lines[first:last]]
        files.append({"name": manifest.name, "text": "\n".join(lines)})
    return [*files, *(_file(part) for part in documents)]


def _file(part: Part) -> dict[str, str]:
    return {"name": part.name, "text": part.text}


def _material(lab: Lab, files: Sequence[Mapping[str, str]]) -> Mapping[str, Any]:
    return {**{key: value for key, value in lab.goal.items() if key != "keeps"}, "profile": lab.profile, "manifests": files}


def _out_of_bounds(lab: Lab, start: Report, solved: Sequence[Standing], report: Report, part: Part) -> str:
    """Why this document may not be handed in: it changes the surroundings, or what a process does. "" if it may."""
    if not part.text and any(
        set(part.objects) & set(names)
        for file in lab.manifests
        if file.name in lab.given
        for names, _, _ in _extents(start, file.name, file.text)
    ):
        return f"`{part.objects[0]}` {_GIVEN}."
    own = [item for item in report.cluster if item.document is not None and item.document.file == part.name]
    for item in own:
        before = start.cluster.find(item.ref)
        where = f"{item.kind} `{item.name}`"
        if before and before.document and before.document.file in lab.given and _given(item) != _given(before):
            return f"{where} {_GIVEN}."
        if item.kind in _RUN:
            runs = [*([_process(before)] if before else ()), *_processes(solved, item)]
            if not runs:
                return f"{where} {_NEW}."
            if _process(item) not in runs:
                return f"{where} {_PROCESS}."
    return ""


def _given(item: Object) -> Any:
    """What an author writes of an object: all but its status, what the server adds, and the data of a Secret, which was emptied."""
    hidden = {"status", "metadata", *(("data", "stringData") if item.kind == "Secret" else ())}
    metadata = {key: item.data.get("metadata", {}).get(key) or {} for key in ("labels", "annotations")}
    return {**{key: value for key, value in item.data.items() if key not in hidden}, **metadata}


def _process(item: Object) -> Mapping[str, str]:
    """The `sim/` annotations of a Pod or of a workload's template."""
    template = (item.spec.get("template") or {}).get("metadata") or {}
    said = {**(item.data.get("metadata", {}).get("annotations") or {}), **(template.get("annotations") or {})}
    return {key: value for key, value in said.items() if key.startswith("sim/")}


def _processes(solved: Sequence[Standing], item: Object) -> Iterator[Mapping[str, str]]:
    """The `sim/` annotations that this object has in the solutions: a repair may be what changes the process."""
    for standing in solved:
        if found := standing.cluster.find(item.ref):
            yield _process(found)


def _kept(lab: Lab, report: Report) -> tuple[Point, ...]:
    keeps = lab.goal.get("keeps")
    if not keeps:
        return ()
    files = [{"name": file.name, "text": file.text} for file in report.scenario.manifests]
    again, data = executed({**keeps, "profile": lab.profile, "manifests": files})
    return tuple(points(keeps, again, data))


def _telling(findings: Iterable[Finding], before: set[Any]) -> Iterator[Finding]:
    """Errors before warnings, and what is new before what was there at the start; notes tell nothing."""
    serious = [found for found in findings if found.severity is not Severity.NOTE]
    yield from sorted(serious, key=lambda found: ((found.rule, found.object) in before, found.severity is not Severity.ERROR))
