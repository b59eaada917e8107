"""What a matched rule makes of an HTTP or gRPC request: filters, backends, the answer.

Responsible for: the order of filters, failing backends' shares, timeouts, the request as the backend sees it, gRPC's status.
Leaves to others: listeners and hosts (`gateway`, `gateway_mesh`), which rule matches (`gateway_table`), each filter (`gateway_filters`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/httproute_types.go`, `grpcroute_types.go`.
The backends are stand-ins (modelled): they answer 200, or 101 to a WebSocket, or OK to gRPC, with the headers that the request names in
`backend_response_headers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from simulator.api.diagnostics import Basis
from simulator.api.meta import Json, Object, Path
from simulator.api.traffic import Answer, Backend, Hop, Request
from simulator.cluster import Cluster
from simulator.dataplane.behind_proxy import answering, policy_hops
from simulator.dataplane.durations import seconds
from simulator.dataplane.gateway_backend_tls import BackendTLS
from simulator.dataplane.gateway_backends import Share, percent, shares, split
from simulator.dataplane.gateway_filters import cors_headers, is_preflight, mirrors, of_type, redirect, rewritten
from simulator.dataplane.gateway_table import Entry, RouteTable, described, why
from simulator.dataplane.hops import hop
from simulator.dataplane.http_messages import HttpRequest, location, modified

_GRPC_STATUS = {404: "UNIMPLEMENTED", 500: "UNAVAILABLE", 503: "UNAVAILABLE", 504: "UNAVAILABLE", 421: "UNKNOWN"}
_KNOWN_FILTERS = ("RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite", "RequestMirror", "CORS")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that reached a listener (or a Service's proxy in a mesh), with the hops so far."""

    cluster: Cluster
    request: Request
    http: HttpRequest
    port: int
    hops: tuple[Hop, ...]

    @property
    def grpc(self) -> bool:
        return self.request.protocol == "gRPC"

    def then(self, *hops: Hop) -> Arrival:
        return replace(self, hops=(*self.hops, *hops))


def by_gateway(arrival: Arrival, status: int, headers: Mapping[str, str] | None = None, **fields: Json) -> Answer:
    """An answer that the Gateway itself gives. For gRPC the status travels in the trailers of a 200."""
    grpc = _GRPC_STATUS.get(status, "UNKNOWN") if arrival.grpc else None
    return Answer(
        "answered",
        0,
        "gateway",
        200 if grpc else status,
        grpc,
        response_headers=headers or {},
        source="gateway",
        hops=arrival.hops,
        **fields,
    )


def answer(arrival: Arrival, table: RouteTable, place: Object, path: Path, hint: Callable[[], str]) -> Answer:
    """The answer to a request by the rules of a table. `place` and `path` are where routes attach, `hint` says which do."""
    found = table.find(arrival.http, arrival.grpc)
    if not found:
        reason = f"no match for {arrival.http.method} {arrival.http.host}{arrival.http.path}; {hint()}"
        passed_over = [hop("route", "passed over", told, basis=Basis.MODELLED) for told in table.unusable[:3]]
        return by_gateway(arrival.then(*passed_over, hop("route", "no rule matches: 404", reason, place, path)), 404)
    winner, others = found[0], found[1:]
    name = f' "{winner.rule.name}"' if winner.rule.name else ""
    decision = f"{winner.name}, rule {winner.order[8]}{name}: {described(winner.match)}"
    arrival = arrival.then(hop("route", decision, why(winner, others), winner.route.object, winner.path))
    if winner.rule.session_persistence:
        text = "sessionPersistence is experimental and not modelled"
        return Answer("answered", 0, "gateway", hops=arrival.hops, not_modelled=text)
    return _by_rule(arrival, winner)


def _by_rule(arrival: Arrival, entry: Entry) -> Answer:
    rule, http = entry.rule, arrival.http
    unknown = next((f for f in rule.filters if f.get("type") not in _KNOWN_FILTERS), None)
    if unknown is not None:
        reason = "a filter that cannot be resolved must not be skipped: the request fails"
        return by_gateway(arrival.then(_filter_hop(entry, f"{unknown.get('type')}: 500", reason)), 500)
    cors: dict[str, str] = {}
    for settings in of_type(rule.filters, "CORS", "cors"):
        cors = cors_headers(http, settings)
        decided = f"origin {http.lower_headers.get('origin', '(none)')} is {'allowed' if cors else 'not allowed'}"
        arrival = arrival.then(_filter_hop(entry, f"CORS: {decided}", "the browser judges by the headers of the answer"))
        if is_preflight(http):
            return by_gateway(
                arrival.then(_filter_hop(entry, "CORS preflight: 200", "the Gateway answers it, no backend is asked")), 200, cors
            )
    for settings in of_type(rule.filters, "RequestRedirect", "requestRedirect"):
        return _redirected(arrival, entry, settings, cors)
    changed = rewritten(http, rule.filters, entry.match)
    if changed != http:
        arrival = arrival.then(
            _filter_hop(entry, f"sent on as {changed.method} {changed.host}{changed.path}", "request filters of the rule")
        )
    copies = mirrors(arrival.cluster, entry.route, rule.filters)
    if copies:
        told = ", ".join(f"{percent(c['percent'] / 100)} to {c['name']}" for c in copies)
        arrival = arrival.then(_filter_hop(entry, f"mirrored: {told}", "answers of mirrors are thrown away"))
    return replace(_by_backends(arrival, entry, changed, cors), mirrored_to=copies)


def _filter_hop(entry: Entry, decision: str, reason: str) -> Hop:
    return hop("filter", decision, reason, entry.route.object, (*entry.rule.path, "filters"))


def _redirected(arrival: Arrival, entry: Entry, settings: Mapping[str, Json], headers: Mapping[str, str]) -> Answer:
    status, to = redirect(arrival.http, settings, entry.match, arrival.port)
    target = location(to["scheme"], to["host"], to["port"], to["path"], arrival.http.query)
    arrival = arrival.then(
        _filter_hop(entry, f"RequestRedirect: {status} to {target}", "a redirect answers by itself, no backend is asked")
    )
    return by_gateway(arrival, status, {**headers, "Location": target}, redirect=to)


def _by_backends(arrival: Arrival, entry: Entry, http: HttpRequest, cors: Mapping[str, str]) -> Answer:
    cluster, rule = arrival.cluster, entry.rule
    found = shares(cluster, entry.route, rule.backends)
    if not found:
        reason = "the rule has no backendRefs and no redirect" if not rule.backends else "no backend has a weight above 0"
        return by_gateway(arrival.then(hop("backend", "no backend: 500", reason, entry.route.object, rule.path)), 500)
    arrival = arrival.then(hop("backend", split(found), "by weight, over many requests", entry.route.object, (*rule.path, "backendRefs")))
    failing = [share for share in found if share.status]
    arrival = arrival.then(*(_failure_hop(entry, share) for share in failing))
    good = [share for share in found if not share.status]
    if not good:
        return by_gateway(arrival, max(failing, key=lambda share: share.part).status)
    late = _too_late(arrival, entry)
    if late is not None:
        return by_gateway(arrival.then(late), 504)
    first = good[0]
    for settings in of_type(first.backend.filters, "RequestRedirect", "requestRedirect"):
        return _redirected(arrival, entry, settings, cors)
    sent = [rewritten(http, share.backend.filters, entry.match) for share in good]
    endpoints = tuple(backend for share in good for backend in share.backends())
    return _answered(arrival, entry, good, failing, endpoints, sent, cors)


def _failure_hop(entry: Entry, share: Share) -> Hop:
    decision = f"{percent(share.part)} of the requests end in {share.status}"
    return hop("backend", decision, share.reason, entry.route.object, share.backend.path, share.basis)


def _too_late(arrival: Arrival, entry: Entry) -> Hop | None:
    """The hop that says so where the backend's delay is longer than a timeout of the rule."""
    delay = seconds(str((arrival.request.extra.get("backend_behaviour") or {}).get("delay_response") or ""))
    for name, limit in (("request", entry.rule.request_timeout), ("backendRequest", entry.rule.backend_timeout)):
        if 0 < seconds(limit) < delay:
            return hop("backend", "504", f"the backend takes {delay:g} s, timeouts.{name} is {limit}", entry.route.object, entry.rule.path)
    return None


def _answered(
    arrival: Arrival,
    entry: Entry,
    good: Sequence[Share],
    failing: Sequence[Share],
    endpoints: tuple[Backend, ...],
    sent: Sequence[HttpRequest],
    cors: Mapping[str, str],
) -> Answer:
    seen = [_as_seen(http, share.tls) for http, share in zip(sent, good, strict=True)]
    headers: Mapping[str, str] = arrival.request.backend_response_headers
    for filters in (good[0].backend.filters, entry.rule.filters):
        for modifier in of_type(filters, "ResponseHeaderModifier", "responseHeaderModifier"):
            headers = modified(headers, modifier)
    extra: dict[str, Json] = {}
    if any(each != seen[0] for each in seen):
        extra["backend_requests"] = [{"service": s.backend.target.name, **each} for s, each in zip(good, seen, strict=True)]
    if failing:
        extra["failing"] = [{"status": s.status, "share": s.part, "reason": s.reason} for s in failing]
    tls = good[0].tls
    if tls is not None:
        text = f"TLS with SNI {tls.sni}, by BackendTLSPolicy {tls.policy.policy.object.name}"
        arrival = arrival.then(hop("backend", text, "the policy's certificate authority and names are checked", tls.policy.policy.object))
    for share in good:
        arrival = arrival.then(*policy_hops(arrival.cluster, share.endpoints.endpoints if share.endpoints else ()))
    arrival = arrival.then(answering(endpoints))
    status = 101 if arrival.request.protocol == "WebSocket" else 200
    return Answer(
        "answered", 0, "backend", status, "OK" if arrival.grpc else None, endpoints, seen[0], {**headers, **cors},
        source="gateway", hops=arrival.hops, extra=extra,
    )  # fmt: skip


def _as_seen(http: HttpRequest, tls: BackendTLS | None) -> dict[str, Json]:
    return {
        "method": http.method,
        "scheme": "https" if tls is not None else "http",
        "host": http.host,
        "path": http.path,
        "query": http.query,
        "headers": dict(http.headers),
        "sni": tls.sni if tls is not None else None,
    }
