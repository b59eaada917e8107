"""The endpoints behind one port of a Service, as whoever reads EndpointSlices sees them: kube-proxy, Ingress controllers, Gateways.

Responsible for: joining the slices of a Service, and saying why there is nobody to send to.
Leaves to others: choosing among the endpoints by node and policy (`service_proxy`), weights and routes (`gateway`, `ingress`).
Mirrors: kubernetes `pkg/proxy/endpointslicecache.go`, and `topology.go` for the fallback to terminating endpoints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.api.core_v1 import Pod, Service, ServicePort
from simulator.api.discovery_v1 import SERVICE_NAME, EndpointSlice
from simulator.api.meta import Ref
from simulator.cluster import Cluster


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address and port that a Service may send to. `port` is the target port; `pod` None where no Pod has the address."""

    ip: str
    port: int
    pod: Ref | None
    node: str
    zone: str
    ready: bool = True
    serving: bool = True
    terminating: bool = False
    zone_hints: tuple[str, ...] = ()
    node_hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EndpointSet:
    """The endpoints of a Service's port, cluster-wide.

    `endpoints` may be sent to: the ready ones or, where none is ready, those that still serve while they terminate. `known` are
    all that the slices name, whatever their state. Where `endpoints` is empty, `reason` is a CamelCase word and `message` a
    sentence that says why: ServiceNotFound, ExternalName, PortNotFound, NoEndpointSlices, SelectorMatchesNoPod,
    PodsWithoutAddress, PodsFinished, NamedPortNotFound, PortNotInSlices, NoReadyEndpoints.
    """

    service: Service | None
    port: ServicePort | None
    endpoints: tuple[Endpoint, ...] = ()
    known: tuple[Endpoint, ...] = ()
    reason: str = ""
    message: str = ""


def serving(cluster: Cluster, service: Ref, port: int | str, protocol: str | None = None, family: str | None = None) -> EndpointSet:
    """The endpoints behind a Service's port (its number or its name), of one address family (the Service's first by default)."""
    stored = cluster.find(service)
    if stored is None or stored.kind != "Service":
        message = f'there is no Service "{service.name}" in namespace "{service.namespace}"'
        return EndpointSet(None, None, reason="ServiceNotFound", message=message)
    view = Service.of(stored)
    if view.type == "ExternalName":
        message = f"an ExternalName Service is only a DNS alias of {view.external_name}"
        return EndpointSet(view, None, reason="ExternalName", message=message)
    found = view.port(port, protocol)
    if found is None:
        has = ", ".join(f"{p.port}/{p.protocol}" for p in view.ports) or "none"
        message = f"Service {view.ref.name} has no port {port} (it has {has})"
        return EndpointSet(view, None, reason="PortNotFound", message=message)
    return behind(cluster, view, found, family)


def behind(cluster: Cluster, service: Service, port: ServicePort, family: str | None = None, last_resort: bool = True) -> EndpointSet:
    """The endpoints behind one of a Service's ports. `last_resort`: terminating ones may stand in where none is ready, as in kube-proxy."""
    known = of_port(cluster, service, port, family or service.ip_families[0])
    usable = tuple(e for e in known if e.ready) or tuple(e for e in known if e.serving and e.terminating and last_resort)
    if usable:
        return EndpointSet(service, port, usable, known)
    reason, message = _why_empty(cluster, service, port, known)
    return EndpointSet(service, port, (), known, reason, message)


def of_port(cluster: Cluster, service: Service, port: ServicePort, family: str) -> tuple[Endpoint, ...]:
    """Every endpoint that the slices of a Service name for this port, in the order of their addresses.

    Only an endpoint's first address counts; of two with one address and port, one that does not terminate wins.
    """
    found: dict[tuple[str, int], Endpoint] = {}
    for each in slices_of(cluster, service.ref):
        if each.address_type != family:
            continue
        numbers = [p.port for p in each.ports if p.name == port.name and p.protocol == port.protocol and p.port is not None]
        for endpoint in each.endpoints:
            for number in numbers:
                if not endpoint.addresses:
                    continue
                ip = endpoint.addresses[0]
                held = found.get((ip, number))
                if held is not None and (endpoint.terminating or not held.terminating):
                    continue
                pod = endpoint.pod or pod_at(cluster, ip)
                found[ip, number] = Endpoint(
                    ip, number, pod, endpoint.node, endpoint.zone, endpoint.ready, endpoint.serving, endpoint.terminating,
                    endpoint.zone_hints, endpoint.node_hints,
                )  # fmt: skip
    return tuple(found[key] for key in sorted(found, key=lambda key: (_address_order(key[0]), key[1])))


def slices_of(cluster: Cluster, service: Ref) -> Iterable[EndpointSlice]:
    """The EndpointSlices that name a Service by their label, hand-made ones included."""
    return [EndpointSlice.of(s) for s in cluster.selected("EndpointSlice", service.namespace, {SERVICE_NAME: service.name})]


def pod_at(cluster: Cluster, ip: str) -> Ref | None:
    """The Pod that has this address on the Pod network; host-network Pods share their node's and are not told apart by it."""
    return cluster.derived(_pods_by_ip).get(ip)


def _pods_by_ip(cluster: Cluster) -> dict[str, Ref]:
    pods = (Pod.of(obj) for obj in cluster.of("Pod"))
    return {ip: pod.ref for pod in pods if not pod.finished and not pod.host_network for ip in pod.ips}


def _address_order(ip: str) -> tuple[str, ...]:
    return tuple(part.rjust(4) for part in ip.replace(":", ".").split("."))


def _why_empty(cluster: Cluster, service: Service, port: ServicePort, known: tuple[Endpoint, ...]) -> tuple[str, str]:
    if known:
        return "NoReadyEndpoints", f"none of the {len(known)} endpoints of Service {service.ref.name} is ready"
    if service.selector is None:
        if any(each.endpoints for each in slices_of(cluster, service.ref)):
            wanted = f'named "{port.name}"' if port.name else "without a name"
            return "PortNotInSlices", f"no EndpointSlice of Service {service.ref.name} has a {port.protocol} port {wanted}"
        return "NoEndpointSlices", f"Service {service.ref.name} has no selector, and no EndpointSlice names it"
    asked = ",".join(f"{key}={value}" for key, value in sorted(service.selector.items()))
    pods = [Pod.of(obj) for obj in cluster.selected("Pod", service.ref.namespace, service.selector)]
    if not pods:
        return "SelectorMatchesNoPod", f"selector {asked} matches no Pod in namespace {service.ref.namespace}"
    live = [pod for pod in pods if not pod.finished]
    if not live:
        return "PodsFinished", f"the {len(pods)} Pods that selector {asked} matches have all ended"
    addressed = [pod for pod in live if pod.ips]
    if not addressed:
        return "PodsWithoutAddress", f"none of the {len(live)} Pods that selector {asked} matches has an address yet"
    if all(pod.target_port(port) is None for pod in addressed):
        return "NamedPortNotFound", f'none of the Pods that selector {asked} matches has a {port.protocol} port named "{port.target}"'
    return "NoReadyEndpoints", f"no Pod that selector {asked} matches is ready"
