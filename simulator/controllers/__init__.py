"""What controllers add to the stored objects: Pods, EndpointSlices, statuses. One module per controller.

Responsible for: the order in which they run.
Leaves to others: admission, traffic.
"""

from __future__ import annotations

from simulator.cluster import Cluster


def reconcile(cluster: Cluster) -> Cluster:
    """The cluster after every controller has had its say."""
    return cluster
