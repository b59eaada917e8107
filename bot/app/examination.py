"""One look at manifests by the simulator: what a worker process is asked to do, and what comes back.

Responsible for: taking out Secrets' data, running, everything that messages about a paste need, as plain picklable values.
Leaves to others: bounds of time and memory (`workers`), keeping (`check_manifest`), wording (`bot.rendering.manifest`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.app.policy_effects import effects_of
from bot.app.redaction import redact
from bot.rendering.policies import PolicyEffect
from bot.storage.workspaces import Applied
from simulator import Cluster, Finding, Ref, Report, Scenario, SourceFile, run

_GRANTED = "taken-for-granted.yaml"
"""The file of the namespaces that nothing pasted makes. It is run before all others."""
_NAMESPACES = 20
_NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Examined:
    """What a run showed. `files` are all that were run, Secrets emptied: `earlier` ones from the workspace, then the newest.
    The first of the earlier ones makes the namespaces that are taken for `granted`, if any: what is pasted mostly comes without them.

    `given_up` names files that broke off in what may be a Secret, with the line: they were neither run nor kept.
    `accepted` are the newest documents that a cluster would have taken, to be applied from now on.
    `printed` is what kubectl says of the newest documents; `services` tells each Service's ready addresses,
    `policies` what each of the newest policies does.
    """

    files: tuple[SourceFile, ...]
    earlier: int
    findings: tuple[Finding, ...]
    printed: str
    services: tuple[tuple[str, tuple[str, ...]], ...]
    accepted: tuple[Applied, ...] = ()
    secrets: int = 0
    given_up: tuple[tuple[str, int], ...] = ()
    policies: tuple[PolicyEffect, ...] = ()
    granted: tuple[str, ...] = ()

    @property
    def texts(self) -> Mapping[str, str]:
        return {file.name: file.text for file in self.files}


def examine(pasted: Sequence[SourceFile], applied: Sequence[Applied]) -> Examined:
    """Runs what was pasted, on top of what had been applied before and is not pasted anew. Pure, and never raises for any text."""
    redacted = [(file.name, redact(file.text)) for file in pasted]
    own = [SourceFile(name, done.text) for name, done in redacted if done.given_up is None]
    report = run(Scenario(manifests=tuple(own)))
    named = {_identity(verdict.ref) for verdict in report.verdicts} | {name for names in _stored(report).values() for name in names}
    kept = superseded_by(named, applied)
    taken = {_GRANTED, *(file.name for file in own)}
    earlier = [SourceFile(_free(document.name, taken), document.text) for document in kept]
    if kept:
        report = run(Scenario(manifests=(*earlier, *own)))
    if granted := _missing(report):
        earlier.insert(0, SourceFile(_GRANTED, "---\n".join(map(_namespace, granted))))
        report = run(Scenario(manifests=(*earlier, *own)))
    made = [Applied(f"namespace-{name}.yaml", _namespace(name), (f"Namespace/{name}",)) for name in granted]
    return replace(
        _examined(report, len(earlier)),
        accepted=(*made, *_accepted(report, own)),
        secrets=sum(done.secrets for _, done in redacted),
        given_up=tuple((name, done.given_up) for name, done in redacted if done.given_up is not None),
    )


def examine_again(files: Sequence[SourceFile], earlier: int) -> Examined:
    """The same answer once more, from the files of an examination."""
    return _examined(run(Scenario(manifests=tuple(files))), earlier)


def _examined(report: Report, earlier: int) -> Examined:
    files = tuple(report.scenario.manifests)
    own = {file.name for file in files[earlier:]}
    printed = "\n".join(verdict.output.rstrip("\n") for verdict in report.verdicts if verdict.file in own)
    services, policies = tuple(_services(report.cluster)), effects_of(report.cluster, own)
    granted = tuple(verdict.name for verdict in report.verdicts if earlier and verdict.file == _GRANTED)
    return Examined(files, earlier, tuple(report.findings), printed, services, policies=policies, granted=granted)


def _missing(report: Report) -> list[str]:
    """The namespaces for want of which something was refused."""
    refused = {verdict.namespace for verdict in report.verdicts if any(each.code == "namespace-missing" for each in verdict.problems)}
    return sorted(filter(_NAMESPACE.fullmatch, refused))[:_NAMESPACES]


def _namespace(name: str) -> str:
    # In quotes: a name of digits alone is a number without them.
    return f'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: "{name}"\n'


def superseded_by(objects: set[str], applied: Iterable[Applied]) -> list[Applied]:
    """What stays of a workspace when these objects are applied anew: all documents but those whose objects are all among them."""
    return [document for document in applied if not set(document.objects) <= objects]


def _identity(ref: Ref) -> str:
    return "/".join(part for part in (ref.kind, ref.namespace, ref.name) if part)


def _stored(report: Report) -> Mapping[tuple[str, int], list[str]]:
    """The objects that the cluster holds of each document, by its file and index there."""
    stored: dict[tuple[str, int], list[str]] = defaultdict(list)
    for item in report.cluster:
        if item.document is not None:
            stored[item.document.file, item.document.index].append(_identity(item.ref))
    return stored


def _accepted(report: Report, own: Sequence[SourceFile]) -> Iterable[Applied]:
    """The newest documents that were stored as a whole, each as a file of its own."""
    stored = _stored(report)
    for source in own:
        lines = source.text.split("\n")
        here = [reading for reading in report.decoded.readings if reading.file == source.name]
        for reading, following in zip(here, [*here[1:], None], strict=False):
            objects = stored.get((source.name, reading.index), [])
            if objects and len(objects) == len(reading.documents):
                end = following.line - 1 if following else len(lines)
                text = "\n".join(lines[reading.line - 1 : end]).rstrip().removesuffix("\n---").rstrip() + "\n"
                yield Applied(f"{objects[0].replace('/default/', '/').replace('/', '-').lower()}.yaml", text, tuple(objects))


def _services(cluster: Cluster) -> Iterable[tuple[str, tuple[str, ...]]]:
    for service in cluster.of("Service"):
        if service.document is None:
            continue
        slices = cluster.selected("EndpointSlice", service.namespace, {"kubernetes.io/service-name": service.name})
        ready = [
            address
            for each in slices
            for endpoint in each.data.get("endpoints") or ()
            if (endpoint.get("conditions") or {}).get("ready") is not False
            for address in endpoint.get("addresses") or ()
        ]
        yield f"{service.namespace}/{service.name}", tuple(ready)


def _free(name: str, taken: set[str]) -> str:
    """The name, or one like it that no other file has."""
    free, number = name, 2
    while free in taken:
        free, number = f"{number}-{name}", number + 1
    taken.add(free)
    return free


def unique(pasted: Iterable[SourceFile]) -> list[SourceFile]:
    """The files, with names that differ."""
    taken: set[str] = set()
    return [replace(file, name=_free(file.name, taken)) for file in pasted]
