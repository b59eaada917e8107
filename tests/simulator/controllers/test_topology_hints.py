"""Topology hints: who is meant for whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.controllers.topology_hints import allocate
from tests.simulator.worlds import running

THIRDS = {"zone-a": 1 / 3, "zone-b": 1 / 3, "zone-c": 1 / 3}


def hints(service: str, pods: int, annotations: str = "{}", nodes=None) -> list[dict]:
    text = f"""
apiVersion: v1
kind: Service
metadata: {{name: web, annotations: {annotations}}}
spec: {{selector: {{app: web}}, clusterIP: 10.96.0.20, ports: [{{port: 80}}], {service}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {{name: web}}
spec: {{replicas: {pods}, selector: {{matchLabels: {{app: web}}}}, template: {{metadata: {{labels: {{app: web}}}}, spec: {{containers: []}}}}}}
"""
    cluster = running(text, **({"nodes": nodes} if nodes else {}))
    return [e.get("hints", {}) for s in cluster.of("EndpointSlice") for e in s.data["endpoints"]]


@pytest.mark.parametrize("value", ["PreferSameZone", "PreferClose"])
def test_same_zone_hints_are_each_endpoints_own_zone(value):
    """PreferClose is the older name of PreferSameZone."""
    assert hints(f"trafficDistribution: {value}", 2) == [{"forZones": [{"name": "zone-a"}]}, {"forZones": [{"name": "zone-b"}]}]


def test_same_node_hints_name_the_node_too():
    """Zone and node, so that a node without endpoints still stays in its zone."""
    assert hints("trafficDistribution: PreferSameNode", 1) == [{"forZones": [{"name": "zone-a"}], "forNodes": [{"name": "node-1"}]}]


def test_no_hints_without_being_asked():
    """Neither field nor annotation."""
    assert hints("", 2) == [{}, {}]


AUTO = '{service.kubernetes.io/topology-mode: "Auto"}'


def test_topology_mode_auto_needs_as_many_endpoints_as_zones():
    """Three zones, two endpoints: none; three: one each."""
    assert hints("", 2, AUTO) == [{}, {}]
    assert [h["forZones"][0]["name"] for h in hints("", 3, AUTO)] == ["zone-a", "zone-b", "zone-c"]


def test_topology_mode_wins_over_traffic_distribution():
    """With the annotation, too few endpoints mean no hints at all."""
    assert hints("trafficDistribution: PreferSameZone", 2, AUTO) == [{}, {}]


def test_one_node_without_a_zone_switches_topology_mode_off():
    """So does having one zone only."""
    nodes = [{"name": "n1", "zone": "a"}, {"name": "n2", "zone": "b"}, {"name": "n3"}]
    assert hints("", 3, AUTO, nodes) == [{}, {}, {}]
    assert hints("", 3, AUTO, [{"name": "n1", "zone": "a"}, {"name": "n2", "zone": "a"}]) == [{}, {}, {}]


def test_a_crowded_zone_gives_to_an_empty_one():
    """Four endpoints in zone-a and one in each other zone: zone-a keeps two."""
    given_to = allocate(THIRDS, ["zone-a"] * 4 + ["zone-b", "zone-c"])
    assert {zone: given_to.count(zone) for zone in THIRDS} == {"zone-a": 2, "zone-b": 2, "zone-c": 2}


def test_overload_beyond_a_fifth_means_no_hints():
    """Four endpoints over three equal zones would leave a zone with two thirds of what it needs: each must have at least two."""
    assert allocate(THIRDS, ["zone-a", "zone-a", "zone-b", "zone-c"]) == []


@given(st.lists(st.sampled_from(sorted(THIRDS)), max_size=40))
def test_an_allocation_leaves_no_zone_overloaded(zones):
    """Where hints are given at all, every endpoint has one and no zone has less than its part by more than a fifth, but for rounding."""
    found = allocate(THIRDS, zones)
    assert len(found) in (0, len(zones))
    if found:
        assert all((found.count(zone) + 1) * 1.2 >= len(zones) / 3 for zone in THIRDS)
