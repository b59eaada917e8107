"""Addresses and blocks of them as numbers: what `ipBlock` compares.

Responsible for: reading addresses and CIDRs (IPv4 and IPv6), membership, splitting the address space at the blocks' edges.
Leaves to others: whose addresses they are.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from simulator.api.networking_v1 import IPBlock

Address = tuple[int, int]
"""IP version (4 or 6) and the address as a number."""

_LAST = {4: 2**32 - 1, 6: 2**128 - 1}


def address(text: str) -> Address | None:
    """None for what is no address: it then lies in no block."""
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return None
    return parsed.version, int(parsed)


@dataclass(frozen=True, slots=True)
class AddressRange:
    """Consecutive addresses of one IP version, both ends included."""

    version: int
    low: int
    high: int

    def __contains__(self, wanted: Address) -> bool:
        return wanted[0] == self.version and self.low <= wanted[1] <= self.high

    def __and__(self, other: AddressRange) -> AddressRange | None:
        low, high = max(self.low, other.low), min(self.high, other.high)
        return AddressRange(self.version, low, high) if self.version == other.version and low <= high else None

    def __str__(self) -> str:
        """A CIDR if it is one, else both ends."""
        make = ipaddress.IPv4Address if self.version == 4 else ipaddress.IPv6Address
        low, high = make(self.low), make(self.high)
        networks = list(ipaddress.summarize_address_range(low, high))
        return str(networks[0]) if len(networks) == 1 else f"{low}-{high}"


def cidr(text: str) -> AddressRange | None:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return AddressRange(network.version, int(network.network_address), int(network.broadcast_address))


@dataclass(frozen=True, slots=True)
class AddressBlock:
    """An `ipBlock`: a CIDR without the exceptions inside it."""

    within: AddressRange
    excepted: tuple[AddressRange, ...] = ()

    @classmethod
    def of(cls, block: IPBlock) -> AddressBlock | None:
        within = cidr(block.cidr)
        return cls(within, tuple(hole for hole in map(cidr, block.excepted) if hole)) if within else None

    def __contains__(self, wanted: Address) -> bool:
        return wanted in self.within and not any(wanted in hole for hole in self.excepted)

    @property
    def ranges(self) -> Iterator[AddressRange]:
        yield self.within
        yield from self.excepted


def split_space(ranges: Iterable[AddressRange]) -> Iterator[AddressRange]:
    """The whole of IPv4 and IPv6 cut at the edges of all `ranges`: inside each piece, no range tells addresses apart."""
    edges: dict[int, set[int]] = {version: {0, last + 1} for version, last in _LAST.items()}
    for each in ranges:
        edges[each.version] |= {each.low, each.high + 1}
    for version, cuts in edges.items():
        ordered = sorted(cuts)
        for low, after in pairwise(ordered):
            yield AddressRange(version, low, after - 1)
