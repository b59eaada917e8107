"""What the Gateway API's objects refer to: does it exist, is it of use, and may it be referred to from there.

Responsible for: ReferenceGrants, backends of routes, certificates of listeners, certificate authorities.
Leaves to others: what a reference that fails does to a listener (`gateway_listeners`), a route (`gateway`) or a request (`dataplane`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/referencegrant_types.go`, the ResolvedRefs reasons of `apis/v1/*_types.go`.
Modelled: a port that the Service does not have counts as a backend that is not found, as Cilium, kgateway and Kuma have it.
"""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.api.core_v1 import Service
from simulator.api.diagnostics import Basis
from simulator.api.gateway_v1 import GROUP, BackendRef, ObjectReference, ParentReference
from simulator.api.meta import Object
from simulator.cluster import Cluster
from simulator.x509 import Certificate, certificates, pem_blocks

APP_PROTOCOLS = ("kubernetes.io/h2c", "kubernetes.io/ws", "kubernetes.io/wss")
"""The `kubernetes.io/` appProtocols that a Gateway is taken to speak to its backends."""

REDACTED = frozenset({"REDACTED!", "redacted"})
"""What stands in place of a Secret's value that was taken out before. Such a Secret is taken to hold what its keys promise."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a reference cannot be used: a reason of the API and a sentence. `basis`: on whose word it cannot."""

    reason: str
    message: str
    basis: Basis = Basis.SPECIFIED


def permitted(cluster: Cluster, kind: str, namespace: str, to: ObjectReference) -> bool:
    """Whether an object of this Gateway API kind in `namespace` may refer to `to`: in its own namespace, or by a ReferenceGrant there."""
    if namespace == to.namespace:
        return True
    return any(
        (GROUP, kind, namespace) in sources
        and any(group == to.group and k == to.kind and name in ("", to.name) for group, k, name in targets)
        for sources, targets in cluster.derived(_grants).get(to.namespace, ())
    )


_Grant = tuple[frozenset[tuple[str, str, str]], tuple[tuple[str, str, str], ...]]


def _grants(cluster: Cluster) -> Mapping[str, Sequence[_Grant]]:
    found: dict[str, list[_Grant]] = defaultdict(list)
    for grant in cluster.of("ReferenceGrant"):
        sources = frozenset((s.get("group") or "", s.get("kind") or "", s.get("namespace") or "") for s in grant.spec.get("from") or ())
        targets = tuple((t.get("group") or "", t.get("kind") or "", t.get("name") or "") for t in grant.spec.get("to") or ())
        found[grant.namespace].append((sources, targets))
    return found


def _not_permitted(kind: str, namespace: str, to: ObjectReference) -> Fault:
    return Fault(
        "RefNotPermitted",
        f"{to.kind} {to.namespace}/{to.name} is in another namespace, and no ReferenceGrant in {to.namespace} "
        f"lets a {kind} in {namespace} refer to it",
    )


def backend_fault(cluster: Cluster, route: Object, backend: BackendRef) -> Fault | None:
    """Why a route's backend cannot be used; None where it can (it may still have no endpoints)."""
    to = backend.target
    if (to.group, to.kind) != ("", "Service"):
        return Fault("InvalidKind", f"backend {to.kind or '?'}.{to.group or 'core'} is not a kind that this Gateway can send to")
    if not permitted(cluster, route.kind, route.namespace, to) and not _is_parent(route, to):
        return _not_permitted(route.kind, route.namespace, to)
    stored = cluster.find(to.ref)
    if stored is None:
        return Fault("BackendNotFound", f'there is no Service "{to.name}" in namespace "{to.namespace}"')
    service = Service.of(stored)
    if backend.port is None:
        return Fault("BackendNotFound", f"the backend names no port of Service {to.namespace}/{to.name}")
    port = service.port(backend.port, protocol_of(route.kind))
    if port is None:
        has = ", ".join(f"{p.port}/{p.protocol}" for p in service.ports) or "none"
        message = f"Service {to.namespace}/{to.name} has no port {backend.port}/{protocol_of(route.kind)} (it has {has})"
        return Fault("BackendNotFound", message, Basis.MODELLED)
    if port.app_protocol.startswith("kubernetes.io/") and port.app_protocol not in APP_PROTOCOLS:
        return Fault("UnsupportedProtocol", f"appProtocol {port.app_protocol} of Service {to.namespace}/{to.name} is not supported")
    return None


def _is_parent(route: Object, to: ObjectReference) -> bool:
    """Whether the Service is the very one that the route is attached to (mesh): its clients reach it anyway, no grant is needed."""
    parents = (ParentReference.of(parent, route.namespace) for parent in route.spec.get("parentRefs") or ())
    return any((parent.group, parent.ref) == (to.group, to.ref) for parent in parents)


def protocol_of(route_kind: str) -> str:
    """The transport protocol of a route kind's backends."""
    return "UDP" if route_kind == "UDPRoute" else "TCP"


def certificate_fault(cluster: Cluster, kind: str, namespace: str, to: ObjectReference) -> Fault | None:
    """Why the Secret of a listener, or of a Gateway's client side, is no certificate with its key; None where it is.

    The reason is RefNotPermitted or InvalidCertificateRef. `kind` and `namespace` are the referring object's.
    """
    if (to.group, to.kind) != ("", "Secret"):
        return Fault("InvalidCertificateRef", f"{to.kind}.{to.group or 'core'} cannot hold a certificate; a core Secret can")
    if not permitted(cluster, kind, namespace, to):
        return _not_permitted(kind, namespace, to)
    secret = cluster.find(to.ref)
    if secret is None:
        return Fault("InvalidCertificateRef", f'there is no Secret "{to.name}" in namespace "{to.namespace}"')
    for key, label, what in (("tls.crt", "CERTIFICATE", "certificate"), ("tls.key", "PRIVATE KEY", "private key")):
        text = secret_text(secret, key)
        if text not in REDACTED and not pem_blocks(text, label):
            return Fault("InvalidCertificateRef", f"{key} of Secret {to.namespace}/{to.name} holds no PEM {what}")
    return None


def secret_text(secret: Object, key: str) -> str:
    """The decoded text of one key of a Secret; empty where there is none or it is not base64 text."""
    plain = (secret.data.get("stringData") or {}).get(key)
    if isinstance(plain, str):
        return plain
    encoded = (secret.data.get("data") or {}).get(key)
    try:
        return base64.b64decode("".join(encoded.split()), validate=True).decode("latin-1") if isinstance(encoded, str) else ""
    except (binascii.Error, ValueError):
        return ""


@dataclass(frozen=True, slots=True)
class Authorities:
    """The certificate authorities that references lead to, and the first reference that leads nowhere."""

    certificates: tuple[Certificate, ...]
    fault: Fault | None

    @property
    def usable(self) -> bool:
        return bool(self.certificates)


def authorities(cluster: Cluster, kind: str, namespace: str, refs: Sequence[ObjectReference]) -> Authorities:
    """The authorities in ConfigMaps (key `ca.crt`). Reasons: InvalidCACertificateKind, InvalidCACertificateRef, RefNotPermitted."""
    found: list[Certificate] = []
    fault: Fault | None = None
    for to in refs:
        one, wrong = _authority(cluster, kind, namespace, to)
        found += one
        fault = fault or wrong
    return Authorities(tuple(found), fault)


def _authority(cluster: Cluster, kind: str, namespace: str, to: ObjectReference) -> tuple[Sequence[Certificate], Fault | None]:
    if (to.group, to.kind) != ("", "ConfigMap"):
        return (), Fault("InvalidCACertificateKind", f"{to.kind}.{to.group or 'core'} cannot hold a CA certificate; a core ConfigMap can")
    if not permitted(cluster, kind, namespace, to):
        return (), _not_permitted(kind, namespace, to)
    held = cluster.find(to.ref)
    if held is None:
        return (), Fault("InvalidCACertificateRef", f'there is no ConfigMap "{to.name}" in namespace "{to.namespace}"')
    text = (held.data.get("data") or {}).get("ca.crt")
    read = certificates(text) if isinstance(text, str) else []
    if not read:
        return (), Fault("InvalidCACertificateRef", f"ca.crt of ConfigMap {to.namespace}/{to.name} holds no PEM certificate")
    return read, None
