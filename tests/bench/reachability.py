"""How long the matrix of workloads takes: 100, 300 and 1,000 workloads under 100 policies, each answer read once.

`python -m tests.bench.reachability` prints a table; `measure` gives one row. Workloads have two Pods each, a tier, a team and a label of
their own; policies select by each of these, by expressions, namespaces, blocks, port names and ranges.
"""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import dataclass
from typing import Any

from simulator.api.meta import Document, Object
from simulator.cluster import Cluster
from simulator.dataplane.reachability import matrix
from simulator.profile import Profile

SIZES = (100, 300, 1000)
POLICIES = 100
NAMESPACES = 10


@dataclass(frozen=True, slots=True)
class Row:
    """`ready`: until any pair can be asked for; `read`: every pair was asked for. Seconds of CPU, peak memory in MiB."""

    workloads: int
    pairs: int
    ready: float
    read: float
    memory: float


def measure(workloads: int, policies: int = POLICIES) -> Row:
    cluster = _cluster(workloads, policies)
    started = time.process_time()
    reach = matrix(cluster)
    ready = time.process_time() - started
    pairs = sum(
        1 for client in reach.workloads for server in reach.workloads if client != server and reach.between(client, server) is not None
    )
    read = time.process_time() - started
    tracemalloc.start()
    again = matrix(_cluster(workloads, policies))
    again.between(again.workloads[0], again.workloads[-1])
    memory = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return Row(workloads, pairs, ready, read, memory)


def _cluster(workloads: int, policies: int) -> Cluster:
    namespaces = [
        _object("Namespace", "", f"ns-{n}", {"metadata": {"name": f"ns-{n}", "labels": {"team": f"team-{n % 3}"}}})
        for n in range(NAMESPACES)
    ]
    pods = [_pod(n, replica) for n in range(workloads) for replica in range(2)]
    rules = [_policy(n, workloads) for n in range(policies)]
    return Cluster(Profile(), [*namespaces, *pods, *rules])


def _object(kind: str, namespace: str, name: str, data: dict[str, Any]) -> Object:
    return Object("v1", kind, namespace, name, data, Document("bench.yaml", 0, data, 1, lambda path: None, lambda path: None))


def _pod(number: int, replica: int) -> Object:
    namespace, name = f"ns-{number % NAMESPACES}", f"app-{number}-{replica}"
    labels = {"app": f"app-{number}", "tier": f"tier-{number % 5}", "team": f"team-{number % 7}"}
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"app-{number}", "controller": True}
    ports = [{"name": "http", "containerPort": 8080 + number % 2}]
    data = {
        "metadata": {"name": name, "namespace": namespace, "labels": labels, "ownerReferences": [owner]},
        "spec": {"containers": [{"name": "c", "ports": ports}]},
        "status": {"podIP": f"10.244.{number // 100}.{number % 100 * 2 + replica + 1}"},
    }
    return _object("Pod", namespace, name, data)


def _policy(number: int, workloads: int) -> Object:
    namespace = f"ns-{number % NAMESPACES}"
    own = {"matchLabels": {"app": f"app-{number * 7 % workloads}"}}
    peers = [
        {"podSelector": {"matchLabels": {"tier": f"tier-{number % 5}"}}},
        {
            "namespaceSelector": {"matchLabels": {"team": f"team-{number % 3}"}},
            "podSelector": {"matchExpressions": [{"key": "team", "operator": "NotIn", "values": [f"team-{number % 7}"]}]},
        },
        {"ipBlock": {"cidr": f"10.244.{number % 10}.0/24", "except": [f"10.244.{number % 10}.16/28"]}},
    ]
    ports = [{"port": "http"}, {"port": 9000, "endPort": 9000 + number}]
    spec = {
        "podSelector": own if number % 2 else {"matchLabels": {"tier": f"tier-{number % 5}"}},
        "policyTypes": ["Ingress", "Egress"] if number % 3 == 0 else ["Ingress"],
        "ingress": [{"from": peers[:2], "ports": ports}, {"from": peers[2:]}],
        "egress": [{"to": [{"namespaceSelector": {}}], "ports": ports}, {"ports": [{"port": 53, "protocol": "UDP"}]}],
    }
    return _object(
        "NetworkPolicy", namespace, f"policy-{number}", {"metadata": {"name": f"policy-{number}", "namespace": namespace}, "spec": spec}
    )


def table() -> str:
    lines = [f"{'workloads':>9} {'policies':>8} {'pairs':>9} {'ready':>8} {'all read':>9} {'memory':>9}"]
    rows = map(measure, SIZES)
    lines += [f"{r.workloads:9,} {POLICIES:8,} {r.pairs:9,} {r.ready:7.3f}s {r.read:8.3f}s {r.memory:6.1f}MiB" for r in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
