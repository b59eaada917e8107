"""Sets of ports by protocol, as sorted lists of ranges: what a rule lets through, and what is left of two rules together.

Responsible for: union, intersection, membership, printing.
Leaves to others: which ports a rule means (`policies`).
NetworkPolicy knows TCP, UDP and SCTP; what happens to other protocols (ICMP) the API leaves to the network plugin.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.api.traffic import PortRanges

PROTOCOLS = ("TCP", "UDP", "SCTP")
EVERY_PORT = (1, 65535)

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class PortSet:
    """`ranges` holds, for each of PROTOCOLS in order, inclusive ranges: sorted, apart, not touching. Equal sets compare equal."""

    ranges: tuple[Ranges, Ranges, Ranges] = ((), (), ())

    @classmethod
    def of(cls, protocol: str, low: int, high: int) -> PortSet:
        """Ports `low` to `high` of one protocol; empty for a protocol that NetworkPolicy does not know."""
        tcp, udp, sctp = (_merged([(low, high)]) if protocol == known else () for known in PROTOCOLS)
        return cls((tcp, udp, sctp))

    def __or__(self, other: PortSet) -> PortSet:
        if self == ALL_PORTS or not other:
            return self
        if other == ALL_PORTS or not self:
            return other
        tcp, udp, sctp = (_merged([*ours, *theirs]) for ours, theirs in zip(self.ranges, other.ranges, strict=True))
        return PortSet((tcp, udp, sctp))

    def __and__(self, other: PortSet) -> PortSet:
        if self == ALL_PORTS or not other:
            return other
        if other == ALL_PORTS or not self:
            return self
        tcp, udp, sctp = (_common(ours, theirs) for ours, theirs in zip(self.ranges, other.ranges, strict=True))
        return PortSet((tcp, udp, sctp))

    def __bool__(self) -> bool:
        return self.ranges != ((), (), ())

    def holds(self, protocol: str, port: int) -> bool:
        return protocol in PROTOCOLS and any(low <= port <= high for low, high in self.ranges[PROTOCOLS.index(protocol)])

    def told(self) -> str | PortRanges:
        """ "all", "none" or ranges by protocol, as `Reach.allowed` has it."""
        if self == ALL_PORTS:
            return "all"
        return {p: r for p, r in zip(PROTOCOLS, self.ranges, strict=True) if r} or "none"

    def __str__(self) -> str:
        """`TCP 80, 8080-8090 and UDP`: for sentences."""
        if self == ALL_PORTS:
            return "every port"
        parts = []
        for protocol, ranges in zip(PROTOCOLS, self.ranges, strict=True):
            if ranges == (EVERY_PORT,):
                parts.append(f"every {protocol} port")
            elif ranges:
                parts.append(f"{protocol} " + ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in ranges))
        return " and ".join(parts) or "no port"


def _merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        low, high = max(low, EVERY_PORT[0]), min(high, EVERY_PORT[1])
        if low > high:
            continue
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def _common(ours: Ranges, theirs: Ranges) -> Ranges:
    return tuple(
        (max(low, other_low), min(high, other_high))
        for low, high in ours
        for other_low, other_high in theirs
        if max(low, other_low) <= min(high, other_high)
    )


NO_PORT = PortSet()
ALL_PORTS = PortSet(((EVERY_PORT,), (EVERY_PORT,), (EVERY_PORT,)))
