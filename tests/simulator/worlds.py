"""Small clusters for tests, from YAML text, without admission: three nodes in three zones, and whatever the text declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from simulator.api.meta import Object
from simulator.cluster import Cluster
from simulator.controllers import reconcile
from simulator.profile import Profile

CLUSTER_SCOPED = ("Namespace", "Node", "IngressClass", "GatewayClass")


def node(name: str, ip: str, zone: str = "", labels: Mapping[str, str] | None = None) -> Object:
    own = {"kubernetes.io/hostname": name, **({"topology.kubernetes.io/zone": zone} if zone else {}), **(labels or {})}
    status = {"addresses": [{"type": "InternalIP", "address": ip}], "conditions": [{"type": "Ready", "status": "True"}]}
    return Object("v1", "Node", "", name, {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": own}, "status": status})


def stored(text: str, **profile: Any) -> Cluster:
    """The objects of a text as they are stored, before any controller runs."""
    chosen = Profile.of(profile)
    objects = [node(n.name, n.internal_ip, n.zone, n.labels) for n in chosen.nodes]
    for data in yaml.safe_load_all(text):
        if data:
            metadata = data["metadata"]
            if data["kind"] not in CLUSTER_SCOPED:
                metadata.setdefault("namespace", "default")
            objects.append(Object(data["apiVersion"], data["kind"], metadata.get("namespace", ""), metadata["name"], data))
    return Cluster(chosen, objects)


def running(text: str, **profile: Any) -> Cluster:
    """The same after the controllers."""
    return reconcile(stored(text, **profile))
