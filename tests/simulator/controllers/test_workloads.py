"""Workload controllers: which Pods exist, under which names, with which labels."""

from __future__ import annotations

import re

import pytest

from simulator.api.meta import Ref
from simulator.controllers import reconcile
from simulator.controllers.pods import MOST_PODS
from simulator.events import RollOut, Scale, apply_event
from tests.simulator.worlds import running

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}, annotations: {note: kept, %s}}
    spec: {containers: [{name: c, image: "web:1", ports: [{containerPort: 8080}]}]}
"""
STATEFUL_SET = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 3
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}, annotations: {note: kept, %s}}
    spec: {containers: [{name: c, image: "db:1"}]}
"""
BARE_POD = """
---
apiVersion: v1
kind: Pod
metadata: {name: %s, labels: {app: %s}}
spec: {containers: [{name: c, image: "web:1"}]}
"""


def deployment(annotations: str = "x: y") -> str:
    return DEPLOYMENT % annotations


def names(cluster, kind: str = "Pod") -> list[str]:
    return [obj.name for obj in cluster.of(kind)]


def test_a_deployment_makes_a_replica_set_and_its_pods_with_the_same_hash():
    """Names are NAME-HASH and NAME-HASH-XXXXX, the hash is a label of both, and each is owned by the one above."""
    cluster = running(deployment())
    (replica_set,) = cluster.of("ReplicaSet")
    digest = replica_set.labels["pod-template-hash"]
    assert replica_set.name == f"web-{digest}"
    assert replica_set.controller == Ref("Deployment", "default", "web")
    pods = cluster.of("Pod")
    assert len(pods) == 3
    for pod in pods:
        assert re.fullmatch(rf"web-{digest}-[bcdfghjklmnpqrstvwxz2456789]{{5}}", pod.name)
        assert pod.labels["pod-template-hash"] == digest
        assert pod.controller == replica_set.ref
        assert pod.annotations["note"] == "kept"
    assert len({pod.name for pod in pods}) == 3


def test_the_same_input_gives_the_same_names():
    """Chance plays no part in names."""
    assert names(running(deployment())) == names(running(deployment()))


def test_another_template_gives_another_hash():
    """The hash follows from the template."""
    (one,), (other,) = running(deployment()).of("ReplicaSet"), running(deployment().replace("web:1", "web:2")).of("ReplicaSet")
    assert one.name != other.name


@pytest.mark.parametrize("text", [deployment(), STATEFUL_SET % "x: y"])
def test_reconciling_again_changes_nothing(text):
    """The controllers' own result is a fixed point."""
    once = running(text)
    assert {obj.ref: obj.data for obj in reconcile(once)} == {obj.ref: obj.data for obj in once}


def test_a_terminating_pod_of_a_deployment_has_a_successor_already():
    """`sim/terminating` marks the owner's first Pod; as it no longer counts, the ReplicaSet has made one more."""
    pods = running(deployment('sim/terminating: "true"')).of("Pod")
    assert [bool(pod.metadata.get("deletionTimestamp")) for pod in pods] == [True, False, False, False]


def test_a_replica_set_adopts_orphans_that_its_selector_matches():
    """A bare Pod with the right labels counts; one with other labels does not."""
    text = """
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: "web:1"}]}
"""
    cluster = running(text + BARE_POD % ("stray", "web") + BARE_POD % ("other", "other"))
    assert len(cluster.owned_by(Ref("ReplicaSet", "default", "web"), "Pod")) == 2
    assert cluster.get("Pod", "default", "stray").controller == Ref("ReplicaSet", "default", "web")
    assert cluster.get("Pod", "default", "other").controller is None


def test_what_a_replica_set_adopts_beyond_its_number_it_deletes():
    """Three Pods match, one is wanted: the oldest stays."""
    text = """
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "web:1"}]}}
"""
    cluster = running(text + BARE_POD % ("a", "web") + BARE_POD % ("b", "web") + BARE_POD % ("c", "web"))
    assert names(cluster) == ["a"]


def test_a_deployment_leaves_orphans_alone():
    """Its ReplicaSet asks for the hash too, which a bare Pod does not carry."""
    cluster = running(deployment() + BARE_POD % ("stray", "web"))
    assert cluster.get("Pod", "default", "stray").controller is None
    assert len(cluster.of("Pod")) == 4


def test_a_replication_controller_selects_by_plain_labels():
    """The selector of a ReplicationController is a map of labels."""
    text = """
apiVersion: v1
kind: ReplicationController
metadata: {name: old}
spec:
  replicas: 2
  selector: {app: old}
  template: {metadata: {labels: {app: old}}, spec: {containers: [{name: c, image: "web:1"}]}}
"""
    assert len(running(text).of("Pod")) == 2


def test_a_stateful_sets_pods_have_ordinals_and_host_names():
    """Pod, host name and the pod-name label agree; the subdomain is the Service's name."""
    pods = running(STATEFUL_SET % "x: y").of("Pod")
    assert [pod.name for pod in pods] == ["db-0", "db-1", "db-2"]
    assert [pod.spec["hostname"] for pod in pods] == ["db-0", "db-1", "db-2"]
    assert {pod.spec["subdomain"] for pod in pods} == {"db"}
    assert [pod.labels["apps.kubernetes.io/pod-index"] for pod in pods] == ["0", "1", "2"]
    assert all(pod.labels["statefulset.kubernetes.io/pod-name"] == pod.name for pod in pods)


def test_a_stateful_set_waits_for_the_lower_pod_unless_parallel():
    """With OrderedReady an unready db-0 stands in the way of db-1; with Parallel it does not."""
    held = STATEFUL_SET % 'sim/not-ready-count: "1"'
    assert names(running(held)) == ["db-0"]
    assert names(running(held.replace("serviceName: db", "serviceName: db\n  podManagementPolicy: Parallel"))) == ["db-0", "db-1", "db-2"]


def test_ordinals_may_start_elsewhere():
    """`spec.ordinals.start` is the first number."""
    text = (STATEFUL_SET % "x: y").replace("serviceName: db", "serviceName: db\n  ordinals: {start: 5}")
    assert names(running(text)) == ["db-5", "db-6", "db-7"]


def test_a_daemon_set_runs_once_on_each_node_that_its_selector_admits():
    """One Pod a node; a node selector leaves nodes out."""
    text = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: c, image: "agent:1"}]}
"""
    assert [pod.spec["nodeName"] for pod in running(text).of("Pod")] == ["node-1", "node-2", "node-3"]
    some = text.replace("spec: {containers", "spec: {nodeSelector: {topology.kubernetes.io/zone: zone-b}, containers")
    assert [pod.spec["nodeName"] for pod in running(some).of("Pod")] == ["node-2"]


def test_jobs_make_as_many_pods_as_run_at_once():
    """min(parallelism, completions) Pods; none while suspended."""
    text = """
apiVersion: batch/v1
kind: Job
metadata: {name: import}
spec:
  parallelism: 3
  completions: 2
  template:
    metadata: {labels: {app: import}}
    spec: {restartPolicy: Never, containers: [{name: c, image: "job:1"}]}
"""
    pods = running(text).of("Pod")
    assert len(pods) == 2
    assert pods[0].labels["batch.kubernetes.io/job-name"] == "import"
    assert not running(text.replace("parallelism: 3", "suspend: true")).of("Pod")


def test_a_cron_job_is_shown_in_its_first_run():
    """One Job named after the CronJob, with its Pod; none while suspended."""
    text = """
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template: {spec: {restartPolicy: Never, containers: [{name: c, image: "job:1"}]}}
"""
    cluster = running(text)
    (job,) = cluster.of("Job")
    assert re.fullmatch(r"nightly-\d+", job.name)
    assert job.controller == Ref("CronJob", "default", "nightly")
    assert cluster.of("Pod")[0].controller == job.ref
    assert not running(text.replace("schedule:", "suspend: true\n  schedule:")).of("Job")


def test_scaling_down_keeps_the_oldest_ready_pods():
    """Pods that are not ready go first, then the youngest."""
    cluster = running(deployment('sim/not-ready-count: "1"'))
    first, second, _ = names(cluster)
    after = apply_event(cluster, Scale(Ref("Deployment", "default", "web"), 1)).cluster
    assert names(after) == [second] != [first]


def test_a_roll_out_leaves_the_old_replica_set_empty():
    """The new template has its own ReplicaSet; the old one stays with no replicas, so that it can be rolled back to."""
    cluster = running(deployment())
    template = {**cluster.of("Deployment")[0].spec["template"], "spec": {"containers": [{"name": "c", "image": "web:2"}]}}
    after = apply_event(cluster, RollOut(Ref("Deployment", "default", "web"), template)).cluster
    assert [each.spec["replicas"] for each in after.of("ReplicaSet")] == [0, 3]
    assert {pod.spec["containers"][0]["image"] for pod in after.of("Pod")} == {"web:2"}


def test_status_counts_the_pods():
    """A Deployment with one of three Pods unready is available only if it may lack one."""
    status = running(deployment('sim/not-ready-count: "1"')).of("Deployment")[0].status
    assert (status["replicas"], status["readyReplicas"], status["unavailableReplicas"]) == (3, 2, 1)
    assert {c["type"]: c["status"] for c in status["conditions"]} == {"Available": "False", "Progressing": "True"}
    assert running(STATEFUL_SET % "x: y").of("StatefulSet")[0].status["readyReplicas"] == 3


def test_too_many_replicas_are_not_all_simulated():
    """A million Pods would tell a learner nothing, and cost everybody else their answer."""
    cluster = running(deployment().replace("replicas: 3", "replicas: 1000000"))
    assert len(cluster.of("Pod")) == MOST_PODS
    assert cluster.of("Deployment")[0].status["replicas"] == MOST_PODS
