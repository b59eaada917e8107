"""Asking the simulated cluster: kubectl, curl and nslookup on what the learner has applied, and the workspace itself.

Responsible for: reading what was typed into a request, the learner's manifests, names for autocomplete.
Leaves to others: the answers (`inspection`, in a worker), the words (`bot.rendering`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.app import inspection
from bot.app.inspection import Names
from bot.app.workers import TimeLimitError, Workers
from bot.rendering import manifest, notices, terminal, trace
from bot.rendering import workspace as look
from bot.rendering.reply import Reply
from bot.storage import Storage, workspaces
from simulator import Client, Lookup, Ref, Request, SourceFile, Via

OUTSIDE = "outside"
_NAMES_KEPT = 256
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
RECORD_TYPES = ("A", "AAAA", "CNAME", "SRV", "PTR")


class AskCluster:
    def __init__(self, storage: Storage, workers: Workers) -> None:
        self._storage, self._workers = storage, workers
        self._names: OrderedDict[int, Names] = OrderedDict()

    async def kubectl(self, learner: int, verb: str, arguments: str) -> Reply:
        """What `kubectl VERB ARGUMENTS` prints of the learner's workspace."""
        files = await self._files(learner)
        if not files:
            return look.empty()
        try:
            return terminal.session(await self._workers.run(inspection.kubectl, files, f"{verb} {arguments}"))
        except TimeLimitError:
            return manifest.too_much_work()

    async def curl(self, learner: int, url: str, client: str, via: str, method: str, header: str) -> Reply:
        """The way of one request. `client`: `outside`, a node, or `namespace/pod`; empty takes the first Pod there is."""
        files = await self._files(learner)
        if not files:
            return look.empty()
        try:
            names = await self._names_of(files)
            request = _request(url, _client(client, names), via, method, header)
        except ValueError as fault:
            return notices.notice(str(fault))
        except TimeLimitError:
            return manifest.too_much_work()
        try:
            printed, answer = await self._workers.run(inspection.curl, files, request)
        except TimeLimitError:
            return manifest.too_much_work()
        return trace.way((inspection.described(request.client), printed, answer))

    async def nslookup(self, learner: int, name: str, record_type: str, pod: str) -> Reply:
        """The queries for a name and their answer, as a Pod or (with none) as a resolver that takes the name as it stands."""
        files = await self._files(learner)
        if not files:
            return look.empty()
        try:
            asker = _client(pod, await self._names_of(files)).pod
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
        files = await self._files(learner)
        try:
            return await self._names_of(files) if files else Names()
        except TimeLimitError:
            return Names()

    async def _files(self, learner: int) -> Sequence[SourceFile]:
        documents = await self._storage.read(lambda db: workspaces.of(db, learner))
        return [SourceFile(document.name, document.text) for document in documents]

    async def _names_of(self, files: Sequence[SourceFile]) -> Names:
        key = hash(tuple(files))
        if key not in self._names:
            self._names[key] = await self._workers.run(inspection.names, files)
            if len(self._names) > _NAMES_KEPT:
                self._names.popitem(last=False)
        return self._names[key]


def _client(given: str, names: Names) -> Client:
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


def _request(url: str, client: Client, via: str, method: str, header: str) -> Request:
    """Raises ValueError with a sentence for what is not a URL or a header."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme not in ("http", "https"):
        raise ValueError("I need an address like `http://web:80/path`: a scheme, a host, and if you like a port and a path.")
    name, colon, value = header.partition(":")
    if header and not (colon and name.strip()):
        raise ValueError("A header has a name, a colon and a value: `X-Canary: always`.")
    kind, _, rest = via.partition("/")
    namespace, _, dialled = rest.partition("/")
    return Request(
        client=client,
        via=Via(Ref(kind, namespace, dialled)) if via else None,
        scheme=parts.scheme,
        host=host,
        port=port,
        path=parts.path or "/",
        query=parts.query,
        method=method,
        headers={name.strip(): value.strip()} if header else {},
    )
