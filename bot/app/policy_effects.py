"""What each NetworkPolicy does among the workloads given, computed as the difference that its absence would make.

Responsible for: selecting the policies to speak of, bounds on the work. Pure; runs in a worker.
Leaves to others: what is open (`simulator.matrix`, `diff`), which Pods are selected (`Cluster.matching`), the words
(`bot.rendering.policies`).
"""

from __future__ import annotations

from collections.abc import Set

from bot.rendering.policies import PolicyEffect
from simulator import Cluster, diff, matrix

_POLICIES, _WORKLOADS = 6, 120
_DIRECTIONS = (("Ingress", "ingress"), ("Egress", "egress"))


def effects_of(cluster: Cluster, files: Set[str]) -> tuple[PolicyEffect, ...]:
    """The first policies that stand in these files."""
    policies = [item for item in cluster.of("NetworkPolicy") if item.document is not None and item.document.file in files][:_POLICIES]
    now = matrix(cluster) if policies else None
    found = []
    for policy in policies:
        types = policy.spec.get("policyTypes") or ("Ingress",)
        without = None
        if now is not None and len(now.workloads) <= _WORKLOADS:
            without = tuple(diff(now, matrix(cluster.with_objects((), [policy.ref]))))
        found.append(
            PolicyEffect(
                policy.ref,
                len(cluster.matching("Pod", policy.namespace, policy.spec.get("podSelector") or {})),
                tuple((field, len(policy.spec.get(field) or ())) for kind, field in _DIRECTIONS if kind in types),
                without,
            )
        )
    return tuple(found)
