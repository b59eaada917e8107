"""The simulator against a second, naive evaluator on generated clusters: `PORTSIDE_GENERATED_CLUSTERS=10000` for the long run."""

from __future__ import annotations

import os
from itertools import product
from random import Random

import pytest

from simulator.api.meta import Ref
from simulator.api.networking_v1 import EGRESS, INGRESS
from simulator.api.traffic import Connection, Peer
from simulator.dataplane.network_policy import decide
from simulator.dataplane.network_policy.addresses import address
from simulator.dataplane.reachability import matrix
from simulator.dataplane.workloads import given_workloads
from simulator.profile import Profile
from tests.simulator.network_policy import generated, naive
from tests.simulator.network_policy.stored import stored

CLUSTERS = int(os.environ.get("PORTSIDE_GENERATED_CLUSTERS", "250"))
SLICES = 5
PROBES = [*product(generated.PROTOCOLS, (80, 83, 8080)), ("TCP", 81), ("UDP", 90)]


@pytest.mark.parametrize("part", range(SLICES))
@pytest.mark.parametrize("spared", [False, True])
def test_agrees_with_the_naive_evaluator(part: int, spared: bool) -> None:
    """Single connections, the matrix of workloads and the outside agree with it, whatever is made of host-network Pods."""
    for seed in range(part, CLUSTERS, SLICES):
        _compare(Random(seed), seed, spared)


def _compare(random: Random, seed: int, spared: bool) -> None:
    manifests = generated.cluster(random)
    cluster = stored(manifests, Profile(host_network_policy="ignored" if spared else "applied"))
    pods = {Ref("Pod", m["metadata"]["namespace"], m["metadata"]["name"]): m for m in manifests if m["kind"] == "Pod"}
    addresses = [text for text in generated.OUTSIDE if text not in {pod["status"].get("podIP") for pod in pods.values()}]
    probes = random.sample(PROBES, 5)
    wanted = {
        (client, server, probe): naive.allowed(manifests, pods.get(client, client), pods.get(server, server), *probe, spared=spared)
        for client, server in product([*pods, *addresses], repeat=2)
        for probe in probes
        if client != server and (client in pods or server in pods)
    }
    for (client, server, (protocol, port)), verdict in wanted.items():
        found = decide(cluster, Connection(_peer(client), _peer(server), protocol, port))
        assert found.allowed is verdict, (seed, client, server, protocol, port, found.reason)

    reach = matrix(cluster)
    workloads = {workload: [pod.ref for pod in owned] for workload, owned in given_workloads(cluster).items()}
    for client, server in product(workloads, workloads):
        for protocol, port in probes:
            pairs = [pair for pair in product(workloads[client], workloads[server]) if pair[0] != pair[1]]
            some = any(wanted[one, other, (protocol, port)] for one, other in pairs) or not pairs
            assert reach.between(client, server).holds(protocol, port) is some, (seed, client, server, protocol, port)
    for workload, text, (protocol, port) in product(workloads, addresses, probes):
        number = address(text)
        for direction in (INGRESS, EGRESS):
            ends = [(text, pod) if direction == INGRESS else (pod, text) for pod in workloads[workload]]
            some = any(wanted[one, other, (protocol, port)] for one, other in ends)
            parts = [ports for part, ports in reach.outside_of(workload, direction) if any(number in each for each in part.ranges)]
            assert [ports.holds(protocol, port) for ports in parts] == [some], (seed, workload, text, direction, protocol, port)


def _peer(end: Ref | str) -> Peer:
    return Peer(ip=end) if isinstance(end, str) else Peer(pod=end)
