"""Names and search lists -> answers, as CoreDNS with its kubernetes plugin gives them.

Responsible for: records of Services, endpoints and Pods, a Pod's resolver file, the ordered queries of its resolver (glibc).
Leaves to others: whether a question reaches the server (`lookups`), what the Corefile sets up (`controllers.coredns`), connecting to
what was found (`trace`).
Mirrors: kubernetes/dns `docs/specification.md` 1.1.0, CoreDNS `plugin/kubernetes` (`kubernetes.go`, `parse.go`, `reverse.go`) with
kubeadm's Corefile (`pods insecure`), kubelet `network/dns`, resolv.conf(5). Modelled: what a server outside the cluster would say.
It knows the profile's sites. Another name under a public or private top-level domain is said to be asked upstream; any other gets the
NXDOMAIN of the root.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address

from simulator.api.core_v1 import Pod, Service, ServicePort, family_of, is_address
from simulator.api.diagnostics import Basis
from simulator.api.discovery_v1 import SERVICE_NAME, EndpointPort, EndpointSlice
from simulator.api.meta import Object, Ref
from simulator.api.traffic import Hop, LookupAnswer, Record
from simulator.cluster import Cluster
from simulator.controllers import coredns

NOERROR, NXDOMAIN, SERVFAIL, REFUSED = "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED"
UNANSWERED = "no answer"
"""In place of an rcode: nobody is there who would answer."""

CLUSTER_DNS = coredns.SERVICE
SCHEMA_VERSION = "1.1.0"
LONGEST_CHAIN = 8
"""CNAMEs that are followed before CoreDNS gives up."""

MAX_NAMESERVERS, MAX_SEARCHES = 3, 32
PUBLIC = frozenset({
    "ai", "app", "at", "au", "be", "biz", "br", "ca", "ch", "cloud", "cn", "co", "com", "cz", "de", "dev", "dk", "edu", "es", "eu", "fi",
    "fr", "gov", "ie", "in", "info", "int", "io", "it", "jp", "kr", "me", "mil", "mx", "net", "nl", "no", "nz", "org", "pl", "pt", "ru",
    "se", "sg", "uk", "us", "za",
})  # fmt: skip
PRIVATE = frozenset({"arpa", "corp", "home", "internal", "intranet", "lan", "local", "private"})


@dataclass(frozen=True, slots=True)
class Resolver:
    """What stands in /etc/resolv.conf. `in_cluster` says whether the first nameserver is the cluster's own DNS."""

    nameservers: tuple[str, ...]
    searches: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    in_cluster: bool

    @property
    def ndots(self) -> int:
        given = dict(self.options).get("ndots", "1")
        return min(int(given), 15) if given.isdecimal() else 1

    def candidates(self, name: str) -> list[str]:
        """The full names that are tried for `name`, in order, each with its trailing dot (resolv.conf(5), glibc)."""
        if name.endswith("."):
            return [name]
        searched = [f"{name}.{domain}." for domain in self.searches]
        return [f"{name}.", *searched] if name.count(".") >= self.ndots else [*searched, f"{name}."]


NODE_RESOLVER = Resolver(("<node's nameserver>",), (), (), False)
"""The node's own file: no search list, and a nameserver outside the cluster (modelled)."""


def resolver_of(cluster: Cluster, pod: Pod | None) -> Resolver:
    """The resolver file of a Pod; None: of whoever asks the cluster's DNS directly, without search list."""
    domain = cluster.profile.cluster_domain
    service = cluster.find(CLUSTER_DNS)
    addresses = Service.of(service).cluster_ips if service else ()
    server = addresses[:1] or ("<cluster DNS>",)
    if pod is None:
        return Resolver(server, (), (), True)
    policy = "Default" if pod.dns_policy == "ClusterFirst" and pod.host_network else pod.dns_policy
    if policy in ("ClusterFirst", "ClusterFirstWithHostNet"):
        searches = (f"{pod.ref.namespace}.svc.{domain}", f"svc.{domain}", domain)
        base = Resolver(server, searches, (("ndots", "5"),), True)
    elif policy == "None":
        base = Resolver((), (), (), False)
    elif pod.host_network or not cluster.profile.node_nameserver:
        base = NODE_RESOLVER
    else:
        base = replace(NODE_RESOLVER, nameservers=(cluster.profile.node_nameserver,))
    config = pod.dns_config
    nameservers = tuple(dict.fromkeys([*base.nameservers, *(config.get("nameservers") or ())]))[:MAX_NAMESERVERS]
    searches = tuple(dict.fromkeys([*base.searches, *(config.get("searches") or ())]))[:MAX_SEARCHES]
    options = {**dict(base.options), **{o.get("name") or "": str(o.get("value") or "") for o in config.get("options") or ()}}
    in_cluster = nameservers[:1] == server or (bool(nameservers) and nameservers[0] in addresses)
    return Resolver(nameservers, searches, tuple(options.items()), in_cluster)


def resolve(cluster: Cluster, resolver: Resolver, name: str, kind: str) -> LookupAnswer:
    """Asks for `name` with a resolver's search list."""
    queries: list[tuple[str, str, str]] = []
    hops: list[Hop] = []
    found = _Found(NXDOMAIN, reason="the resolver has no nameserver")
    for candidate in resolver.candidates(name) if resolver.nameservers else ():
        found = _ask(cluster, resolver, candidate, kind)
        queries.append((candidate, kind, found.rcode))
        hops.append(found.hop(candidate, kind))
        if found.records or found.upstream or found.rcode == UNANSWERED:
            break
    return LookupAnswer(tuple(queries), found.rcode, found.records, tuple(hops), found.upstream)


@dataclass(frozen=True, slots=True)
class _Found:
    rcode: str
    records: tuple[Record, ...] = ()
    reason: str = ""
    object: Ref | None = None
    upstream: bool = False
    basis: Basis = Basis.SPECIFIED

    def hop(self, name: str, kind: str) -> Hop:
        decision = f"{name} {kind}: {', '.join(r.value for r in self.records) or ('asked upstream' if self.upstream else self.rcode)}"
        return Hop("dns", decision, self.reason, self.object, self.basis)


def _ask(cluster: Cluster, resolver: Resolver, name: str, kind: str) -> _Found:
    if not resolver.in_cluster:
        first, of_node = resolver.nameservers[0], cluster.profile.node_nameserver
        if first == of_node and ip_address(first).is_loopback:
            return _Found(UNANSWERED, reason=f"{first} is the node's stub there; in the Pod it is the Pod itself", basis=Basis.MODELLED)
        server = "the node's own nameserver" if first in (*NODE_RESOLVER.nameservers, of_node) else first
        return _outside(cluster, name.rstrip("."), kind, f"{server} is asked, which does not know the cluster's names")
    return _in_cluster(cluster, name.rstrip(".").lower(), kind)


def _in_cluster(cluster: Cluster, name: str, kind: str) -> _Found:
    domain = cluster.profile.cluster_domain.lower()
    servers = cluster.derived(coredns.servers)
    if servers.down:
        return _Found(UNANSWERED, reason=f"no CoreDNS runs: {servers.down}", object=coredns.CONFIG, basis=Basis.MODELLED)
    if (name == domain or name.endswith(f".{domain}")) and servers.serves(name):
        found = _in_zone(cluster, name[: -len(domain)].rstrip("."), name, kind)
        return _chased(cluster, found, name, kind)
    ip = _reversed_address(name)
    if ip is not None and servers.serves(name):
        return _pointers(cluster, name, ip, kind)
    return _forwarded(cluster, name, _outside(cluster, name, kind, "not a name of the cluster's zone, so CoreDNS forwards it"))


def _forwarded(cluster: Cluster, name: str, found: _Found) -> _Found:
    """What comes of a question that CoreDNS hands on: `found`, unless it has nowhere to hand it, or hands it to itself."""
    servers = cluster.derived(coredns.servers)
    targets = servers.targets(name)
    if not targets:
        return _Found(REFUSED, reason="the Corefile forwards no such name", object=coredns.CONFIG, basis=Basis.MODELLED)
    back = [target for target in targets if target in servers.circular]
    if back:
        reason = f"CoreDNS forwards the question to {back[0]}, which is itself, until it gives up"
        return _Found(SERVFAIL, reason=reason, object=coredns.CONFIG, basis=Basis.MODELLED)
    return found


def _outside(cluster: Cluster, name: str, kind: str, reason: str) -> _Found:
    if site := cluster.profile.site(name):
        return _Found(
            NOERROR, _records(site.host, kind, [_address_record(site.address)]), f"{reason}; the site is known", basis=Basis.MODELLED
        )
    top = name.rpartition(".")[2].lower()
    if "." in name and (top in PUBLIC or top in PRIVATE) and not name.lower().endswith(".cluster.local"):
        return _Found(NOERROR, (), reason, upstream=True, basis=Basis.MODELLED)
    return _Found(NXDOMAIN, (), f"{reason}; there is no top-level domain of that name", basis=Basis.MODELLED)


def _in_zone(cluster: Cluster, base: str, name: str, kind: str) -> _Found:
    """The part of a name before the zone: `service.namespace.svc`, `_port._proto.service...`, `host.service...`, `1-2-3-4.ns.pod`."""
    if base == "dns-version":
        return _Found(NOERROR, _records(name, kind, [("TXT", SCHEMA_VERSION, None)]), "the schema version of the cluster's DNS")
    if base in ("", "svc", "pod"):
        return _Found(NOERROR, (), "a part of the zone, without records of its own")
    *labels, branch = base.split(".")
    if branch not in ("svc", "pod") or len(labels) > 4:
        return _Found(NXDOMAIN, (), f"the zone {cluster.profile.cluster_domain} holds only names under svc and pod")
    namespace = labels.pop()
    if cluster.get("Namespace", "", namespace) is None:
        return _Found(NXDOMAIN, (), f'there is no Namespace "{namespace}"')
    if not labels:
        return _Found(NOERROR, (), f'Namespace "{namespace}" exists, but has no address itself', Ref("Namespace", "", namespace))
    if branch == "pod":
        return _pod(name, labels, kind)
    service = labels.pop()
    stored = cluster.get("Service", namespace, service)
    if stored is None:
        return _Found(NXDOMAIN, (), f'there is no Service "{service}" in Namespace "{namespace}"', Ref("Namespace", "", namespace))
    return _service(cluster, Service.of(stored), labels, name, kind)


def _pod(name: str, labels: Sequence[str], kind: str) -> _Found:
    label = labels[-1]
    text = label.replace("-", ".") if label.count("-") == 3 and "--" not in label else label.replace("-", ":")
    if len(labels) > 1 or not is_address(text):
        return _Found(NXDOMAIN, (), "Pods have names made of their address (10-244-1-10), not of their own name", basis=Basis.IMPLEMENTED)
    reason = "any address gets an answer here (CoreDNS, pods insecure)"
    return _Found(NOERROR, _records(name, kind, [_address_record(text)]), reason, basis=Basis.IMPLEMENTED)


def _service(cluster: Cluster, service: Service, labels: Sequence[str], name: str, kind: str) -> _Found:
    """`labels`: what stands before the Service's name: nothing, an endpoint's host name, or port and protocol."""
    endpoint = labels[0] if len(labels) == 1 else ""
    port, protocol = (label.removeprefix("_") for label in labels) if len(labels) == 2 else ("", "")
    domain = f"{service.ref.name}.{service.ref.namespace}.svc.{cluster.profile.cluster_domain}."
    if service.type == "ExternalName":
        if endpoint or port or protocol or is_address(service.external_name):
            return _Found(NXDOMAIN, (), "an ExternalName Service is one alias and nothing below it", service.ref)
        alias = Record(f"{name}.", "CNAME", f"{service.external_name.rstrip('.')}.")
        return _Found(NOERROR, (alias,), f"Service {service.ref.name} is an alias of {service.external_name}", service.ref)
    if service.headless or endpoint:
        return _endpoints(cluster, service, endpoint, port, protocol, domain, name, kind)
    ports = [p for p in service.ports if _fits(p, port, protocol)]
    if not ports:
        return _Found(NXDOMAIN, (), f"Service {service.ref.name} has no port named {port}/{protocol}", service.ref)
    values = [_address_record(ip) for ip in service.cluster_ips] + [("SRV", domain, p.port) for p in ports]
    reason = f"the ClusterIP of Service {service.ref.name}, whether or not it has endpoints"
    return _Found(NOERROR, _records(name, kind, values), reason, service.ref)


def _endpoints(
    cluster: Cluster, service: Service, endpoint: str, port: str, protocol: str, domain: str, name: str, kind: str
) -> _Found:  # fmt: skip
    values: list[_Value] = []
    for ip, hostname, ports in _ready_endpoints(cluster, service.ref):
        if endpoint and endpoint != hostname.lower():
            continue
        fitting = [p for p in ports if _fits(p, port, protocol)]
        if fitting or not (port or protocol):
            values += [_address_record(ip), *(("SRV", f"{hostname}.{domain}", p.port) for p in fitting)]
    if values:
        return _Found(NOERROR, _records(name, kind, values), f"the ready endpoints of Service {service.ref.name}", service.ref)
    if endpoint:
        reason = f'no ready endpoint of Service {service.ref.name} has the host name "{endpoint}"'
    else:
        reason = f"headless Service {service.ref.name} has no ready endpoint" + (f" with a port named {port}/{protocol}" if port else "")
    return _Found(NXDOMAIN, (), reason, service.ref)


def _ready_endpoints(cluster: Cluster, service: Ref) -> Iterator[tuple[str, str, tuple[EndpointPort, ...]]]:
    """Address, host name (or the address with dashes) and ports of each ready endpoint."""
    for obj in cluster.selected("EndpointSlice", service.namespace, {SERVICE_NAME: service.name}):
        yield from _of_slice(obj)


def _of_slice(obj: Object) -> Iterator[tuple[str, str, tuple[EndpointPort, ...]]]:
    each = EndpointSlice.of(obj)
    for endpoint in each.endpoints:
        if endpoint.ready and each.address_type in ("IPv4", "IPv6"):
            for ip in endpoint.addresses:
                yield ip, endpoint.hostname or ip.replace(".", "-").replace(":", "-"), each.ports


def _fits(port: ServicePort | EndpointPort, name: str, protocol: str) -> bool:
    return name in ("", port.name.lower()) and protocol in ("", port.protocol.lower())


def _chased(cluster: Cluster, found: _Found, name: str, kind: str) -> _Found:
    """Follows a CNAME to what it names: within the cluster here, elsewhere upstream."""
    seen = {name}
    records = found.records
    while records and records[-1].type == "CNAME" and kind in ("A", "AAAA") and len(records) < LONGEST_CHAIN:
        target = records[-1].value.rstrip(".").lower()
        if target in seen:
            return replace(found, records=(), reason=f"{found.reason}, which leads back to itself")
        seen.add(target)
        domain = cluster.profile.cluster_domain.lower()
        if not target.endswith(f".{domain}"):
            site = cluster.profile.site(target)
            addresses = _records(site.host, kind, [_address_record(site.address)]) if site else ()
            return _forwarded(cluster, target, replace(found, records=(*records, *addresses), upstream=site is None))
        following = _in_zone(cluster, target[: -len(domain)].rstrip("."), target, kind)
        if not following.records:
            return replace(found, records=(), reason=f"{found.reason}, but {following.reason}")
        records = (*records, *following.records)
    return replace(found, records=records)


def _pointers(cluster: Cluster, name: str, ip: str, kind: str) -> _Found:
    domain = cluster.profile.cluster_domain
    for obj in cluster.of("Service"):
        if ip in (spec := obj.spec).get("clusterIPs", ()) or spec.get("clusterIP") == ip:
            value = f"{obj.name}.{obj.namespace}.svc.{domain}."
            return _Found(NOERROR, _records(name, kind, [("PTR", value, None)]), f"the ClusterIP of Service {obj.name}", obj.ref)
    values = [
        ("PTR", f"{hostname}.{obj.labels[SERVICE_NAME]}.{obj.namespace}.svc.{domain}.", None)
        for obj in cluster.of("EndpointSlice")
        if SERVICE_NAME in obj.labels
        for address, hostname, _ in _of_slice(obj)
        if address == ip
    ]
    if values:
        return _Found(NOERROR, _records(name, kind, values), "the address of a ready endpoint")
    if ip_address(ip).is_private:
        return _Found(NXDOMAIN, (), "no Service and no ready endpoint has this address")
    reason = "not an address of the cluster, so CoreDNS forwards the question"
    return _forwarded(cluster, name, _Found(NOERROR, (), reason, upstream=True, basis=Basis.MODELLED))


_Value = tuple[str, str, int | None]
"""Type, value, and the port of an SRV record."""


def _records(name: str, kind: str, values: Sequence[_Value]) -> tuple[Record, ...]:
    return tuple(Record(f"{name}.", type_, value, port) for type_, value, port in dict.fromkeys(values) if type_ == kind)


def _address_record(ip: str) -> _Value:
    return ("AAAA" if family_of(ip) == "IPv6" else "A"), ip, None


def _reversed_address(name: str) -> str | None:
    """The address that a reverse name asks for: 20.0.96.10.in-addr.arpa is 10.96.0.20."""
    if name.endswith(".in-addr.arpa"):
        text = ".".join(reversed(name.removesuffix(".in-addr.arpa").split(".")))
    elif name.endswith(".ip6.arpa"):
        digits = "".join(reversed(name.removesuffix(".ip6.arpa").split(".")))
        text = ":".join(digits[i : i + 4] for i in range(0, len(digits), 4))
    else:
        return None
    return str(ip_address(text)) if is_address(text) else None
