"""Admission webhooks that the API server cannot call: which objects it would have shown them, and how it refuses those.

Responsible for: whether a webhook is asked about an object (operations, rules, selectors), the words of the refusal.
Leaves to others: whether it can be called, which needs the cluster's network (`simulator.webhook_calls`).
Mirrors: apiserver `pkg/admission/plugin/webhook` (`predicates/rules`, `validating/dispatcher.go`, `mutating/dispatcher.go`).
Modelled: one that can be called allows what it is shown and changes nothing. Not modelled: `matchConditions` (a webhook that has some is
taken to be reached), subresources, deletions, and objects that controllers make.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from simulator.admission.field_errors import go_quote
from simulator.api.meta import Json, Object, Ref
from simulator.cluster import label_selector
from simulator.schema import Kind, Table

MUTATING, VALIDATING = "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"
_GROUP = "admissionregistration.k8s.io"
_EVERY = "*"


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A webhook, with failurePolicy Fail, that cannot be called: the `index`th of a configuration.

    `why` is the end of the API server's sentence, `reason` the cause in our own words; `waits`: it is known only when the time is up.
    """

    configuration: Ref
    index: int
    webhook: Json
    why: str
    reason: str
    waits: bool = False

    @property
    def text(self) -> str:
        service = self.webhook["clientConfig"]["service"]
        path, seconds = service.get("path") or "/", self.webhook["timeoutSeconds"]
        url = f"https://{service['name']}.{service['namespace']}.svc:{service['port']}{path}?timeout={seconds}s"
        name = go_quote(self.webhook["name"])
        return f'Internal error occurred: failed calling webhook {name}: failed to call webhook: Post "{url}": {self.why}'


@dataclass(frozen=True, slots=True)
class Write:
    """An object that is about to be stored in place of `old` (None: created). `namespace`: its Namespace's labels, or a Namespace's own."""

    kind: Kind
    versions: Collection[str]
    data: Json
    old: Json
    namespace: Mapping[str, str]

    @classmethod
    def of(cls, kind: Kind, data: Json, old: Json, table: Table, objects: Mapping[Ref, Object]) -> Write:
        group = f"{kind.group}/" if kind.group else ""
        versions = [version.removeprefix(group) for version, known in table.names if known == kind.kind and version.startswith(group)]
        home = objects.get(Ref("Namespace", "", data["metadata"].get("namespace") or ""))
        return cls(kind, versions, data, old, _labels(data) if kind.kind == "Namespace" else home.labels if home else {})


def barring(unreachable: Iterable[Unreachable], configurations: str, write: Write, stored: Collection[Ref]) -> Unreachable | None:
    """The webhook that this write fails for, among those of one kind of `configurations` that are `stored` by then.

    Several validating webhooks are called at once, and the first to fail is told; mutating ones one after the other.
    """
    if write.kind.group == _GROUP:
        return None
    asked = [each for each in unreachable if each.configuration.kind == configurations and each.configuration in stored]
    failing = [each for each in asked if _is_asked(each.webhook, write)]
    return min(failing, key=lambda each: each.waits and configurations == VALIDATING, default=None)


def _is_asked(webhook: Json, write: Write) -> bool:
    versions = write.versions if webhook["matchPolicy"] == "Equivalent" else (write.kind.version,)
    if not any(_covers(rule, write, versions) for rule in webhook.get("rules") or ()):
        return False
    chosen = label_selector(webhook["namespaceSelector"])(write.namespace) or not (write.kind.namespaced or write.kind.kind == "Namespace")
    selects = label_selector(webhook["objectSelector"])
    return chosen and (selects(_labels(write.data)) or (write.old is not None and selects(_labels(write.old))))


def _covers(rule: Json, write: Write, versions: Collection[str]) -> bool:
    operation = "CREATE" if write.old is None else "UPDATE"
    return (
        rule["scope"] in (_EVERY, "Namespaced" if write.kind.namespaced else "Cluster")
        and _holds(rule["operations"], operation)
        and _holds(rule["apiGroups"], write.kind.group)
        and any(_holds(rule["apiVersions"], version) for version in versions)
        and any(resource.removesuffix("/*") in (_EVERY, write.kind.plural) for resource in rule["resources"])
    )


def _holds(items: Sequence[str], wanted: str) -> bool:
    return _EVERY in items or wanted in items


def _labels(data: Json) -> Mapping[str, str]:
    return data["metadata"].get("labels") or {}
