"""Events in time: the state after them, what changed in slices, what became of open connections."""

from __future__ import annotations

import pytest

from simulator.api.core_v1 import Pod
from simulator.api.meta import Ref
from simulator.api.traffic import Client, Request, Via
from simulator.events import (
    CrashContainer,
    EndpointChange,
    LoseNode,
    ReplacePod,
    RollOut,
    Scale,
    SetNetworkPolicy,
    SetProxyMode,
    SetReadiness,
    apply_event,
)
from simulator.trace import trace
from tests.simulator.worlds import running

SERVICE = Ref("Service", "default", "web")


def world(kind: str = "Deployment"):
    return running(f"""
apiVersion: v1
kind: Service
metadata: {{name: web}}
spec: {{selector: {{app: web}}, clusterIP: 10.96.0.20, ports: [{{port: 80}}]}}
---
apiVersion: apps/v1
kind: {kind}
metadata: {{name: web}}
spec:
  replicas: 3
  serviceName: web
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{containers: [{{name: c, image: "web:1"}}]}}
""")


def pods(cluster) -> list[Pod]:
    return [Pod.of(obj) for obj in cluster.of("Pod")]


def test_a_crash_keeps_the_address_and_takes_the_pod_out():
    """Not ready, restarting, same name and address; its connections are reset."""
    before = world()
    victim = pods(before)[1]
    outcome = apply_event(before, CrashContainer(victim.ref))
    after = Pod.of(outcome.cluster.find(victim.ref))
    assert (after.ips, after.ready) == (victim.ips, False)
    assert outcome.endpoints == (EndpointChange(SERVICE, victim.ips[0], "ready", "not ready"),)
    assert [(c.pod, c.fate) for c in outcome.connections] == [(victim.ref, "reset")]
    assert outcome.cluster.find(victim.ref).status["containerStatuses"][0]["restartCount"] == 1


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
def test_a_replaced_pod_has_another_address(kind):
    """And another name, but for a StatefulSet's, whose name is its own."""
    before = world(kind)
    victim = pods(before)[1]
    outcome = apply_event(before, ReplacePod(victim.ref))
    assert len(pods(outcome.cluster)) == 3
    assert victim.ips[0] not in {ip for pod in pods(outcome.cluster) for ip in pod.ips}
    assert (victim.ref in {pod.ref for pod in pods(outcome.cluster)}) is (kind == "StatefulSet")
    assert {(c.before, c.after) for c in outcome.endpoints} == {("ready", "absent"), ("absent", "ready")}
    assert [c.fate for c in outcome.connections] == ["reset"]


def test_a_bare_pod_is_not_replaced():
    """Nobody looks after it."""
    before = running("apiVersion: v1\nkind: Pod\nmetadata: {name: alone}\nspec: {containers: [{name: c, image: x}]}\n")
    assert not apply_event(before, ReplacePod(Ref("Pod", "default", "alone"))).cluster.of("Pod")


def test_readiness_steers_new_connections_only():
    """Out of the slice's ready endpoints and back; what was open stays."""
    before = world()
    victim = pods(before)[0]
    outcome = apply_event(before, SetReadiness(victim.ref, False))
    assert [c.fate for c in outcome.connections] == ["kept"]
    answer = trace(outcome.cluster, Request(Client(node="node-1"), Via(SERVICE), port=80))
    assert victim.ref not in {b.pod for b in answer.backends}
    back = apply_event(outcome.cluster, SetReadiness(victim.ref, True))
    assert [(c.before, c.after) for c in back.endpoints] == [("not ready", "ready")]


def test_a_lost_node_first_silences_its_pods_and_then_loses_them():
    """Unready at once, connections wait in vain; after five minutes a Deployment has a new Pod elsewhere, a StatefulSet has not."""
    before = world()
    outcome = apply_event(before, LoseNode("node-1"))
    assert [(c.before, c.after) for c in outcome.endpoints] == [("ready", "not ready")]
    assert [c.fate for c in outcome.connections] == ["lost"]
    later = apply_event(before, LoseNode("node-1", evicted=True))
    assert {(c.before, c.after) for c in later.endpoints} == {("ready", "terminating"), ("absent", "ready")}
    assert sum(pod.node != "node-1" for pod in pods(later.cluster)) == 3
    assert len(pods(apply_event(world("StatefulSet"), LoseNode("node-1", evicted=True)).cluster)) == 3


def test_scaling_adds_and_removes_endpoints():
    """Up: new endpoints; down: the youngest go."""
    up = apply_event(world(), Scale(Ref("Deployment", "default", "web"), 5))
    assert [(c.before, c.after) for c in up.endpoints] == [("absent", "ready")] * 2
    down = apply_event(up.cluster, Scale(Ref("Deployment", "default", "web"), 0))
    assert not pods(down.cluster)
    assert trace(down.cluster, Request(Client(node="node-1"), Via(SERVICE), port=80)).outcome == "refused"


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
def test_a_roll_out_replaces_every_pod(kind):
    """Every address is new."""
    before = world(kind)
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": "web:2"}]}}
    outcome = apply_event(before, RollOut(Ref(kind, "default", "web"), template))
    assert len(pods(outcome.cluster)) == 3
    assert not {p.ips for p in pods(before)} & {p.ips for p in pods(outcome.cluster)}
    assert {obj.spec["containers"][0]["image"] for obj in outcome.cluster.of("Pod")} == {"web:2"}


def test_the_proxy_mode_changes_nothing_but_the_rules():
    """No endpoint changes; an unknown port now ends otherwise."""
    outcome = apply_event(world(), SetProxyMode("nftables"))
    assert (outcome.endpoints, outcome.connections) == ((), ())
    assert trace(outcome.cluster, Request(Client(node="node-1"), Via(SERVICE), port=81)).outcome == "refused"


def test_the_state_before_is_untouched():
    """Events give new states."""
    before = world()
    seen = {obj.ref: repr(obj.data) for obj in before}
    for event in (CrashContainer(pods(before)[0].ref), LoseNode("node-1", evicted=True), Scale(Ref("Deployment", "default", "web"), 1)):
        apply_event(before, event)
    assert {obj.ref: repr(obj.data) for obj in before} == seen


def test_what_is_not_there_cannot_happen():
    """A sentence for the caller."""
    with pytest.raises(LookupError, match="there is no Pod default/ghost"):
        apply_event(world(), ReplacePod(Ref("Pod", "default", "ghost")))
    with pytest.raises(ValueError, match="cannot be scaled"):
        apply_event(world("DaemonSet"), Scale(Ref("DaemonSet", "default", "web"), 2))


def test_another_network_plugin() -> None:
    """A plugin that ignores policies changes no endpoint and no open connection, only what new connections meet."""
    outcome = apply_event(world(), SetNetworkPolicy("ignored"))

    assert not outcome.cluster.profile.enforces_network_policy
    assert (outcome.endpoints, outcome.connections) == ((), ())
