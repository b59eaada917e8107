"""Where ingress-nginx sends the requests of one backend.

Responsible for: what it takes for a port of the Service, which endpoints count, ExternalName Services.
Leaves to others: choosing the backend (`ingress`, `ingress_nginx`), whether the endpoints answer (`behind_proxy`).
Mirrors: kubernetes/ingress-nginx `internal/ingress/controller/{controller,endpointslices}.go` (serviceEndpoints, externalNamePorts,
getEndpointsFromSlices) and `rootfs/etc/nginx/lua/util/dns.lua`. The Ingress API promises neither the lenient port nor ExternalName.
"""

from __future__ import annotations

from simulator import dns
from simulator.api.core_v1 import Service, ServicePort, is_address
from simulator.api.ingress_v1 import IngressBackend
from simulator.cluster import Cluster
from simulator.dataplane.endpoints import Endpoint, EndpointSet, behind, pod_at, serving

OUTSIDE = "OutsideTheCluster"
"""The reason of an empty set where the requests leave the cluster: whether they are answered is not known."""

UNREACHABLE = "ExternalNameUnreachable"
"""The reason of an empty set where ingress-nginx has an address to dial, and nobody is there: 502, not 503."""

_NAMESPACE = "ingress-nginx"
"""Whose search list its look-ups go through: the controller's own (modelled: its usual namespace)."""


def endpoints_of(cluster: Cluster, backend: IngressBackend) -> EndpointSet:
    """The endpoints that ingress-nginx has for a backend; only ready ones count, terminating ones never stand in."""
    stored = cluster.find(backend.service)
    if stored is None or stored.kind != "Service":
        return serving(cluster, backend.service, backend.port)
    service = Service.of(stored)
    if service.type == "ExternalName":
        return _external(cluster, service, backend.port)
    port = service_port(service, backend.port)
    if port is None:
        return serving(cluster, backend.service, backend.port)
    return behind(cluster, service, port, last_resort=False)


def service_port(service: Service, wanted: int | str) -> ServicePort | None:
    """The first port whose number, targetPort or name is what the backend says: ingress-nginx compares with all three."""
    text = str(wanted)
    return next((port for port in service.ports if text in (str(port.port), str(port.target), port.name)), None)


def _external(cluster: Cluster, service: Service, wanted: int | str) -> EndpointSet:
    number = _external_port(service, wanted)
    name, start = service.external_name, f"Service {service.ref.name} stands for {service.external_name}"
    if name == "localhost" or name.startswith("127."):
        return EndpointSet(service, None, reason="ExternalName", message=f"{start}, and ingress-nginx does not send to itself")
    if is_address(name):
        return _at(cluster, service, name, number, start)
    domain = cluster.profile.cluster_domain
    searches = (f"{_NAMESPACE}.svc.{domain}", f"svc.{domain}", domain)
    found = dns.resolve(cluster, dns.Resolver(("cluster",), searches, (("ndots", "5"),), True), name, "A")
    if found.upstream:
        return EndpointSet(service, None, reason=OUTSIDE, message=f"{start}, port {number}, outside the cluster")
    addresses = [record.value for record in found.records if record.type == "A"]
    if not addresses:
        return EndpointSet(service, None, reason=UNREACHABLE, message=f"{start}, a name that does not resolve ({found.rcode})")
    sets = [_at(cluster, service, address, number, start) for address in addresses]
    endpoints = tuple(endpoint for each in sets for endpoint in each.endpoints)
    return EndpointSet(service, None, endpoints, endpoints, message=sets[0].message) if endpoints else sets[0]


def _at(cluster: Cluster, service: Service, address: str, number: int, start: str) -> EndpointSet:
    """Who takes a connection to one address: the endpoints of the Service that has it, or the Pod."""
    pod = pod_at(cluster, address)
    if pod is not None:
        stored = cluster.find(pod)
        node = str(stored.spec.get("nodeName") or "") if stored else ""
        return EndpointSet(
            service, None, (Endpoint(address, number, pod, node, ""),), message=f"{start}: the controller resolves it itself"
        )
    owner = next((each for each in map(Service.of, cluster.of("Service")) if address in each.cluster_ips), None)
    if owner is None:
        return EndpointSet(service, None, reason=OUTSIDE, message=f"{start}, port {number}, outside the cluster")
    found = serving(cluster, owner.ref, number, "TCP")
    if found.endpoints:
        message = f"{start}: the controller resolves it itself, and kube-proxy leads the connection on"
        return EndpointSet(service, None, found.endpoints, found.known, message=message)
    return EndpointSet(service, None, reason=UNREACHABLE, message=f"{start}, where nobody takes the connection: {found.message}")


def _external_port(service: Service, wanted: int | str) -> int:
    """The port that is dialled: the Service's own targetPort where the backend names one of its ports, else the number as it stands."""
    for port in service.ports:
        if wanted in (port.port, port.name):
            return port.target if isinstance(port.target, int) else port.port if wanted == port.name else 0
    return wanted if isinstance(wanted, int) else 0
