"""Template hashes: as a real control plane makes them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.controllers.names import fnv32a
from simulator.controllers.pod_template_hash import _hashed, pod_template_hash, printed
from simulator.controllers.stateful_set import revision_hash


def template(image: str, port: int | None = None, app: str = "web", **annotations: str) -> dict[str, Any]:
    """A template with what the API server fills in."""
    container: dict[str, Any] = {
        "name": "c", "image": image, "imagePullPolicy": "IfNotPresent" if ":" in image else "Always", "resources": {},
        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
    }  # fmt: skip
    if port:
        container["ports"] = [{"containerPort": port, "protocol": "TCP"}]
    metadata: dict[str, Any] = {"labels": {"app": app}, **({"annotations": annotations} if annotations else {})}
    spec = {
        "containers": [container], "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
        "securityContext": {}, "schedulerName": "default-scheduler",
    }  # fmt: skip
    return {"metadata": metadata, "spec": spec}


@pytest.mark.parametrize(
    ("given_template", "digest"),
    [
        (template("nginx:1.27", 8080), "bcb45f9d8"),
        (template("nginx:1.27", 8080, **{"sim/not-ready-count": "1"}), "6d5d5667dc"),
        (template("nginx:1.27", 8080, **{"sim/terminating": "true"}), "8469fcc999"),
        (template("nginx", 8080), "67597d4b5d"),
    ],
)
def test_the_hash_is_that_of_a_real_control_plane(given_template, digest):
    """What Kubernetes 1.36 called the ReplicaSet (or, for a DaemonSet, the revision) of these templates."""
    assert pod_template_hash(given_template) == digest


@pytest.mark.parametrize(
    ("given_template", "digest"), [(template("postgres", 5432, "db"), "5b6b4dfb5b"), (template("postgres", None, "db"), "75449c55fc")]
)
def test_the_revision_of_a_stateful_set_is_hashed_otherwise(given_template, digest):
    """Over the JSON of a patch, as ControllerRevisions are."""
    assert revision_hash(given_template) == digest


def test_every_field_that_is_known_counts():
    """Each of these changes the hash."""
    plain = template("nginx:1.27", 8080)
    container = plain["spec"]["containers"][0]
    more: list[dict[str, Any]] = [
        {"env": [{"name": "A", "value": "b"}]}, {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "k"}}}]},
        {"readinessProbe": {"httpGet": {"path": "/", "port": 8080}}}, {"readinessProbe": {"httpGet": {"path": "/", "port": "http"}}},
        {"resources": {"limits": {"cpu": "100m", "memory": "64Mi"}}}, {"resources": {"limits": {"cpu": "0.1", "memory": "64Mi"}}},
        {"volumeMounts": [{"name": "v", "mountPath": "/v"}]}, {"securityContext": {"runAsNonRoot": True}}, {"securityContext": {}}, {"tty": True},
        {"command": ["a"]}, {"args": ["a"]}, {"lifecycle": {"preStop": {"sleep": {"seconds": 5}}}},
    ]  # fmt: skip
    specs: list[dict[str, Any]] = [{"containers": [{**container, **extra}]} for extra in more]
    specs += [
        {"hostNetwork": True}, {"nodeSelector": {"a": "b"}}, {"tolerations": [{"operator": "Exists"}]}, {"volumes": [{"name": "v", "emptyDir": {}}]},
        {"volumes": [{"name": "v", "configMap": {"name": "c", "defaultMode": 420}}]}, {"serviceAccountName": "a"}, {"serviceAccount": "a"},
        {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "zone"}]}}}, {"hostUsers": False},
        {"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "z", "whenUnsatisfiable": "DoNotSchedule"}]},
    ]  # fmt: skip
    hashes = [pod_template_hash({**plain, "spec": {**plain["spec"], **spec}}) for spec in specs]
    assert len({pod_template_hash(plain), *hashes}) == len(hashes) + 1


def test_an_empty_list_is_as_good_as_none():
    """What is empty does not survive the way through the API server's storage."""
    plain = template("nginx:1.27", 8080)
    empty = {**plain, "spec": {**plain["spec"], "tolerations": [], "nodeSelector": {}}}
    assert pod_template_hash(empty) == pod_template_hash(plain)


def test_the_printed_form_is_that_of_go_spew():
    """Field, type in parentheses, value; nil as <nil>; pointers dereferenced under a starred type."""
    assert "".join(printed({"port": 9, "service": "s"}, "GRPCAction")) == "(v1.GRPCAction){Port:(int32)9 Service:(*string)s}"
    assert "".join(printed({"key": "k"}, "KeyToPath")) == "(v1.KeyToPath){Key:(string)k Path:(string) Mode:(*int32)<nil>}"
    assert (
        "".join(printed({"ip": "::1", "hostnames": ["a", "b"]}, "HostAlias")) == "(v1.HostAlias){IP:(string)::1 Hostnames:([]string)[a b]}"
    )


@given(st.lists(st.text(max_size=12), max_size=6))
def test_hashing_in_parts_is_hashing_the_whole(parts):
    """The short cut through common parts gives FNV-1a."""
    state = fnv32a(b"")
    for part in parts:
        state = _hashed(state, part)
    assert state == fnv32a("".join(parts).encode())
