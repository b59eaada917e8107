"""Hostnames with a wildcard label, as the Gateway API and Ingress use them.

Responsible for: does a name match a host, what two patterns have in common, which pattern is the more specific.
Leaves to others: who is asked for the host (listeners, routes, Ingress rules).
"""

from __future__ import annotations

ANY = ""
"""The pattern that matches every host."""


def matches(pattern: str, host: str) -> bool:
    """Whether the pattern covers the host. `*.example.com` covers any name below it, of one label or more, but not itself."""
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and len(host) > len(pattern) - 1
    return pattern in (ANY, host)


def intersection(one: str, other: str) -> str | None:
    """The pattern for the hosts that both cover: the more specific of the two, or None where there are none."""
    if one == other or other == ANY:
        return one
    if one == ANY:
        return other
    if one.startswith("*.") and other.startswith("*."):
        return one if one.endswith(other[1:]) else other if other.endswith(one[1:]) else None
    return other if matches(one, other) else one if matches(other, one) else None


def specificity(pattern: str) -> tuple[int, int]:
    """Orders patterns, the most specific greatest: characters of an exact name first, then characters at all."""
    return (0 if pattern.startswith("*.") else len(pattern), len(pattern))


def without_port(host: str) -> str:
    """The name in a Host header, in lower case and without its port."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    name, _, port = host.rpartition(":")
    return (name if name and port.isdigit() else host).lower().rstrip(".")
