"""The kinds that a cluster serves, under the names that people and kubectl use for them.

Responsible for: kind, plural, short names, group, scope, and which of them `all` means.
Leaves to others: what the kinds' fields mean (`core_v1` and its siblings), printing (`simulator.kubectl`).
Mirrors: what `kubectl api-resources` shows of Kubernetes 1.36 with the Gateway API 1.6 (standard channel).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resource:
    """One row of `kubectl api-resources`. `plural` is the resource's name; `group` is "" for the core group."""

    kind: str
    plural: str
    group: str = ""
    short_names: tuple[str, ...] = ()
    namespaced: bool = True
    in_all: bool = False

    @property
    def singular(self) -> str:
        return self.kind.lower()

    @property
    def qualified(self) -> str:
        """`deployments.apps`: as error messages name it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def named(self, name: str) -> str:
        """`deployment.apps/web`: as `-o name` and mixed tables show one object."""
        return f"{self.singular}.{self.group}/{name}" if self.group else f"{self.singular}/{name}"


_ADMISSION = "admissionregistration.k8s.io"
_GATEWAY = "gateway.networking.k8s.io"
_NETWORKING = "networking.k8s.io"
_RBAC = "rbac.authorization.k8s.io"

RESOURCES = (
    Resource("ConfigMap", "configmaps", "", ("cm",)),
    Resource("Endpoints", "endpoints", "", ("ep",)),
    Resource("Event", "events", "", ("ev",)),
    Resource("LimitRange", "limitranges", "", ("limits",)),
    Resource("Namespace", "namespaces", "", ("ns",), namespaced=False),
    Resource("Node", "nodes", "", ("no",), namespaced=False),
    Resource("PersistentVolumeClaim", "persistentvolumeclaims", "", ("pvc",)),
    Resource("PersistentVolume", "persistentvolumes", "", ("pv",), namespaced=False),
    Resource("Pod", "pods", "", ("po",), in_all=True),
    Resource("ReplicationController", "replicationcontrollers", "", ("rc",), in_all=True),
    Resource("ResourceQuota", "resourcequotas", "", ("quota",)),
    Resource("Secret", "secrets"),
    Resource("ServiceAccount", "serviceaccounts", "", ("sa",)),
    Resource("Service", "services", "", ("svc",), in_all=True),
    Resource("MutatingWebhookConfiguration", "mutatingwebhookconfigurations", _ADMISSION, namespaced=False),
    Resource("ValidatingWebhookConfiguration", "validatingwebhookconfigurations", _ADMISSION, namespaced=False),
    Resource("DaemonSet", "daemonsets", "apps", ("ds",), in_all=True),
    Resource("Deployment", "deployments", "apps", ("deploy",), in_all=True),
    Resource("ReplicaSet", "replicasets", "apps", ("rs",), in_all=True),
    Resource("StatefulSet", "statefulsets", "apps", ("sts",), in_all=True),
    Resource("HorizontalPodAutoscaler", "horizontalpodautoscalers", "autoscaling", ("hpa",), in_all=True),
    Resource("CronJob", "cronjobs", "batch", ("cj",), in_all=True),
    Resource("Job", "jobs", "batch", in_all=True),
    Resource("Lease", "leases", "coordination.k8s.io"),
    Resource("EndpointSlice", "endpointslices", "discovery.k8s.io"),
    Resource("BackendTLSPolicy", "backendtlspolicies", _GATEWAY, ("btlspolicy",)),
    Resource("GatewayClass", "gatewayclasses", _GATEWAY, ("gc",), namespaced=False),
    Resource("Gateway", "gateways", _GATEWAY, ("gtw",)),
    Resource("GRPCRoute", "grpcroutes", _GATEWAY),
    Resource("HTTPRoute", "httproutes", _GATEWAY),
    Resource("ListenerSet", "listenersets", _GATEWAY, ("lset",)),
    Resource("ReferenceGrant", "referencegrants", _GATEWAY, ("refgrant",)),
    Resource("TCPRoute", "tcproutes", _GATEWAY),
    Resource("TLSRoute", "tlsroutes", _GATEWAY),
    Resource("UDPRoute", "udproutes", _GATEWAY),
    Resource("IngressClass", "ingressclasses", _NETWORKING, namespaced=False),
    Resource("Ingress", "ingresses", _NETWORKING, ("ing",)),
    Resource("NetworkPolicy", "networkpolicies", _NETWORKING, ("netpol",)),
    Resource("IPAddress", "ipaddresses", _NETWORKING, ("ip",), namespaced=False),
    Resource("ServiceCIDR", "servicecidrs", _NETWORKING, namespaced=False),
    Resource("PodDisruptionBudget", "poddisruptionbudgets", "policy", ("pdb",)),
    Resource("ClusterRoleBinding", "clusterrolebindings", _RBAC, namespaced=False),
    Resource("ClusterRole", "clusterroles", _RBAC, namespaced=False),
    Resource("RoleBinding", "rolebindings", _RBAC),
    Resource("Role", "roles", _RBAC),
    Resource("PriorityClass", "priorityclasses", "scheduling.k8s.io", ("pc",), namespaced=False),
    Resource("StorageClass", "storageclasses", "storage.k8s.io", ("sc",), namespaced=False),
)
"""In the order of `kubectl api-resources`, which is also the order of `kubectl get all`."""

BY_KIND = {resource.kind: resource for resource in RESOURCES}


def _names(resource: Resource) -> Iterator[str]:
    yield from (*resource.short_names, resource.plural, resource.singular)
    if resource.group:
        yield from (f"{resource.plural}.{resource.group}", f"{resource.singular}.{resource.group}")


_BY_NAME = {name: resource for resource in reversed(RESOURCES) for name in _names(resource)}


def find_resource(word: str) -> Resource | None:
    """The resource that a person's word means: plural, singular, kind, short name, or with its group (`deployments.apps`).

    As kubectl's RESTMapper does: letter case does not matter except in short names; a version (`deployments.v1.apps`) may stand in between.
    """
    if word in _BY_NAME:
        return _BY_NAME[word]
    found = _BY_NAME.get(word.lower())
    if found is not None and word.lower() not in found.short_names:
        return found
    plural, _, rest = word.lower().partition(".")
    version, _, group = rest.partition(".")
    if version.startswith("v") and version[1:2].isdigit():
        found = _BY_NAME.get(plural)
        return found if found is not None and plural not in found.short_names and found.group == group else None
    return None
