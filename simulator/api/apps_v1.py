"""A typed view over what makes Pods from a template: Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, ReplicationController.

Responsible for: reading fields (`Workload.of(obj)`), defaults where a field is absent.
Leaves to others: making Pods (`controllers`).
Mirrors: kubernetes `apps/v1`, `batch/v1` and `core/v1` types, as far as they decide which Pods exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.api.meta import Json, Object, Ref


@dataclass(frozen=True, slots=True)
class Workload:
    """`selector` is a LabelSelector whatever the kind; `replicas` are a Job's parallel Pods."""

    object: Object
    replicas: int
    selector: Mapping[str, Json]
    template: Mapping[str, Json]

    @classmethod
    def of(cls, obj: Object) -> Workload:
        spec = obj.spec
        selector = spec.get("selector") or {}
        if obj.kind == "ReplicationController":
            selector = {"matchLabels": selector}
        return cls(obj, _wanted(obj), selector, spec.get("template") or {})

    @property
    def ref(self) -> Ref:
        return self.object.ref

    @property
    def template_labels(self) -> Mapping[str, str]:
        return (self.template.get("metadata") or {}).get("labels") or {}

    @property
    def template_annotations(self) -> Mapping[str, str]:
        return (self.template.get("metadata") or {}).get("annotations") or {}

    @property
    def pod_spec(self) -> Mapping[str, Json]:
        return self.template.get("spec") or {}


def _wanted(obj: Object) -> int:
    spec = obj.spec
    if obj.kind == "Job":
        parallelism = _number(spec.get("parallelism"))
        completions = spec.get("completions")
        return 0 if spec.get("suspend") else parallelism if completions is None else min(parallelism, int(completions))
    return _number(spec.get("replicas"))


def _number(given: int | None) -> int:
    return 1 if given is None else int(given)
