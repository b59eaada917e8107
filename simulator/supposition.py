"""The cluster that questions about policies are asked of: what is stored, or what was meant where documents were refused for form.

Responsible for: what policies look at in a refused object: names, labels, owners, ports, addresses; text that YAML 1.1 reads as something
else (`namespace: y`); misspelt fields; Namespaces that are taken for granted.
Leaves to others: verdicts and requests, which stay with what is stored; what to repair, and how (`lenient`).

Who reaches whom is asked about manifests that are being written, and about listings that tools have trimmed. An answer that left out
whatever a server would refuse would say nothing about the policies, so refusals are told beside it, as findings. A policy is never
trimmed: one that is still refused when it is read as meant is in force nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from simulator.admission import Admitted, admit
from simulator.api.meta import Document, Json, Path, SourceFile
from simulator.cluster import Cluster
from simulator.controllers import reconcile
from simulator.decode import Decoded, Reading
from simulator.profile import Profile
from simulator.schema import LIST, MAP, STRUCT, Table, Type, table
from simulator.schema.near import near

_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "Deployment": ("spec",), "ReplicaSet": ("spec",), "StatefulSet": ("spec",), "DaemonSet": ("spec",), "Job": ("spec",),
    "CronJob": ("spec", "jobTemplate", "spec"),
}  # fmt: skip
_IMAGE = "unknown"


def supposed(files: Sequence[SourceFile], decoded: Decoded, admitted: Admitted, profile: Profile) -> Cluster | None:
    """The cluster as it was meant, after the controllers; None where nothing was refused."""
    refused = _refused(admitted)
    if not refused:
        return None
    known = table(profile.kubernetes, profile.gateway_api != "absent")
    lines = {file.name: file.text.split("\n") for file in files}
    decoded = _each(decoded, refused, lambda document: as_meant(document, lines.get(document.file, ()), known))
    decoded = _with_namespaces(decoded, admitted.cluster)
    admitted = admit(decoded, profile)
    refused = _refused(admitted)
    if refused:
        admitted = admit(_each(decoded, refused, trimmed), profile)
    return reconcile(admitted.cluster)


def _refused(admitted: Admitted) -> set[tuple[str, int]]:
    return {(verdict.file, verdict.index) for verdict in admitted.verdicts if not verdict.accepted}


def _with_namespaces(decoded: Decoded, cluster: Cluster) -> Decoded:
    """Objects of a Namespace that nobody declares suppose that it exists."""
    there = {namespace.name for namespace in cluster.of("Namespace")}
    wanted: dict[str, None] = {}
    for document in decoded.documents:
        data, metadata = _mapping(document.data), _mapping(_mapping(document.data).get("metadata"))
        if data.get("kind") == "Namespace" and isinstance(metadata.get("name"), str):
            there.add(metadata["name"])
        if isinstance(metadata.get("namespace"), str):
            wanted[metadata["namespace"]] = None
    granted: list[Reading] = []
    for name in sorted(wanted.keys() - there):
        data = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        document = Document("", len(granted), data, 1, lambda _: None, lambda _: None)
        granted.append(Reading("", len(granted), 1, data, (document,)))
    documents = [document for reading in granted for document in reading.documents]
    return Decoded([*documents, *decoded.documents], decoded.problems, [*granted, *decoded.readings])


def _each(decoded: Decoded, refused: Iterable[tuple[str, int]], change: Callable[[Document], Document]) -> Decoded:
    """The refused documents changed, each item of a list as a document of its own; what cannot be read is left out, not what follows."""
    readings = []
    for reading in decoded.readings:
        if (reading.file, reading.index) not in refused:
            readings.append(reading)
            continue
        for document in reading.documents:
            new = replace(change(document), root=())
            readings.append(Reading(new.file, new.index, new.line, new.data, (new,)))
    return Decoded([document for reading in readings for document in reading.documents], decoded.problems, readings)


def as_meant(document: Document, lines: Sequence[str], known: Table) -> Document:
    """The document with the author's own characters wherever a field holds text and YAML made a truth value or a number of them.

    A field that its type does not have is taken for the close one that it has; else it is dropped, as a server does that is not strict.
    """
    data = document.data
    kind = known.kind(str(data.get("apiVersion")), str(data.get("kind"))) if isinstance(data, dict) else None
    if kind is None or kind.type is None:
        return document

    def text_of(path: Path) -> str | None:
        span = document.value_span(path)
        if span is None or span.line != span.end_line or span.line > len(lines):
            return None
        return lines[span.line - 1][span.column - 1 : span.end_column - 1].strip() or None

    return replace(document, data=_corrected(data, kind.type, (), text_of))


def _corrected(value: Json, wanted: Type, path: Path, text_of: Callable[[Path], str | None]) -> Json:
    if wanted.shape == "string" and isinstance(value, (bool, int, float)):
        return text_of(path) or value
    if wanted.shape == STRUCT and isinstance(value, dict):
        fields, corrected = wanted.fields, {}
        for name, part in value.items():
            meant = name if name in fields else next((field for field in near(name, fields) if field not in value), None)
            if meant:
                corrected[meant] = _corrected(part, fields[meant].type, (*path, name), text_of)
        return corrected
    if wanted.shape == MAP and wanted.element is not None and isinstance(value, dict):
        return {name: _corrected(part, wanted.element, (*path, name), text_of) for name, part in value.items()}
    if wanted.shape == LIST and wanted.element is not None and isinstance(value, list):
        return [_corrected(item, wanted.element, (*path, index), text_of) for index, item in enumerate(value)]
    return value


def trimmed(document: Document) -> Document:
    """A Namespace, Pod or workload reduced to what policies look at, with what a server insists on filled in; others as they are."""
    data = document.data
    kind = str(data.get("kind")) if isinstance(data, dict) else ""
    if kind == "Namespace":
        spec: dict[str, Json] = {}
    elif kind == "Pod":
        spec = {"spec": _pod_spec(_mapping(data.get("spec"))), "status": _kept(data.get("status"), "podIP", "podIPs", "hostIP", "phase")}
    elif kind in _TEMPLATES:
        spec = {"spec": _workload_spec(kind, data)}
    else:
        return document
    return replace(document, data={"apiVersion": data.get("apiVersion"), "kind": kind, "metadata": _metadata(data.get("metadata")), **spec})


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Json) -> list[Mapping[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _kept(value: Json, *names: str) -> dict[str, Json]:
    return {name: part for name, part in _mapping(value).items() if name in names}


def _texts(value: Json) -> dict[str, str]:
    return {name: text for name, text in _mapping(value).items() if isinstance(text, str)}


def _metadata(value: Json) -> dict[str, Json]:
    owners = [
        {"apiVersion": "v1", "uid": "unknown", **_texts(owner), "controller": owner.get("controller") is True}
        for owner in _mappings(_mapping(value).get("ownerReferences"))
    ]
    metadata = {name: _texts(_mapping(value).get(name)) for name in ("labels", "annotations")}
    return {**_kept(value, "name", "namespace"), **metadata, **({"ownerReferences": owners} if owners else {})}


def _workload_spec(kind: str, data: Mapping[str, Json]) -> dict[str, Json]:
    given: Mapping[str, Json] = data
    for step in _TEMPLATES[kind]:
        given = _mapping(given.get(step))
    template = _mapping(given.get("template"))
    labels = _texts(_mapping(template.get("metadata")).get("labels"))
    pod = {"metadata": {"labels": labels}, "spec": _pod_spec(_mapping(template.get("spec")))}
    if kind in ("Job", "CronJob"):
        job = {"template": {**pod, "spec": {**pod["spec"], "restartPolicy": "Never"}}}
        return job if kind == "Job" else {"schedule": "@daily", "jobTemplate": {"spec": job}}
    replicas = given.get("replicas")
    count = {"replicas": replicas} if type(replicas) is int and kind != "DaemonSet" else {}
    return {**count, "selector": {"matchLabels": labels}, "template": pod}


def _pod_spec(spec: Mapping[str, Json]) -> dict[str, Any]:
    containers = [
        {"name": f"container-{number}", "image": _IMAGE, "ports": _ports(container.get("ports"))}
        for number, container in enumerate(_mappings(spec.get("containers")) or [{}])
    ]
    host = {"hostNetwork": True} if spec.get("hostNetwork") is True else {}
    node = _texts(_kept(spec, "nodeName"))
    return {"containers": containers, **host, **node}


def _ports(value: Json) -> list[dict[str, Json]]:
    return [_kept(port, "name", "containerPort", "protocol") for port in _mappings(value) if type(port.get("containerPort")) is int]
