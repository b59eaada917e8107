"""Who can reach whom, as text: a grid, and one line for every pair that is not fully open, with the policy that decides.

Responsible for: the text. Leaves to others: deciding (`dataplane.network_policy`, `dataplane.reachability`).
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.api.traffic import Connection, Peer, PortRanges, Reach, ReachChange
from simulator.cluster import Cluster
from simulator.dataplane.network_policy import decide
from simulator.kubectl.tabwriter import table

_GRID = 20
"""With more peers than this a grid is wider than a terminal, and only the list is printed."""
_EXPLAINED = 2_000
"""Up to so many pairs the policy that decides is named; beyond, the list says what is open and `run` answers for single connections."""


def reach_text(cluster: Cluster, reaches: Sequence[Reach]) -> str:
    """The matrix of a cluster, as text; ends with a newline."""
    peers = list(dict.fromkeys(peer for reach in reaches for peer in (reach.client, reach.server)))
    if not peers:
        return "There are no workloads.\n"
    text = _grid(peers, reaches) + "\n" if len(peers) <= _GRID else ""
    restricted = [reach for reach in reaches if reach.allowed != "all"]
    if not restricted:
        return f"{text}Everything listed is open: no policy restricts it.\n"
    header = ["FROM", "TO", "OPEN", "DECIDED BY"]
    explained = len(restricted) <= _EXPLAINED
    rows = [
        [peer_text(reach.client), peer_text(reach.server), ports_text(reach.allowed), _decided_by(cluster, reach) if explained else ""]
        for reach in restricted
    ]
    return f"{text}{table([header, *rows])}"


def _grid(peers: Sequence[Peer], reaches: Sequence[Reach]) -> str:
    allowed = {(reach.client, reach.server): reach.allowed for reach in reaches}
    marks = {"all": "open", "none": "-"}

    def mark(client: Peer, server: Peer) -> str:
        # With the outside only what is open is listed: what is missing is closed.
        found = allowed.get((client, server), "none" if client.external != server.external else "")
        return marks.get(found, "") if isinstance(found, str) else "ports"

    numbers = [str(number) for number in range(1, len(peers) + 1)]
    rows = [[number, peer_text(client), *(mark(client, server) for server in peers)] for number, client in zip(numbers, peers, strict=True)]
    return table([["", "FROM \\ TO", *numbers], *rows])


def diff_text(changes: Sequence[ReachChange]) -> str:
    """What a change of manifests opens and closes, as text; ends with a newline."""
    if not changes:
        return "Nothing changes: the same pairs reach each other on the same ports.\n"
    rows = [[c.change, peer_text(c.client), peer_text(c.server), ports_text(c.before), ports_text(c.after)] for c in changes]
    return table([["CHANGE", "FROM", "TO", "BEFORE", "AFTER"], *rows])


def peer_text(peer: Peer) -> str:
    if peer.pod or peer.workload:
        return str(peer.pod or peer.workload)
    return peer.ip or ("outside" + (f" ({', '.join(peer.addresses)})" if peer.addresses else ""))


def ports_text(allowed: str | PortRanges) -> str:
    """`all`, `none`, or `TCP 80, 8000-9000; UDP 53`."""
    if isinstance(allowed, str):
        return allowed
    parts = [
        f"{protocol} " + ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in ranges)
        for protocol, ranges in allowed.items()
        if ranges
    ]
    return "; ".join(parts) or "none"


def _decided_by(cluster: Cluster, reach: Reach) -> str:
    """Asked for one connection of the pair: the lowest open port, or TCP 80 where none is open."""
    protocol, port = "TCP", 80
    if not isinstance(reach.allowed, str):
        protocol, ranges = next(((name, ranges) for name, ranges in reach.allowed.items() if ranges), ("TCP", ((80, 80),)))
        port = ranges[0][0]
    answer = decide(cluster, Connection(reach.client, reach.server, protocol, port))
    named = [
        f"{rule.policy.namespace}/{rule.policy.name} {rule.direction}" + ("" if rule.rule is None else f"[{rule.rule}]")
        for rule in answer.decided_by
    ]
    return ", ".join(named) or answer.reason
