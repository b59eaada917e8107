"""Which path of an Ingress takes a request, by the specification.

Responsible for: hosts with their wildcard, Exact and Prefix paths, the longest match, Exact before Prefix.
Leaves to others: what a controller does beyond it (`ingress_nginx`, `ingress_aws`), backends and answers (`ingress`).
Mirrors: kubernetes.io "Ingress": path types, multiple matches, hostname wildcards. ImplementationSpecific paths are treated as Prefix
ones where no known controller says otherwise (modelled).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simulator.api.ingress_v1 import Ingress, IngressPath
from simulator.dataplane.http_messages import under_prefix


@dataclass(frozen=True, slots=True)
class Location:
    """One path of one Ingress, as a controller has it for a host."""

    ingress: Ingress
    path: IngressPath

    def __str__(self) -> str:
        return f"{self.path.type} {self.path.path}"


@dataclass(frozen=True, slots=True)
class Choice:
    """The location that takes a request, and why that one."""

    location: Location
    reason: str


def host_for(hosts: Mapping[str, Sequence[Location]], name: str) -> tuple[str | None, str]:
    """The host entry that a name falls under: itself, a wildcard for its first label, or the entry without a host (""); and why."""
    wildcard = f"*.{name.partition('.')[2]}"
    if name in hosts:
        return name, f"a rule for host {name}"
    if "." in name and wildcard in hosts:
        return wildcard, f"{wildcard} covers exactly one label, as in {name}"
    if "" in hosts:
        return "", f"no rule names host {name}; a rule without a host takes all others"
    known = ", ".join(hosts) or "none"
    return None, f"no rule for host {name}; there are rules for {known}"


def matches(location: Location, path: str) -> bool:
    if location.path.type == "Exact":
        return path == location.path.path
    return location.path.path == "/" or under_prefix(path, location.path.path)


def choose(locations: Sequence[Location], path: str, accepts: Callable[[Location, str], bool] = matches) -> Choice | None:
    """The longest matching path; of two of one length, Exact before Prefix; of two alike, the older Ingress's (the first given)."""
    found = sorted(
        (each for each in locations if accepts(each, path)),
        key=lambda each: (-len(each.path.path.rstrip("/")), each.path.type != "Exact"),
    )
    return Choice(found[0], why(found)) if found else None


def why(found: Sequence[Location]) -> str:
    """Why the first of the locations that match goes before the second."""
    if len(found) == 1:
        return f"{found[0]} is the only path that matches"
    first, second = found[0], found[1]
    if len(first.path.path.rstrip("/")) != len(second.path.path.rstrip("/")):
        return f"{first} is longer than {second}"
    if first.path.type != second.path.type:
        return f"{first} beats {second}: an exact path goes first"
    if first.ingress.object.ref == second.ingress.object.ref:
        return f"{first} comes first in Ingress {first.ingress.object.name}"
    return f"Ingress {first.ingress.object.name} is older than {second.ingress.object.name}, or first by name; both have {first}"
