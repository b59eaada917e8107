"""What `kubectl apply --validate=strict` does with documents before the server sees them, and in which order things happen.

Responsible for: which documents are read at all, headers, REST mapping, metadata that kubectl decodes itself, lists.
Leaves to others: the server's part (`server`), printing (`failures`).
Mirrors: cli-runtime `pkg/resource/{visitor,mapper,builder}.go`, kubectl `pkg/validation/schema.go`, `pkg/cmd/apply/apply.go`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.admission.client_schema import check
from simulator.admission.failures import Failure, identified, refused_by_kubectl
from simulator.admission.validation.formats import path_segment
from simulator.api.diagnostics import Problem
from simulator.api.meta import Document, Json
from simulator.decode import Reading, is_list
from simulator.schema import Kind, Table, Type
from simulator.schema.near import near
from simulator.schema.strict import Strict, decode

_TURN_OFF = "if you choose to ignore these errors, turn validation off with --validate=false"


@dataclass(frozen=True, slots=True)
class Info:
    """An object that kubectl is ready to send."""

    document: Document
    kind: Kind
    sent_kind: str
    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What reading one YAML document came to. `stops`: kubectl reads no further in this file."""

    infos: tuple[Info, ...] = ()
    failures: tuple[Failure, ...] = ()
    stops: bool = False


def visit(reading: Reading, table: Table) -> Visit:
    """One document, as the visitors of kubectl's resource builder see it."""
    file = reading.file
    if reading.fault:
        return Visit(
            failures=(refused_by_kubectl(f"error parsing {file}: {reading.fault}", "yaml-syntax", tuple(reading.problems)),), stops=True
        )
    if reading.data is None:
        return Visit(failures=(refused_by_kubectl("no objects passed to apply", "no-objects"),))
    problems = tuple(_header(reading.data))
    if not problems and is_list(reading.data):
        problems = tuple(_list(reading.data, table))
    if problems:
        told = list(dict.fromkeys(problem.message for problem in problems))
        text = told[0] if len(told) == 1 else f"[{', '.join(told)}]"
        failure = refused_by_kubectl(f'error validating "{file}": error validating data: {text}; {_TURN_OFF}', "invalid-value", problems)
        return Visit(failures=(failure,), stops=True)
    infos, failures = [], []
    for document in reading.documents:
        found = _info(document, table)
        if isinstance(found, Info):
            infos.append(found)
        else:
            failures.append(found)
    return Visit(tuple(infos), tuple(failures))


def _header(data: Json) -> Iterator[Problem]:
    """GetObjectKind: an object, an apiVersion, a kind."""
    if not isinstance(data, dict):
        yield Problem("not-an-object", "invalid object to validate")
        return
    for name, code in (("apiVersion", "api-version-missing"), ("kind", "kind-missing")):
        value = data.get(name)
        if value is None:
            yield Problem(code, f"{name} not set", (name,))
        elif not isinstance(value, str):
            yield Problem("wrong-type", f"{name} isn't string type", (name,), facts={"wanted": "string"})
        elif name == "apiVersion" and value.count("/") > 1:
            yield Problem("no-such-kind", f"unexpected GroupVersion string: {value}", (name,))


def _list(data: Json, table: Table) -> Iterator[Problem]:
    """A List's items are checked one by one; of a typed list the whole, whose items need no header."""
    for index, item in enumerate(data["items"]):
        path, shown = ("items", index), ""
        if data["kind"] == "List":
            faults = list(_header(item))
            api_version, name = (item["apiVersion"], item["kind"]) if not faults else ("", "")
        else:
            faults, shown = [], f"{data['kind']}.items[{index}]"
            api_version, name = data["apiVersion"], data["kind"].removesuffix("List")
        kind = table.kind(api_version, name)
        if not faults and kind is not None and kind.type is not None:
            faults = list(check(item, kind.type, shown or kind.kind))
        for fault in faults:
            yield Problem(fault.code, fault.message, (*path, *fault.path), facts=fault.facts)


def _info(document: Document, table: Table) -> Info | Failure:
    data = document.data
    api_version, sent_kind = data.get("apiVersion"), data.get("kind")
    if not isinstance(api_version, str) or not isinstance(sent_kind, str) or not sent_kind:
        return refused_by_kubectl(f"unable to decode \"{document.file}\": Object 'Kind' is missing", "kind-missing")
    in_list = bool(document.root)
    if not in_list:
        failure = _metadata(document, table)
        if failure:
            return failure
    meta = data.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    name, namespace = _text(meta.get("name")), _text(meta.get("namespace"))
    kind = _mapped(api_version, sent_kind, table)
    if kind is None:
        return _no_match(document, api_version, sent_kind, name, namespace, in_list, table)
    return Info(document, kind, sent_kind, name, (namespace or "default") if kind.namespaced else "")


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _metadata(document: Document, table: Table) -> Failure | None:
    """kubectl decodes metadata itself (metadataValidatingDecoder), so its types are told by kubectl and not by the server."""
    meta = document.data.get("metadata")
    if meta is None:
        return None
    if not isinstance(meta, dict):
        kind = {bool: "bool", str: "string", list: "array"}.get(type(meta), "number")
        text = f"json: cannot unmarshal {kind} into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta"
        strict = Strict(fault=text, fault_path=("metadata",), fault_wanted="v1.ObjectMeta")
    else:
        strict = decode({"metadata": meta}, _any_object(table))
    if not strict.fault:
        return None
    text = strict.fault
    problem = Problem("wrong-type", text, strict.fault_path, facts={"wanted": strict.fault_wanted})
    return refused_by_kubectl(f'unable to decode "{document.file}": {text}', "wrong-type", (problem,))


def _any_object(table: Table) -> Type:
    """A type that has `metadata`, like every object's."""
    return table.type("io.k8s.api.core.v1.ConfigMap")


def _mapped(api_version: str, kind: str, table: Table) -> Kind | None:
    """The REST mapping of a kind: by its own spelling, or all in small letters, as discovery adds it."""
    found = table.kind(api_version, kind)
    if found is None and kind.islower():
        spelt = next((name for version, name in table.names if version == api_version and name.lower() == kind), None)
        found = table.kind(api_version, spelt) if spelt else None
    return found


def _no_match(document: Document, api_version: str, kind: str, name: str, namespace: str, in_list: bool, table: Table) -> Failure:
    what = f'no matches for kind "{kind}" in version "{api_version}"'
    versions = [version for version, known in table.names if known.lower() == kind.lower()]
    kinds = near(kind, {known for version, known in table.names if version == api_version})
    path = ("apiVersion",) if any(known == kind for _, known in table.names) else ("kind",)
    problem = Problem(
        "no-such-kind", what, path, facts={"near": versions if path == ("apiVersion",) else list(kinds), "versions": versions}
    )
    if in_list:
        return refused_by_kubectl(f"unable to recognize {what}", "no-such-kind", (problem,))
    head = f'resource mapping not found for name: "{name}" namespace: "{namespace}" from "{document.file}"'
    return refused_by_kubectl(f"{head}: {what}\nensure CRDs are installed first", "no-such-kind", (problem,))


def before_sending(info: Info) -> Failure | None:
    """What stops `apply` before it can ask the server for the stored object: no name, or one that fits into no URL."""
    meta = info.document.data.get("metadata")
    generate = _text(meta.get("generateName")) if info.name == "" and isinstance(meta, dict) else ""
    if generate:
        return refused_by_kubectl(f"from {generate}: cannot use generate name with apply", "generate-name")
    faults = path_segment(info.name) if info.name else []
    if info.name and not faults:
        return None
    why = f'invalid resource name "{info.name}": [{", ".join(faults)}]' if faults else "resource name may not be empty"
    text = (
        f"error when retrieving current configuration of:\n{identified(info.kind, info.sent_kind, info.name, info.namespace)}\n"
        f'from server for: "{info.document.file}": {why}'
    )
    problem = Problem("required-value" if not faults else "invalid-value", why, ("metadata", "name"))
    return refused_by_kubectl(text, problem.code, (problem,))
