"""Typed views over stored Services, Pods and Nodes: only the fields that routing needs, with the API's defaults applied.

Responsible for: reading fields (`Service.of(obj)`), defaults where a field is absent.
Leaves to others: storing and validating objects (`admission`), acting on them (`controllers`, `dataplane`, `dns`).
Mirrors: kubernetes `core/v1` types.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from simulator.api.meta import Json, Object, Ref

ZONE_LABEL = "topology.kubernetes.io/zone"
REGION_LABEL = "topology.kubernetes.io/region"
TOPOLOGY_MODE = ("service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode")
"""The annotation that asks for zone hints: its old name, which wins, and its new one."""
HEADLESS = "None"


def is_address(text: str) -> bool:
    """Whether a text is an IP address of either family."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def family_of(ip: str) -> str:
    """IPv4 or IPv6, by the form of an address."""
    return "IPv6" if ":" in ip else "IPv4"


@dataclass(frozen=True, slots=True)
class ServicePort:
    """One port of a Service. `target` is a number, or the name of a container port that is looked up Pod by Pod."""

    name: str
    port: int
    protocol: str
    target: int | str
    node_port: int
    app_protocol: str

    @classmethod
    def of(cls, given: Mapping[str, Json]) -> ServicePort:
        port = given.get("port") or 0
        return cls(
            given.get("name") or "",
            port,
            given.get("protocol") or "TCP",
            given.get("targetPort") or port,
            given.get("nodePort") or 0,
            given.get("appProtocol") or "",
        )


@dataclass(frozen=True, slots=True)
class Service:
    """A Service. `selector` None means none was given; `cluster_ips` is empty for headless and ExternalName Services."""

    ref: Ref
    type: str
    cluster_ips: tuple[str, ...]
    headless: bool
    selector: Mapping[str, str] | None
    ports: tuple[ServicePort, ...]
    external_name: str
    external_ips: tuple[str, ...]
    ip_families: tuple[str, ...]
    internal_traffic_policy: str
    external_traffic_policy: str
    source_ranges: tuple[str, ...]
    session_affinity: str
    affinity_seconds: int
    traffic_distribution: str
    topology_mode: str
    publish_not_ready_addresses: bool
    allocate_node_ports: bool
    health_check_node_port: int
    ingress: tuple[Mapping[str, Json], ...]

    @classmethod
    def of(cls, obj: Object) -> Service:
        spec = obj.spec
        kind = spec.get("type") or "ClusterIP"
        given = spec.get("clusterIPs") or ([spec["clusterIP"]] if spec.get("clusterIP") else [])
        external_name = kind == "ExternalName"
        headless = not external_name and given[:1] == [HEADLESS]
        cluster_ips = () if headless or external_name else tuple(given)
        client_ip = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
        return cls(
            ref=obj.ref,
            type=kind,
            cluster_ips=cluster_ips,
            headless=headless,
            selector=spec.get("selector") or None,
            ports=tuple(ServicePort.of(p) for p in spec.get("ports") or ()),
            external_name=spec.get("externalName") or "",
            external_ips=tuple(spec.get("externalIPs") or ()),
            ip_families=tuple(spec.get("ipFamilies") or ()) or tuple(family_of(ip) for ip in cluster_ips) or ("IPv4",),
            internal_traffic_policy=spec.get("internalTrafficPolicy") or "Cluster",
            external_traffic_policy=spec.get("externalTrafficPolicy") or "Cluster",
            source_ranges=tuple(spec.get("loadBalancerSourceRanges") or ()),
            session_affinity=spec.get("sessionAffinity") or "None",
            affinity_seconds=client_ip.get("timeoutSeconds") or 10800,
            traffic_distribution=spec.get("trafficDistribution") or "",
            topology_mode=next((obj.annotations[key] for key in TOPOLOGY_MODE if key in obj.annotations), ""),
            publish_not_ready_addresses=bool(spec.get("publishNotReadyAddresses")),
            allocate_node_ports=spec.get("allocateLoadBalancerNodePorts") is not False,
            health_check_node_port=spec.get("healthCheckNodePort") or 0,
            ingress=tuple((obj.status.get("loadBalancer") or {}).get("ingress") or ()),
        )

    @property
    def externally_reachable(self) -> bool:
        """Whether `externalTrafficPolicy` counts: the Service has an external destination (api/v1/service ExternallyAccessible)."""
        return self.type in ("NodePort", "LoadBalancer") or (self.type == "ClusterIP" and bool(self.external_ips))

    def port(self, wanted: int | str, protocol: str | None = None) -> ServicePort | None:
        """The port with this number or name, and this protocol if one is given."""
        for port in self.ports:
            if (port.port == wanted or (isinstance(wanted, str) and port.name == wanted)) and protocol in (None, port.protocol):
                return port
        return None


@dataclass(frozen=True, slots=True)
class ContainerPort:
    name: str
    port: int
    protocol: str


@dataclass(frozen=True, slots=True)
class Pod:
    """A Pod as the network sees it. `ips` is empty until it has an address."""

    ref: Ref
    uid: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    node: str
    ips: tuple[str, ...]
    phase: str
    ready: bool
    terminating: bool
    host_network: bool
    hostname: str
    subdomain: str
    spec: Mapping[str, Json]

    @classmethod
    def of(cls, obj: Object) -> Pod:
        spec, status = obj.spec, obj.status
        ips = tuple(entry["ip"] for entry in status.get("podIPs") or () if entry.get("ip"))
        return cls(
            ref=obj.ref,
            uid=obj.metadata.get("uid") or "",
            labels=obj.labels,
            annotations=obj.annotations,
            node=spec.get("nodeName") or "",
            ips=ips or ((status["podIP"],) if status.get("podIP") else ()),
            phase=status.get("phase") or "Pending",
            ready=any(c.get("type") == "Ready" and c.get("status") == "True" for c in status.get("conditions") or ()),
            terminating=bool(obj.metadata.get("deletionTimestamp")),
            host_network=bool(spec.get("hostNetwork")),
            hostname=spec.get("hostname") or "",
            subdomain=spec.get("subdomain") or "",
            spec=spec,
        )

    @property
    def dns_policy(self) -> str:
        return self.spec.get("dnsPolicy") or "ClusterFirst"

    @property
    def dns_config(self) -> Mapping[str, Json]:
        return self.spec.get("dnsConfig") or {}

    @property
    def ports(self) -> tuple[ContainerPort, ...]:
        """The declared ports of the containers that run all the time: containers, then native sidecars."""
        sidecars = [c for c in self.spec.get("initContainers") or () if c.get("restartPolicy") == "Always"]
        containers: Sequence[Mapping[str, Json]] = [*(self.spec.get("containers") or ()), *sidecars]
        return tuple(
            ContainerPort(p.get("name") or "", p.get("containerPort") or 0, p.get("protocol") or "TCP")
            for c in containers
            for p in c.get("ports") or ()
        )

    @property
    def finished(self) -> bool:
        """Whether it will not run again (controller_utils `IsPodTerminal`)."""
        return self.phase in ("Succeeded", "Failed")

    def target_port(self, port: ServicePort) -> int | None:
        """The number behind a Service's targetPort in this Pod; None where no container has a port of that name and protocol.

        Mirrors component-helpers `FindPort`: the first match wins, containers before native sidecars.
        """
        if isinstance(port.target, int):
            return port.target
        return next((p.port for p in self.ports if p.name == port.target and p.protocol == port.protocol), None)


@dataclass(frozen=True, slots=True)
class Node:
    """A node. `ready` as the node lifecycle controller has it; a node that says nothing of itself counts as ready."""

    name: str
    ips: tuple[str, ...]
    labels: Mapping[str, str]
    ready: bool
    unschedulable: bool

    @classmethod
    def of(cls, obj: Object) -> Node:
        return cls(
            name=obj.name,
            ips=tuple(a["address"] for a in obj.status.get("addresses") or () if a.get("type") == "InternalIP"),
            labels=obj.labels,
            ready=not any(c.get("type") == "Ready" and c.get("status") != "True" for c in obj.status.get("conditions") or ()),
            unschedulable=bool(obj.spec.get("unschedulable")),
        )

    @property
    def zone(self) -> str:
        return self.labels.get(ZONE_LABEL, "")
