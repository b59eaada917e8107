"""A request to a site outside the cluster that the profile knows: the way out, the certificate, the Host that was asked for.

Responsible for: what such a site answers.
Leaves to others: its name (`dns`), policies on the way out (`delivery`), curl's words (`kubectl`).
Mirrors: curl, which compares the host of the URL with the names in the certificate (RFC 9525), and sends it as SNI and Host; an alias that
DNS followed on the way takes no part in either. Modelled: a site listens on 80 and 443, answers 200 for the Host names that it serves and
404 for all others, and sends plain HTTP on to HTTPS.
"""

from __future__ import annotations

from dataclasses import replace

from simulator.api.diagnostics import Basis
from simulator.api.meta import Json
from simulator.api.traffic import Answer, Backend, Hop, Request
from simulator.cluster import Cluster
from simulator.dataplane.delivery import ANSWERED, TIMED_OUT, policies
from simulator.dataplane.endpoints import Endpoint
from simulator.dataplane.http_messages import HttpRequest, location
from simulator.dataplane.service_proxy import KEPT, Caller
from simulator.profile import Site
from simulator.x509 import names_host

_HTTP, _HTTPS = 80, 443


def visit(cluster: Cluster, caller: Caller, site: Site, request: Request, port: int, hops: tuple[Hop, ...]) -> Answer:
    """The answer to a request that goes to the site's address."""
    endpoint = Endpoint(site.address, port, None, "", "")
    verdict = policies(cluster, caller, endpoint, "UDP" if request.protocol == "UDP" else "TCP", KEPT)
    hops = (*hops, *verdict.hops)
    if not verdict.allowed:
        return Answer(TIMED_OUT, 28, "network", hops=hops or (Hop("network-policy", "denied", verdict.reason),))
    if port not in (_HTTP, _HTTPS) or request.protocol not in ("HTTP", "TCP", "TLS"):
        told = Hop("site", "no answer", f"{site.host} listens on ports {_HTTP} and {_HTTPS} alone", basis=Basis.MODELLED)
        return Answer(TIMED_OUT, 28, "network", hops=(*hops, told))
    answer = Answer(ANSWERED, 0, "backend", backends=(Backend(None, None, None, "", site.address, port, 1.0),), hops=hops)
    encrypted = request.protocol == "TLS" or request.scheme == "https"
    if request.protocol == "TCP":
        return answer
    if encrypted and port == _HTTP:
        reason = "what listens there speaks plain HTTP, and this is no TLS"
        return replace(
            answer, outcome="rejected", curl_exit=35, backends=(), hops=(*hops, Hop("tls", "failed", reason, basis=Basis.MODELLED))
        )
    if encrypted:
        answer = _handshake(site, request, answer)
    return answer if answer.curl_exit or request.protocol == "TLS" else _page(site, request, answer, encrypted, port)


def _handshake(site: Site, request: Request, answer: Answer) -> Answer:
    """The certificate, held against the name in the URL. `insecure`, curl's -k, takes any."""
    asked, insecure = request.sni or request.host or site.address, bool(request.extra.get("insecure"))
    shown = f"the certificate is for {', '.join(site.certificate)}"
    extra = {"certificate_checked": not insecure}
    if names_host(site.certificate, asked):
        told = Hop("tls", "established", f"{shown}, and {asked} was asked for", basis=Basis.IMPLEMENTED)
    elif insecure:
        told = Hop("tls", "established", f"{shown}; {asked} was asked for, and nobody compares the two", basis=Basis.IMPLEMENTED)
    else:
        reason = f"{shown}, and the client asked for {asked}: it compares the name in its URL, not one that DNS led to"
        last = Hop("tls", "failed", reason, basis=Basis.IMPLEMENTED)
        return replace(answer, outcome="rejected", curl_exit=60, backends=(), hops=(*answer.hops, last), extra=extra)
    return replace(answer, hops=(*answer.hops, told), extra=extra)


def _page(site: Site, request: Request, answer: Answer, encrypted: bool, port: int) -> Answer:
    seen = HttpRequest.of(request, site.address)
    headers: dict[str, str] = {}
    redirect: dict[str, Json] | None = None
    if not encrypted and port == _HTTPS:
        status, reason = 400, "a plain HTTP request was sent to the HTTPS port"
    elif not names_host(site.serves, seen.hostname):
        status, reason = 404, f"the Host header says {seen.hostname}, and it serves {', '.join(site.serves)}"
    elif not encrypted:
        status, reason = 301, "plain HTTP is sent on to HTTPS"
        headers = {"Location": location("https", seen.hostname, None, seen.path, seen.query)}
        redirect = {"scheme": "https", "host": seen.hostname, "port": _HTTPS, "path": seen.path}
    else:
        status, reason = 200, f"it serves {seen.hostname}"
    return replace(
        answer,
        status=status,
        redirect=redirect,
        response_headers=headers or request.backend_response_headers,
        backend_request={
            "method": seen.method, "scheme": seen.scheme, "host": seen.host, "path": seen.path, "query": seen.query,
            "headers": dict(seen.headers), "sni": request.sni or request.host if encrypted else None,
        },
        hops=(*answer.hops, Hop("site", f"HTTP {status}", reason, basis=Basis.MODELLED)),
    )  # fmt: skip
