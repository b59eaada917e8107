"""The way of a request, from the client to the Pod."""

from __future__ import annotations

import pytest

from simulator import Scenario, run
from simulator.api.meta import Ref
from simulator.api.traffic import Answer, Client, Request, Via
from simulator.trace import trace
from tests.simulator.worlds import running

WORLD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: lab}
---
apiVersion: v1
kind: Namespace
metadata: {name: kube-system}
---
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system}
spec: {clusterIP: 10.96.0.10, ports: [{port: 53, protocol: UDP}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: NodePort, selector: {app: web}, clusterIP: 10.96.0.20, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}
---
apiVersion: v1
kind: Service
metadata: {name: direct, namespace: shop}
spec: {selector: {app: web}, clusterIP: None, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: wrong, namespace: shop}
spec: {selector: {app: web}, clusterIP: 10.96.0.21, ports: [{port: 80, targetPort: 9999}]}
---
apiVersion: v1
kind: Service
metadata: {name: empty, namespace: shop}
spec: {selector: {app: nobody}, clusterIP: 10.96.0.22, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: alias, namespace: lab}
spec: {type: ExternalName, externalName: web.shop.svc.cluster.local}
---
apiVersion: v1
kind: Service
metadata: {name: database, namespace: shop}
spec: {clusterIP: 10.96.0.23, ports: [{port: 5432}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: database-1, namespace: shop, labels: {kubernetes.io/service-name: database}}
addressType: IPv4
ports: [{port: 5432}]
endpoints: [{addresses: [192.0.2.10]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: web, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: lab, labels: {app: client}}
spec: {containers: [{name: c, image: curl}], hostAliases: [{ip: 10.96.0.20, hostnames: [nickname]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: lab, annotations: {sim/node: node-2}}
spec: {hostNetwork: true, containers: [{name: c, image: agent, ports: [{containerPort: 9100}]}]}
"""
CLUSTER = running(WORLD)
CLIENT = Client(pod=Ref("Pod", "lab", "client"))


def get(host: str, client: Client = CLIENT, port: int | None = None, cluster=CLUSTER, **more) -> Answer:
    return trace(cluster, Request(client, host=host, port=port, **more))


def stages(answer: Answer) -> list[str]:
    return [hop.stage for hop in answer.hops]


def test_a_name_leads_through_dns_and_kube_proxy_to_the_pods():
    """One hop for each query, then Service, kube-proxy and Pod; the Pod sees the request as it was sent."""
    answer = get("web.shop", path="/pay", headers={"X-A": "b"})
    assert (answer.outcome, answer.curl_exit, answer.status, answer.answered_by) == ("answered", 0, 200, "backend")
    assert stages(answer) == ["dns", "dns", "service", "kube-proxy", "pod"]
    assert {b.service for b in answer.backends} == {Ref("Service", "shop", "web")}
    assert sum(b.share for b in answer.backends) == 1
    assert answer.backend_request["path"] == "/pay"
    assert answer.backend_request["headers"] == {"X-A": "b"}


def test_a_short_name_from_another_namespace_is_not_found():
    """The classic: curl exit 6."""
    answer = get("web")
    assert (answer.outcome, answer.curl_exit, answer.backends) == ("unresolved", 6, ())


def test_an_empty_service_resolves_and_refuses():
    """Exit 7 at once, not a time-out and not a name error."""
    answer = get("empty.shop")
    assert (answer.outcome, answer.curl_exit, answer.answered_by) == ("refused", 7, "kube-proxy")


def test_a_wrong_target_port_is_refused_by_the_pod():
    """kube-proxy does its part; the answer still says who was asked."""
    answer = get("wrong.shop")
    assert (answer.outcome, answer.curl_exit, answer.answered_by) == ("refused", 7, "backend")
    assert {b.port for b in answer.backends} == {9999}
    assert "containers declare 8080/TCP" in answer.hops[-1].reason


def test_a_headless_name_needs_the_target_port():
    """No proxy stands between: port 80 means nothing on a Pod's address."""
    assert get("direct.shop").outcome == "refused"
    answer = get("direct.shop", port=8080)
    assert (answer.outcome, len(answer.backends), answer.source) == ("answered", 2, "kept")


def test_an_external_name_leads_on():
    """An alias of a Service in the cluster reaches it; one of the outside is not modelled."""
    assert get("alias").outcome == "answered"
    assert get("www.example.com").not_modelled


def test_addresses_may_be_dialled_as_they_are():
    """A ClusterIP, a Pod, a node port, a host-network Pod's port, an address nobody has."""
    pod = CLUSTER.selected("Pod", "shop", {"app": "web"})[0]
    assert get("10.96.0.20").outcome == "answered"
    assert get(pod.status["podIP"], port=8080).backends[0].pod == pod.ref
    assert get("192.168.10.11", port=30080).outcome == "answered"
    assert get("192.168.10.12", port=9100).backends[0].pod == Ref("Pod", "lab", "agent")
    assert get("192.168.10.11", port=9100).outcome == "refused"
    assert get("10.96.7.7").outcome == "timed-out"
    assert get("192.0.2.99").not_modelled


def test_localhost_and_host_aliases_need_no_dns():
    """The Pod itself, and what its /etc/hosts says."""
    assert get("localhost", port=8080).backends[0].pod == CLIENT.pod
    assert get("nickname").backends[0].service.name == "web"


def test_the_cluster_is_closed_to_the_outside_but_for_its_doors():
    """Names and Pod addresses lead nowhere; a node port does."""
    outside = Client(ip="198.51.100.9")
    assert get("web.shop.svc.cluster.local", outside).outcome == "unresolved"
    assert get(CLUSTER.selected("Pod", "shop", {"app": "web"})[0].status["podIP"], outside, 8080).outcome == "timed-out"
    answer = get("192.168.10.13", outside, 30080)
    assert (answer.outcome, answer.source) == ("answered", "node node-3")


def test_a_process_on_a_node_has_the_nodes_resolver():
    """It can dial a ClusterIP but does not know its name."""
    node = Client(node="node-1")
    assert get("web.shop.svc.cluster.local", node).outcome == "unresolved"
    assert get("10.96.0.20", node).source == "node node-1"


def test_a_host_network_pod_sends_under_its_nodes_address():
    """Source and resolver are the node's."""
    agent = Client(pod=Ref("Pod", "lab", "agent"))
    assert get("10.96.0.20", agent).source == "node node-2"
    assert get("web.shop", agent).outcome == "unresolved"


def test_a_backend_outside_the_cluster_is_taken_to_answer():
    """A selectorless Service leads where its slice says."""
    answer = get("database.shop", port=5432, protocol="TCP")
    assert (answer.outcome, answer.status, answer.backends[0].ip, answer.backends[0].pod) == ("answered", None, "192.0.2.10", None)
    assert answer.hops[-1].basis.value == "modelled"


@pytest.mark.parametrize(
    ("annotations", "outcome"),
    [
        ('sim/listens: "9090,8080"', "answered"), ('sim/listens: "8080/UDP"', "refused"), ('sim/listens: ""', "refused"),
        ('sim/listens: "nonsense"', "refused"), ('sim/waiting: CrashLoopBackOff', "refused"),
    ],
)  # fmt: skip
def test_what_listens_decides_at_the_pod(annotations, outcome):
    """sim/listens overrules the declared ports; a container that does not run listens to nothing."""
    text = WORLD.replace("metadata: {labels: {app: web}}", "metadata: {labels: {app: web}, annotations: {SAID}}").replace(
        "SAID", annotations
    )
    cluster = running(
        text.replace(
            "selector: {app: web}, clusterIP: 10.96.0.20", "publishNotReadyAddresses: true, selector: {app: web}, clusterIP: 10.96.0.20"
        )
    )
    assert get("web.shop", cluster=cluster).outcome == outcome


POLICY = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [%s]}
"""


def test_network_policy_decides_behind_the_service():
    """Denied packets vanish: curl waits. The rule that lets them in names the Pod's port, not the Service's."""
    answer = get("web.shop", cluster=running(WORLD + POLICY % ""))
    assert (answer.outcome, answer.curl_exit, answer.answered_by, answer.backends) == ("timed-out", 28, "network", ())
    assert stages(answer)[-1] == "network-policy"
    assert get("web.shop", cluster=running(WORLD + POLICY % "{ports: [{port: 8080}]}")).outcome == "answered"
    assert get("web.shop", cluster=running(WORLD + POLICY % "{ports: [{port: 80}]}")).outcome == "timed-out"


def test_a_masqueraded_client_is_judged_by_the_nodes_address():
    """Through a node port the policy sees the node, so a rule for the client's Pod does not let it in."""
    text = WORLD + POLICY % "{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: client}}}]}"
    cluster = running(text)
    assert get("web.shop", cluster=cluster).outcome == "answered"
    denied = trace(cluster, Request(CLIENT, Via(Ref("Service", "shop", "web"), "nodePort", "node-3"), port=80))
    assert denied.outcome == "timed-out"


def test_outcomes_that_differ_between_pods_are_told_with_their_shares():
    """One Pod listens, the other does not: curl succeeds half the time."""
    pod = """
---
apiVersion: v1
kind: Pod
metadata: {name: odd, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: web, ports: [{containerPort: 1}]}]}
"""
    answer = get("web.shop", cluster=running(WORLD + pod))
    assert answer.outcome == "answered"
    assert answer.extra["outcomes"] == {"answered": pytest.approx(2 / 3), "refused": pytest.approx(1 / 3)}
    assert sum(b.share for b in answer.backends) == pytest.approx(1)


@pytest.mark.parametrize(
    "request_",
    [
        Request(Client(pod=Ref("Pod", "lab", "nobody")), host="web.shop"),
        Request(Client(node="nowhere"), host="web.shop"),
        Request(CLIENT),
        Request(CLIENT, Via(Ref("Service", "shop", "nothing"))),
        Request(CLIENT, Via(Ref("ConfigMap", "shop", "nothing"))),
        Request(CLIENT, Via(Ref("Deployment", "shop", "web"))),
        Request(CLIENT, Via(Ref("Service", "shop", "web"), "nonsense", "nowhere")),
        Request(CLIENT, Via(Ref("Service", "shop", "web"), "nodePort", "nowhere"), port=80),
        Request(CLIENT, Via(Ref("Service", "shop", "direct"), "nodePort"), port=80),
        Request(CLIENT, host="[fd00::1]"),
        Request(CLIENT, host="\x00"),
    ],
)
def test_nothing_that_is_asked_is_an_error(request_):
    """What does not exist, or makes no sense, ends the way; it never answers 200."""
    answer = trace(CLUSTER, request_)
    assert answer.status is None
    assert answer.outcome != "answered"


def test_labels_choose_a_client():
    """The first Pod that bears them."""
    assert get("web.shop", Client(pod=Ref("Pod", "lab", ""), labels={"app": "client"})).outcome == "answered"


def test_udp_and_tcp_ports_of_one_number_are_told_apart():
    """The protocol of the request chooses the Service's port."""
    text = WORLD.replace(
        "[{port: 80, targetPort: 8080, nodePort: 30080}]",
        "[{name: t, port: 80, targetPort: 8080}, {name: u, port: 80, protocol: UDP, targetPort: 53}]",
    )
    cluster = running(text)
    assert get("web.shop", cluster=cluster).outcome == "answered"
    assert get("web.shop", port=80, protocol="UDP", cluster=cluster).outcome == "refused"


def test_a_service_of_ipv6_alone_is_found_by_its_short_name() -> None:
    six = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ipFamilies: [IPv6], selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: web}]}
"""
    profile = {"serviceCIDR": "10.96.0.0/16,fd00:10:96::/112", "podCIDR": "10.244.0.0/16,fd00:10:244::/56"}
    request = {"from": {"pod": {"name": "web"}}, "host": "web"}
    report = run(Scenario.of({"profile": profile, "manifests": [{"name": "a.yaml", "text": six}], "requests": [request]}, str))
    assert [backend.ip for backend in report.answers[0].backends] == ["fd00:10:244:1::a"]
