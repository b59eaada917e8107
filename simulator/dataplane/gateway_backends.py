"""The backends of a rule with their weights: who gets which share of the requests, and what becomes of the share of a bad backend.

Responsible for: weights as shares, spread over the endpoints; the share that ends in 500 (bad reference) or 503 (no endpoints, no TLS).
Leaves to others: filters, TLS itself (`gateway_backend_tls`), what a client sees (`gateway_http`, `gateway_streams`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/shared_types.go` (weight) and `httproute_types.go` (backendRefs: 500 for invalid references,
503 without endpoints). That every endpoint of a Service gets the same share is modelled; proxies balance in their own ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from simulator.api.diagnostics import Basis
from simulator.api.gateway_v1 import BackendRef, Route
from simulator.api.traffic import Backend
from simulator.cluster import Cluster
from simulator.controllers.gateway_references import backend_fault, protocol_of
from simulator.dataplane.behind_proxy import alive
from simulator.dataplane.endpoints import EndpointSet, serving
from simulator.dataplane.gateway_backend_tls import BackendTLS, backend_tls


@dataclass(frozen=True, slots=True)
class Share:
    """One backendRef with its part (0 to 1) of the requests. `status` is 0 where it can answer, else 500 or 503 with why."""

    backend: BackendRef
    part: float
    endpoints: EndpointSet | None
    tls: BackendTLS | None = None
    status: int = 0
    reason: str = ""
    basis: Basis = Basis.SPECIFIED

    def backends(self) -> tuple[Backend, ...]:
        """The endpoints behind it with their shares; empty where it cannot answer."""
        if self.status or self.endpoints is None:
            return ()
        found = self.endpoints.endpoints
        ref, port = self.backend.target.ref, self.backend.port
        return tuple(Backend(ref, port, e.pod, e.node, e.ip, e.port, self.part / len(found)) for e in found)


def shares(cluster: Cluster, route: Route, backends: Sequence[BackendRef]) -> tuple[Share, ...]:
    """The backends that get any requests. Empty where there is none, or no weight at all."""
    total = sum(backend.weight for backend in backends)
    return tuple(_share(cluster, route, b, b.weight / total) for b in backends if b.weight > 0) if total > 0 else ()


def _share(cluster: Cluster, route: Route, backend: BackendRef, part: float) -> Share:
    fault = backend_fault(cluster, route.object, backend)
    if fault is not None:
        return Share(backend, part, None, None, 500, f"{fault.reason}: {fault.message}", fault.basis)
    found = serving(cluster, backend.target.ref, backend.port or 0, protocol_of(route.kind))
    if not found.endpoints:
        return Share(backend, part, found, None, 503, f"{found.reason}: {found.message}")
    reached = alive(cluster, found.endpoints, protocol_of(route.kind))
    if not reached:
        first = found.endpoints[0]
        reason = f"nothing listens on {first.ip}:{first.port}, so the connection is refused"
        return Share(backend, part, found, None, 503, reason, Basis.MODELLED)
    found = replace(found, endpoints=reached)
    tls = backend_tls(cluster, found)
    return Share(backend, part, found, tls, tls.status, tls.reason) if tls else Share(backend, part, found)


def percent(part: float) -> str:
    return f"{part * 100:.4g} %"


def split(found: Sequence[Share]) -> str:
    """The shares in words: `90 % web-v1:8080, 10 % web-v2:8080`."""
    return ", ".join(f"{percent(s.part)} {s.backend.target.name}:{s.backend.port}" for s in found)
