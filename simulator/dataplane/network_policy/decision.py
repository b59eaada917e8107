"""One connection, both directions: may it be opened, and which rules say so.

Responsible for: joining egress at the client with ingress at the server, and the exceptions that no policy can take away.
Leaves to others: the meaning of policies (`policies`), words (`reasons`), how a request comes to this Pod and port (`trace`).
A policy judges a packet after Service addresses were rewritten: a connection is named by Pod and Pod port. Replies belong to their
connection and are never judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

from simulator.api.diagnostics import Basis
from simulator.api.networking_v1 import DIRECTIONS, EGRESS
from simulator.api.traffic import Connection, ConnectionAnswer, Peer
from simulator.cluster import Cluster
from simulator.dataplane.network_policy import reasons
from simulator.dataplane.network_policy.addresses import Address, address
from simulator.dataplane.network_policy.endpoints import Endpoint
from simulator.dataplane.network_policy.policies import Direction, Policies, policies_of
from simulator.dataplane.network_policy.port_set import PortSet
from simulator.dataplane.workloads import workload_of

OUTSIDE_ADDRESS = "203.0.113.1"
"""Stands for a peer outside whose address nobody gave (TEST-NET-3 of RFC 5737)."""


def decide(cluster: Cluster, connection: Connection) -> ConnectionAnswer:
    """The verdict on one connection. Between workloads: allowed if some Pod of the one may connect to some Pod of the other.
    A workload's connection with itself is one between two of its Pods, unless it has but one.

    A Pod, workload or port name that does not exist is no error: nothing can be reached there, and the reason says so.
    """
    policies = policies_of(cluster)
    clients = _endpoints(cluster, policies, connection.client)
    servers = _endpoints(cluster, policies, connection.server)
    if not clients or not servers:
        missing = connection.server if clients else connection.client
        return ConnectionAnswer(False, (), f"There is no {missing.pod or missing.workload}.")
    two = connection.client == connection.server and len(clients) > 1
    pairs = ((client, server) for client in clients for server in servers if not two or client.position != server.position)
    answers = (_judge(cluster, policies, connection, client, server) for client, server in pairs)
    answer = next(answers)
    while not answer.allowed and (other := next(answers, None)):
        answer = other
    return answer


def _endpoints(cluster: Cluster, policies: Policies, peer: Peer) -> Sequence[Endpoint]:
    if peer.pod is not None:
        return [endpoint for endpoint in policies.endpoints.pods if endpoint.pod and endpoint.pod.ref == peer.pod]
    if peer.workload is not None:
        return [endpoint for endpoint in policies.endpoints.pods if endpoint.pod and workload_of(cluster, endpoint.pod) == peer.workload]
    return [policies.endpoints.at(peer.ip or OUTSIDE_ADDRESS)]


def _judge(cluster: Cluster, policies: Policies, connection: Connection, client: Endpoint, server: Endpoint) -> ConnectionAnswer:
    protocol, port = str(connection.protocol), connection.port
    numbers = (port,) if isinstance(port, int) else server.ports.get((str(port), protocol), ())
    if not numbers:
        return ConnectionAnswer(False, (), reasons.no_such_port(server, protocol, port))
    if client.position is not None and client.position == server.position:
        return ConnectionAnswer(True, (), reasons.to_itself(client))

    wanted = reduce(or_, (PortSet.of(protocol, number, number) for number in numbers))
    directions, spared = [], []
    for name in DIRECTIONS:
        subject, peer = (client, server) if name == EGRESS else (server, client)
        isolating = policies.isolating(subject, name)
        exempt = bool(isolating) and _exempt(cluster, policies, subject, peer)
        spared += [subject] if exempt else []
        directions.append(Direction.of(name, subject, peer, server, wanted, () if exempt else isolating))
    allowed = all(direction.allowed for direction in directions)
    decided = tuple(rule for direction in directions for rule in direction.decided_by())
    reason = reasons.sentence(directions, spared, protocol, port, allowed)
    if not cluster.profile.enforces_network_policy and any(direction.isolating for direction in directions):
        return ConnectionAnswer(True, (), reasons.not_enforced(reason, allowed), (), Basis.IMPLEMENTED)
    hops = tuple(reasons.hop(direction, protocol, port) for direction in directions if direction.isolating)
    if (client.host_network or server.host_network) and cluster.of("NetworkPolicy"):
        return ConnectionAnswer(allowed, decided, f"{reason} {reasons.host_network(policies.spares_host_network)}", hops, Basis.MODELLED)
    return ConnectionAnswer(allowed, decided, reason, hops)


def _exempt(cluster: Cluster, policies: Policies, subject: Endpoint, peer: Endpoint) -> bool:
    """Traffic between a Pod and the node it runs on is always allowed, as the NetworkPolicy documentation has it."""
    if peer.host_network:
        return policies.spares_host_network and bool(subject.node) and subject.node == peer.node
    return peer.position is None and any(found in peer.addresses for found in _node_addresses(cluster, subject))


def _node_addresses(cluster: Cluster, endpoint: Endpoint) -> Iterator[Address]:
    if endpoint.pod is not None:
        node = cluster.profile.node(endpoint.node)
        for text in (endpoint.pod.status.get("hostIP"), node.internal_ip if node else None):
            if text and (found := address(text)):
                yield found
