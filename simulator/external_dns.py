"""Which records ExternalDNS would write for Services, Ingresses and routes.

Responsible for: names from annotations, Ingress hosts and route hostnames; their targets from the objects' status.
Leaves to others: writing them anywhere. A model of kubernetes-sigs/external-dns `docs/sources/`, with all sources on, no filters, and
the default policy; TXT records of ownership, and the Pods of headless Services, are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from simulator.api.core_v1 import Service
from simulator.api.ingress_v1 import Ingress
from simulator.api.meta import Json, Object, Ref
from simulator.api.traffic import Record
from simulator.cluster import Cluster
from simulator.controllers.gateway_attachment import attachments
from simulator.controllers.gateway_listeners import GatewayState

HOSTNAME = "external-dns.alpha.kubernetes.io/hostname"
TARGET = "external-dns.alpha.kubernetes.io/target"


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """One record with the object that asks for it."""

    source: Ref
    record: Record


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A name that an object asks for and does not get, and why."""

    source: Ref
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Zone:
    records: tuple[DnsRecord, ...]
    unwritten: tuple[Unwritten, ...]


def external_dns_records(cluster: Cluster) -> Zone:
    """All records, in the order of the objects, and the names that get none."""
    written: dict[tuple[Ref, Record], DnsRecord] = {}
    unwritten = []
    for source, name, targets, reason in (*_services(cluster), *_ingresses(cluster), *_routes(cluster)):
        if not targets:
            unwritten.append(Unwritten(source, name, reason))
        for target in targets:
            record = Record(name, _type(target), target)
            written.setdefault((source, record), DnsRecord(source, record))
    return Zone(tuple(written.values()), tuple(unwritten))


_Asked = tuple[Ref, str, Sequence[str], str]
"""Source, name, targets, and why there are none."""


def _names(obj: Object) -> list[str]:
    return [name.strip() for name in obj.annotations.get(HOSTNAME, "").split(",") if name.strip()]


def _targets(obj: Object, given: Sequence[str]) -> Sequence[str]:
    """The targets of an object's status, unless its annotation names others."""
    stated = [target.strip() for target in obj.annotations.get(TARGET, "").split(",") if target.strip()]
    return stated or given


def _load_balancer(obj: Object) -> list[str]:
    entries: Sequence[Json] = (obj.status.get("loadBalancer") or {}).get("ingress") or ()
    return [entry.get("ip") or entry.get("hostname") or "" for entry in entries if entry.get("ip") or entry.get("hostname")]


def _services(cluster: Cluster) -> Iterator[_Asked]:
    for obj in cluster.of("Service"):
        service = Service.of(obj)
        if service.type == "LoadBalancer":
            targets, reason = [*_load_balancer(obj), *service.external_ips], "the Service has no external address yet"
        elif service.type == "ExternalName":
            targets, reason = [service.external_name], ""
        else:
            targets, reason = list(service.external_ips), f"a Service of type {service.type} has no external address of its own"
        for name in _names(obj):
            yield obj.ref, name, _targets(obj, targets), reason


def _ingresses(cluster: Cluster) -> Iterator[_Asked]:
    for obj in cluster.of("Ingress"):
        ingress = Ingress.of(obj)
        tls = [host for hosts, _ in ingress.tls for host in hosts]
        for name in dict.fromkeys([*filter(None, ingress.hosts), *tls, *_names(obj)]):
            yield obj.ref, name, _targets(obj, _load_balancer(obj)), "the Ingress has no address: no controller serves it"


def _routes(cluster: Cluster) -> Iterator[_Asked]:
    """A route's names are those that it shares with a listener that took it; the target is the Gateway's address."""
    known = attachments(cluster)
    for ref, each in known.by_route.items():
        for attachment in each:
            gateway, route = attachment.gateway, attachment.route
            if gateway is None:
                continue
            addresses = _targets(gateway.gateway.object, [value for _, value in gateway.addresses])
            if attachment.fault is not None:
                names, reason = [*route.hostnames, *_names(route.object)], f"the route is not accepted: {attachment.fault.reason}"
                addresses = []
            else:
                names, reason = [*_shared(cluster, gateway, ref), *_names(route.object)], "the Gateway has no address"
            for name in dict.fromkeys(names):
                yield ref, name, addresses, reason


def _shared(cluster: Cluster, gateway: GatewayState, route: Ref) -> list[str]:
    taken = attachments(cluster).by_listener
    return [
        name
        for state in gateway.all_listeners
        for attached in taken.get(state.key, ())
        if attached.route.object.ref == route
        for name in attached.hostnames
        if name
    ]


def _type(target: str) -> str:
    try:
        return "A" if ip_address(target).version == 4 else "AAAA"
    except ValueError:
        return "CNAME"
