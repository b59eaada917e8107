"""Sending a request through the learner's workspace: what curl prints, its way as pictures and hops, and what would change it.

Responsible for: reading what was typed into a request, keeping it for the menu.
Leaves to others: the run (in a worker), events (`what_if`), the words (`bot.rendering.trace`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any
from urllib.parse import urlsplit

from bot.app import what_if
from bot.app.ask_cluster import AskCluster, client_of
from bot.app.inspection import Names, described
from bot.app.workers import TimeLimitError, Workers
from bot.rendering import manifest, notices, trace
from bot.rendering import workspace as look
from bot.rendering.limits import fitted
from bot.rendering.reply import Reply
from bot.storage import Database, Storage, sessions
from bot.storage.sessions import SessionRow
from simulator import Client, Ref, Request, Scenario, SourceFile, Via, curl_text, run

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_KIND, _KEPT = "request", 10
_IDS = "abcdefghijkmnpqrstuvwxyz23456789"


class TraceRequest:
    def __init__(
        self, storage: Storage, workers: Workers, cluster: AskCluster, clock: Callable[[], datetime], random: Random
    ) -> None:  # fmt: skip
        self._storage, self._workers, self._cluster, self._clock, self._random = storage, workers, cluster, clock, random

    async def curl(self, learner: int, url: str, client: str, via: str, method: str, header: str) -> Reply:
        """The way of one request. `client`: `outside`, a node, or `namespace/pod`; empty takes the first Pod there is."""
        files = await self._cluster.files(learner)
        if not files:
            return look.empty()
        given = {"url": url, "client": client, "via": via, "method": method, "header": header}
        session = "".join(self._random.choices(_IDS, k=12))
        try:
            reply = await self._workers.run(follow, files, _request(given, await self._cluster.names_of(files)), session)
        except ValueError as fault:
            return notices.notice(str(fault))
        except TimeLimitError:
            return manifest.too_much_work()
        now = self._clock()

        def keep(db: Database) -> None:
            sessions.save(db, SessionRow(session, _KIND, learner, given, True), now)
            sessions.forget_old(db, learner, _KIND, _KEPT)

        await self._storage.write(keep)
        return reply

    async def what_if(self, learner: int, session: str, event: str) -> Reply:
        """The same request after an event, on the workspace as it is now."""
        row = await self._storage.read(lambda db: sessions.load(db, session, _KIND))
        if row is None:
            return notices.gone("curl")
        if row.learner != learner:
            return notices.not_yours()
        files = await self._cluster.files(learner)
        if not files:
            return look.empty()
        try:
            request = _request(row.state, await self._cluster.names_of(files))
            return await self._workers.run(what_if.suppose, files, request, event)
        except ValueError:
            return trace.no_longer()
        except TimeLimitError:
            return manifest.too_much_work()


def follow(files: Sequence[SourceFile], request: Request, session: str) -> Reply:
    """The way of a request as a message. Runs in a worker, where the pictures are drawn too."""
    report = run(Scenario(manifests=tuple(files), requests=(request,)))
    answer = report.answers[0]
    printed = curl_text(request, replace(answer, hops=()))
    return fitted(trace.way((described(request.client), printed, answer), what_if.offered(report.cluster, answer), session))


def _request(given: Mapping[str, Any], names: Names) -> Request:
    """Raises ValueError with a sentence for what is not a URL, a client or a header."""
    return _read(given["url"], client_of(given["client"], names), given["via"], given["method"], given["header"])


def _read(url: str, client: Client, via: str, method: str, header: str) -> Request:
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
