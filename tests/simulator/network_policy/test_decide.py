"""One connection: the verdict, the rules that decide it, and the sentence that says so."""

from __future__ import annotations

import pytest

from simulator.api.diagnostics import Basis
from simulator.api.meta import Ref
from simulator.api.traffic import Connection, ConnectionAnswer, Peer, PolicyRule
from simulator.cluster import Cluster
from simulator.dataplane.network_policy import decide
from simulator.profile import Profile
from tests.simulator.network_policy.stored import stored

PODS = """
kind: Namespace
metadata: {name: shop, labels: {team: red}}
---
kind: Namespace
metadata: {name: ops, labels: {team: blue}}
---
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  nodeName: node-1
  containers: [{name: c, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]
status: {podIP: 10.244.1.10, hostIP: 192.168.10.11}
---
kind: Pod
metadata: {name: client, namespace: shop, labels: {app: client}}
spec: {nodeName: node-2, containers: [{name: c}]}
status: {podIP: 10.244.2.10}
---
kind: Pod
metadata: {name: probe, namespace: ops, labels: {app: client}}
spec: {nodeName: node-2, containers: [{name: c}]}
status: {podIP: 10.244.2.11}
---
kind: Pod
metadata: {name: agent, namespace: ops, labels: {app: agent}}
spec: {nodeName: node-1, hostNetwork: true, containers: [{name: c}]}
status: {podIP: 192.168.10.11, hostIP: 192.168.10.11}
"""


def cluster(*policies: str, profile: Profile | None = None) -> Cluster:
    head = "kind: NetworkPolicy\nmetadata: {{name: p{}, namespace: shop}}\nspec: {}\n"
    return stored("---\n".join([PODS, *(head.format(i, spec) for i, spec in enumerate(policies))]), profile)


def peer(text: str) -> Peer:
    namespace, slash, name = text.partition("/")
    return Peer(pod=Ref("Pod", namespace, name)) if slash else Peer(ip=text) if text else Peer(external=True)


def ask(where: Cluster, client: str, server: str, port: int | str = 8080, protocol: str = "TCP") -> ConnectionAnswer:
    return decide(where, Connection(peer(client), peer(server), protocol, port))


def rule(name: str, direction: str, index: int | None) -> PolicyRule:
    return PolicyRule(Ref("NetworkPolicy", "shop", name), direction, index)


def test_without_policies_everything_is_open() -> None:
    """What no policy selects may connect freely, and the sentence says why."""
    answer = ask(cluster(), "ops/probe", "shop/web")
    assert (answer.allowed, answer.decided_by, answer.hops) == (True, (), ())
    assert (
        answer.reason
        == "No NetworkPolicy selects Pod ops/probe for egress or Pod shop/web for ingress: what no policy selects may connect freely."
    )


def test_an_empty_policy_denies_its_own_direction_only() -> None:
    """`podSelector: {}` without rules is a default deny for ingress; what the Pods open themselves stays open, replies included."""
    where = cluster("{podSelector: {}}")
    denied = ask(where, "ops/probe", "shop/web")
    assert (denied.allowed, denied.decided_by) == (False, (rule("p0", "ingress", None),))
    assert denied.reason == "NetworkPolicy shop/p0 selects Pod shop/web for ingress, and there is no ingress rule: everything is denied."
    assert ask(where, "shop/web", "ops/probe").allowed


def test_the_union_of_policies_decides() -> None:
    """A second policy can only add; every rule that admits is named."""
    where = cluster(
        "{podSelector: {}}", "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}]}, {ports: [{port: 8080}]}]}"
    )
    answer = ask(where, "shop/client", "shop/web")
    assert (answer.allowed, answer.decided_by) == (True, (rule("p1", "ingress", 0), rule("p1", "ingress", 1)))
    assert answer.reason == (
        "Ingress rule 0 of NetworkPolicy shop/p1 and ingress rule 1 of NetworkPolicy shop/p1 let Pod shop/client in to Pod shop/web on TCP 8080."
    )
    assert ask(where, "ops/probe", "shop/web").decided_by == (rule("p1", "ingress", 1),)


def test_both_directions_must_agree() -> None:
    """An ingress rule that admits does not help against egress that does not."""
    where = cluster(
        "{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]}",
        "{podSelector: {}, ingress: [{}]}",
    )
    answer = ask(where, "shop/client", "shop/web")
    assert (answer.allowed, answer.decided_by) == (False, (rule("p0", "egress", None), rule("p1", "ingress", 0)))
    assert answer.reason == (
        "NetworkPolicy shop/p0 selects Pod shop/client for egress, and no egress rule admits Pod shop/web on TCP 8080: "
        "rule 0 of shop/p0 admits it on UDP 53 only."
    )
    assert [(hop.decision, hop.object) for hop in answer.hops] == [
        ("denied", Ref("NetworkPolicy", "shop", "p0")),
        ("allowed", Ref("NetworkPolicy", "shop", "p1")),
    ]
    assert ask(where, "shop/client", "shop/web", "dns", "UDP").allowed


def test_one_item_is_and_two_items_are_or() -> None:
    """The classic dash: both selectors in one item narrow each other, in two items they add up."""
    both = (
        "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}, podSelector: {matchLabels: {app: agent}}}]}]}"
    )
    either = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}}, {podSelector: {matchLabels: {app: client}}}]}]}"
    assert not ask(cluster(both), "ops/probe", "shop/web").allowed
    assert ask(cluster(either), "ops/probe", "shop/web").allowed
    assert ask(cluster(either), "shop/client", "shop/web").allowed


def test_a_pod_selector_alone_means_the_own_namespace() -> None:
    """Equal labels elsewhere do not count; an empty namespaceSelector is every namespace; a namespace always has its name as label."""
    assert not ask(
        cluster("{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]}"), "ops/probe", "shop/web"
    ).allowed
    assert ask(cluster("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}"), "ops/probe", "shop/web").allowed
    by_name = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ops}}}]}]}"
    assert ask(cluster(by_name), "ops/probe", "shop/web").allowed


@pytest.mark.parametrize(
    ("ports", "wanted"),
    [
        ("[]", {("TCP", 8080), ("TCP", 1), ("UDP", 53), ("SCTP", 7)}),
        ("[{port: http}]", {("TCP", 8080)}),
        ("[{port: dns}]", set()),
        ("[{port: dns, protocol: UDP}]", {("UDP", 53)}),
        ("[{protocol: UDP}]", {("UDP", 53)}),
        ("[{port: 8000, endPort: 8100}, {port: 7, protocol: SCTP}]", {("TCP", 8080), ("SCTP", 7)}),
    ],
)
def test_ports(ports: str, wanted: set[tuple[str, int]]) -> None:
    """Numbers, names of the server's own ports, ranges, whole protocols; TCP where nothing is said."""
    where = cluster(f"{{podSelector: {{matchLabels: {{app: web}}}}, ingress: [{{ports: {ports}}}]}}")
    asked = [("TCP", 8080), ("TCP", 1), ("UDP", 53), ("SCTP", 7)]
    assert {(protocol, port) for protocol, port in asked if ask(where, "shop/client", "shop/web", port, protocol).allowed} == wanted


def test_address_blocks_match_pods_and_the_outside() -> None:
    """`ipBlock` looks at addresses, whosever they are; `except` takes out of it."""
    where = cluster(
        '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.244.2.0/24, except: [10.244.2.11/32]}}, {ipBlock: {cidr: "fd00::/8"}}]}]}'
    )
    verdicts = {
        client: ask(where, client, "shop/web").allowed
        for client in ("shop/client", "ops/probe", "10.244.2.10", "10.244.2.99", "fd00::1", "198.51.100.1")
    }
    assert verdicts == {
        "shop/client": True,
        "ops/probe": False,
        "10.244.2.10": True,
        "10.244.2.99": True,
        "fd00::1": True,
        "198.51.100.1": False,
    }


def test_an_outside_client_without_address_gets_a_documented_one() -> None:
    """Somewhere outside stands for an address that the reason names."""
    assert ask(cluster("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}"), "", "shop/web").allowed
    answer = ask(cluster("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}"), "", "shop/web")
    assert answer.reason == "NetworkPolicy shop/p0 selects Pod shop/web for ingress, and no ingress rule admits 203.0.113.1."


def test_what_no_policy_can_forbid() -> None:
    """A Pod reaches itself, and the node that a Pod runs on reaches it."""
    where = cluster("{podSelector: {}, policyTypes: [Ingress, Egress]}")
    assert ask(where, "shop/web", "shop/web").reason == "Pod shop/web talks to itself, which no NetworkPolicy can forbid."
    assert ask(where, "192.168.10.11", "shop/web").reason == (
        "Pod shop/web is isolated, but traffic between a Pod and the node it runs on is always let through."
    )
    assert ask(where, "shop/web", "192.168.10.11").allowed
    assert not ask(where, "192.168.10.12", "shop/web").allowed


@pytest.mark.parametrize(("treatment", "selected", "same_node"), [("applied", True, False), ("ignored", False, True)])
def test_host_network_pods_are_left_to_the_plugin(treatment: str, selected: bool, same_node: bool) -> None:
    """A plugin may treat them as Pods, or see only their node; the answer says that this is a model."""
    profile = Profile(host_network_policy=treatment)
    by_label = cluster(
        "{podSelector: {matchLabels: {app: client}}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: agent}}}]}]}",
        profile=profile,
    )
    answer = ask(by_label, "ops/agent", "shop/client")
    assert (answer.allowed, answer.basis) == (selected, Basis.MODELLED)
    assert "network plugin" in answer.reason
    assert ask(cluster("{podSelector: {}}", profile=profile), "ops/agent", "shop/web").allowed is same_node


def test_a_plugin_that_does_not_enforce() -> None:
    """The connection is open, and the answer says what enforcement would do."""
    where = cluster("{podSelector: {}}", profile=Profile(network_policy="ignored"))
    answer = ask(where, "shop/client", "shop/web")
    assert (answer.allowed, answer.decided_by, answer.basis) == (True, (), Basis.IMPLEMENTED)
    assert (
        "Enforced, it would be open too"
        in ask(cluster("{podSelector: {}, ingress: [{}]}", profile=where.profile), "shop/client", "shop/web").reason
    )
    assert answer.reason.startswith(
        "The network plugin of this cluster does not enforce NetworkPolicy, so this is open. Enforced, it would be denied: NetworkPolicy shop/p0"
    )


def test_what_is_not_there_cannot_be_reached() -> None:
    """Missing Pods, workloads and port names are answered with a sentence."""
    where = cluster()
    assert ask(where, "shop/client", "shop/nobody") == ConnectionAnswer(False, (), "There is no Pod shop/nobody.")
    assert ask(where, "shop/client", "shop/web", "grpc") == ConnectionAnswer(False, (), "Pod shop/web has no TCP port named grpc.")
    nobody = Peer(workload=Ref("Deployment", "shop", "nobody"))
    assert decide(where, Connection(nobody, peer("shop/web"))).reason == "There is no Deployment shop/nobody."


@pytest.mark.parametrize(("port", "protocol"), [(None, "TCP"), ([80], "TCP"), (70000, "TCP"), (-1, "UDP"), (8080, ["TCP"]), (8080, "ICMP")])
def test_a_port_or_protocol_that_is_none_is_admitted_by_no_rule(port: object, protocol: object) -> None:
    """Whatever a question names, it gets an answer."""
    where = cluster("{podSelector: {}, ingress: [{}]}")
    answer = decide(where, Connection(peer("shop/client"), peer("shop/web"), protocol, port))  # type: ignore[arg-type]
    assert not answer.allowed
    assert answer.reason


def test_an_address_that_is_none_is_in_no_block() -> None:
    """Text that is no address stands for nobody."""
    where = cluster("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}")
    assert ask(where, "not-an-address", "shop/web").reason.endswith("no ingress rule admits something without a readable address.")


def test_a_policy_types_list_without_egress_leaves_egress_open() -> None:
    """Egress rules do not count where `policyTypes` does not name Egress."""
    where = cluster("{podSelector: {}, policyTypes: [Ingress], egress: []}")
    assert ask(where, "shop/client", "ops/probe").allowed
    assert not ask(cluster("{podSelector: {}, egress: [{to: [{podSelector: {}}]}]}"), "shop/client", "ops/probe").allowed
