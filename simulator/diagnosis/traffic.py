"""Requests and their ends in words, and the objects that a request's way leads over.

Responsible for: `curl http://web`, `is refused at once: curl: (7)`. Leaves to others: the hop-by-hop account (`trace`, `kubectl`).
"""

from __future__ import annotations

from simulator.api.meta import Ref
from simulator.api.traffic import Answer, Request

_ENDS = {
    "refused": "is refused at once", "timed-out": "waits and times out", "unresolved": "cannot resolve the name", "rejected": "fails",
}  # fmt: skip

_SCHEME_PORTS = {"http": 80, "https": 443}


def asked(request: Request) -> str:
    """The request as a curl line would put it."""
    host = request.host or (request.via.ref.name if request.via else "")
    standard = _SCHEME_PORTS.get(request.scheme)
    port = f":{request.port}" if request.port and request.port != standard else ""
    method = f"-X {request.method} " if request.method != "GET" else ""
    return f"curl {method}{request.scheme}://{host}{port}{request.path if request.path != '/' else ''}"


def port_of(request: Request) -> int:
    """The port that the request goes to: its own, or its scheme's."""
    return request.port or _SCHEME_PORTS.get(request.scheme, 80)


def ended(answer: Answer) -> str:
    """How it ended, as the client sees it."""
    if answer.outcome == "answered":
        return f"is answered {answer.status} by the {answer.answered_by}" if answer.status else "is answered"
    return f"{_ENDS.get(answer.outcome, answer.outcome)}: curl: ({answer.curl_exit})"


def failed(answer: Answer) -> bool:
    """Whether the client did not get what it came for: no answer, or an error page."""
    return answer.outcome != "answered" or (answer.status is not None and answer.status >= 400)


def involved(request: Request, answer: Answer) -> list[Ref]:
    """The objects of a request's way, the last first: those of its hops, the one dialled, the Service that its host names."""
    found = [hop.object for hop in reversed(answer.hops) if hop.object is not None]
    if request.via is not None:
        found.append(request.via.ref)
    service = named_service(request)
    if service is not None:
        found.append(service)
    return list(dict.fromkeys(found))


def named_service(request: Request) -> Ref | None:
    """The Service that the host would name inside the cluster: `web`, `web.shop`, `web.shop.svc...`."""
    if not request.host:
        return None
    name, _, rest = request.host.partition(".")
    return Ref("Service", rest.partition(".")[0] or (request.client.pod.namespace if request.client.pod else "default"), name)
