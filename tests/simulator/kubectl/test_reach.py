"""Who can reach whom, as text."""

from simulator import Profile, Scenario, SourceFile, matrix, run
from simulator.api.meta import Ref
from simulator.api.traffic import Peer, Reach, ReachChange
from simulator.kubectl.reach import diff_text, ports_text, reach_text
from tests.simulator.worlds import stored

WEB, DB = Peer(workload=Ref("Deployment", "shop", "web")), Peer(workload=Ref("StatefulSet", "shop", "db"))

POLICY = """
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db-0, namespace: shop, labels: {app: db}},
 spec: {containers: [{name: c}]}, status: {phase: Running, podIP: 10.244.1.1, podIPs: [{ip: 10.244.1.1}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web-0, namespace: shop, labels: {app: web}},
 spec: {containers: [{name: c}]}, status: {phase: Running, podIP: 10.244.1.2, podIPs: [{ip: 10.244.1.2}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: shop},
 spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: []}}
"""


def test_ports_are_ranges_by_protocol():
    """`all` and `none` are words; single ports and ranges are numbers."""
    assert ports_text({"TCP": ((80, 80), (8000, 9000)), "UDP": ((53, 53),), "SCTP": ()}) == "TCP 80, 8000-9000; UDP 53"
    assert (ports_text("all"), ports_text({"TCP": ()})) == ("all", "none")


def test_the_policy_that_decides_is_named():
    """A closed pair says which policy closes it; open pairs stand in the grid only."""
    db, web = (Peer(pod=Ref("Pod", "shop", name)) for name in ("db-0", "web-0"))
    text = reach_text(stored(POLICY), [Reach(web, db, "none"), Reach(db, web, "all")])
    rows = [line.split() for line in text.splitlines() if line]
    assert rows[0] == ["FROM", "\\", "TO", "1", "2"]
    assert rows[-1] == ["Pod", "shop/web-0", "Pod", "shop/db-0", "none", "shop/deny", "ingress"]


def test_a_workload_that_is_closed_to_itself_names_the_policy():
    """Two of its Pods are asked about, not one that talks to itself; what is missing of the outside is closed."""
    text = """
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop},
 spec: {replicas: 2, selector: {matchLabels: {app: web}},
        template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: c}]}}}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: shop},
 spec: {podSelector: {}, policyTypes: [Ingress]}}
"""
    cluster = run(Scenario(Profile(), (SourceFile("shop.yaml", text),))).cluster
    rows = [line.split() for line in reach_text(cluster, list(matrix(cluster))).splitlines() if line]
    assert rows[1:3] == [["1", "Deployment", "shop/web", "-", "open"], ["2", "outside", "-"]]
    assert rows[-1] == ["Deployment", "shop/web", "Deployment", "shop/web", "none", "shop/deny", "ingress"]


def test_nothing_restricted_and_nothing_there_are_said():
    """An open cluster and an empty one are told apart."""
    assert reach_text(stored(""), [Reach(WEB, DB, "all")]).endswith("Everything listed is open: no policy restricts it.\n")
    assert reach_text(stored(""), []) == "There are no workloads.\n"


def test_a_change_says_what_was_and_what_will_be():
    """Before and after, pair by pair."""
    change = ReachChange(WEB, DB, "removed", "all", "none")
    assert diff_text([change]).splitlines()[1].split() == ["removed", "Deployment", "shop/web", "StatefulSet", "shop/db", "all", "none"]
    assert diff_text([]).startswith("Nothing changes")
