"""An HTTP request on its way through a proxy, and what filters make of its headers.

Responsible for: the request as a value; setting, adding and removing headers; query parameters; redirects' locations.
Leaves to others: which filters apply (`gateway_filters`, `ingress_nginx`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl

from simulator.api.hostnames import without_port
from simulator.api.meta import Json
from simulator.api.traffic import Request

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class HttpRequest:
    """`host` is the Host header as sent, port included; `path` has no query; header names keep the case that they were sent in."""

    method: str
    scheme: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request, address: str) -> HttpRequest:
        """The request as the client sends it to `address`, which stands for a host that is not given."""
        path, _, query = request.path.partition("?")
        grpc = request.protocol == "gRPC"
        if grpc and request.grpc_service:
            path = f"/{request.grpc_service}/{request.grpc_method}"
        headers = {name: ",".join(value) if isinstance(value, list) else str(value) for name, value in request.headers.items()}
        host = str(request.extra.get("host_header") or request.host or address)
        return cls("POST" if grpc else request.method.upper(), request.scheme, host, path or "/", request.query or query, headers)

    @cached_property
    def hostname(self) -> str:
        return without_port(self.host)

    @cached_property
    def lower_headers(self) -> Mapping[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """The query's parameters; of several with one name the first."""
        found: dict[str, str] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True, max_num_fields=None):
            found.setdefault(name, value)
        return found

    def cookie(self, name: str) -> str | None:
        """A cookie's value, or None."""
        pairs = (pair.strip().partition("=") for pair in self.lower_headers.get("cookie", "").split(";"))
        return next((value for key, _, value in pairs if key == name), None)


def modified(headers: Mapping[str, str], modifier: Mapping[str, Json]) -> dict[str, str]:
    """Headers after an HTTPHeaderFilter: `set` overwrites, `add` appends to what is there, `remove` takes away. Case plays no part."""
    result = dict(headers)

    def held(name: str) -> str | None:
        return next((key for key in result if key.lower() == name.lower()), None)

    for entry in modifier.get("set") or ():
        key = held(entry.get("name") or "")
        if key is not None:
            del result[key]
        result[entry.get("name") or ""] = entry.get("value") or ""
    for entry in modifier.get("add") or ():
        name, value = entry.get("name") or "", entry.get("value") or ""
        key = held(name)
        result[key or name] = value if key is None else f"{result[key]},{value}"
    for name in modifier.get("remove") or ():
        key = held(name)
        if key is not None:
            del result[key]
    return result


def location(scheme: str, host: str, port: int | None, path: str, query: str) -> str:
    """The Location header of a redirect; `port` None, or the scheme's own, is left out."""
    shown = "" if port in (None, DEFAULT_PORTS.get(scheme)) else f":{port}"
    return f"{scheme}://{host}{shown}{path}{'?' + query if query else ''}"


def prefix_elements(path: str) -> Sequence[str]:
    """Every prefix of a path at the borders of its elements, the shortest first: "", "/a", "/a/b" of "/a/b"."""
    ends = [at for at, char in enumerate(path) if char == "/" and at] + [len(path)]
    return ["", *(path[:end] for end in ends)] if path != "/" else [""]


def under_prefix(path: str, prefix: str) -> bool:
    """Whether `prefix` is a prefix of `path` element by element; a trailing slash of the prefix plays no part."""
    bare = prefix.rstrip("/")
    return path == bare or path.startswith(bare + "/")
