"""Small random clusters for comparing the simulator with the naive evaluator: dense enough that every field matters somewhere."""

from __future__ import annotations

from random import Random
from typing import Any

Manifest = dict[str, Any]

KEYS = ("app", "tier")
VALUES = ("a", "b", "c")
BLOCKS = ("10.244.1.0/24", "10.244.0.0/16", "10.244.1.8/30", "203.0.113.0/24", "0.0.0.0/0", "fd00::/64", "192.168.10.11/32")
PORT_NAMES = ("http", "metrics")
PROTOCOLS = ("TCP", "UDP", "SCTP")
NUMBERS = (80, 81, 90, 8080)
OUTSIDE = ("203.0.113.7", "198.51.100.1", "fd00::5")


def cluster(random: Random, policies: int = 4) -> list[Manifest]:
    """Namespaces, Pods and NetworkPolicies; `Random(n)` gives the same cluster every time."""
    namespaces = [{"kind": "Namespace", "metadata": {"name": name, "labels": _labels(random)}} for name in ("one", "two")]
    pods = [_pod(random, position) for position in range(random.randint(3, 6))]
    return [*namespaces, *pods, *(_policy(random, n) for n in range(random.randint(0, policies)))]


def _labels(random: Random) -> dict[str, str]:
    return {key: random.choice(VALUES) for key in KEYS if random.random() < 0.7}


def _pod(random: Random, position: int) -> Manifest:
    ports = [
        {"containerPort": random.choice(NUMBERS), "protocol": random.choice(PROTOCOLS), **({"name": name} if random.random() < 0.8 else {})}
        for name in random.sample(PORT_NAMES, random.randint(0, 2))
    ]
    on_host = random.random() < 0.15
    node = random.randint(1, 2)
    address = f"192.168.10.1{node}" if on_host else f"10.244.{node}.{8 + position}"
    metadata: Manifest = {"name": f"pod-{position}", "namespace": random.choice(["one", "two"]), "labels": _labels(random)}
    if random.random() < 0.3:
        metadata["ownerReferences"] = [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "u", "controller": True}]
    return {
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"containers": [{"name": "c", "ports": ports}], "nodeName": f"node-{node}", **({"hostNetwork": True} if on_host else {})},
        "status": {"podIP": address} if random.random() < 0.9 else {},
    }


def _policy(random: Random, number: int) -> Manifest:
    spec: Manifest = {"podSelector": selector(random)}
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        if random.random() < 0.7:
            spec[direction] = [_rule(random, peers) for _ in range(random.randint(0, 2))]
    if random.random() < 0.8:
        spec["policyTypes"] = random.choice([["Ingress"], ["Egress"], ["Ingress", "Egress"]])
    return {"kind": "NetworkPolicy", "metadata": {"name": f"policy-{number}", "namespace": random.choice(["one", "two"])}, "spec": spec}


def _rule(random: Random, peers: str) -> Manifest:
    rule: Manifest = {}
    if random.random() < 0.85:
        rule[peers] = [_peer(random) for _ in range(random.randint(0, 2))]
    if random.random() < 0.6:
        rule["ports"] = [_port(random) for _ in range(random.randint(0, 2))]
    return rule


def _peer(random: Random) -> Manifest:
    match random.randint(0, 3):
        case 0:
            return {"podSelector": selector(random)}
        case 1:
            return {"namespaceSelector": selector(random, namespaces=True)}
        case 2:
            return {"podSelector": selector(random), "namespaceSelector": selector(random, namespaces=True)}
    block = random.choice(BLOCKS)
    return {"ipBlock": {"cidr": block, **({"except": ["10.244.1.8/31"]} if block == "10.244.1.0/24" and random.random() < 0.5 else {})}}


def selector(random: Random, namespaces: bool = False) -> Manifest:
    chosen: Manifest = {}
    if random.random() < 0.5:
        chosen["matchLabels"] = {random.choice(KEYS): random.choice(VALUES)}
        if namespaces and random.random() < 0.4:
            chosen["matchLabels"] = {"kubernetes.io/metadata.name": random.choice(["one", "two"])}
    if random.random() < 0.4:
        operator = random.choice(["In", "NotIn", "Exists", "DoesNotExist"])
        values = {"values": random.sample(VALUES, random.randint(1, 2))} if operator.endswith("In") else {}
        chosen["matchExpressions"] = [{"key": random.choice(KEYS), "operator": operator, **values}]
    return chosen


def _port(random: Random) -> Manifest:
    port: Manifest = {"protocol": random.choice(PROTOCOLS)} if random.random() < 0.6 else {}
    match random.randint(0, 3):
        case 0:
            return port
        case 1:
            return {**port, "port": random.choice(PORT_NAMES)}
        case 2:
            return {**port, "port": random.choice(NUMBERS)}
    return {**port, "port": 80, "endPort": random.choice((80, 85, 9000))}
