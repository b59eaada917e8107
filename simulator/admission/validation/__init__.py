"""What the API server refuses although it can be decoded, kind by kind, with its field paths and words.

Responsible for: the order of checks within a kind, and which validator a kind has.
Leaves to others: types and unknown fields (`simulator.schema.strict`), the Gateway API (`admission.crd`), allocation.
Objects are validated as they would be stored: after defaults and allocation.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.admission.field_errors import FieldError
from simulator.admission.validation import endpoints, networking, others, pod, service, webhooks, workloads
from simulator.api.meta import Json
from simulator.schema import Kind

Validator = Callable[[Json, Json], list[FieldError]]

_VALIDATORS: dict[tuple[str, str], Validator] = {
    ("", "Service"): service.validate,
    ("", "Pod"): pod.validate,
    ("", "Endpoints"): endpoints.endpoints,
    ("", "Namespace"): others.namespace,
    ("", "Node"): others.node,
    ("", "ConfigMap"): others.config_map,
    ("", "Secret"): others.secret,
    ("apps", "Deployment"): workloads.deployment,
    ("apps", "ReplicaSet"): workloads.replica_set,
    ("apps", "StatefulSet"): workloads.stateful_set,
    ("apps", "DaemonSet"): workloads.daemon_set,
    ("batch", "Job"): workloads.job,
    ("batch", "CronJob"): workloads.cron_job,
    ("discovery.k8s.io", "EndpointSlice"): endpoints.endpoint_slice,
    ("networking.k8s.io", "Ingress"): networking.ingress,
    ("networking.k8s.io", "IngressClass"): networking.ingress_class,
    ("networking.k8s.io", "NetworkPolicy"): networking.network_policy,
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): webhooks.configuration,
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): webhooks.configuration,
}


def validate(kind: Kind, data: Json, old: Json = None) -> list[FieldError]:
    """The faults of an object that is to be stored, or to take the place of `old`."""
    own = _VALIDATORS.get((kind.group, kind.kind))
    if own is not None:
        return own(data, old)
    if kind.group == "rbac.authorization.k8s.io":
        return others.named_like_a_path(data, old)
    return (others.any_namespaced if kind.namespaced else others.any_cluster_scoped)(data, old)
