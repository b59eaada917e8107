"""NetworkPolicy of `networking.k8s.io/v1` as values: the fields that decide about connections.

Responsible for: the shapes, and the defaults the API server would have filled in (`policyTypes`, `protocol`).
Leaves to others: validation (`admission`), evaluation (`dataplane.network_policy`).
Mirrors: k8s.io/api `networking/v1` types.go and pkg/apis/networking/v1/defaults.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.api.meta import Json, Object, Ref

INGRESS = "ingress"
EGRESS = "egress"
DIRECTIONS = (EGRESS, INGRESS)
"""The order in which a packet meets them: it leaves its Pod before it enters another."""

PEERS_FIELD = {INGRESS: "from", EGRESS: "to"}


@dataclass(frozen=True, slots=True)
class IPBlock:
    cidr: str
    excepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkPolicyPeer:
    """One item of `from` or `to`. Selectors are None where absent, which is not the same as empty: empty selects all."""

    pod_selector: Mapping[str, Json] | None = None
    namespace_selector: Mapping[str, Json] | None = None
    ip_block: IPBlock | None = None


@dataclass(frozen=True, slots=True)
class NetworkPolicyPort:
    """One item of `ports`. `port` None is every port of the protocol; `end_port` closes a range that `port` opens."""

    protocol: str = "TCP"
    port: int | str | None = None
    end_port: int | None = None


@dataclass(frozen=True, slots=True)
class NetworkPolicyRule:
    """One item of `ingress` or `egress`. No peers: everybody. No ports: every port of every protocol."""

    peers: tuple[NetworkPolicyPeer, ...] = ()
    ports: tuple[NetworkPolicyPort, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkPolicy:
    """`rules` has a direction exactly if the policy isolates the Pods that it selects in that direction."""

    ref: Ref
    pod_selector: Mapping[str, Json]
    rules: Mapping[str, tuple[NetworkPolicyRule, ...]]

    @classmethod
    def of(cls, item: Object) -> NetworkPolicy:
        spec = item.spec
        types = spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]
        return cls(
            item.ref,
            spec.get("podSelector") or {},
            {
                direction: tuple(_rule(rule or {}, PEERS_FIELD[direction]) for rule in spec.get(direction) or ())
                for direction in DIRECTIONS
                if direction.capitalize() in types
            },
        )


def _rule(rule: Mapping[str, Json], peers_field: str) -> NetworkPolicyRule:
    return NetworkPolicyRule(
        tuple(_peer(peer or {}) for peer in rule.get(peers_field) or ()),
        tuple(NetworkPolicyPort(p.get("protocol") or "TCP", p.get("port"), p.get("endPort")) for p in rule.get("ports") or ()),
    )


def _peer(peer: Mapping[str, Json]) -> NetworkPolicyPeer:
    block = peer.get("ipBlock")
    return NetworkPolicyPeer(
        peer.get("podSelector"),
        peer.get("namespaceSelector"),
        IPBlock(block.get("cidr") or "", tuple(block.get("except") or ())) if block else None,
    )
