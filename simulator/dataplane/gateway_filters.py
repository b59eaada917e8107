"""What a route's filters do to a request and to its answer.

Responsible for: header modifiers, URL rewrites, redirects, CORS, mirrors.
Leaves to others: choosing the rule (`gateway_table`), backends (`gateway_backends`), putting the answer together (`gateway_http`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/httproute_types.go` (filters); the Fetch standard for CORS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from simulator.api.gateway_v1 import BackendRef, Match, Route
from simulator.api.meta import Json
from simulator.cluster import Cluster
from simulator.controllers.gateway_references import backend_fault
from simulator.dataplane.http_messages import DEFAULT_PORTS, HttpRequest, modified

Filter = Mapping[str, Json]
_DEFAULT_MAX_AGE = 5


def of_type(filters: Sequence[Filter], kind: str, field: str) -> Sequence[Mapping[str, Json]]:
    """The settings of all filters of one type, in order."""
    return [each.get(field) or {} for each in filters if each.get("type") == kind]


def rewritten(request: HttpRequest, filters: Sequence[Filter], match: Match) -> HttpRequest:
    """The request after RequestHeaderModifier and URLRewrite."""
    for modifier in of_type(filters, "RequestHeaderModifier", "requestHeaderModifier"):
        request = replace(request, headers=modified(request.headers, modifier))
    for rewrite in of_type(filters, "URLRewrite", "urlRewrite"):
        path = replaced_path(request.path, rewrite.get("path"), match)
        request = replace(request, host=rewrite.get("hostname") or request.host, path=path)
    return request


def replaced_path(path: str, modifier: Mapping[str, Json] | None, match: Match) -> str:
    """A path after an HTTPPathModifier. The prefix that is replaced is the one that the rule matched."""
    if not modifier:
        return path
    if modifier.get("type") == "ReplaceFullPath":
        return modifier.get("replaceFullPath") or "/"
    prefix = match.path.rstrip("/") if match.path_type == "PathPrefix" else ""
    rest = path[len(prefix) :].removeprefix("/")
    start = (modifier.get("replacePrefixMatch") or "").rstrip("/")
    if rest:
        return f"{start}/{rest}"
    return (start or "/") + ("/" if start and path.endswith("/") and path != prefix and len(path) > 1 else "")


def redirect(request: HttpRequest, settings: Mapping[str, Json], match: Match, listener_port: int) -> tuple[int, dict[str, Json]]:
    """The status of a RequestRedirect and where it leads. A port that is the scheme's own stands as None."""
    scheme = settings.get("scheme") or request.scheme
    port = settings.get("port")
    if port is None:
        port = DEFAULT_PORTS[scheme] if settings.get("scheme") in DEFAULT_PORTS else listener_port
    where = {
        "scheme": scheme,
        "host": settings.get("hostname") or request.hostname,
        "port": None if port == DEFAULT_PORTS.get(scheme) else port,
        "path": replaced_path(request.path, settings.get("path"), match),
    }
    return settings.get("statusCode") or 302, where


def mirrors(cluster: Cluster, route: Route, filters: Sequence[Filter]) -> tuple[Mapping[str, Json], ...]:
    """The Services that get copies of the request, with the percentage that each gets. A bad reference gets none."""
    found = []
    for settings in of_type(filters, "RequestMirror", "requestMirror"):
        backend = BackendRef.of(settings.get("backendRef") or {}, route.object.namespace, ())
        if backend_fault(cluster, route.object, backend) is None:
            target = backend.target
            found.append({"namespace": target.namespace, "name": target.name, "port": backend.port, "percent": _percent(settings)})
    return tuple(found)


def _percent(settings: Mapping[str, Json]) -> float:
    fraction = settings.get("fraction")
    if fraction:
        return 100 * (fraction.get("numerator") or 0) / (fraction.get("denominator") or 100)
    percent = settings.get("percent")
    return 100 if percent is None else percent


def is_preflight(request: HttpRequest) -> bool:
    headers = request.lower_headers
    return request.method == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers


def cors_headers(request: HttpRequest, settings: Mapping[str, Json]) -> dict[str, str]:
    """The CORS headers of the answer; empty where the origin is not allowed, or the request has none."""
    headers = request.lower_headers
    origin = headers.get("origin")
    if origin is None or not any(_origin_matches(pattern, origin) for pattern in settings.get("allowOrigins") or ()):
        return {}
    credentials = bool(settings.get("allowCredentials"))
    any_origin = "*" in (settings.get("allowOrigins") or ()) and not credentials
    answer = {"Access-Control-Allow-Origin": "*" if any_origin else origin}
    if credentials:
        answer["Access-Control-Allow-Credentials"] = "true"
    if settings.get("exposeHeaders"):
        answer["Access-Control-Expose-Headers"] = ", ".join(settings["exposeHeaders"])
    if not is_preflight(request):
        return answer
    method = headers["access-control-request-method"]
    for field, asked in (("allowMethods", method), ("allowHeaders", headers.get("access-control-request-headers", ""))):
        allowed = settings.get(field) or ()
        told = (asked if credentials else "*") if "*" in allowed else ", ".join(allowed)
        if told:
            answer["Access-Control-Allow-Methods" if field == "allowMethods" else "Access-Control-Allow-Headers"] = told
    answer["Access-Control-Max-Age"] = str(settings.get("maxAge") or _DEFAULT_MAX_AGE)
    return answer


def _origin_matches(pattern: str, origin: str) -> bool:
    if pattern == "*":
        return True
    scheme, _, host = pattern.lower().partition("://")
    own_scheme, _, own_host = origin.lower().partition("://")
    if scheme != own_scheme:
        return False
    default = DEFAULT_PORTS.get(scheme)
    host, own_host = host.removesuffix(f":{default}"), own_host.removesuffix(f":{default}")
    if not host.startswith("*"):
        return host == own_host
    suffix = host[1:]
    if ":" not in suffix and suffix == "":
        return ":" not in own_host
    return own_host.endswith(suffix) and len(own_host) > len(suffix)
