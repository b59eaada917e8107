"""EndpointSlices for hand-written Endpoints of a Service without a selector.

Responsible for: copying them, family by family.
Leaves to others: Services with a selector (`endpoint_slices`, `endpoints`).
Mirrors: kubernetes `pkg/controller/endpointslicemirroring`. Modelled: its limit of a thousand addresses is not applied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.api.core_v1 import Service, family_of
from simulator.api.discovery_v1 import MANAGED_BY, SERVICE_NAME, EndpointPort
from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.controllers.names import generated
from simulator.controllers.pods import made

CONTROLLER = "endpointslicemirroring-controller.k8s.io"
SKIP_LABEL = "endpointslice.kubernetes.io/skip-mirror"
LEADER_ANNOTATION = "control-plane.alpha.kubernetes.io/leader"


def reconcile(cluster: Cluster) -> Cluster:
    old = [s.ref for s in cluster.of("EndpointSlice") if s.labels.get(MANAGED_BY) == CONTROLLER]
    new = [s for endpoints in cluster.of("Endpoints") if _mirrored(cluster, endpoints) for s in _slices(endpoints)]
    return cluster.with_objects(new, old) if new or old else cluster


def _mirrored(cluster: Cluster, endpoints: Object) -> bool:
    service = cluster.get("Service", endpoints.namespace, endpoints.name)
    if service is None or Service.of(service).selector is not None:
        return False
    return endpoints.labels.get(SKIP_LABEL) != "true" and LEADER_ANNOTATION not in endpoints.annotations


def _slices(endpoints: Object) -> Iterator[Object]:
    groups: dict[tuple[str, tuple[EndpointPort, ...]], dict[str, dict[str, Json]]] = {}
    for subset in endpoints.data.get("subsets") or ():
        ports = tuple(EndpointPort.of(port) for port in subset.get("ports") or ())
        for key, ready in (("addresses", True), ("notReadyAddresses", False)):
            for address in subset.get(key) or ():
                group = groups.setdefault((family_of(address["ip"]), ports), {})
                group.setdefault(address["ip"], _endpoint(address, ready))
    labels = {**endpoints.labels, MANAGED_BY: CONTROLLER, SERVICE_NAME: endpoints.name}
    for number, ((family, ports), group) in enumerate(groups.items(), 1):
        prefix = f"{endpoints.name}-"
        name = generated(prefix, f"{endpoints.namespace}/{endpoints.name}/mirror/{number}")
        parts = {"addressType": family, "endpoints": list(group.values()), "ports": [port.data for port in ports] or None}
        yield made(endpoints, "discovery.k8s.io/v1", "EndpointSlice", name, {"generateName": prefix, "labels": labels}, **parts)


def _endpoint(address: Mapping[str, Json], ready: bool) -> dict[str, Json]:
    endpoint: dict[str, Json] = {"addresses": [address["ip"]], "conditions": {"ready": ready}}
    return endpoint | {key: address[key] for key in ("hostname", "nodeName", "targetRef") if address.get(key)}
