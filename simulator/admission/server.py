"""One API server: takes an object that kubectl sends, and stores it or says why not.

Responsible for: the order of the steps (decode strictly, namespace, defaults, metadata, allocation, validation, storing).
Leaves to others: each step; what kubectl does before it sends anything and after (`kubectl`).
Mirrors: apiserver `pkg/endpoints/handlers/create.go`, `pkg/registry/generic/registry/store.go` (BeginCreate runs before validation).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.admission import crd
from simulator.admission.allocation import AllocationError, Allocator
from simulator.admission.defaults import default
from simulator.admission.failures import Failure, creating, identified, invalid_object, patching, refused_by_server
from simulator.admission.field_errors import FieldError, invalid
from simulator.admission.patch import patch_of, patched, printed
from simulator.admission.validation import validate
from simulator.admission.validation.networking import CLASS_ANNOTATION
from simulator.admission.warnings import deprecation, warnings
from simulator.admission.webhooks import MUTATING, VALIDATING, Unreachable, Write, barring
from simulator.api.diagnostics import Problem, Severity
from simulator.api.meta import Document, Json, Object, Ref, dotted
from simulator.schema import Kind, Table
from simulator.schema.strict import Strict, Unknown, decode

MOMENT = "2026-01-01T00:00:00Z"
"""When everything is created. One moment for all, so that nothing depends on the order of documents."""

_LEGACY_SCHEME = "pkg/api/legacyscheme/scheme.go:30"
_WITHOUT_GENERATION = frozenset({"Service", "Namespace", "Node", "ConfigMap", "Secret", "ServiceAccount", "Endpoints"})
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_UIDS = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
_DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class"


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that the server took. `outcome` is created, configured or unchanged."""

    item: Object
    outcome: str
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Applied:
    """What was applied last: `sent` as decoded, `text` as kubectl writes it into an annotation."""

    sent: Json
    text: str


class Server:
    """The objects of one cluster and what is allocated. Grows by `apply`; a dry run leaves it as it is."""

    def __init__(self, table: Table, service_cidr: str, present: list[Object], unreachable: Sequence[Unreachable] = ()) -> None:
        self.table = table
        self.unreachable = unreachable
        self.objects: dict[Ref, Object] = {item.ref: item for item in present}
        self._applied: dict[Ref, _Applied] = {}
        self._allocator = Allocator(service_cidr)
        self._stored = 0
        for item in present:
            if item.kind == "Service":
                self._allocator.reserve(item.data)

    def apply(self, document: Document, kind: Kind, sent_kind: str, namespace: str, dry_run: bool = False) -> Stored | Failure:
        """What `kubectl apply` of one object comes to. `sent_kind` is the kind as the manifest spells it."""
        file = document.file
        strict, unknown = self._decode(document.data, kind)
        if sent_kind != kind.kind:
            return _kind_misspelt(kind, sent_kind, document)
        failure = _decoding_failure(strict, unknown, kind, file)
        if failure:
            return failure
        sent = strict.data
        name = sent["metadata"]["name"]
        ref = Ref(kind.kind, namespace, name)
        if namespace and ref not in self.objects and Ref("Namespace", "", namespace) not in self.objects:
            text = f'namespaces "{namespace}" not found'
            return refused_by_server("NotFound", text, creating(file), (Problem("namespace-missing", text, ("metadata", "namespace")),))
        meta = {**sent["metadata"], "namespace": namespace} if namespace else sent["metadata"]
        sent = {**sent, "metadata": meta}
        old = self.objects.get(ref)
        if old is not None:
            return self._update(old, sent, kind, sent_kind, document, dry_run)
        return self._create(ref, sent, kind, document, dry_run)

    def _decode(self, data: Json, kind: Kind) -> tuple[Strict, list[Unknown]]:
        if kind.type is not None:
            strict = decode(data, kind.type)
            return strict, strict.unknown
        meta = decode(data.get("metadata") or {}, self.table.type("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"), "ObjectMeta")
        unknown = [Unknown(("metadata", *found.path), found.near) for found in meta.unknown]
        unknown += crd.unknown_fields(kind.kind, kind.version, data)
        unknown.sort(key=lambda found: dotted(found.path))
        return Strict({**data, "metadata": meta.data}, meta.fault, ("metadata", *meta.fault_path)), unknown

    def _create(self, ref: Ref, sent: Json, kind: Kind, document: Document, dry_run: bool) -> Stored | Failure:
        given = sent["metadata"]
        fresh: Json = {
            "creationTimestamp": MOMENT,
            "uid": str(uuid.uuid5(_UIDS, f"{kind.group}/{ref}")),
            "resourceVersion": str(1000 + self._stored),
        }
        if kind.kind not in _WITHOUT_GENERATION and ("spec" in sent or "webhooks" in sent or kind.kind == "EndpointSlice"):
            fresh["generation"] = 1
        data = {**sent, "metadata": {**fresh, **given}}
        stored = self._admitted(data, kind, creating(document.file), None, dry_run)
        if isinstance(stored, Failure):
            return stored
        item = self._object(ref, stored, kind, document)
        if not dry_run:
            self._store(item, _Applied(_wishes(sent), _last_applied(document, ref)))
        return Stored(item, "created", _warnings(kind, stored))

    def _update(self, old: Object, sent: Json, kind: Kind, sent_kind: str, document: Document, dry_run: bool) -> Stored | Failure:
        before, now = self._applied.get(old.ref), _Applied(_wishes(sent), _last_applied(document, old.ref))
        patch = patch_of(before.sent if before else {}, now.sent, old.data, kind.type)
        notes: tuple[Problem, ...] = ()
        if before is None:
            shown = f"{kind.plural}/{old.name}"
            text = (
                f"resource {shown} is missing the {_LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should "
                "only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing "
                "annotation will be patched automatically."
            )
            notes = (Problem("server-warning", text, severity=Severity.WARNING),)
        elif not patch and before.text == now.text:
            return Stored(old, "unchanged")
        told = patch if before and before.text == now.text else _annotated(patch, now.text)
        when = patching(document.file, printed(told), identified(kind, sent_kind, old.name, old.namespace))
        stored = self._admitted(patched(old.data, patch, kind.type), kind, when, old.data, dry_run)
        if isinstance(stored, Failure):
            return stored
        changed = any(stored.get(part) != old.data.get(part) for part in ("spec", "webhooks"))
        if changed and "generation" in stored["metadata"]:
            stored = {**stored, "metadata": {**stored["metadata"], "generation": stored["metadata"]["generation"] + 1}}
        item = self._object(old.ref, stored, kind, document)
        if not dry_run:
            self._store(item, now)
        return Stored(item, "configured", (*notes, *_warnings(kind, stored)))

    def _admitted(self, data: Json, kind: Kind, when: str, old: Json, dry_run: bool) -> Json | Failure:
        """Defaults, allocation, validation, webhooks. `old` is the stored object that it takes the place of."""
        barred = self._barred(MUTATING, data, kind, when, old)
        if barred is not None:
            return barred
        try:
            if kind.type is None:
                data = {**crd.default(kind.kind, kind.version, data), "metadata": data["metadata"]}
                faults = [*validate(kind, data, old), *crd.validate(kind.kind, kind.version, data, old)]
            else:
                data = default(kind, data)
                if kind.kind == "Service" and not kind.group:
                    data = self._allocator.allocate(data, old, dry_run)
                elif kind.kind == "Ingress" and old is None:
                    data = self._with_default_class(data)
                faults = validate(kind, data, old)
        except AllocationError as refused:
            faults = refused.faults
        if faults:
            return invalid_object(kind.kind, kind.group, data["metadata"].get("name") or "", faults, when)
        return self._barred(VALIDATING, data, kind, when, old) or data

    def _barred(self, configurations: str, data: Json, kind: Kind, when: str, old: Json) -> Failure | None:
        """The refusal where a webhook has to be asked about the object and cannot be."""
        if not self.unreachable:
            return None
        found = barring(self.unreachable, configurations, Write.of(kind, data, old, self.table, self.objects), self.objects.keys())
        if found is None:
            return None
        return refused_by_server("InternalError", found.text, when, (Problem("webhook-unreachable", found.text),))

    def _with_default_class(self, data: Json) -> Json:
        """The DefaultIngressClass plugin: the class that is marked as default, the newest and then first by name of several."""
        if data["spec"].get("ingressClassName") is not None or CLASS_ANNOTATION in (data["metadata"].get("annotations") or {}):
            return data
        marked = [item for item in self.objects.values() if item.kind == "IngressClass" and item.annotations.get(_DEFAULT_CLASS) == "true"]
        if not marked:
            return data
        newest = max(item.metadata.get("creationTimestamp") or "" for item in marked)
        name = min(item.name for item in marked if (item.metadata.get("creationTimestamp") or "") == newest)
        return {**data, "spec": {**data["spec"], "ingressClassName": name}}

    def _object(self, ref: Ref, data: Json, kind: Kind, document: Document) -> Object:
        preferred = self.table.kind(f"{kind.group}/v1", kind.kind) if kind.type is None else None
        api_version = preferred.api_version if preferred else kind.api_version
        return Object(api_version, ref.kind, ref.namespace, ref.name, {**data, "apiVersion": api_version, "kind": ref.kind}, document)

    def _store(self, item: Object, applied: _Applied) -> None:
        self._stored += 1
        if item.kind == "Service":
            self._allocator.reserve(item.data, again=item.ref in self.objects)
        self.objects[item.ref] = item
        self._applied[item.ref] = applied


def _wishes(sent: Json) -> Json:
    """What a manifest asks for: one that was read from a cluster names its own version and state too, and they are not wishes."""
    metadata = {key: value for key, value in sent["metadata"].items() if key not in ("uid", "resourceVersion", "generation")}
    return {**{key: value for key, value in sent.items() if key not in ("apiVersion", "kind", "status")}, "metadata": metadata}


def _last_applied(document: Document, ref: Ref) -> str:
    """The manifest as the annotation of `kubectl apply` holds it."""
    metadata = document.data["metadata"]
    annotations = {key: value for key, value in (metadata.get("annotations") or {}).items() if key != _LAST_APPLIED}
    namespace = {"namespace": ref.namespace} if ref.namespace else {}
    return printed({**document.data, "metadata": {**metadata, "annotations": annotations, **namespace}}) + "\n"


def _annotated(patch: Json, text: str) -> Json:
    """The patch with the annotation that it also sets."""
    metadata = patch.get("metadata") or {}
    return {**patch, "metadata": {**metadata, "annotations": {**(metadata.get("annotations") or {}), _LAST_APPLIED: text}}}


def _kind_misspelt(kind: Kind, sent_kind: str, document: Document) -> Failure:
    """kubectl finds a kind that is written in small letters; the server then does not know it."""
    file = document.file
    if kind.type is None:
        fault: FieldError = invalid(("kind",), sent_kind, f"must be {kind.kind}")
        name = (document.data.get("metadata") or {}).get("name") or ""
        return invalid_object(sent_kind, kind.group, name, [fault], creating(file))
    fault_text = f'no kind "{sent_kind}" is registered for version "{kind.api_version}" in scheme "{_LEGACY_SCHEME}"'
    text = f'{sent_kind} in version "{kind.version}" cannot be handled as a {kind.kind}: {fault_text}'
    return refused_by_server("BadRequest", text, creating(file), (Problem("no-such-kind", text, ("kind",), facts={"near": [kind.kind]}),))


def _decoding_failure(strict: Strict, unknown: list[Unknown], kind: Kind, file: str) -> Failure | None:
    head = f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}: '
    problems = tuple(
        Problem("unknown-field", f'unknown field "{dotted(found.path)}"', found.path, facts={"near": list(found.near)}) for found in unknown
    )
    if strict.fault:
        wrong = Problem("wrong-type", strict.fault, strict.fault_path, facts={"wanted": strict.fault_wanted})
        return refused_by_server("BadRequest", head + strict.fault, creating(file), (wrong, *problems))
    if unknown:
        listed = ", ".join(problem.message for problem in problems)
        return refused_by_server("BadRequest", f"{head}strict decoding error: {listed}", creating(file), problems)
    return None


def _warnings(kind: Kind, data: Json) -> tuple[Problem, ...]:
    told = [*([((), text)] if (text := deprecation(kind)) else []), *warnings(kind, data)]
    return tuple(Problem("server-warning", text, path, severity=Severity.WARNING) for path, text in told)
