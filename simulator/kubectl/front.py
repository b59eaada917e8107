"""kubectl as the bot asks for it: a line of arguments in, everything that a terminal would show out.

Responsible for: joining what was printed on both streams; keeping a Secret's data to itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.cluster import Cluster
from simulator.kubectl.describe import describe
from simulator.kubectl.get import get
from simulator.kubectl.rollout import rollout


def kubectl_get(cluster: Cluster, arguments: str | Sequence[str]) -> str:
    """What `kubectl get ARGUMENTS` prints, e.g. `svc -o wide`. The values of a Secret's data are hidden in YAML and JSON."""
    return get(cluster, arguments).text


def kubectl_describe(cluster: Cluster, arguments: str | Sequence[str]) -> str:
    """What `kubectl describe ARGUMENTS` prints, e.g. `svc web -n shop`."""
    return describe(cluster, arguments).text


def kubectl_rollout(cluster: Cluster, arguments: str | Sequence[str]) -> str:
    """What `kubectl rollout ARGUMENTS` prints, e.g. `restart deployment/web`, and what clients meet meanwhile. Nothing is changed."""
    return rollout(cluster, arguments).text
