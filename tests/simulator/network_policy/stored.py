"""Manifests as a cluster's stored objects, without the way through admission and controllers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

from simulator.api.meta import Document, Object
from simulator.cluster import Cluster
from simulator.profile import Profile


def stored(manifests: Iterable[dict[str, Any]] | str, profile: Profile | None = None) -> Cluster:
    """A cluster that holds these objects, each as if it came from a file of its own. Text is read as YAML documents."""
    items = yaml.safe_load_all(manifests) if isinstance(manifests, str) else manifests
    objects = []
    for number, item in enumerate(items):
        namespace = "" if item["kind"] == "Namespace" else item["metadata"].setdefault("namespace", "default")
        document = Document("policies.yaml", number, item, 1, lambda path: None, lambda path: None)
        objects.append(Object(item.get("apiVersion", "v1"), item["kind"], namespace, item["metadata"]["name"], item, document))
    return Cluster(profile or Profile(), objects)
