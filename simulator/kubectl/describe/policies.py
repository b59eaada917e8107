"""`kubectl describe networkpolicy`.

Mirrors: `describeNetworkPolicy` of kubectl `pkg/describe/describe.go`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.kubectl.describe.sheet import Sheet, go_moment
from simulator.kubectl.selectors import NONE, format_selector

_ALL_PODS = f"{NONE} (Allowing the specific traffic to all pods in this namespace)"


def describe_network_policy(sheet: Sheet, policy: Object, _: Cluster) -> None:
    sheet.line(0, "Name:", policy.name)
    sheet.line(0, "Namespace:", policy.namespace)
    sheet.line(0, "Created on:", go_moment(policy.metadata.get("creationTimestamp")))
    sheet.labels("Labels", policy.labels)
    sheet.annotations("Annotations", policy.annotations)
    selector = format_selector(policy.spec.get("podSelector"))
    sheet.line(0, "Spec:")
    sheet.line(1, f"PodSelector:     {_ALL_PODS if selector == NONE else selector}")
    types = policy.spec.get("policyTypes") or ()
    _direction(sheet, "ingress", "From", "source", policy.spec.get("ingress") or () if "Ingress" in types else None)
    _direction(sheet, "egress", "To", "destination", policy.spec.get("egress") or () if "Egress" in types else None)
    sheet.line(1, f"Policy Types: {', '.join(types) or NONE}")


def _direction(sheet: Sheet, word: str, side: str, end: str, rules: Sequence[Mapping[str, Json]] | None) -> None:
    if rules is None:
        sheet.line(1, f"Not affecting {word} traffic")
        return
    sheet.line(1, f"Allowing {word} traffic:")
    if not rules:
        sheet.line(2, f"{NONE} (Selected pods are isolated for {word} connectivity)")
    for index, rule in enumerate(rules):
        _ports(sheet, rule.get("ports") or ())
        peers = rule.get(side.lower()) or ()
        if not peers:
            sheet.line(2, f"{side}: <any> (traffic not restricted by {end})")
        for peer in peers:
            sheet.line(2, f"{side}:")
            _peer(sheet, peer)
        if index + 1 < len(rules):
            sheet.line(2, "-" * 10)


def _ports(sheet: Sheet, ports: Sequence[Mapping[str, Json]]) -> None:
    if not ports:
        sheet.line(2, "To Port: <any> (traffic allowed to all ports)")
    for port in ports:
        number, protocol = port.get("port", "<nil>"), port.get("protocol", "TCP")
        if port.get("endPort") is None:
            sheet.line(2, f"To Port: {number}/{protocol}")
        else:
            sheet.line(2, f"To Port Range: {number}-{port['endPort']}/{protocol}")


def _peer(sheet: Sheet, peer: Mapping[str, Json]) -> None:
    chosen = [
        (title, field)
        for title, field in (("NamespaceSelector", "namespaceSelector"), ("PodSelector", "podSelector"))
        if peer.get(field) is not None
    ]
    for title, field in chosen:
        sheet.line(3, f"{title}: {format_selector(peer[field])}")
    block = peer.get("ipBlock")
    if block and not chosen:
        sheet.line(3, "IPBlock:")
        sheet.line(4, f"CIDR: {block.get('cidr', '')}")
        sheet.line(4, f"Except: {', '.join(block.get('except') or ())}")
