"""The workspace's Ingresses as a Gateway and HTTPRoutes, proved by putting the same requests to both.

Responsible for: running the conversion and its proof on the learner's workspace.
Leaves to others: both (`simulator.migrate_ingresses`, `prove_migration`, in a worker), the words (`bot.rendering.migration`).
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.app.ask_cluster import AskCluster
from bot.app.workers import TimeLimitError, Workers
from bot.rendering import manifest, migration, workspace
from bot.rendering.limits import fitted
from bot.rendering.reply import Reply
from simulator import Scenario, SourceFile, migrate_ingresses, prove_migration, run


class MigrateIngress:
    def __init__(self, workers: Workers, cluster: AskCluster) -> None:
        self._workers, self._cluster = workers, cluster

    async def migrate(self, learner: int, gateway_class: str) -> Reply:
        """The new manifests for a Gateway of this class, and what the proof showed."""
        files = await self._cluster.files(learner)
        if not files:
            return workspace.empty()
        try:
            return await self._workers.run(migrate, files, gateway_class)
        except TimeLimitError:
            return manifest.too_much_work()


def migrate(files: Sequence[SourceFile], gateway_class: str) -> Reply:
    """The message. Runs in a worker."""
    cluster = run(Scenario(manifests=tuple(files))).cluster
    made = migrate_ingresses(cluster, gateway_class)
    if not made.objects and not made.notes:
        return migration.no_ingress()
    return fitted(migration.migrated(made, prove_migration(cluster, made)))
