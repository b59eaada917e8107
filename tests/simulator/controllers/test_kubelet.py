"""Where Pods run and how they fare."""

from __future__ import annotations

import pytest

from simulator.api.core_v1 import Pod
from tests.simulator.worlds import running


def pod(name: str = "web", annotations: str = "", spec: str = "", namespace: str = "default", labels: str = "app: web") -> str:
    return f"""
---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {namespace}, labels: {{{labels}}}, annotations: {{{annotations}}}}}
spec: {{{spec} containers: [{{name: c, image: "web:1", ports: [{{containerPort: 8080}}]}}]}}
"""


def started(text: str, **profile) -> list[Pod]:
    return [Pod.of(obj) for obj in running(text, **profile).of("Pod")]


def test_pods_go_to_the_nodes_in_turn_with_numbered_addresses():
    """10.244.<node>.<9 + n>, the n-th Pod on the next node."""
    found = started("".join(pod(f"web-{i}") for i in range(1, 5)))
    assert [(p.node, p.ips) for p in found] == [
        ("node-1", ("10.244.1.10",)), ("node-2", ("10.244.2.11",)), ("node-3", ("10.244.3.12",)), ("node-1", ("10.244.1.13",)),
    ]  # fmt: skip


def test_the_order_of_documents_plays_no_part():
    """Pods are bound in the order of their names."""
    one, other = started(pod("a") + pod("b")), started(pod("b") + pod("a"))
    assert {p.ref: (p.node, p.ips) for p in one} == {p.ref: (p.node, p.ips) for p in other}


def test_pods_of_another_namespace_do_not_move_those_of_this_one():
    """Each namespace has its own turn."""
    alone = started(pod("a") + pod("b"))
    together = started(pod("x", namespace="aaa") + pod("a") + pod("b"))
    assert [p.node for p in together if p.ref.namespace == "default"] == [p.node for p in alone]


def test_many_pods_never_share_an_address():
    """The blocks of the nodes go on where one is full."""
    text = """
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web}
spec: {replicas: 800, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: []}}}
"""
    ips = [p.ips[0] for p in started(text)]
    assert len(set(ips)) == 800


def test_a_host_network_pod_has_its_nodes_address():
    """And the number that it did not need is gone."""
    first, second = started(pod("a", spec="hostNetwork: true,") + pod("b"))
    assert first.ips == ("192.168.10.11",)
    assert second.ips == ("10.244.2.11",)


def test_binding_copies_the_zone_label():
    """A Pod carries its node's topology labels; its own are not overwritten."""
    assert started(pod())[0].labels["topology.kubernetes.io/zone"] == "zone-a"
    assert started(pod(labels="topology.kubernetes.io/zone: mine"))[0].labels["topology.kubernetes.io/zone"] == "mine"


@pytest.mark.parametrize(
    ("annotations", "phase", "ready", "addressed"),
    [
        ("", "Running", True, True),
        ('sim/ready: "false"', "Running", False, True),
        ('sim/schedule: "false"', "Pending", False, False),
        ("sim/phase: Pending", "Pending", False, False),
        ("sim/phase: Succeeded", "Succeeded", False, True),
        ("sim/phase: Failed", "Failed", False, True),
        ("sim/phase: Unknown", "Unknown", False, True),
        ("sim/waiting: CrashLoopBackOff", "Running", False, True),
        ("sim/waiting: ImagePullBackOff", "Pending", False, True),
        ("sim/waiting: ContainerCreating", "Pending", False, False),
        ("sim/ip: none", "Running", True, False),
        ('sim/not-ready-count: "nonsense"', "Running", True, True),
    ],
)
def test_annotations_say_how_a_pod_fares(annotations, phase, ready, addressed):
    """The contract's `sim/` annotations become phase, readiness and address."""
    (found,) = started(pod(annotations=annotations))
    assert (found.phase, found.ready, bool(found.ips)) == (phase, ready, addressed)


def test_a_given_node_and_address_are_kept():
    """`sim/node`, `sim/ip`, `spec.nodeName`."""
    (found,) = started(pod(annotations="sim/node: node-3, sim/ip: 10.244.9.9"))
    assert (found.node, found.ips) == ("node-3", ("10.244.9.9",))
    assert started(pod(spec="nodeName: node-2,"))[0].node == "node-2"


def test_a_node_selector_that_nothing_satisfies_leaves_the_pod_pending():
    """As the scheduler leaves it."""
    (found,) = started(pod(spec="nodeSelector: {disk: ssd},"))
    assert (found.phase, found.node) == ("Pending", "")


def test_a_readiness_gate_keeps_a_pod_unready():
    """Nobody sets the condition that the gate waits for."""
    assert not started(pod(spec="readinessGates: [{conditionType: example.com/ok}],"))[0].ready


def test_a_pod_from_a_live_cluster_is_left_as_it_is():
    """One that has an address was bound by somebody else."""
    text = pod("live") + "status: {phase: Running, podIP: 172.16.0.9, conditions: [{type: Ready, status: 'True'}]}\n"
    live = next(p for p in started(text) if p.ref.name == "live")
    assert (live.ips, live.node, live.ready) == (("172.16.0.9",), "", True)


def test_dual_stack_pods_have_an_address_of_each_family():
    """Two Pod networks in the profile."""
    (found,) = started(pod(), podCIDR="10.244.0.0/16,fd00:10:244::/56")
    assert found.ips == ("10.244.1.10", "fd00:10:244:1::a")
