"""TLS, TCP and UDP routes: connections and datagrams, whose content the Gateway does not read.

Responsible for: which route takes a connection, its backends' shares, whether the backend sees TLS.
Leaves to others: listeners (`gateway`), weights (`gateway_backends`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/tlsroute_types.go`, `tcproute_types.go`, `udproute_types.go`: TLS by the most specific
hostname; of several TCP or UDP routes on one listener the oldest. That the backend answers what the client says is modelled.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.api.hostnames import matches, specificity
from simulator.api.meta import Json
from simulator.api.traffic import Answer, Hop, Request
from simulator.cluster import Cluster
from simulator.controllers.gateway_attachment import Attached, attachments
from simulator.controllers.gateway_listeners import ListenerState
from simulator.dataplane.behind_proxy import answering
from simulator.dataplane.gateway_backends import Share, percent, shares, split
from simulator.dataplane.hops import hop


def stream(cluster: Cluster, request: Request, state: ListenerState, hops: tuple[Hop, ...]) -> Answer:
    """The answer to a connection (or datagram) that a TLS, TCP or UDP listener took."""
    attached = attachments(cluster).by_listener.get(state.key, ())
    name = (request.sni or request.host or "").lower()
    chosen, reason = _by_name(attached, name) if state.listener.protocol == "TLS" else _oldest(attached)
    if chosen is None or not chosen.route.rules:
        return _closed(request, (*hops, hop("route", "the connection is closed", reason, state.owner, state.listener.path)))
    route, rule = chosen.route, chosen.route.rules[0]
    hops = (*hops, hop("route", f"{route.kind} {route.object.name}", reason, route.object, rule.path))
    found = shares(cluster, route, rule.backends)
    failing = [share for share in found if share.status]
    hops = (
        *hops,
        *(hop("backend", f"{percent(s.part)} of the connections fail", s.reason, route.object, s.backend.path, s.basis) for s in failing),
    )
    good = [share for share in found if not share.status]
    if not good:
        why = hop("backend", "the connection is closed", "there is no backend that could take it", route.object, rule.path)
        return _closed(request, (*hops, why))
    return _carried(request, state, good, failing, hops)


def _carried(request: Request, state: ListenerState, good: Sequence[Share], failing: Sequence[Share], hops: tuple[Hop, ...]) -> Answer:
    endpoints = tuple(backend for share in good for backend in share.backends())
    passthrough = state.listener.tls_mode == "Passthrough"
    tls, name = good[0].tls, request.sni or request.host
    sees_tls = passthrough or tls is not None
    sni = name if passthrough else tls.sni if tls is not None else None
    hops = (
        *hops,
        hop("backend", split(good), "passed on as it is, still encrypted" if passthrough else "by weight, over many connections"),
        answering(endpoints),
    )
    http = request.scheme == "https" and request.protocol == "HTTP"
    extra: dict[str, Json] = {"backend_sees_tls": sees_tls, "backend_sni": sni}
    if failing:
        extra["failing"] = [{"share": share.part, "reason": share.reason} for share in failing]
    seen = {"method": request.method, "scheme": "https" if sees_tls else "http", "host": request.host, "path": request.path, "sni": sni,
            "query": request.query, "headers": dict(request.headers)}  # fmt: skip
    return Answer(
        "answered", 0, "backend", 200 if http else None, backends=endpoints, backend_request=seen if http else {"sni": sni},
        response_headers=dict(request.backend_response_headers), source="gateway", hops=hops, extra=extra,
    )  # fmt: skip


def _closed(request: Request, hops: tuple[Hop, ...]) -> Answer:
    """A datagram gets no answer; a connection is opened by the Gateway and closed again."""
    if request.protocol == "UDP":
        return Answer("timed-out", 28, "gateway", hops=hops)
    return Answer("rejected", 35 if request.protocol == "TLS" or request.scheme == "https" else 52, "gateway", hops=hops)


def _by_name(attached: Sequence[Attached], name: str) -> tuple[Attached | None, str]:
    found = [(specificity(pattern), each, pattern) for each in attached for pattern in each.hostnames if matches(pattern, name)]
    if not found:
        return None, f"no TLSRoute of the listener covers the server name {name or '(none)'}"
    best = max(how for how, _, _ in found)
    winners = [(each, pattern) for how, each, pattern in found if how == best]
    chosen, pattern = winners[0]
    if len(winners) > 1:
        return chosen, f"{chosen.route.object.name} is older than {winners[1][0].route.object.name}, or first by name"
    if len(found) > 1:
        return chosen, f"hostname {pattern or '(any)'} is the most specific that covers {name}"
    return chosen, f"the only route that covers the server name {name or '(none)'}"


def _oldest(attached: Sequence[Attached]) -> tuple[Attached | None, str]:
    if not attached:
        return None, "no route is attached to the listener"
    chosen = attached[0]
    if len(attached) > 1:
        return (
            chosen,
            f"{chosen.route.object.name} is older than {attached[1].route.object.name}, or first by name; only one route gets connections",
        )
    return chosen, "the only route on the listener"
