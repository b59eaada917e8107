"""NetworkPolicy a second time, written for the tests alone: a loop over the sentences of the API's documentation.

It works on plain manifests and shares nothing with the simulator: no sets, no classes, no port ranges.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

Manifest = Mapping[str, Any]


def allowed(
    manifests: Sequence[Manifest], client: Manifest | str, server: Manifest | str, protocol: str, port: int, spared: bool = False
) -> bool:
    """May `client` connect to `server`? Both are Pods, or addresses that no Pod has. `spared`: host-network Pods count as their node."""
    if client is server:
        return True
    return _passes(manifests, "egress", client, server, server, protocol, port, spared) and _passes(
        manifests, "ingress", server, client, server, protocol, port, spared
    )


def _passes(
    manifests: Sequence[Manifest],
    direction: str,
    pod: Manifest | str,
    peer: Manifest | str,
    server: Manifest | str,
    protocol: str,
    port: int,
    spared: bool,
) -> bool:
    if isinstance(pod, str):
        return True
    if spared and _on_host(pod):
        return True
    if spared and _on_host(peer) and pod["spec"]["nodeName"] == peer["spec"]["nodeName"]:
        return True
    isolated = False
    for policy in manifests:
        if policy["kind"] != "NetworkPolicy" or policy["metadata"]["namespace"] != pod["metadata"]["namespace"]:
            continue
        spec = policy["spec"]
        types = spec.get("policyTypes") or (["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])
        if direction.capitalize() not in types or not _selects(spec.get("podSelector", {}), pod["metadata"].get("labels", {})):
            continue
        isolated = True
        for rule in spec.get(direction) or []:
            peers = rule.get("from" if direction == "ingress" else "to")
            if peers and not any(_is_peer(manifests, each, policy["metadata"]["namespace"], peer, spared) for each in peers):
                continue
            if not rule.get("ports") or any(_is_port(each, server, protocol, port) for each in rule["ports"]):
                return True
    return not isolated


def _on_host(peer: Manifest | str) -> bool:
    return not isinstance(peer, str) and peer["spec"].get("hostNetwork", False)


def _is_peer(manifests: Sequence[Manifest], wanted: Manifest, namespace: str, peer: Manifest | str, spared: bool) -> bool:
    if "ipBlock" in wanted:
        address = peer if isinstance(peer, str) else peer["status"].get("podIP")
        if not address:
            return False
        block = wanted["ipBlock"]
        return _within(address, block["cidr"]) and not any(_within(address, hole) for hole in block.get("except", []))
    if isinstance(peer, str) or (spared and _on_host(peer)):
        return False
    home = peer["metadata"]["namespace"]
    if "namespaceSelector" in wanted:
        labels = {"kubernetes.io/metadata.name": home}
        for each in manifests:
            if each["kind"] == "Namespace" and each["metadata"]["name"] == home:
                labels |= each["metadata"].get("labels", {})
        if not _selects(wanted["namespaceSelector"], labels):
            return False
    elif home != namespace:
        return False
    return "podSelector" not in wanted or _selects(wanted["podSelector"], peer["metadata"].get("labels", {}))


def _within(address: str, block: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(block)


def _is_port(wanted: Manifest, server: Manifest | str, protocol: str, port: int) -> bool:
    if wanted.get("protocol", "TCP") != protocol:
        return False
    number = wanted.get("port")
    if number is None:
        return True
    if isinstance(number, int):
        return number <= port <= wanted.get("endPort", number)
    if isinstance(server, str):
        return False
    for container in server["spec"]["containers"]:
        for declared in container.get("ports", []):
            if declared.get("name") == number and declared.get("protocol", "TCP") == protocol and declared["containerPort"] == port:
                return True
    return False


def _selects(selector: Manifest, labels: Mapping[str, str]) -> bool:
    for key, value in selector.get("matchLabels", {}).items():
        if labels.get(key) != value:
            return False
    for expression in selector.get("matchExpressions", []):
        key, values = expression["key"], expression.get("values", [])
        fits = {
            "In": key in labels and labels[key] in values,
            "NotIn": key not in labels or labels[key] not in values,
            "Exists": key in labels,
            "DoesNotExist": key not in labels,
        }
        if not fits[expression["operator"]]:
            return False
    return True
