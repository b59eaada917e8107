"""Who reaches whom in the learner's workspace, and what the last change of it changed.

Responsible for: choosing what a phone can show, the workspace before.
Leaves to others: what is open (`simulator.matrix`, `diff`, in a worker), the words (`bot.rendering.reach`).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.app.ask_cluster import AskCluster
from bot.app.workers import TimeLimitError, Workers
from bot.rendering import manifest, workspace
from bot.rendering import reach as look
from bot.rendering.limits import fitted
from bot.rendering.pictures.reach import CLOSED, MOST, OPEN, PART, Grid
from bot.rendering.reply import Reply
from bot.storage import Storage, workspaces
from simulator import Cluster, Peer, Reach, Ref, Scenario, SourceFile, diff, matrix, reach_text, run

_OUTSIDE = "outside"


class ShowReach:
    def __init__(self, storage: Storage, workers: Workers, cluster: AskCluster) -> None:
        self._storage, self._workers, self._cluster = storage, workers, cluster

    async def reach(self, learner: int, namespace: str) -> Reply:
        """The matrix of the workspace, or of one namespace, and its difference to the workspace before."""
        files = await self._cluster.files(learner)
        if not files:
            return workspace.empty()
        earlier = await self._storage.read(lambda db: workspaces.before(db, learner))
        before = [SourceFile(document.name, document.text) for document in earlier]
        try:
            return await self._workers.run(reach, files, before, namespace)
        except TimeLimitError:
            return manifest.too_much_work()

    async def namespaces(self, learner: int) -> Sequence[str]:
        """The namespaces that have Pods, for autocomplete."""
        names = await self._cluster.names(learner)
        return list(dict.fromkeys(pod.split("/")[0] for pod in names.pods if not pod.startswith("kube-system/")))


def reach(files: Sequence[SourceFile], before: Sequence[SourceFile], namespace: str) -> Reply:
    """The message. Runs in a worker, where the pictures are drawn too."""
    cluster, refused = _meant(files)
    now = matrix(cluster)
    workloads = [ref for ref in now.workloads if not namespace or ref.namespace == namespace]
    if not workloads:
        return look.nobody(namespace)
    shown = {*workloads}
    reaches = [each for each in now if all(peer.external or peer.workload in shown for peer in (each.client, each.server))]
    groups = _groups(workloads)
    grid = _grid([_OUTSIDE, *dict.fromkeys(groups.values())][:MOST], groups, reaches)
    changes = look.changes_in_words(diff(matrix(_meant(before)[0]), now)) if before else ""
    hidden = 1 + len(set(groups.values())) - len(grid.peers)
    return fitted(
        look.reach(
            grid, reach_text(cluster, reaches), changes, namespace=namespace, grouped=len(set(groups.values())) < len(groups),
            hidden=hidden, policies=len(cluster.of("NetworkPolicy")), refused=refused,
        )
    )  # fmt: skip


def _meant(files: Sequence[SourceFile]) -> tuple[Cluster, bool]:
    """The cluster as it was meant, and whether a server would have refused some of it."""
    report = run(Scenario(manifests=tuple(files), connections="workloads"))
    return report.supposed, report.supposed is not report.cluster


def _groups(workloads: Sequence[Ref]) -> dict[Ref, str]:
    """The row that each workload is shown in: one of its own, or, where they are too many, its namespace's."""
    spaces = {ref.namespace for ref in workloads}
    if len(workloads) >= MOST and len(spaces) > 1:
        return {ref: f"namespace {ref.namespace}" for ref in workloads}
    kinds = {(ref.namespace, ref.name): 0 for ref in workloads}
    for ref in workloads:
        kinds[ref.namespace, ref.name] += 1
    return {
        ref: (f"{ref.kind} " if kinds[ref.namespace, ref.name] > 1 else "") + (f"{ref.namespace}/" if len(spaces) > 1 else "") + ref.name
        for ref in workloads
    }


def _grid(peers: Sequence[str], groups: dict[Ref, str], reaches: Sequence[Reach]) -> Grid:
    position = {name: number for number, name in enumerate(peers)}
    found: dict[tuple[int, int], set[str]] = {}
    sizes = {name: list(groups.values()).count(name) for name in peers}

    def place(peer: Peer) -> int | None:
        return position.get(_OUTSIDE if peer.external else groups[peer.workload] if peer.workload else "")

    seen: dict[tuple[int, int], int] = {}
    for each in reaches:
        client, server = place(each.client), place(each.server)
        if client is None or server is None:
            continue
        state = {"all": OPEN, "none": CLOSED}.get(each.allowed, PART) if isinstance(each.allowed, str) else PART
        found.setdefault((client, server), set()).add(state)
        seen[client, server] = seen.get((client, server), 0) + 1
    outside = position[_OUTSIDE]
    for name, number in position.items():
        # With the outside only what is open is listed: what is missing is closed.
        for pair in ((outside, number), (number, outside)):
            if number != outside and seen.get(pair, 0) < sizes[name]:
                found.setdefault(pair, set()).add(CLOSED)
    cells = {pair: next(iter(states)) if len(states) == 1 else PART for pair, states in found.items()}
    return Grid(peers, cells)
