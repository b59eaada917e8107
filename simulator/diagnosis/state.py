"""What rules look at: the cluster after its controllers, the documents it came from, what was refused, and the traffic.

Responsible for: finding what the manifests gave (as against what every cluster has), origins and places of objects.
Leaves to others: judging (`simulator.rules.*`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from simulator.api.core_v1 import Pod
from simulator.api.diagnostics import Edit, Place, Problem, Verdict
from simulator.api.meta import Document, Json, Object, Path, Ref
from simulator.api.traffic import Answer, Request
from simulator.cluster import Cluster

T = TypeVar("T")

POD_TEMPLATE: Mapping[str, Path] = {
    "Deployment": ("spec", "template"), "ReplicaSet": ("spec", "template"), "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"), "Job": ("spec", "template"), "ReplicationController": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"), "Pod": (),
}  # fmt: skip
"""Where a kind's Pod template stands; the Pod is its own."""


@dataclass(frozen=True)
class State:
    """`cluster` is the state after controllers, in which refused documents stand as they were meant where that is plain.

    `problems` are the faults of reading (`decode`); the server's refusals are in the `verdicts`, and in `meant` those that would still
    be left then. `granted` are objects that no manifest gave and that are taken to exist. `traffic` pairs the scenario's requests with
    their answers.
    """

    cluster: Cluster
    documents: Sequence[Document] = ()
    verdicts: Sequence[Verdict] = ()
    meant: Sequence[Verdict] = ()
    granted: frozenset[Ref] = frozenset()
    problems: Sequence[Problem] = ()
    traffic: Sequence[tuple[Request, Answer]] = ()

    def given(self, kind: str, namespace: str | None = None) -> Sequence[Object]:
        """Objects of a kind that the manifests gave, not those that every cluster has or that controllers made."""
        return [item for item in self.cluster.of(kind, namespace) if item.document is not None and item.ref not in self.granted]

    def pods(self, namespace: str | None = None) -> Sequence[Object]:
        """Pods that come from the manifests, directly or through a controller, in a namespace or in all."""
        return self._pods if namespace is None else self._pods_by_namespace.get(namespace, ())

    @cached_property
    def _pods(self) -> Sequence[Object]:
        return [pod for pod in self.cluster.of("Pod") if self.origin(pod).document is not None]

    @cached_property
    def _pods_by_namespace(self) -> Mapping[str, Sequence[Object]]:
        found: dict[str, list[Object]] = {}
        for pod in self._pods:
            found.setdefault(pod.namespace, []).append(pod)
        return found

    def pods_of(self, workload: Object) -> Sequence[Object]:
        """The Pods that go back to an object of the manifests."""
        return self._pods_by_origin.get(workload.ref, ())

    @cached_property
    def _pods_by_origin(self) -> Mapping[Ref, Sequence[Object]]:
        found: dict[Ref, list[Object]] = {}
        for pod in self._pods:
            found.setdefault(self.origin(pod).ref, []).append(pod)
        return found

    def workloads(self, namespace: str | None = None) -> Sequence[Object]:
        """What the manifests gave that holds a Pod template (Pods included), in document order by kind."""
        return self._workloads.get(namespace, ())

    @cached_property
    def _workloads(self) -> Mapping[str | None, Sequence[Object]]:
        found: dict[str | None, list[Object]] = {}
        for item in (item for kind in POD_TEMPLATE for item in self.given(kind)):
            if item.controller is None or self.cluster.find(item.controller) is None:
                found.setdefault(None, []).append(item)
                found.setdefault(item.namespace, []).append(item)
        return found

    def derived(self, build: Callable[[State], T]) -> T:
        """What `build` makes of this state, made once. `build` is a module's function and pure."""
        if build not in self._derived:
            self._derived[build] = build(self)
        made: T = self._derived[build]
        return made

    @cached_property
    def _derived(self) -> dict[object, Any]:
        return {}

    def origin(self, item: Object) -> Object:
        """The object of the manifests that `item` goes back to through its owners; itself where it has none."""
        seen = {item.ref}
        while item.controller is not None and item.controller not in seen:
            owner = self.cluster.find(item.controller)
            if owner is None:
                break
            seen.add(owner.ref)
            item = owner
        return item

    def live(self, pods: Sequence[Object]) -> list[Pod]:
        """Those Pods that have not ended, as the network sees them."""
        return [pod for pod in map(Pod.of, pods) if not pod.finished]

    @cached_property
    def refused(self) -> Mapping[Ref, Verdict]:
        """What the API server refused, by the object that was meant."""
        return {verdict.ref: verdict for verdict in self.verdicts if not verdict.accepted}

    @cached_property
    def refused_workloads(self) -> Sequence[Object]:
        """What the documents call a workload but the API server refused, as far as it can be read."""
        found = []
        for document in self.documents:
            data = document.data
            kind, meta = data.get("kind") if isinstance(data, dict) else None, child(data, "metadata")
            name, namespace = meta.get("name"), meta.get("namespace") or "default"
            if not isinstance(kind, str) or kind not in POD_TEMPLATE or not isinstance(name, str) or not isinstance(namespace, str):
                continue
            if self.cluster.get(kind, namespace, name) is None:
                found.append(Object(str(data.get("apiVersion")), kind, namespace, name, data, document))
        return found

    def place(self, item: Object | None, path: Path, label: str, key: bool = False) -> Place | None:
        """Where a field of an object stands in the manifests: its value, or its key; the nearest ancestor if it is absent.

        None for an object that no manifest gave.
        """
        if item is None or item.document is None:
            return None
        document = item.document
        span = document.key_span(path) if key else document.value_span(path)
        span = span or document.nearest_span(path)
        return Place(document.file, span, label, path) if span is not None else None

    def template_place(self, item: Object, path: Path, label: str, key: bool = False) -> Place | None:
        """Where a field of a Pod stands: in the Pod's own manifest, or in the template of the workload that made it."""
        origin = self.origin(item)
        return self.place(origin, (*POD_TEMPLATE.get(origin.kind, ()), *path), label, key)

    def edit(self, item: Object, path: Path, value: Json = None, remove: bool = False) -> Edit | None:
        """A change to the manifest of an object; None for an object that no manifest gave."""
        if item.document is None:
            return None
        return Edit(item.document.file, item.document.index, (*item.document.root, *path), value, remove)

    def addition(self, beside: Object, value: Json) -> Edit | None:
        """A new document at the end of the file in which `beside` stands."""
        if beside.document is None:
            return None
        file = beside.document.file
        last = max((document.index for document in self.documents if document.file == file), default=-1)
        return Edit(file, last + 1, (), value)


def template_of(workload: Object) -> Json:
    """The Pod template of a workload (a Pod is its own); an empty mapping where there is none."""
    data = workload.data
    for step in POD_TEMPLATE.get(workload.kind, ()):
        data = child(data, str(step))
    return data


def template_labels(workload: Object) -> Mapping[str, str]:
    """The labels that a workload's Pods carry."""
    return child(child(template_of(workload), "metadata"), "labels")


def child(data: Json, key: str) -> dict[str, Json]:
    """The mapping under `key`; an empty one where there is none, also in a document that was refused for its types."""
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}
