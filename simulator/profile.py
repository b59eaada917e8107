"""The cluster around the manifests: version, networks, nodes, which controllers run.

Responsible for: the profile as a value, its defaults, reading it from a scenario's mapping.
Leaves to others: acting on it. Everything that a manifest cannot say about a cluster stands here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

PROXY_MODES = ("iptables", "nftables", "ipvs")
DEFAULT_SERVICE_CIDR, DEFAULT_POD_CIDR = "10.96.0.0/12", "10.244.0.0/16"
LONGEST_LATENCY = 600
_KERNEL = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}(\.[0-9]{1,4})?")
CONTROL_PLANE_ADDRESS = "172.16.0.2"
"""Of an API server that stands apart from the nodes."""


@dataclass(frozen=True, slots=True)
class NodeSpec:
    name: str
    internal_ip: str
    zone: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


DEFAULT_NODES = tuple(NodeSpec(f"node-{i}", f"192.168.10.{10 + i}", f"zone-{zone}") for i, zone in ((1, "a"), (2, "b"), (3, "c")))


@dataclass(frozen=True, slots=True)
class Site:
    """A site outside the cluster. `certificate`: the names in it; `serves`: the Host names that it knows, all others get 404."""

    host: str
    address: str
    certificate: tuple[str, ...]
    serves: tuple[str, ...]

    @classmethod
    def of(cls, given: Mapping[str, Any], index: int) -> Site:
        """A site as a profile describes it; what it leaves out follows from its host."""
        host = str(given["host"]).lower()
        unknown = sorted(set(given) - {"host", "address", "certificate", "serves"})
        if unknown:
            raise ValueError(f"profile: a site has host, address, certificate and serves, and no {unknown[0]}")
        address = str(given.get("address") or f"198.51.100.{10 + index}")
        _check_address(f"address of site {host}", address)
        names = [tuple(str(name).lower() for name in given.get(key) or (host,)) for key in ("certificate", "serves")]
        return cls(host, address, *names)


def _check_networks(key: str, text: str, longest: int) -> None:
    """One network of each family at the most, apart by commas, and wide enough: no longer a prefix than this (IPv4)."""
    try:
        networks = [ip_network(part.strip(), strict=False) for part in text.split(",")]
    except ValueError as fault:
        raise ValueError(f"profile: {key}: {fault}") from fault
    if any(network.prefixlen > (longest if network.version == 4 else 112) for network in networks):
        raise ValueError(f"profile: {key} {text} is too small; an IPv4 network needs /{longest} or wider")
    if len({network.version for network in networks}) < len(networks):
        raise ValueError(f"profile: {key} {text} has two networks of one family")


def _check_address(what: str, text: str) -> None:
    try:
        ip_address(text)
    except ValueError as fault:
        raise ValueError(f"profile: {what}: {fault}") from fault


def _ports(key: str, text: str) -> tuple[int, int]:
    """A port, or a range of ports with a hyphen."""
    first, _, last = text.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        raise ValueError(f"profile: {key} lists ports and ranges such as 30000-32767, and {text} is neither")
    return int(first), int(last or first)


def _among(ranges: tuple[tuple[int, int], ...] | None, port: int) -> bool:
    return ranges is None or any(first <= port <= last for first, last in ranges)


@dataclass(frozen=True, slots=True)
class Profile:
    """One cluster's circumstances. `gateway_controllers` of ("*",) serves every GatewayClass that is given.

    `gateway_api`: its definitions are installed ("standard") or not ("absent"). `load_balancers`: whether something hands out external
    addresses; "aws" is the AWS Load Balancer Controller, whose network load balancers are internal unless a Service says otherwise.
    `hairpin`: whether the network plugin lets a Pod's packet come back to it. `node_firewall` are the ports that the nodes' addresses
    take from outside the cluster, as inclusive ranges; None: all. `control_plane_firewall`: the API server stands apart from the nodes, as
    with providers that run it, dials Pods at their own addresses, and a firewall lets it in to these ports of nodes and Pods; None: it
    runs on the first node and dials Services as any process there. `node_nameserver` is what stands in the resolver file that the
    kubelets hand on to Pods with dnsPolicy Default, CoreDNS among them; "": a server outside the cluster that nobody names.
    `kernel` is the nodes' Linux. `node_local_dns`: each node runs NodeLocal DNSCache, which listens at the address of the cluster's DNS
    too; policies are judged as if its questions went to CoreDNS. `network_programming_latency`: seconds after which the rules of every node
    follow a change of endpoints (modelled; the name is that of Kubernetes' own measure).

    `sites` are what is known of the world outside: their names resolve, and they answer HTTP and HTTPS. Of all other names outside
    neither the address nor the answer is known.

    `host_network_policy`: Kubernetes leaves to the plugin whether policies apply to host-network Pods ("applied") or see only the
    node they run on ("ignored").
    """

    kubernetes: str = "1.36"
    cluster_domain: str = "cluster.local"
    service_cidr: str = DEFAULT_SERVICE_CIDR
    pod_cidr: str = DEFAULT_POD_CIDR
    proxy_mode: str = "iptables"
    network_policy: str = "enforced"
    host_network_policy: str = "applied"
    nodes: tuple[NodeSpec, ...] = DEFAULT_NODES
    ingress_controllers: tuple[str, ...] = ("k8s.io/ingress-nginx", "*")
    gateway_controllers: tuple[str, ...] = ("*",)
    gateway_api: str = "standard"
    load_balancers: bool | str = True
    hairpin: bool = True
    node_firewall: tuple[tuple[int, int], ...] | None = None
    control_plane_firewall: tuple[tuple[int, int], ...] | None = None
    node_nameserver: str = ""
    kernel: str = "6.8"
    node_local_dns: bool = False
    network_programming_latency: float = 2
    sites: tuple[Site, ...] = ()

    @property
    def kernel_version(self) -> tuple[int, int]:
        major, minor = self.kernel.split(".")[:2]
        return int(major), int(minor)

    def admits(self, port: int) -> bool:
        """Whether the nodes' firewall lets traffic from outside in to this port."""
        return _among(self.node_firewall, port)

    def admits_control_plane(self, port: int) -> bool:
        """Whether the API server may dial this port of nodes and Pods."""
        return _among(self.control_plane_firewall, port)

    @property
    def api_address(self) -> str:
        """Where the API server stands; "" in a cluster without nodes that says nothing else."""
        if self.control_plane_firewall is not None:
            return CONTROL_PLANE_ADDRESS
        return self.nodes[0].internal_ip if self.nodes else ""

    @property
    def enforces_network_policy(self) -> bool:
        return self.network_policy == "enforced"

    @property
    def service_networks(self) -> tuple[str, ...]:
        """One network of each IP family that Services have."""
        return tuple(part.strip() for part in self.service_cidr.split(","))

    @property
    def pod_networks(self) -> tuple[str, ...]:
        """One network of each IP family that Pods have."""
        return tuple(part.strip() for part in self.pod_cidr.split(","))

    def node(self, name: str) -> NodeSpec | None:
        return next((node for node in self.nodes if node.name == name), None)

    def site(self, name: str) -> Site | None:
        """The site outside that a name or an address belongs to."""
        wanted = name.lower().rstrip(".")
        return next((site for site in self.sites if wanted in (site.host, site.address)), None)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Profile:
        """The profile that a scenario's `profile` mapping describes. Raises ValueError with a sentence for what it cannot use."""
        names = {
            "kubernetes": "kubernetes", "clusterDomain": "cluster_domain", "serviceCIDR": "service_cidr", "podCIDR": "pod_cidr",
            "proxyMode": "proxy_mode", "networkPolicy": "network_policy", "hostNetworkPolicy": "host_network_policy",
            "nodes": "nodes", "loadBalancers": "load_balancers",
            "ingressControllers": "ingress_controllers", "gatewayControllers": "gateway_controllers", "gatewayAPI": "gateway_api",
            "hairpin": "hairpin", "nodeFirewall": "node_firewall", "controlPlaneFirewall": "control_plane_firewall",
            "nodeNameserver": "node_nameserver", "kernel": "kernel", "nodeLocalDNS": "node_local_dns",
            "networkProgrammingLatency": "network_programming_latency", "sites": "sites",
        }  # fmt: skip
        unknown = sorted(set(given) - set(names))
        if unknown:
            raise ValueError(f"profile: unknown key {unknown[0]!r}; known are {', '.join(names)}")
        values: dict[str, Any] = {names[key]: value for key, value in given.items()}
        if "nodes" in values:
            values["nodes"] = tuple(
                NodeSpec(n["name"], n.get("internalIP", f"192.168.10.{11 + i}"), n.get("zone", ""), n.get("labels") or {})
                for i, n in enumerate(values["nodes"])
            )
        for key in ("ingress_controllers", "gateway_controllers"):
            if key in values:
                values[key] = tuple(values[key])
        if "sites" in values:
            values["sites"] = tuple(Site.of(site, i) for i, site in enumerate(values["sites"]))
        for key in ("nodeFirewall", "controlPlaneFirewall"):
            if values.get(names.get(key, "")) is not None:
                values[names[key]] = tuple(_ports(key, str(each)) for each in values[names[key]])
        if values.get("proxy_mode", "iptables") not in PROXY_MODES:
            raise ValueError(f"profile: proxyMode is one of {', '.join(PROXY_MODES)}")
        if values.get("gateway_api", "standard") not in ("standard", "absent"):
            raise ValueError("profile: gatewayAPI is standard or absent")
        if values.get("load_balancers", True) not in (True, False, "aws"):
            raise ValueError("profile: loadBalancers is true, false or aws")
        if values.get("network_policy", "enforced") not in ("enforced", "ignored"):
            raise ValueError("profile: networkPolicy is enforced or ignored")
        if values.get("host_network_policy", "applied") not in ("applied", "ignored"):
            raise ValueError("profile: hostNetworkPolicy is applied or ignored")
        if not isinstance(values.get("kernel", ""), str) or not _KERNEL.fullmatch(values.get("kernel", "6.8")):
            raise ValueError('profile: kernel is a version in quotation marks, such as "5.10"')
        if values.get("node_local_dns", False) not in (True, False):
            raise ValueError("profile: nodeLocalDNS is true or false")
        latency = values.get("network_programming_latency", 2)
        if isinstance(latency, bool) or not isinstance(latency, int | float) or not 0 <= latency <= LONGEST_LATENCY:
            raise ValueError(f"profile: networkProgrammingLatency is a number of seconds from 0 to {LONGEST_LATENCY}")
        for key, longest in (("serviceCIDR", 24), ("podCIDR", 20)):
            if names[key] in values:
                _check_networks(key, str(values[names[key]]), longest)
        if values.get("node_nameserver"):
            _check_address("nodeNameserver", str(values["node_nameserver"]))
        for node in values.get("nodes", ()):
            _check_address(f"internalIP of node {node.name}", str(node.internal_ip))
        return cls(**values)
