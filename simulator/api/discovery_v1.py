"""A typed view over stored EndpointSlices, read as kube-proxy and CoreDNS read them.

Responsible for: reading fields (`EndpointSlice.of(obj)`), what an absent condition means.
Leaves to others: making slices (`controllers.endpoint_slices`), choosing among endpoints (`dataplane`), records (`dns`).
Mirrors: kubernetes `discovery/v1` types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.api.meta import Json, Object, Ref

SERVICE_NAME = "kubernetes.io/service-name"
MANAGED_BY = "endpointslice.kubernetes.io/managed-by"


@dataclass(frozen=True, slots=True)
class EndpointPort:
    """`port` None stands for every port, which kube-proxy does not proxy."""

    name: str
    port: int | None
    protocol: str
    app_protocol: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Json]) -> EndpointPort:
        return cls(given.get("name") or "", given.get("port"), given.get("protocol") or "TCP", given.get("appProtocol") or "")

    @property
    def data(self) -> dict[str, Json]:
        """As a slice stores it, an empty name included."""
        app = {"appProtocol": self.app_protocol} if self.app_protocol else {}
        return {"name": self.name, "port": self.port, "protocol": self.protocol, **app}


@dataclass(frozen=True, slots=True)
class SliceEndpoint:
    """One endpoint. An absent `ready` or `serving` counts as true, an absent `terminating` as false."""

    addresses: tuple[str, ...]
    ready: bool
    serving: bool
    terminating: bool
    hostname: str
    node: str
    zone: str
    pod: Ref | None
    zone_hints: tuple[str, ...]
    node_hints: tuple[str, ...]

    @classmethod
    def of(cls, given: Mapping[str, Json], namespace: str) -> SliceEndpoint:
        conditions, hints, target = given.get("conditions") or {}, given.get("hints") or {}, given.get("targetRef") or {}
        pod = Ref("Pod", target.get("namespace") or namespace, target["name"]) if target.get("kind") == "Pod" and "name" in target else None
        return cls(
            addresses=tuple(given.get("addresses") or ()),
            ready=conditions.get("ready") is not False,
            serving=conditions.get("serving") is not False,
            terminating=conditions.get("terminating") is True,
            hostname=given.get("hostname") or "",
            node=given.get("nodeName") or "",
            zone=given.get("zone") or "",
            pod=pod,
            zone_hints=tuple(z.get("name", "") for z in hints.get("forZones") or ()),
            node_hints=tuple(n.get("name", "") for n in hints.get("forNodes") or ()),
        )


@dataclass(frozen=True, slots=True)
class EndpointSlice:
    """`address_type` is IPv4, IPv6 or FQDN; `service` the Service it names by label, "" for none."""

    ref: Ref
    service: str
    address_type: str
    ports: tuple[EndpointPort, ...]
    endpoints: tuple[SliceEndpoint, ...]

    @classmethod
    def of(cls, obj: Object) -> EndpointSlice:
        return cls(
            ref=obj.ref,
            service=obj.labels.get(SERVICE_NAME, ""),
            address_type=obj.data.get("addressType") or "",
            ports=tuple(EndpointPort.of(p) for p in obj.data.get("ports") or ()),
            endpoints=tuple(SliceEndpoint.of(e, obj.namespace) for e in obj.data.get("endpoints") or ()),
        )
