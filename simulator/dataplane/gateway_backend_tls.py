"""TLS from a Gateway to a backend, where a BackendTLSPolicy asks for it.

Responsible for: which name is asked for, and whether the backend's certificate stands the test.
Leaves to others: which policy holds (`controllers.gateway_policies`), what the client sees (`gateway_http`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/backendtlspolicy_types.go` (validation). That a Pod shows the first TLS certificate among
the Secrets that it mounts is modelled, and that a Pod without one shows a good one; so are authorities that the simulator cannot see.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.api.core_v1 import Service
from simulator.api.meta import Ref
from simulator.cluster import Cluster
from simulator.controllers.gateway_policies import PolicyState, policy_for
from simulator.controllers.gateway_references import secret_text
from simulator.dataplane.endpoints import EndpointSet
from simulator.x509 import Certificate, certificates


@dataclass(frozen=True, slots=True)
class BackendTLS:
    """How a Gateway speaks TLS to a backend: `sni` is the name it asks for. `status` is 0, or what the client gets for `reason`."""

    policy: PolicyState
    sni: str
    status: int = 0
    reason: str = ""


def backend_tls(cluster: Cluster, found: EndpointSet) -> BackendTLS | None:
    """The TLS to the endpoints of a Service's port; None where no policy asks for it. All endpoints stand or fall together."""
    service: Service | None = found.service
    if service is None or found.port is None:
        return None
    state = policy_for(cluster, service.ref, found.port.name)
    if state is None:
        return None
    name = f"BackendTLSPolicy {state.policy.object.name}"
    sni = state.policy.hostname
    if state.fault is not None:
        return BackendTLS(state, sni, 500, f"{name} is not accepted ({state.fault.reason}): {state.fault.message}")
    for endpoint in found.endpoints:
        shown = _certificate(cluster, endpoint.pod) if endpoint.pod else None
        wrong = _objection(state, shown) if shown else ""
        if wrong:
            return BackendTLS(state, sni, 503, f"the TLS handshake with {endpoint.ip}:{endpoint.port} fails by {name}: {wrong}")
    return BackendTLS(state, sni)


def _certificate(cluster: Cluster, pod: Ref) -> Certificate | None:
    stored = cluster.find(pod)
    for volume in (stored.spec.get("volumes") or ()) if stored else ():
        secret = cluster.get("Secret", pod.namespace, (volume.get("secret") or {}).get("secretName") or "")
        read = certificates(secret_text(secret, "tls.crt")) if secret else []
        if read:
            return read[0]
    return None


def _objection(state: PolicyState, shown: Certificate) -> str:
    """What the policy has against the certificate; "" where nothing."""
    policy = state.policy
    if policy.alternative_names:
        wanted = [name for kind, name in policy.alternative_names if kind == "Hostname" and shown.names_host(name)]
        wanted += [name for kind, name in policy.alternative_names if kind == "URI" and name in shown.uris]
        if not wanted:
            return f"the certificate has none of the names {', '.join(name for _, name in policy.alternative_names)}"
    elif not shown.names_host(policy.hostname):
        return f"the certificate is for {', '.join(shown.dns_names) or 'no name'}, not for {policy.hostname}"
    trusted = state.authorities.certificates
    if trusted and all(shown.signed_by(authority) is False for authority in trusted):
        return "the certificate is not signed by the policy's CA"
    return ""
