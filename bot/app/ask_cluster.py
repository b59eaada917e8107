"""Asking the simulated cluster: kubectl and nslookup on what the learner has applied, and the workspace itself.

Responsible for: the learner's manifests, who asks, names for autocomplete.
Leaves to others: requests (`trace_request`), the answers (`inspection`, in a worker), the words (`bot.rendering`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from bot.app import inspection
from bot.app.inspection import Names
from bot.app.workers import TimeLimitError, Workers
from bot.rendering import manifest, notices, terminal, trace
from bot.rendering import workspace as look
from bot.rendering.reply import Reply
from bot.storage import Storage, workspaces
from simulator import Client, Lookup, Ref, SourceFile

OUTSIDE = "outside"
_NAMES_KEPT = 256
RECORD_TYPES = ("A", "AAAA", "CNAME", "SRV", "PTR")


class AskCluster:
    def __init__(self, storage: Storage, workers: Workers) -> None:
        self._storage, self._workers = storage, workers
        self._names: OrderedDict[int, Names] = OrderedDict()

    async def kubectl(self, learner: int, verb: str, arguments: str) -> Reply:
        """What `kubectl VERB ARGUMENTS` prints of the learner's workspace."""
        files = await self.files(learner)
        if not files:
            return look.empty()
        try:
            return terminal.session(await self._workers.run(inspection.kubectl, files, f"{verb} {arguments}"))
        except TimeLimitError:
            return manifest.too_much_work()

    async def nslookup(self, learner: int, name: str, record_type: str, pod: str) -> Reply:
        """The queries for a name and their answer, as a Pod or (with none) as a resolver that takes the name as it stands."""
        files = await self.files(learner)
        if not files:
            return look.empty()
        try:
            asker = client_of(pod, await self.names_of(files)).pod
            printed, answer = await self._workers.run(inspection.nslookup, files, Lookup(name, record_type, asker))
        except TimeLimitError:
            return manifest.too_much_work()
        except ValueError as fault:
            return notices.notice(str(fault))
        where = f" in Pod {asker.namespace}/{asker.name}" if asker else ""
        return trace.lookup(f"nslookup -type={record_type} {name}{where}", printed, answer.hops)

    async def workspace(self, learner: int) -> Reply:
        """What is applied."""
        return look.applied(await self._storage.read(lambda db: workspaces.of(db, learner)))

    async def reset(self, learner: int) -> Reply:
        """Begins afresh."""
        await self._storage.write(lambda db: workspaces.reset(db, learner))
        return look.cleared()

    async def names(self, learner: int) -> Names:
        """What there is to ask about; nothing where it cannot be told in time."""
        files = await self.files(learner)
        try:
            return await self.names_of(files) if files else Names()
        except TimeLimitError:
            return Names()

    async def files(self, learner: int) -> Sequence[SourceFile]:
        """The learner's workspace as it goes into a run."""
        documents = await self._storage.read(lambda db: workspaces.of(db, learner))
        return [SourceFile(document.name, document.text) for document in documents]

    async def names_of(self, files: Sequence[SourceFile]) -> Names:
        """The names in the cluster that the files make, remembered. Raises TimeLimitError."""
        key = hash(tuple(files))
        if key not in self._names:
            self._names[key] = await self._workers.run(inspection.names, files)
            if len(self._names) > _NAMES_KEPT:
                self._names.popitem(last=False)
        return self._names[key]


def client_of(given: str, names: Names) -> Client:
    """Raises ValueError with a sentence for a client that is not there."""
    if given == OUTSIDE:
        return Client()
    if given in names.nodes:
        return Client(node=given)
    if not given and not names.pods:
        return Client(node=names.nodes[0])
    named = given or names.pods[0]
    if "/" not in named:
        named = f"default/{named}"
    if named not in names.pods:
        raise ValueError("There is no such client. Take `outside`, a node, or a Pod from the list.")
    namespace, name = named.split("/", 1)
    return Client(pod=Ref("Pod", namespace, name))
