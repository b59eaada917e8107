"""A scenario: profile, manifests, and the questions to put. The one currency of labs, quiz proofs, goldens and conformance.

Responsible for: reading a scenario's mapping into values (`Scenario.of`), writing a report as the contract's JSON lives in `answer`.
Leaves to others: reading files (`__main__`), running (`engine`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.api.meta import Ref, SourceFile
from simulator.api.traffic import Client, Connection, Lookup, Peer, Request, Via
from simulator.profile import Profile

WORKLOADS = "workloads"
"""In place of a list of connections: the whole matrix."""


@dataclass(frozen=True, slots=True)
class Scenario:
    profile: Profile = field(default_factory=Profile)
    manifests: tuple[SourceFile, ...] = ()
    requests: tuple[Request, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    connections: tuple[Connection, ...] | str = ()
    rollouts: tuple[Ref, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, Any], read: Callable[[str], str]) -> Scenario:
        """Reads a scenario's mapping. `read` gives the text of a manifest that is named by its path.

        Raises ValueError, with one sentence, for what is not a scenario.
        """
        if not isinstance(given, Mapping):
            raise ValueError("a scenario is a mapping with manifests and, if you like, profile, requests, lookups, connections, rollouts")
        known = {"profile", "manifests", "requests", "lookups", "connections", "rollouts"}
        unknown = sorted(set(given) - known)
        if unknown:
            raise ValueError(f"scenario: unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")
        try:
            connections = given.get("connections") or ()
            return cls(
                profile=Profile.of(given.get("profile") or {}),
                manifests=tuple(
                    SourceFile(m, read(m)) if isinstance(m, str) else SourceFile(m["name"], m["text"]) for m in given.get("manifests") or ()
                ),
                requests=tuple(request_of(r) for r in given.get("requests") or ()),
                lookups=tuple(lookup_of(q) for q in given.get("lookups") or ()),
                connections=WORKLOADS if connections == WORKLOADS else tuple(connection_of(c) for c in connections),
                rollouts=tuple(_workload(each["workload"]) for each in given.get("rollouts") or ()),
            )
        except (KeyError, TypeError, AttributeError) as fault:
            raise ValueError(f"scenario: {fault!r}") from fault


_REQUEST_KEYS = {
    "from", "via", "scheme", "protocol", "port", "method", "host", "path", "query", "headers", "sni", "service",
    "grpc_method", "backend_response_headers", "call", "label",
}  # fmt: skip
_BESIDES_CALL = {"from", "call", "label", "connection"}


def request_of(given: Mapping[str, Any]) -> Request:
    """A request, or with `call: N` the N-th call that the process of the Pod in `from` makes by itself."""
    protocol, call = given.get("protocol") or "HTTP", given.get("call") or 0
    if call and (not isinstance(call, int) or call < 1 or not set(given) <= _BESIDES_CALL or "pod" not in (given.get("from") or ())):
        raise ValueError("scenario: a request with `call` has the number of a call, from 1, and `from` with a Pod; all else the Pod says")
    return Request(
        client=_client(given.get("from")),
        via=_via(given.get("via")),
        scheme=given.get("scheme") or "http",
        protocol=protocol,
        port=given.get("port"),
        method=given.get("method") or "GET",
        host=given.get("host"),
        path=given.get("path") or "/",
        query=given.get("query") or "",
        headers=given.get("headers") or {},
        sni=given.get("sni"),
        grpc_service=given.get("service") or "",
        grpc_method=given.get("grpc_method") or "",
        backend_response_headers=given.get("backend_response_headers") or {},
        call=call,
        extra={key: value for key, value in given.items() if key not in _REQUEST_KEYS},
    )


def _client(given: Any) -> Client:
    if given in (None, "external"):
        return Client()
    if "node" in given:
        return Client(node=given["node"])
    if "ip" in given:
        return Client(ip=given["ip"])
    pod = given["pod"]
    return Client(pod=Ref("Pod", pod.get("namespace", "default"), pod.get("name", "")), labels=pod.get("labels"))


def _via(given: Mapping[str, Any] | None) -> Via | None:
    if not given:
        return None
    return Via(Ref(given["kind"], given.get("namespace", "default"), given["name"]), given.get("address", ""), given.get("node", ""))


def lookup_of(given: Mapping[str, Any]) -> Lookup:
    asker = given.get("from")
    pod = asker["pod"] if asker and "pod" in asker else None
    return Lookup(given["name"], given.get("type") or "A", Ref("Pod", pod.get("namespace", "default"), pod["name"]) if pod else None)


def connection_of(given: Mapping[str, Any]) -> Connection:
    return Connection(peer_of(given["from"]), peer_of(given["to"]), given.get("protocol") or "TCP", given.get("port", 80))


def peer_of(given: Mapping[str, Any]) -> Peer:
    if "pod" in given:
        return Peer(pod=Ref("Pod", given["pod"].get("namespace", "default"), given["pod"]["name"]))
    if "workload" in given:
        return Peer(workload=_workload(given["workload"]))
    if "ip" in given:
        return Peer(ip=given["ip"])
    return Peer(external=True)


def _workload(given: Mapping[str, Any]) -> Ref:
    return Ref(given["kind"], given.get("namespace", "default"), given["name"])
