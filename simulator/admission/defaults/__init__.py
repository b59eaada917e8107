"""What the API server adds to an object that nobody wrote, kind by kind, before it looks whether the object is valid.

Responsible for: which defaults a kind has; the few kinds too small for a module of their own.
Leaves to others: addresses and ports (`admission.allocation`), the Gateway API (`admission.crd`).
Every function gives a new mapping and leaves the one it was given as it is.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

from simulator.admission.defaults import networking, pod, workloads
from simulator.api.meta import Json
from simulator.schema import Kind

NAMESPACE_LABEL = "kubernetes.io/metadata.name"


def default(kind: Kind, data: Json) -> Json:
    """The object with its defaults; `data` has metadata with a name."""
    own = _DEFAULTS.get((kind.group, kind.kind))
    return own(data) if own is not None else data


def _namespace(data: Json) -> Json:
    meta = data["metadata"]
    labels = {**(meta.get("labels") or {}), NAMESPACE_LABEL: meta.get("name") or ""}
    spec = {**(data.get("spec") or {}), "finalizers": ["kubernetes"]}
    return {**data, "metadata": {**meta, "labels": labels}, "spec": spec, "status": {"phase": "Active", **(data.get("status") or {})}}


def _secret(data: Json) -> Json:
    secret = {key: value for key, value in data.items() if key != "stringData"}
    if data.get("stringData"):
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data["stringData"].items()}
        secret["data"] = {**(data.get("data") or {}), **encoded}
    secret["type"] = data.get("type") or "Opaque"
    return secret


def _node(data: Json) -> Json:
    return {**data, "spec": data.get("spec") or {}, "status": data.get("status") or {}}


def _webhooks(data: Json) -> Json:
    return {**data, "webhooks": [_webhook(hook, data["kind"]) for hook in data.get("webhooks") or []]}


def _webhook(given: Json, kind: str) -> Json:
    selectors: Json = {"namespaceSelector": {}, "objectSelector": {}}
    hook = {"failurePolicy": "Fail", "matchPolicy": "Equivalent", **selectors, "timeoutSeconds": 10, **given}
    if kind == "MutatingWebhookConfiguration":
        hook = {"reinvocationPolicy": "Never", **hook}
    if hook.get("rules"):
        hook["rules"] = [{"scope": "*", **rule} for rule in hook["rules"]]
    client = hook.get("clientConfig") or {}
    if client.get("service"):
        hook["clientConfig"] = {**client, "service": {"port": 443, **client["service"]}}
    return hook


_DEFAULTS: dict[tuple[str, str], Callable[[Json], Json]] = {
    ("", "Pod"): pod.pod,
    ("", "Service"): networking.service,
    ("", "Endpoints"): networking.endpoints,
    ("", "Namespace"): _namespace,
    ("", "Node"): _node,
    ("", "Secret"): _secret,
    ("apps", "Deployment"): workloads.deployment,
    ("apps", "ReplicaSet"): workloads.replica_set,
    ("apps", "StatefulSet"): workloads.stateful_set,
    ("apps", "DaemonSet"): workloads.daemon_set,
    ("batch", "Job"): workloads.job,
    ("batch", "CronJob"): workloads.cron_job,
    ("discovery.k8s.io", "EndpointSlice"): networking.endpoint_slice,
    ("networking.k8s.io", "Ingress"): networking.ingress,
    ("networking.k8s.io", "IngressClass"): networking.ingress_class,
    ("networking.k8s.io", "NetworkPolicy"): networking.network_policy,
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): _webhooks,
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): _webhooks,
}
