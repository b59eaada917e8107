"""Which of a Service's endpoints one node uses: ready before terminating, near before far, local only where a policy says so.

Responsible for: the two sets that traffic policies choose between, and the reach of topology hints.
Leaves to others: which policy applies to a packet (`service_proxy`), writing hints (`controllers.topology_hints`).
Mirrors: kubernetes `pkg/proxy/topology.go` (CategorizeEndpoints, topologyModeFromHints).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.dataplane.endpoints import Endpoint

SAME_NODE, SAME_ZONE = "PreferSameNode", "PreferSameZone"


@dataclass(frozen=True, slots=True)
class Usable:
    """What one node may use. `anywhere`: some endpoint in the cluster is ready, or serves while it terminates; it decides between
    REJECT and DROP. `nearness` is PreferSameNode, PreferSameZone or "", as the hints gave it for `cluster`."""

    cluster: tuple[Endpoint, ...]
    local: tuple[Endpoint, ...]
    anywhere: bool
    nearness: str = ""


def categorize(endpoints: Sequence[Endpoint], node: str, zone: str) -> Usable:
    """The endpoints that this node uses under the traffic policies Cluster and Local."""
    ready = [e for e in endpoints if e.ready]
    terminating = [e for e in endpoints if e.serving and e.terminating]
    nearness = hinted(ready, node, zone)
    near = [e for e in ready if not nearness or (node in e.node_hints if nearness == SAME_NODE else zone in e.zone_hints)]
    local = [e for e in ready if node and e.node == node] or [e for e in terminating if node and e.node == node]
    return Usable(tuple(near or terminating), tuple(local), bool(ready or terminating), nearness)


def hinted(ready: Sequence[Endpoint], node: str, zone: str) -> str:
    """How near the hints keep traffic: they count only if every ready endpoint has one and one names this node, or its zone."""
    if ready and all(e.node_hints for e in ready) and any(node in e.node_hints for e in ready):
        return SAME_NODE
    if ready and zone and all(e.zone_hints for e in ready) and any(zone in e.zone_hints for e in ready):
        return SAME_ZONE
    return ""
