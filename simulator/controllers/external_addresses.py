"""External addresses, as something outside the cluster would hand them out.

Responsible for: one address for each object or controller that asks, the same at every run and whatever else the cluster holds.
Leaves to others: who gets one (`gateway`, `ingress`). The range is modelled: 198.18.0.0/15 is reserved for tests (RFC 2544).
"""

from __future__ import annotations

import zlib


def external_address(owner: str) -> str:
    """An IPv4 address made from the owner's name, e.g. `Gateway shop/web`."""
    number = zlib.crc32(owner.encode()) % ((1 << 17) - 2) + 1
    return f"198.{18 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"
