"""Where a name leads from outside the cluster: to a Gateway, an Ingress, or a Service with a load balancer.

Responsible for: the object that serves a name, and why the name is taken to lead there.
Leaves to others: the way from that object on (`gateway`, `ingress`, `trace`), names inside the cluster (`dns`), which records ExternalDNS
writes (`external_dns`).
Modelled: no zone outside is known, so who serves a name is taken to have had it pointed there.
"""

from __future__ import annotations

from simulator.api.diagnostics import Basis
from simulator.api.meta import Object, Ref
from simulator.api.traffic import Hop
from simulator.cluster import Cluster
from simulator.dataplane import gateway, ingress
from simulator.dataplane.hops import hop


def leads_to(cluster: Cluster, host: str, port: int) -> tuple[Ref, Hop] | None:
    """Who serves the name, and the hop that tells why; None where nobody does."""
    found = gateway.gateway_for_host(cluster, host, port) or ingress.ingress_for_host(cluster, host)
    if found is not None:
        reason = f"{host} is among its names; the owner of the name is taken to have pointed it there, by hand or with ExternalDNS"
        return found, Hop("dns", f"leads to {found}", reason, found, Basis.MODELLED)
    balanced = next((obj for obj in cluster.of("Service") if host in _published(obj)), None)
    if balanced is None:
        return None
    reason = f"{balanced.ref} asks ExternalDNS for the name {host}"
    return balanced.ref, hop("dns", f"leads to {balanced.ref}", reason, balanced, ("metadata", "annotations"), Basis.MODELLED)


def unserved(cluster: Cluster, host: str) -> Ref | None:
    """A Gateway or Ingress that has the name and that no controller serves."""
    return gateway.unserved_gateway_for_host(cluster, host) or ingress.unserved_ingress_for_host(cluster, host)


def _published(service: Object) -> list[str]:
    """The names that a Service with a load balancer asks ExternalDNS for."""
    given = service.annotations.get("external-dns.alpha.kubernetes.io/hostname", "") if service.spec.get("type") == "LoadBalancer" else ""
    return [name.strip().rstrip(".") for name in given.split(",") if name.strip()]
