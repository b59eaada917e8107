"""Policies for wanted connections: as few as can be, and the matrix proves them."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest

from simulator.api.meta import Ref
from simulator.api.traffic import Peer, Reach
from simulator.cluster import Cluster
from simulator.dataplane.reachability import matrix
from simulator.policy_synthesis import Synthesis, synthesise
from tests.simulator.network_policy import generated
from tests.simulator.network_policy.stored import stored

TCP_8080 = {"TCP": ((8080, 8080),)}


def pod(name: str, namespace: str, address: str, **labels: str) -> dict[str, Any]:
    return {
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": {"app": name, **labels}},
        "spec": {"containers": [{"name": "c"}]},
        "status": {"podIP": address},
    }


SHOP = [
    pod("frontend", "shop", "10.244.1.1", tier="web"),
    pod("admin", "shop", "10.244.1.2", tier="web"),
    pod("backend", "shop", "10.244.1.3", tier="api"),
    pod("db", "shop", "10.244.1.4", tier="data"),
    pod("probe", "ops", "10.244.1.5"),
]


def policy(name: str, **spec: Any) -> dict[str, Any]:
    return {"kind": "NetworkPolicy", "metadata": {"name": name, "namespace": "shop"}, "spec": spec}


def named(name: str) -> Peer:
    return Peer(workload=Ref("Pod", "ops" if name == "probe" else "shop", name))


def wish(client: str | Peer, server: str, allowed: Any = "all") -> Reach:
    return Reach(named(client) if isinstance(client, str) else client, named(server), allowed)


def specs(found: Synthesis) -> list[dict[str, Any]]:
    return [item.spec for item in found.policies]


def ask(*wishes: Reach, more: list[dict[str, Any]] | None = None) -> Synthesis:
    return synthesise(stored([*SHOP, *(more or [])]), wishes)


def test_only_frontend_reaches_backend() -> None:
    """The classic question gives one policy with one rule, and everybody else loses the way."""
    found = ask(wish("frontend", "backend", TCP_8080))
    assert specs(found) == [
        {
            "podSelector": {"matchLabels": {"app": "backend"}},
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "frontend"}}}], "ports": [{"protocol": "TCP", "port": 8080}]}],
        }
    ]
    assert found.proved
    assert {(c.client.workload.name if c.client.workload else "outside", c.change) for c in found.changes} == {
        ("frontend", "changed"), ("admin", "removed"), ("db", "removed"), ("probe", "removed"), ("outside", "removed"),
    }  # fmt: skip


def test_nobody_may() -> None:
    """A server without a client gets a policy without rules."""
    found = ask(wish("frontend", "db", "none"))
    assert specs(found) == [{"podSelector": {"matchLabels": {"app": "db"}}, "policyTypes": ["Ingress"]}]
    assert found.proved


def test_one_label_that_fits_replaces_many() -> None:
    """Clients that share a label are admitted by it, all of a namespace by the namespace, others one by one: a single one by its label."""
    peers = lambda *clients: specs(ask(*(wish(client, "db") for client in clients)))[0]["ingress"][0]["from"]  # noqa: E731
    assert peers("frontend", "admin") == [{"podSelector": {"matchLabels": {"tier": "web"}}}]
    assert peers("frontend", "admin", "backend") == [{"podSelector": {}}]
    assert peers("frontend", "backend") == [{"podSelector": {"matchLabels": {"app": name}}} for name in ("frontend", "backend")]
    other = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ops"}}, "podSelector": {"matchLabels": {"app": "probe"}}}
    assert peers("probe") == [other]


def test_servers_with_the_same_wishes_share_a_policy() -> None:
    """Both servers of a tier are closed by one policy; nobody may reach any Pod of the namespace is a default deny."""
    found = ask(wish("db", "frontend"), wish("db", "admin"))
    assert [spec["podSelector"] for spec in specs(found)] == [{"matchLabels": {"tier": "web"}}]
    everything = ask(*(wish("probe", server, "none") for server in ("frontend", "admin", "backend", "db")))
    assert specs(everything) == [{"podSelector": {}, "policyTypes": ["Ingress"]}]
    assert everything.proved


def test_ranges_protocols_and_different_ports() -> None:
    """Each set of ports is a rule of its own; ranges and whole protocols are written as such."""
    found = ask(wish("frontend", "db", {"TCP": ((1000, 1010),), "UDP": ((1, 65535),)}), wish("backend", "db"))
    assert specs(found)[0]["ingress"] == [
        {
            "from": [{"podSelector": {"matchLabels": {"app": "frontend"}}}],
            "ports": [{"protocol": "TCP", "port": 1000, "endPort": 1010}, {"protocol": "UDP"}],
        },
        {"from": [{"podSelector": {"matchLabels": {"app": "backend"}}}]},
    ]
    assert found.proved


def test_the_outside() -> None:
    """All of it without the Pods, a part of it, or really everybody."""
    outside, office = Peer(external=True), Peer(external=True, addresses=("203.0.113.0/24",))
    anywhere = ask(wish(outside, "frontend", TCP_8080))
    assert specs(anywhere)[0]["ingress"][0]["from"] == [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.244.0.0/16"]}}]
    assert anywhere.proved
    some = ask(wish(office, "frontend"))
    assert specs(some)[0]["ingress"] == [{"from": [{"ipBlock": {"cidr": "203.0.113.0/24"}}]}]
    assert some.proved
    all_but = ask(wish(outside, "frontend"), wish(office, "frontend", "none"))
    assert all_but.proved
    everybody = ask(
        *(wish(client, "frontend", TCP_8080) for client in ("admin", "backend", "db", "probe")), wish(outside, "frontend", TCP_8080)
    )
    assert specs(everybody)[0]["ingress"] == [{"ports": [{"protocol": "TCP", "port": 8080}]}]
    assert everybody.proved


def test_isolated_clients_get_their_egress() -> None:
    """Where an existing policy keeps the client from leaving, a second policy lets it out, and only there."""
    denied = policy("deny-egress", podSelector={}, policyTypes=["Egress"])
    found = ask(wish("frontend", "backend", TCP_8080), more=[denied])
    assert [list(spec["policyTypes"]) for spec in specs(found)] == [["Ingress"], ["Egress"]]
    assert specs(found)[1]["egress"] == [
        {"to": [{"podSelector": {"matchLabels": {"app": "backend"}}}], "ports": [{"protocol": "TCP", "port": 8080}]}
    ]
    assert found.proved


def test_an_existing_policy_that_admits_more_is_named() -> None:
    """Policies only add: what another one opens stays open, and the answer says which."""
    found = ask(
        wish("frontend", "backend"),
        more=[policy("open", podSelector={"matchLabels": {"app": "backend"}}, ingress=[{"from": [{"podSelector": {}}]}])],
    )
    assert not found.proved
    assert {unmet.client.workload.name for unmet in found.unmet if unmet.client.workload} == {"admin", "db"}
    assert all("NetworkPolicy shop/open" in unmet.reason for unmet in found.unmet)


def test_pods_that_no_label_tells_apart_are_not_glossed_over() -> None:
    """No selector can admit one of two Pods with the same labels: the wish stays unmet."""
    twin = pod("twin", "shop", "10.244.1.9")
    twin["metadata"]["labels"] = {"app": "frontend", "tier": "web"}
    found = ask(wish("frontend", "backend"), more=[twin])
    assert [(unmet.client, unmet.found) for unmet in found.unmet] == [(named("frontend"), "none")]


def test_a_workload_that_is_not_there() -> None:
    """A wish for a stranger makes no policy and is unmet."""
    found = ask(wish("frontend", "nobody"))
    assert not found.policies
    assert "There is no Pod shop/nobody." in {unmet.reason for unmet in found.unmet}


def test_names_do_not_collide() -> None:
    """A policy never takes the name of one that exists."""
    found = ask(wish("frontend", "backend"), more=[policy("backend-ingress", podSelector={"matchLabels": {"app": "db"}})])
    assert [item.name for item in found.policies] == ["backend-ingress-2"]


@pytest.mark.parametrize("seed", range(60))
def test_what_is_claimed_to_be_proved_is_so(seed: int) -> None:
    """On generated clusters: a proved answer brings exactly the wishes, and changes nothing for other servers."""
    random = Random(seed)
    manifests = [item for item in generated.cluster(random) if item["kind"] != "NetworkPolicy" or random.random() < 0.3]
    cluster = stored(manifests)
    before = matrix(cluster)
    servers = random.sample(list(before.workloads), min(2, len(before.workloads)))
    wishes = [
        Reach(Peer(workload=client), Peer(workload=server), random.choice(["all", "none", TCP_8080]))
        for client, server in product(before.workloads, servers)
        if client != server
    ]
    found = synthesise(cluster, wishes)
    after = matrix(cluster.with_objects(found.policies))
    right = all(
        after.between(w.client.workload, w.server.workload).told() == w.allowed for w in wishes if w.client.workload and w.server.workload
    )
    assert not found.proved or right
    if not cluster.of("NetworkPolicy"):
        for client, server in product(before.workloads, set(before.workloads) - set(servers)):
            assert after.between(client, server) == before.between(client, server)


def test_the_given_cluster_is_left_alone() -> None:
    """Synthesis proposes; it does not apply."""
    cluster: Cluster = stored(SHOP)
    synthesise(cluster, [wish("frontend", "backend")])
    assert not cluster.of("NetworkPolicy")
