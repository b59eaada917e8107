"""Who may connect to whom under `networking.k8s.io/v1` NetworkPolicy.

Responsible for: verdicts on connections, the matrix of workloads.
Leaves to others: how a request finds the Pod (`trace`).
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.api.traffic import Connection, ConnectionAnswer, Reach
from simulator.cluster import Cluster


def decide(cluster: Cluster, connection: Connection) -> ConnectionAnswer:
    return ConnectionAnswer(True, (), "")


def matrix(cluster: Cluster) -> Sequence[Reach]:
    return []
