"""Who reaches whom is asked of the manifests as they were meant, also where the server would refuse one for its form."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simulator import Connection, Peer, Ref, Scenario, SourceFile, run
from simulator.api.meta import Document
from simulator.supposition import trimmed


def pod(namespace: str, name: str) -> Peer:
    return Peer(pod=Ref("Pod", namespace, name))


def verdicts(text: str, *pairs: tuple[Peer, Peer]) -> list[bool]:
    report = run(Scenario(manifests=(SourceFile("all.yaml", text),), connections=tuple(Connection(*pair) for pair in pairs)))
    return [answer.allowed for answer in report.connections]


POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: only-y, namespace: x}
spec:
  podSelector: {}
  ingress: [{from: [{namespaceSelector: {matchLabels: {ns: y}}}]}]
"""


def named_pod(namespace: str, name: str, container: str = "{name: c, image: i}") -> str:
    return f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec: {{containers: [{container}]}}\n"


def namespace(name: str, label: str) -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{ns: {label}}}}}\n"


def test_text_that_yaml_reads_as_a_truth_value_is_taken_as_written() -> None:
    """`namespace: y` is refused by the server, and still the question about policies has an answer."""
    text = "---\n".join([namespace("x", "x"), namespace("y", "y"), named_pod("x", "a"), named_pod("x", "b"), named_pod("y", "c"), POLICY])
    assert verdicts(text, (pod("x", "b"), pod("x", "a")), (pod("y", "c"), pod("x", "a"))) == [False, True]


def test_the_verdicts_stay_the_servers() -> None:
    """Only connections are answered as meant: the document is refused all the same, and not in the cluster."""
    report = run(Scenario(manifests=(SourceFile("all.yaml", named_pod("y", "c")),), connections="workloads"))
    assert [verdict.accepted for verdict in report.verdicts] == [False]
    assert report.cluster.get("Pod", "y", "c") is None
    assert report.supposed.get("Pod", "y", "c") is not None


def test_namespaces_are_taken_for_granted() -> None:
    """Objects of a namespace that no manifest declares suppose it."""
    text = "---\n".join([named_pod("shop", "a"), named_pod("ops", "b"), POLICY.replace("namespace: x", "namespace: shop")])
    assert verdicts(text, (pod("ops", "b"), pod("shop", "a")), (pod("shop", "a"), pod("ops", "b"))) == [False, True]


def test_a_trimmed_listing_is_enough() -> None:
    """Items without kind, containers without name or image: names, labels and owners are there, so the Pods are."""
    text = """
apiVersion: v1
kind: PodList
items:
- metadata:
    name: web-1
    namespace: shop
    labels: {app: web, bad label: "x"}
    ownerReferences: [{kind: ReplicaSet, name: web, controller: true}]
  spec: {containers: [{ports: [{containerPort: 8080, name: http}, {name: broken}]}]}
- metadata: {name: db, namespace: shop, labels: {app: db}}
  spec: {containers: [{}]}
"""
    report = run(Scenario(manifests=(SourceFile("list.yaml", text),), connections="workloads"))
    assert {reach.client.workload for reach in report.connections if reach.client.workload} == {Ref("Pod", "shop", "db")}
    report = run(Scenario(manifests=(SourceFile("list.yaml", text.replace(', bad label: "x"', "")),), connections="workloads"))
    workloads = {reach.client.workload for reach in report.connections if reach.client.workload}
    assert workloads == {Ref("ReplicaSet", "shop", "web"), Ref("Pod", "shop", "db")}


def test_a_refused_workload_keeps_its_pods() -> None:
    """A Deployment without selector is refused; its Pods' labels are known all the same."""
    text = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}
"""
    report = run(Scenario(manifests=(SourceFile("web.yaml", text),), connections="workloads"))
    assert next(reach.server.workload for reach in report.connections) == Ref("Deployment", "default", "web")


def test_a_refused_policy_is_in_force_nowhere() -> None:
    """A policy that the server refuses isolates nobody, however its fault looks."""
    broken = POLICY.replace("from: [{namespaceSelector: {matchLabels: {ns: y}}}]", "from: [{}]")
    text = "---\n".join([named_pod("x", "a"), named_pod("x", "b"), broken])
    assert verdicts(text, (pod("x", "b"), pod("x", "a"))) == [True]


def test_misspelt_fields_are_read_as_meant_and_unknown_ones_dropped() -> None:
    """`ingres` is taken for `ingress`; the `status` that older clients wrote is left out, as a server does that is not strict."""
    policy = POLICY.replace("ns: y", "ns: ops")
    for broken in (policy.replace("ingress:", "ingres:"), policy + "status: {}\n"):
        text = "---\n".join(
            [namespace("x", "x"), namespace("o", "ops"), named_pod("x", "a"), named_pod("x", "b"), named_pod("o", "c"), broken]
        )
        assert verdicts(text, (pod("x", "b"), pod("x", "a")), (pod("o", "c"), pod("x", "a"))) == [False, True]


def test_nothing_is_supposed_where_nothing_was_refused() -> None:
    """Without a refusal the answers come from the stored objects themselves."""
    report = run(Scenario(manifests=(SourceFile("all.yaml", named_pod("default", "a")),), connections="workloads"))
    assert report.supposed is report.cluster


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["metadata", "spec", "template", "jobTemplate", "containers", "ports", "labels", "name", "ownerReferences", "status"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(st.sampled_from(["Pod", "Namespace", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Service", None]), trees)
def test_any_tree_can_be_trimmed(kind: str | None, tree: Any) -> None:
    """Whatever a refused object holds, trimming it gives an object, and no exception."""
    data = {**(tree if isinstance(tree, dict) else {"spec": tree}), "kind": kind}
    assert trimmed(Document("f", 0, data, 1, lambda path: None, lambda path: None)).data["kind"] == kind


def test_a_kind_that_is_no_text_is_left_as_it_is() -> None:
    """`kind:` with a mapping under it is refused, and hides nothing of the other documents."""
    text = "apiVersion: v1\nkind:\n  name: shop\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c, image: i}]}\n"
    report = run(Scenario(manifests=(SourceFile("a.yaml", text),)))
    assert [verdict.accepted for verdict in report.verdicts] == [False, True]
