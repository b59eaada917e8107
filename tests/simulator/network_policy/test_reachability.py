"""The matrix of workloads, what lies outside, and what a change of manifests changes."""

from __future__ import annotations

from simulator.api.meta import Ref
from simulator.api.networking_v1 import EGRESS, INGRESS
from simulator.api.traffic import Peer, Reach, ReachChange
from simulator.cluster import Cluster
from simulator.dataplane.reachability import diff, matrix
from simulator.dataplane.workloads import given_workloads, owners
from simulator.profile import Profile
from tests.simulator.network_policy.stored import stored

WEB, DB = Ref("Deployment", "shop", "web"), Ref("Pod", "shop", "db")

WORKLOADS = """
kind: Deployment
metadata: {name: web, namespace: shop}
---
kind: ReplicaSet
metadata:
  name: web-6d5f
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: a, controller: true}]
---
kind: Pod
metadata:
  name: web-6d5f-1
  namespace: shop
  labels: {app: web, canary: "true"}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-6d5f, uid: b, controller: true}]
spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}
status: {podIP: 10.244.1.10}
---
kind: Pod
metadata:
  name: web-6d5f-2
  namespace: shop
  labels: {app: web}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-6d5f, uid: b, controller: true}]
spec: {containers: [{name: c}]}
status: {podIP: 10.244.1.11}
---
kind: Pod
metadata:
  name: db
  namespace: shop
  labels: {app: db}
  ownerReferences: [{apiVersion: v1, kind: Node, name: node-1, uid: c, controller: true}]
spec: {containers: [{name: c}]}
status: {podIP: 10.244.1.12}
"""


def cluster(*policies: str, base: str = WORKLOADS, profile: Profile | None = None) -> Cluster:
    head = "kind: NetworkPolicy\nmetadata: {{name: p{}, namespace: shop}}\nspec: {}\n"
    return stored("---\n".join([base, *(head.format(i, spec) for i, spec in enumerate(policies))]), profile)


def workload(ref: Ref) -> Peer:
    return Peer(workload=ref)


def test_pods_count_as_their_top_level_owner() -> None:
    """Owners are followed upwards, also to one that is only named; a static Pod's node is no owner."""
    where = cluster()
    assert {ref: len(pods) for ref, pods in given_workloads(where).items()} == {WEB: 2, DB: 1}
    lonely = stored(
        "kind: Pod\nmetadata: {name: a, ownerReferences: [{kind: DaemonSet, name: agents, controller: true}]}\nspec: {containers: []}\n"
    )
    assert list(given_workloads(lonely)) == [Ref("DaemonSet", "default", "agents")]
    chased = stored("kind: Pod\nmetadata: {name: a, ownerReferences: [{kind: Pod, name: a, controller: true}]}\nspec: {containers: []}\n")
    assert owners(chased, chased.of("Pod")[0]) == [Ref("Pod", "default", "a")]


def test_the_matrix_has_every_ordered_pair_and_the_outside() -> None:
    """Without policies everything is open, in every direction."""
    reach = matrix(cluster())
    assert len(reach) == len(list(reach)) == 4 + 4
    assert list(reach)[:4] == [Reach(workload(one), workload(other), "all") for one in (WEB, DB) for other in (WEB, DB)]
    assert reach[4:6] == [Reach(Peer(external=True), workload(WEB), "all"), Reach(workload(WEB), Peer(external=True), "all")]
    assert reach[-1] == Reach(workload(DB), Peer(external=True), "all")


def test_a_workload_reaches_what_one_of_its_pods_reaches() -> None:
    """Pods of one workload may differ; the pair tells what some Pod of the one may open to some Pod of the other."""
    reach = matrix(
        cluster(
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {canary: 'true'}}}], ports: [{port: 5432}]}]}"
        )
    )
    assert reach.between(WEB, DB).told() == {"TCP": ((5432, 5432),)}
    assert reach.between(DB, WEB).told() == "all"


def test_a_workload_with_itself_tells_what_its_pods_may_open_among_each_other() -> None:
    """A default deny keeps replicas apart; a single Pod always reaches itself."""
    reach = matrix(cluster("{podSelector: {}}"))
    assert [reach.between(each, each).told() for each in (WEB, DB)] == ["none", "all"]
    canary = "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {canary: 'true'}}}], ports: [{port: 7000}]}]}"
    assert matrix(cluster(canary)).between(WEB, WEB).told() == {"TCP": ((7000, 7000),)}


def test_named_ports_mean_each_servers_own() -> None:
    """A named port opens what the server's Pod declares by that name, and nothing where it declares none."""
    reach = matrix(cluster("{podSelector: {}, ingress: [{ports: [{port: http}, {port: 53, protocol: UDP}]}]}"))
    assert reach.between(DB, WEB).told() == {"TCP": ((8080, 8080),), "UDP": ((53, 53),)}
    assert reach.between(WEB, DB).told() == {"UDP": ((53, 53),)}


def test_the_outside_is_told_only_where_something_is_open() -> None:
    """Closed directions have no entry; parts of the outside that blocks tell apart can be asked for."""
    reach = matrix(
        cluster(
            "{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.128/25]}}]}]}"
        )
    )
    assert [(entry.client, entry.server) for entry in reach if Peer(external=True) in (entry.client, entry.server)] == [
        (Peer(external=True), workload(WEB)),
        (Peer(external=True), workload(DB)),
    ]
    open_parts = [[str(r) for r in part.ranges] for part, ports in reach.outside_of(DB, INGRESS) if ports]
    assert open_parts == [["203.0.113.0/25"]]
    assert not any(ports for _, ports in reach.outside_of(DB, EGRESS))


def test_blocks_inside_the_pod_network_are_not_the_outside() -> None:
    """A block that holds Pod addresses only admits Pods, nobody else."""
    reach = matrix(cluster("{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 10.244.1.10/32}}]}]}"))
    assert reach.between(WEB, DB).told() == "all"
    assert Reach(Peer(external=True), workload(DB), "all") not in list(reach)


def test_a_plugin_that_does_not_enforce_leaves_everything_open() -> None:
    """The matrix of a cluster that ignores policies is all open."""
    reach = matrix(cluster("{podSelector: {}}", profile=Profile(network_policy="ignored")))
    assert {entry.allowed for entry in reach} == {"all"}


def test_workloads_that_are_not_there_reach_nothing() -> None:
    """Asking for a stranger gives no ports."""
    assert not matrix(cluster()).between(WEB, Ref("Pod", "shop", "stranger"))


def test_a_diff_tells_what_was_introduced_removed_and_changed() -> None:
    """Only pairs for which something changes, with both sides."""
    before = matrix(cluster("{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 5432}]}]}"))
    after = matrix(
        cluster(
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 5433}]}, {from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}"
        )
    )
    outside = Peer(external=True, addresses=("203.0.113.0/24",))
    assert diff(before, after) == [
        ReachChange(workload(WEB), workload(DB), "changed", {"TCP": ((5432, 5432),)}, {"TCP": ((5433, 5433),)}),
        ReachChange(outside, workload(DB), "introduced", "none", "all"),
    ]
    assert [change.change for change in diff(after, before)] == ["changed", "removed"]
    assert diff(after, after) == []


def test_a_diff_tells_workloads_that_come_and_go() -> None:
    """A workload that one side lacks reaches nothing there, neither Pods nor the outside."""
    small = cluster(base="kind: Pod\nmetadata: {name: db, namespace: shop}\nspec: {containers: []}\n")
    changes = diff(matrix(small), matrix(cluster()))
    assert {(change.client, change.server, change.change) for change in changes} == {
        (workload(WEB), workload(DB), "introduced"),
        (workload(DB), workload(WEB), "introduced"),
        (Peer(external=True), workload(WEB), "introduced"),
        (workload(WEB), Peer(external=True), "introduced"),
    }
