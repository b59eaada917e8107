"""How `/reach` looks: the matrix and the graph, the same as text, what the last change of the workspace changed.

Responsible for: the layout, alt texts.
Leaves to others: what is open (the simulator), choosing what is shown (`bot.app.show_reach`), drawing (`pictures.reach`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.rendering.escape import shortened
from bot.rendering.notices import notice
from bot.rendering.pictures import reach as drawing
from bot.rendering.pictures.reach import CLOSED, FEW, OPEN, PART, Grid
from bot.rendering.reply import Block, Picture, Reply, Text
from bot.rendering.templates import text
from bot.rendering.terminal import output
from simulator import Peer, ReachChange

PortRanges = Mapping[str, tuple[tuple[int, int], ...]]


def reach(grid: Grid, printed: str, changes: str, *, namespace: str, grouped: bool, hidden: int, policies: int, refused: bool) -> Reply:
    """`printed` is the text twin, `changes` the difference to the workspace before (empty: there is none)."""
    blocks: list[Block] = [
        text("reach", namespace=namespace, grouped=grouped, hidden=hidden, policies=policies, refused=refused, peers=len(grid.peers)),
        Picture("reach.png", drawing.matrix(grid), alt(grid)),
    ]
    if len(grid.peers) <= FEW and CLOSED in grid.cells.values():
        blocks.append(Picture("reach-graph.png", drawing.graph(grid), alt(grid)))
    blocks.append(output(printed, "reach.txt"))
    if changes:
        blocks += [Text("**What changed since the workspace before**"), output(changes, "reach-changes.txt")]
    return Reply(tuple(blocks), aside=True)


def changes_in_words(changes: Sequence[ReachChange]) -> str:
    """Two lines for each pair: narrow enough for a phone."""
    if not changes:
        return "Nothing: the same pairs reach each other on the same ports."
    told = []
    for each in changes:
        told.append(f"{each.change}: {peer_in_words(each.client)} -> {peer_in_words(each.server)}")
        told.append(f"    {ports_in_words(each.before)} before, {ports_in_words(each.after)} now")
    return "\n".join(told)


def peer_in_words(peer: Peer) -> str:
    """`shop/web`, `outside (10.0.0.0/8)`."""
    if peer.workload:
        return f"{peer.workload.namespace}/{peer.workload.name}"
    return "outside" + (f" ({', '.join(peer.addresses)})" if peer.addresses else "")


def ports_in_words(allowed: str | PortRanges) -> str:
    """`all`, `none`, or `TCP 80, 8000-9000; UDP 53`."""
    if isinstance(allowed, str):
        return allowed
    told = [
        f"{protocol} {', '.join(str(low) if low == high else f'{low}-{high}' for low, high in ranges)}"
        for protocol, ranges in allowed.items()
        if ranges
    ]
    return "; ".join(told) or "none"


def nobody(namespace: str) -> Reply:
    return notice("There are no workloads in this namespace of your workspace." if namespace else "Your workspace has no workloads yet.")


def alt(grid: Grid) -> str:
    """The picture in words."""
    found = list(grid.cells.values())
    counts = f"{found.count(OPEN)} pairs open, {found.count(PART)} partly, {found.count(CLOSED)} closed"
    closed = [f"{grid.peers[client]} to {grid.peers[server]}" for (client, server), state in grid.cells.items() if state == CLOSED]
    told = f" Closed: {'; '.join(closed)}." if closed else ""
    return shortened(f"Matrix of who reaches whom among {len(grid.peers)} peers: {counts}.{told}", 1024)
