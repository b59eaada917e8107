"""Topology hints: for which zones or nodes an endpoint is meant.

Responsible for: hints of `trafficDistribution` and of the annotation `service.kubernetes.io/topology-mode: Auto`.
Leaves to others: obeying them (`dataplane.service_proxy`).
Mirrors: kubernetes `k8s.io/endpointslice` (`trafficdist`, `topologycache`). Where that goes through zones in no order, the
alphabet decides here. A node that does not say how much CPU it has counts as much as any other (modelled).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import ceil

from simulator.api.core_v1 import ZONE_LABEL, Service
from simulator.api.meta import Json, Object
from simulator.cluster import Cluster

HintsOf = Callable[[Service, Sequence[dict[str, Json]]], None]

NODE_AND_ZONE = "PreferSameNode"
SAME_ZONE = ("PreferSameZone", "PreferClose", NODE_AND_ZONE)
OVERLOAD_THRESHOLD = 0.2
CONTROL_PLANE_LABELS = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")


def hinter(cluster: Cluster) -> HintsOf:
    """What writes hints into the fresh endpoints of a Service, of one address family."""
    ratios = _cpu_ratios(cluster.of("Node"))

    def hint(service: Service, endpoints: Sequence[dict[str, Json]]) -> None:
        ready = [endpoint for endpoint in endpoints if endpoint["conditions"]["ready"]]
        if service.topology_mode in ("Auto", "auto"):
            for endpoint, zone in zip(ready, allocate(ratios, [e.get("zone", "") for e in ready]), strict=False):
                endpoint["hints"] = {"forZones": [{"name": zone}]}
        elif service.traffic_distribution in SAME_ZONE:
            for endpoint in ready:
                hints = _own(endpoint, service.traffic_distribution == NODE_AND_ZONE)
                if hints:
                    endpoint["hints"] = hints

    return hint


def _own(endpoint: Mapping[str, Json], with_node: bool) -> dict[str, Json]:
    hints: dict[str, Json] = {}
    if "zone" in endpoint:
        hints["forZones"] = [{"name": endpoint["zone"]}]
    if with_node and "nodeName" in endpoint:
        hints["forNodes"] = [{"name": endpoint["nodeName"]}]
    return hints


def _cpu_ratios(nodes: Sequence[Object]) -> dict[str, float]:
    """Zone -> its part of the CPU; empty where a node lacks a zone or there are fewer than two zones (`SetNodes`)."""
    by_zone: dict[str, float] = {}
    for node in nodes:
        ready = any(c.get("type") == "Ready" and c.get("status") == "True" for c in node.status.get("conditions") or ())
        if not ready or any(label in node.labels for label in CONTROL_PLANE_LABELS):
            continue
        zone = node.labels.get(ZONE_LABEL, "")
        if not zone:
            return {}
        by_zone[zone] = by_zone.get(zone, 0) + _cpu(node)
    total = sum(by_zone.values())
    return {zone: cpu / total for zone, cpu in sorted(by_zone.items())} if len(by_zone) > 1 else {}


def _cpu(node: Object) -> float:
    given = str((node.status.get("allocatable") or {}).get("cpu", "1"))
    number, scale = (given[:-1], 1000) if given.endswith("m") else (given, 1)
    return float(number) / scale if number.replace(".", "", 1).isdecimal() and float(number) else 1.0


def allocate(ratios: Mapping[str, float], zones: Sequence[str]) -> list[str]:
    """For each ready endpoint in these zones, the zone it is meant for; empty where no fair allocation exists.

    `ratios` gives each zone's part of the CPU. Mirrors topologycache `getAllocations`, `AddHints`, `redistributeHints`.
    """
    count = len(zones)
    if not ratios or len(ratios) > count or not all(zones):
        return []
    minimum = {zone: ceil(ratio * count * (1 / (1 + OVERLOAD_THRESHOLD))) for zone, ratio in ratios.items()}
    if sum(minimum.values()) > count:
        return []
    allocated = Counter(zones)
    wanted = {zone: max(ratio * count, float(minimum[zone])) for zone, ratio in ratios.items()}
    giving, receiving = _moves({zone: allocated[zone] - desired for zone, desired in wanted.items()})
    hints = list(zones)
    for index, zone in enumerate(zones):
        receiver = next((z for z, left in receiving.items() if left), None)
        if receiver is not None and giving.get(zone, 0):
            hints[index] = receiver
            giving[zone] -= 1
            receiving[receiver] -= 1
    return hints


def _moves(surplus: Mapping[str, float]) -> tuple[dict[str, int], dict[str, int]]:
    """How many endpoints each zone gives and receives, from how many it has too many (negative: too few)."""
    too_many = {zone: number for zone, number in surplus.items() if number > 0}
    too_few = {zone: -number for zone, number in surplus.items() if number < 0}
    giving: Counter[str] = Counter()
    receiving: Counter[str] = Counter()
    while too_many and too_few:
        giver, receiver = max(too_many, key=lambda z: too_many[z]), max(too_few, key=lambda z: too_few[z])
        give, take = too_many[giver], too_few[receiver]
        if (give < 1 and take < 1) or give < 0.5 or take < 0.5:
            break
        giving[giver] += 1
        too_many[giver] -= 1
        receiving[receiver] += 1
        too_few[receiver] -= 1
    return giving, receiving
