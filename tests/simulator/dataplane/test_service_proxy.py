"""kube-proxy: who is chosen, refused or dropped, and whose address the Pod sees. Row numbers are those of the decision table of
kube-proxy's rules: source, destination, policy."""

from __future__ import annotations

import pytest

from simulator.api.meta import Ref
from simulator.api.traffic import Answer, Client, Request, Via
from simulator.trace import trace
from tests.simulator.worlds import running

POD = Client(pod=Ref("Pod", "shop", "client"))
ON_NODE_3 = Client(node="node-3")
OUTSIDE = Client(ip="198.51.100.9")


def pods(**states: str) -> str:
    """web-1 on node-1 and so on, from web_1="ready" | "unready" | "terminating" | "gone"."""
    notes = {"ready": "", "unready": 'sim/ready: "false"', "terminating": 'sim/terminating: "true"'}
    notes["gone"] = f"{notes['unready']}, {notes['terminating']}"
    return "".join(
        f"""
---
apiVersion: v1
kind: Pod
metadata: {{name: {name.replace("_", "-")}, namespace: shop, labels: {{app: web}},
  annotations: {{sim/node: node-{name[-1]}, {notes[state]}}}}}
spec: {{containers: [{{name: c, image: web, ports: [{{containerPort: 8080}}]}}]}}
"""
        for name, state in states.items()
    )


def ask(
    client: Client, address: str = "clusterIP", node: str = "", spec: str = "", port: int = 80, mode: str = "iptables", lb: bool = True, **states: str
) -> Answer:  # fmt: skip
    text = f"""
apiVersion: v1
kind: Namespace
metadata: {{name: shop}}
---
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec: {{selector: {{app: web}}, clusterIP: 10.96.0.20, externalIPs: [192.0.2.80],
  ports: [{{port: 80, targetPort: 8080, nodePort: 30080}}], {spec or "type: LoadBalancer"}}}
---
apiVersion: v1
kind: Pod
metadata: {{name: client, namespace: shop, annotations: {{sim/node: node-3}}}}
spec: {{containers: [{{name: c, image: curl}}]}}
"""
    cluster = running(text + pods(**states), proxyMode=mode, loadBalancers=lb)
    return trace(cluster, Request(client, Via(Ref("Service", "shop", "web"), address, node), port=port))


def reached(answer: Answer) -> list[str]:
    assert answer.outcome == "answered", answer
    assert sum(b.share for b in answer.backends) == pytest.approx(1)
    return sorted(b.node for b in answer.backends)


LOCAL_OUT = "type: LoadBalancer, externalTrafficPolicy: Local"
LOCAL_IN = "type: LoadBalancer, internalTrafficPolicy: Local"
TWO = {"web_1": "ready", "web_2": "ready"}


def test_a_pod_reaches_every_ready_endpoint_under_its_own_address():
    """Row 1: with equal shares."""
    answer = ask(POD, **TWO, web_3="unready")
    assert reached(answer) == ["node-1", "node-2"]
    assert answer.source == "kept"
    assert [b.share for b in answer.backends] == [0.5, 0.5]
    assert {(b.service.name, b.service_port, b.port) for b in answer.backends} == {("web", 80, 8080)}


def test_internal_traffic_policy_local_keeps_to_the_clients_node():
    """Rows 2 and 14: the endpoint on the node, or a packet dropped."""
    assert reached(ask(POD, spec=LOCAL_IN, **TWO, web_3="ready")) == ["node-3"]
    answer = ask(POD, spec=LOCAL_IN, **TWO)
    assert (answer.outcome, answer.curl_exit, answer.answered_by) == ("timed-out", 28, "kube-proxy")


def test_ipvs_mode_knows_no_drop_where_internal_local_finds_none():
    """As `syncEndpoint` of the ipvs proxier has it: all endpoints if the Service has an outside too, else an empty virtual server."""
    assert reached(ask(POD, spec=LOCAL_IN, mode="ipvs", **TWO)) == ["node-1", "node-2"]
    assert reached(ask(POD, spec=LOCAL_IN, mode="ipvs", **TWO, web_3="ready")) == ["node-3"]
    inside = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {internalTrafficPolicy: Local, clusterIP: 10.96.0.20, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}, annotations: {sim/node: node-1}}
spec: {containers: [{name: c, image: web}]}
"""
    request = Request(ON_NODE_3, Via(Ref("Service", "default", "web")), port=80)
    outcomes = [trace(running(inside, proxyMode=mode), request).outcome for mode in ("ipvs", "iptables", "nftables")]
    assert outcomes == ["refused", "timed-out", "timed-out"]


def test_a_process_on_a_node_is_masqueraded():
    """Row 3."""
    assert ask(ON_NODE_3, **TWO).source == "node node-3"


def test_a_cluster_ip_from_outside_needs_a_way_through_a_node():
    """Row 4, and the lack of a route otherwise."""
    assert ask(OUTSIDE, node="node-2", **TWO).source == "node node-2"
    assert ask(OUTSIDE, **TWO).outcome == "timed-out"


@pytest.mark.parametrize("address", ["nodePort", "loadBalancerIP", "externalIP"])
def test_outside_traffic_is_masqueraded_to_the_node_it_came_by(address):
    """Row 5: policy Cluster, all endpoints."""
    answer = ask(OUTSIDE, address, "node-3", **TWO)
    assert reached(answer) == ["node-1", "node-2"]
    assert answer.source == "node node-3"


@pytest.mark.parametrize("address", ["nodePort", "loadBalancerIP", "externalIP"])
def test_external_traffic_policy_local_keeps_the_client_and_drops_elsewhere(address):
    """Rows 6 and 15."""
    answer = ask(OUTSIDE, address, "node-1", LOCAL_OUT, **TWO)
    assert (reached(answer), answer.source) == (["node-1"], "kept")
    assert ask(OUTSIDE, address, "node-3", LOCAL_OUT, **TWO).outcome == "timed-out"


def test_from_within_external_traffic_policy_local_reaches_everyone():
    """Rows 8, 9 and 16: as if the packet had gone out and come back."""
    answer = ask(POD, "loadBalancerIP", "", LOCAL_OUT, **TWO)
    assert (reached(answer), answer.source) == (["node-1", "node-2"], "kept")
    answer = ask(ON_NODE_3, "nodePort", "node-3", LOCAL_OUT, **TWO)
    assert (reached(answer), answer.source) == (["node-1", "node-2"], "node node-3")


def test_another_nodes_node_port_is_outside_traffic_there():
    """A process of node-3 that dials node-1 arrives there as a stranger (row 6)."""
    answer = ask(ON_NODE_3, "nodePort", "node-1", LOCAL_OUT, **TWO)
    assert (reached(answer), answer.source) == (["node-1"], "kept")


def test_a_pod_that_dials_another_nodes_port_is_outside_there():
    """Its packet leaves its node under that node's address, as most network plugins have it (kubernetes issue 74383)."""
    answer = ask(POD, "nodePort", "node-1", LOCAL_OUT, **TWO)
    assert (reached(answer), answer.source) == (["node-1"], "node node-3")
    assert ask(POD, "nodePort", "node-2", LOCAL_OUT, web_1="ready").outcome == "timed-out"
    assert reached(ask(POD, "nodePort", "node-3", LOCAL_OUT, web_1="ready")) == ["node-1"]


def test_a_pod_at_an_external_destination_is_masqueraded():
    """Row 7."""
    assert ask(POD, "externalIP", **TWO).source == "node node-3"


def test_a_pod_that_is_its_own_endpoint_sees_the_nodes_address():
    """Row 10, hairpin."""
    text = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, clusterIP: 10.96.0.20, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: c, image: web}]}
"""
    client = Client(pod=Ref("Pod", "default", "web"))
    assert trace(running(text), Request(client, Via(Ref("Service", "default", "web")), port=80)).source == "node node-1"


@pytest.mark.parametrize("address", ["clusterIP", "nodePort", "loadBalancerIP", "externalIP"])
@pytest.mark.parametrize("mode", ["iptables", "nftables", "ipvs"])
def test_without_endpoints_every_address_rejects(address, mode):
    """Rows 12 and 13, whatever the policy; terminating Pods that no longer serve do not count."""
    for spec in ("", LOCAL_OUT, LOCAL_IN):
        answer = ask(ON_NODE_3, address, "node-3", spec, mode=mode, web_1="unready", web_2="gone")
        assert (answer.outcome, answer.curl_exit, answer.answered_by) == ("refused", 7, "kube-proxy")


def test_the_node_port_follows_its_own_policy():
    """Row 17: internalTrafficPolicy says nothing of node ports."""
    assert reached(ask(OUTSIDE, "nodePort", "node-3", LOCAL_IN, **TWO)) == ["node-1", "node-2"]


RANGES = "type: LoadBalancer, loadBalancerSourceRanges: [203.0.113.0/24]"


def test_source_ranges_guard_the_load_balancers_address_only():
    """Rows 18 to 20: dropped, rejected where there is no endpoint, open at the node port."""
    assert ask(OUTSIDE, "loadBalancerIP", "node-1", RANGES, **TWO).outcome == "timed-out"
    assert ask(Client(ip="203.0.113.7"), "loadBalancerIP", "node-1", RANGES, **TWO).outcome == "answered"
    assert ask(OUTSIDE, "loadBalancerIP", "node-1", RANGES).outcome == "refused"
    assert ask(OUTSIDE, "nodePort", "node-1", RANGES, **TWO).outcome == "answered"


@pytest.mark.parametrize(("mode", "outcome"), [("iptables", "timed-out"), ("nftables", "refused"), ("ipvs", "refused")])
def test_a_port_that_the_service_does_not_have_depends_on_the_mode(mode, outcome):
    """Row 21."""
    assert ask(POD, port=81, mode=mode, **TWO).outcome == outcome


def test_a_load_balancer_without_controller_has_no_address():
    """It stays pending."""
    assert ask(OUTSIDE, "loadBalancerIP", lb=False, **TWO).outcome == "unresolved"


def test_a_load_balancer_sends_only_to_nodes_that_pass_its_health_check():
    """externalTrafficPolicy Local: only nodes with a ready endpoint, so nothing is lost."""
    answer = ask(OUTSIDE, "loadBalancerIP", "", LOCAL_OUT, **TWO)
    assert (reached(answer), answer.source) == (["node-1", "node-2"], "kept")


def test_a_terminating_local_endpoint_still_serves_under_local():
    """While ready ones are elsewhere; under Cluster it is not used."""
    states = {"web_1": "terminating", "web_2": "ready"}
    assert reached(ask(OUTSIDE, "nodePort", "node-1", LOCAL_OUT, **states)) == ["node-1"]
    assert reached(ask(OUTSIDE, "nodePort", "node-1", **states)) == ["node-2"]


def test_a_service_without_a_node_port_does_not_listen_on_nodes():
    """Type ClusterIP, or a LoadBalancer with allocateLoadBalancerNodePorts: false."""
    answer = ask(OUTSIDE, "nodePort", "node-1", "type: LoadBalancer, ports: [{port: 80, targetPort: 8080}]", **TWO)
    assert answer.outcome == "refused"


def test_session_affinity_is_told():
    """Every endpoint may still be the first."""
    answer = ask(POD, spec="sessionAffinity: ClientIP", **TWO)
    assert len(answer.backends) == 2
    assert any("10800 s" in hop.reason for hop in answer.hops)


def test_the_reason_names_the_cause():
    """An empty Service says why it is empty, in the kube-proxy hop."""
    answer = ask(POD)
    assert answer.hops[-1].stage == "kube-proxy"
    assert "SelectorMatchesNoPod: selector app=web matches no Pod" in answer.hops[-1].reason
