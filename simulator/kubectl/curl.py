"""`curl -i`: what the client sees, then the way of the request hop by hop. `ping` and `nc` have words of their own.

Responsible for: the text of answers and errors. Leaves to others: finding the answer (`trace`), what those two print (`ping`, `nc`).
Mirrors: curl's messages and exit codes (`curl_easy_strerror`; for 60 those of `lib/vtls`). What a backend says is modelled: an echo of
the request it got. Of a Gateway's or Ingress controller's own answers only status and headers are shown, for their bodies differ from
product to product.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus

from simulator.api.core_v1 import is_address
from simulator.api.meta import Json
from simulator.api.traffic import Answer, Backend, Hop, Request
from simulator.dataplane.echo import ICMP
from simulator.kubectl.nc import nc_line
from simulator.kubectl.ping import ping_lines
from simulator.kubectl.tables import host_port

_GIVEN_UP = 127_000
"""Milliseconds until Linux gives up on a connection that nothing answers: six retries, 1 + 2 + 4 + ... + 64 s."""

_ERRORS = {
    1: "Unsupported protocol",
    3: "URL using bad/illegal format or missing URL",
    6: "Could not resolve host: {host}",
    7: "Failed to connect to {host} port {port} after 0 ms: Couldn't connect to server",
    28: "Failed to connect to {host} port {port} after {given_up} ms: Couldn't connect to server",
    35: "SSL connect error",
    47: "Maximum (50) redirects followed",
    52: "Empty reply from server",
    55: "Failed sending data to the peer",
    56: "Failure when receiving data from the peer",
    60: "SSL: no alternative certificate subject name matches target {kind} '{host}'",
}


def curl_text(request: Request, answer: Answer) -> str:
    """The client's view and the trace, as text; ends with a newline."""
    return "".join(f"{line}\n" for line in _lines(request, answer))


def _lines(request: Request, answer: Answer) -> Iterator[str]:
    if answer.not_modelled:
        yield f"Not modelled: {answer.not_modelled}"
    elif request.protocol == ICMP:
        yield from ping_lines(request, answer)
    elif request.extra.get("program") == "nc":
        yield nc_line(request, answer)
    elif answer.curl_exit:
        yield f"curl: ({answer.curl_exit}) {error_text(request, answer)}"
    else:
        yield from _response(request, answer)
    if answer.backends and request.protocol != ICMP:
        yield ""
        yield from _backends(answer)
    for mirror in answer.mirrored_to:
        yield f"A copy of {mirror.get('percent', 100)}% of the requests goes to Service {mirror.get('namespace')}/{mirror.get('name')}."
    if answer.hops:
        yield ""
        yield from trace_lines(answer.hops)


def error_text(request: Request, answer: Answer) -> str:
    """curl's sentence for how it ended, without `curl: (N)`."""
    host, port = _dialled(request, answer)
    kind = "host name" if not is_address(host.strip("[]")) else "ipv4 address" if "." in host else "ipv6 address"
    return _ERRORS.get(answer.curl_exit, "Unknown error").format(host=host, port=port, given_up=_GIVEN_UP, kind=kind)


def _dialled(request: Request, answer: Answer) -> tuple[str, int]:
    """The host of the URL, and the port that it is dialled at."""
    secure = request.scheme == "https" or request.protocol == "TLS"
    host, port = answer.dialled or (request.via.ref.name if request.via else "", request.port or (443 if secure else 80))
    return request.host or host, port


def _response(request: Request, answer: Answer) -> Iterator[str]:
    if answer.grpc_status is not None:
        yield f"grpc-status: {answer.grpc_status}"
    elif answer.status is None:
        yield f"Connected to {_dialled(request, answer)[0] or 'the backend'} ({request.protocol})"
    else:
        yield f"HTTP/1.1 {answer.status} {_phrase(answer)}".rstrip()
    for name, value in answer.response_headers.items():
        yield f"{name}: {value}"
    if answer.answered_by == "backend" and answer.backends and answer.backend_request:
        yield ""
        yield from _echo(answer.backends[0], answer.backend_request, _told_host(request, answer.backend_request))


def _phrase(answer: Answer) -> str:
    """The words beside the status: those of the proxy that has no backend's answer, where it has its own, else the usual ones."""
    last = answer.hops[-1] if answer.hops else None
    status, _, own = last.decision.partition(" ") if last and last.stage == "backend" else ("", "", "")
    if own and status == str(answer.status):
        return own
    try:
        return HTTPStatus(answer.status or 0).phrase
    except ValueError:
        return ""


def _told_host(request: Request, seen: Mapping[str, Json]) -> str:
    """The Host header: curl adds the port where the scheme has another, unless a header of its own or a rewrite stands there."""
    host, usual = str(seen.get("host") or ""), 443 if request.scheme == "https" else 80
    plain = host == request.host and not request.extra.get("host_header")
    return f"{host}:{request.port}" if plain and request.port not in (None, usual) else host


def _echo(backend: Backend, seen: Mapping[str, Json], host: str) -> Iterator[str]:
    """The request as the backend got it, with the name of the Pod that answers."""
    yield f"Hostname: {backend.pod.name if backend.pod else backend.ip}"
    query = f"?{seen['query']}" if seen.get("query") else ""
    yield f"{seen.get('method', 'GET')} {seen.get('path') or '/'}{query} HTTP/1.1"
    if host:
        yield f"Host: {host}"
    for name, value in (seen.get("headers") or {}).items():
        if name.lower() != "host":
            yield f"{name}: {', '.join(value) if isinstance(value, list | tuple) else value}"


def _backends(answer: Answer) -> Iterator[str]:
    source = {"": "", "kept": " (it sees the client's own address)", "gateway": " (it sees the gateway's address)"}
    seen_from = source.get(answer.source, f" (it sees the address of {answer.source})")
    supposing = answer.extra.get("supposing")
    who_answers = "Who refuses" if answer.outcome == "refused" else "Who may answer"
    yield f"Who would answer, supposing {supposing}:" if supposing else f"{who_answers}{seen_from}:"
    lost = list(_lost(answer))
    scale = (1 - sum(share for share, _ in lost)) / (sum(backend.share for backend in answer.backends) or 1)
    for backend in answer.backends:
        who = f"Pod {backend.pod.namespace}/{backend.pod.name}" if backend.pod else "address"
        where = f" on {backend.node}" if backend.node else ""
        yield f"  {backend.share * scale:6.1%}  {who} {host_port(backend.ip, backend.port)}{where}"
    for share, end in lost:
        yield f"  {share:6.1%}  {end}"


def _lost(answer: Answer) -> Iterator[tuple[float, str]]:
    """The shares of all requests that end otherwise than this one, and how."""
    for failing in answer.extra.get("failing", ()):
        yield failing["share"], f"HTTP {failing['status']} by the gateway" if failing.get("status") else "ended by the gateway"
    for outcome, share in answer.extra.get("outcomes", {}).items():
        if outcome != answer.outcome:
            yield share, str(outcome)


def trace_lines(hops: tuple[Hop, ...]) -> Iterator[str]:
    """One paragraph a hop: what stood there, what it decided, why, on whose word, and where the manifest says so."""
    yield "How it went:"
    for number, hop in enumerate(hops, 1):
        yield f"{number:2}. {hop.stage}" + (f" · {hop.object}" if hop.object else "")
        yield f"    {hop.decision}"
        place = f"({hop.file}:{hop.line})" if hop.file and hop.line else ""
        yield "    " + " ".join(part for part in (hop.reason, f"[{hop.basis.value}]", place) if part)
