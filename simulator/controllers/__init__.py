"""What controllers add to the stored objects: Pods, EndpointSlices, statuses. One module per controller.

Responsible for: the order in which they run.
Leaves to others: admission, traffic.
"""

from __future__ import annotations

from simulator.cluster import Cluster
from simulator.controllers import (
    coredns,
    daemon_set,
    deployment,
    endpoint_slices,
    endpoints,
    gateway,
    ingress,
    job,
    kubelet,
    mirroring,
    replica_set,
    service_load_balancer,
    stateful_set,
    workload_status,
)

IN_ORDER = (
    deployment.reconcile,
    replica_set.reconcile,
    stateful_set.reconcile,
    daemon_set.reconcile,
    job.reconcile,
    kubelet.reconcile,
    coredns.reconcile,
    workload_status.reconcile,
    service_load_balancer.reconcile,
    endpoint_slices.reconcile,
    mirroring.reconcile,
    endpoints.reconcile,
    ingress.reconcile,
    gateway.reconcile,
)


def reconcile(cluster: Cluster) -> Cluster:
    """The cluster after every controller has had its say. Done again to its own result, nothing changes."""
    for controller in IN_ORDER:
        cluster = controller(cluster)
    return cluster
