"""Verdicts of NetworkPolicy in words: what was decided, by which policy, and what nearly fitted.

Responsible for: the sentences and hops of a `ConnectionAnswer`.
Leaves to others: every decision (`decision`).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from simulator.api.networking_v1 import EGRESS
from simulator.api.traffic import Hop
from simulator.dataplane.network_policy.endpoints import Endpoint
from simulator.dataplane.network_policy.policies import Direction, Policy


def name(endpoint: Endpoint) -> str:
    if endpoint.pod is not None:
        return f"Pod {endpoint.pod.namespace}/{endpoint.pod.name}"
    if not endpoint.addresses:
        return "something without a readable address"
    version, number = endpoint.addresses[0]
    return str(ipaddress.IPv4Address(number) if version == 4 else ipaddress.IPv6Address(number))


def sentence(directions: Sequence[Direction], spared: Sequence[Endpoint], protocol: str, port: int | str, allowed: bool) -> str:
    """`spared`: the ends that are isolated and whose peer is their own node."""
    isolated = [direction for direction in directions if direction.isolating]
    if spared and allowed:
        own_node = f"{name(spared[0])} is isolated, but traffic between a Pod and the node it runs on is always let through."
        return " ".join([own_node, *(_of_direction(direction, protocol, port) for direction in isolated)])
    if not isolated:
        ends = " or ".join(f"{name(d.subject)} for {d.name}" for d in directions if d.subject.pod is not None)
        return f"No NetworkPolicy selects {ends}: what no policy selects may connect freely." if ends else "No Pod is concerned."
    return " ".join(_of_direction(direction, protocol, port) for direction in isolated if direction.allowed == allowed)


def _of_direction(direction: Direction, protocol: str, port: int | str) -> str:
    subject, peer = name(direction.subject), name(direction.peer)
    wanted = f"{protocol} {port}"
    if direction.admitting:
        rules = _list([f"{direction.name} rule {rule.index} of NetworkPolicy {policy.name}" for policy, rule in direction.admitting])
        lets = "let" if len(direction.admitting) > 1 else "lets"
        way = f"{lets} {subject} out to {peer}" if direction.name == EGRESS else f"{lets} {peer} in to {subject}"
        return f"{rules[0].upper()}{rules[1:]} {way} on {wanted}."
    return f"{_isolated(direction.isolating, subject, direction.name)}, {_nothing_admits(direction, peer, wanted)}."


def _isolated(policies: Sequence[Policy], subject: str, direction: str) -> str:
    named = _list([policy.name for policy in policies])
    return f"NetworkPolicy {named} selects {subject} for {direction}" if len(policies) == 1 else (
        f"NetworkPolicies {named} select {subject} for {direction}"
    )  # fmt: skip


def _nothing_admits(direction: Direction, peer: str, wanted: str) -> str:
    if not any(policy.rules[direction.name] for policy in direction.isolating):
        return f"and there is no {direction.name} rule: everything is denied"
    if not direction.nearly:
        return f"and no {direction.name} rule admits {peer}"
    near = [f"rule {rule.index} of {policy.name} admits it on {ports} only" for policy, rule, ports in direction.nearly]
    return f"and no {direction.name} rule admits {peer} on {wanted}: {_list(near)}"


def hop(direction: Direction, protocol: str, port: int | str) -> Hop:
    """The step of a trace at which this direction's policies stand; its line is that of the rule, or of the selector that isolates."""
    if direction.admitting:
        policy, rule = direction.admitting[0]
        document = policy.object.document
        span = document and document.nearest_span(("spec", direction.name, rule.index))
    else:
        policy = direction.isolating[0]
        document = policy.object.document
        span = document and document.nearest_span(("spec", "podSelector"))
    return Hop(
        "network-policy",
        "allowed" if direction.allowed else "denied",
        _of_direction(direction, protocol, port),
        policy.object.ref,
        file=document.file if document else None,
        line=span.line if span else None,
    )


def to_itself(endpoint: Endpoint) -> str:
    return f"{name(endpoint)} talks to itself, which no NetworkPolicy can forbid."


def no_such_port(server: Endpoint, protocol: str, port: int | str) -> str:
    return f"{name(server)} has no {protocol} port named {port}."


def not_enforced(reason: str, allowed: bool) -> str:
    verdict = "be open too" if allowed else "be denied"
    return f"The network plugin of this cluster does not enforce NetworkPolicy, so this is open. Enforced, it would {verdict}: {reason}"


def host_network(spared: bool) -> str:
    """The API leaves host-network Pods to the plugin: it may treat them as Pods, or as their node."""
    if spared:
        return "Host-network Pods count as their node here, as with most network plugins: no selector reaches them."
    return "Kubernetes leaves host-network Pods to the network plugin; most do not apply policies to them."


def _list(items: Sequence[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
