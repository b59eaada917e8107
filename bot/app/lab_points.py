"""What is asked of a lab's cluster, in words: each question, what it has to show, what it shows.

Responsible for: judging expectations one by one, and their wording.
Leaves to others: the run that is asked (`lab_trial`), the comparison (`bot.library.expectations`), layout (`bot.rendering.lab`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from bot.app.inspection import described
from bot.library.expectations import PLACE_BY_PLACE, mismatches
from bot.library.standing import Change
from simulator import Hop, Ref, Report, Request, curl_text

_UPSTREAM = "an answer from outside the cluster"
_AT_ONCE = ", each time at once"
_UNNOTICED = "no connection refused, no request cut off, somebody serving throughout"
_BY_LIBRARY = re.compile(r"^`nslookup")
"""nslookup asks one question at a time; what a process does, by its C library, is what getent shows."""
_REQUEST = re.compile(r"`(?:curl (?P<scheme>https?)://|TCP to )(?P<host>[^/:` ]+)(?::(?P<port>\d+))?(?:/[^`]*)?` from (?P<client>.+)")
_KIND = re.compile(r"\b[A-Z][A-Za-z]+ (?=[a-z0-9.-]+/)")
_CHANGES = 3
"""Changes for the worse that are told at once."""
_RECORDS = 3
"""Values of records that a line shows."""
_COMMAND = 120
"""Characters of a command that a line shows: a learner may have written it."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that is asked of the cluster: the question, what it has to show, what it shows; `printed` and `hops` tell how."""

    question: str
    wanted: str
    found: str
    holds: bool
    printed: str = ""
    hops: tuple[Hop, ...] = ()


def points(asked: Mapping[str, Any], report: Report, data: Mapping[str, Any]) -> Iterator[Point]:
    """Each question with what is expected of it; then what is expected of objects."""
    for key, expected in asked["expect"].items():
        entries = expected if isinstance(expected, list | tuple) else [expected]
        for index, one in enumerate(entries):
            if key in PLACE_BY_PLACE:
                point, found = told(key, index, report, data, asked), data[key][index]
                if isinstance(one, Mapping) and "tls_certificate" in one:
                    point = _to_the_certificate(point)
                if isinstance(one, Mapping) and "stall" in one:
                    point = replace(point, question=_BY_LIBRARY.sub("`getent ahosts", point.question))
                yield replace(point, wanted=_wanted(one), found=point.found + _besides(one, found), holds=not list(mismatches(one, found)))
            else:
                holds = not list(mismatches(expected if one is expected else [one], data[key], key))
                yield Point(_object(one), "", "" if holds else "not so now", holds)


def _to_the_certificate(point: Point) -> Point:
    """The way of a request as far as the handshake, where nothing is printed yet."""
    last = next((index for index, hop in enumerate(point.hops) if hop.stage == "tls"), len(point.hops))
    return replace(point, printed="", hops=point.hops[: last + 1])


def _besides(expected: Any, found: Mapping[str, Any]) -> str:
    """What was found of the things that are seldom asked for, where they were."""
    if not isinstance(expected, Mapping):
        return ""
    backends = expected.get("backends")
    asks_port = isinstance(backends, Mapping) and any("port" in backend for backend in backends.get("$only", ()))
    said = _ports(found.get("backends") or ()) if asks_port else ""
    said += _seen(found["source"]) if "source" in expected else ""
    if "stall" in expected:
        said += f", now and then only after {found['stall']:g} s" if found["stall"] else _AT_ONCE
    if "certificate_checked" in expected and found.get("status"):
        said += f", the certificate {'checked' if found.get('certificate_checked') else 'not checked'}"
    if "tls_certificate" in expected:
        shown = found.get("tls_certificate") or {"fake": True}
        said += ", with the controller's own certificate" if shown["fake"] else f", with the certificate of Secret {shown['secret']}"
    return said


def told(key: str, index: int, report: Report, data: Mapping[str, Any], asked: Mapping[str, Any]) -> Point:
    """A question in words, and what came of it."""
    found = data[key][index]
    match key:
        case "requests":
            request, answer = report.scenario.requests[index], report.answers[index]
            printed = curl_text(request, replace(answer, hops=()))
            return Point(_asked_from(request), "", _shown(request, found), False, printed, tuple(answer.hops))
        case "lookups":
            lookup = report.scenario.lookups[index]
            asker = f" in Pod {lookup.pod.name}" if lookup.pod else ""
            return Point(f"`nslookup {lookup.name}`{asker}", "", _looked_up(found), False, hops=tuple(report.lookups[index].hops))
        case "connections":
            one = asked["connections"][index]
            way = f"`{_peer(one['from'])}` to `{_peer(one['to'])}`, port {one.get('port', 80)}"
            return Point(way, "", _allowed(found["allowed"]), False, str(found.get("reason") or ""))
        case "rollouts":
            rollout = report.rollouts[index]
            asked_for = f"a roll-out of {rollout.workload.kind} `{_placed(rollout.workload)}`"
            return Point(asked_for, "", _rolled_out(found), False, hops=rollout.hops)
        case _:
            return Point(f"`{asked['commands'][index]}`", "", "", False, str(found))


def _asked_from(request: Request) -> str:
    """What is asked, and by whom. A call of a process is told with the command that makes it now, where that could be followed."""
    client, command = described(request.client), str(request.extra.get("command") or "")
    if request.call or command:
        return f"`{_clipped(command)}`, the present call of {client}" if command else f"The present call of {client}"
    return f"{_asked(request)} from {client}"


def _asked(request: Request) -> str:
    if request.protocol == "ICMP":
        return f"`ping {request.host}`"
    if request.via and request.via.node and not request.host:
        tool = "curl" if request.protocol == "HTTP" else request.protocol
        port = f" for port {request.port}" if request.port else ""
        path = f", path `{request.path}`," if request.path != "/" else ""
        return f"{tool} to the node port of Service `{_placed(request.via.ref)}`{port} on `{request.via.node}`{path}"
    url = f"{request.host or (request.via.ref.name if request.via else '')}{f':{request.port}' if request.port else ''}"
    what = f"curl {request.scheme}://{url}{request.path}" if request.protocol == "HTTP" else f"{request.protocol} to {url}"
    kept = ", all calls over connections that stay open," if request.extra.get("connection") == "kept" else ""
    by = f" by {request.via.ref.kind} `{_placed(request.via.ref)}`" if request.via else ""
    return f"`{what}`{kept}{by}" + (f" on `{request.via.node}`" if request.via and request.via.node else "")


def all_else(changes: Iterable[Change], told: Iterable[Point] = ()) -> tuple[Point, ...]:
    """The first changes for the worse, each as a point that does not hold; one that holds where there are none.

    What a point tells that was asked for and does not hold is not told once more.
    """
    known = {_about(point.question) for point in told if not point.holds}
    found = tuple(islice((point for point in map(_worse, changes) if _about(point.question) not in known), _CHANGES))
    return found or (Point("All else that works", "as it is", "as it was", True),)


def _about(question: str) -> tuple[str, ...]:
    """Who asks whom at which port, or who reaches whom, whatever the words around it."""
    if asked := _REQUEST.fullmatch(question):
        return asked["host"], asked["port"] or ("443" if asked["scheme"] == "https" else "80"), asked["client"]
    return (_KIND.sub("", question.split(",")[0].replace("`", "")),)


def _worse(change: Change) -> Point:
    if change.asked is None or change.answer is None:
        return Point(change.what, change.was, change.found, False)
    request, answer = change.asked.request, change.answer
    client = str(change.asked.client) if change.asked.client else "outside the cluster"
    ended = (
        f"{_in_words(answer.outcome)}, curl: ({answer.curl_exit})" if answer.curl_exit else f"HTTP {answer.status or 'answered in part'}"
    )
    return Point(f"{_asked(request)} from {client}", "answered", ended, False, curl_text(request, replace(answer, hops=())), answer.hops)


def _placed(ref: Ref) -> str:
    return ref.name if ref.namespace in ("", "default") else f"{ref.namespace}/{ref.name}"


def _peer(given: Mapping[str, Any]) -> str:
    named = given.get("pod") or given.get("workload")
    return f"{named.get('namespace', 'default')}/{named['name']}" if named else str(given.get("ip", "outside"))


def _clipped(text: str) -> str:
    return text if len(text) <= _COMMAND else f"{text[: _COMMAND - 1]}…"


def _shown(request: Request, answer: Mapping[str, Any]) -> str:
    if answer.get("not_modelled"):
        return "not known here"
    if request.protocol == "ICMP":
        heard = "Destination Port Unreachable" if answer["outcome"] == "refused" else "100% packet loss"
        pods = _pods(len(answer["backends"])).removeprefix(" from ")
        answered = f"answered by the kernel of {pods}" if pods else "answered"
        return {"answered": answered, "unresolved": "no such name"}.get(answer["outcome"], heard)
    if request.extra.get("program") and answer["outcome"] != "answered":
        return str(answer["outcome"])
    if answer["outcome"] == "answered" and answer.get("status"):
        return f"HTTP {answer['status']}{_from(answer.get('backends') or ())}"
    said = str(answer.get("grpc_status") or _in_words(answer["outcome"]))
    if answer["outcome"] == "answered":
        return said + _from(answer.get("backends") or ())
    return said + (f", curl: ({answer['curl_exit']})" if answer.get("curl_exit") else "")


def _in_words(outcome: str) -> str:
    return "timed out" if outcome == "timed-out" else outcome


def _looked_up(answer: Mapping[str, Any]) -> str:
    if answer["upstream"]:
        return _UPSTREAM
    values = [record["value"] for record in answer["records"]]
    return ", ".join(values[:_RECORDS]) + (" ..." if len(values) > _RECORDS else "") if values else str(answer["rcode"])


def _rolled_out(answer: Mapping[str, Any]) -> str:
    """What clients notice of it."""
    if answer.get("not_modelled"):
        return str(answer["not_modelled"])
    met = (
        f"new connections refused for up to {answer['refused_seconds']:g} s" if answer["refused_seconds"] else "",
        "open requests cut off" if answer["cut"] else "",
        f"nobody serving for about {answer['gap_seconds']:g} s" if answer["gap_seconds"] else "",
    )
    return "; ".join(filter(None, met)) or _UNNOTICED


def _from(backends: Sequence[Mapping[str, Any]]) -> str:
    """Who answers: so many Pods, or addresses that are no Pods'."""
    if any(backend.get("pod") is None for backend in backends):
        return f" from {', '.join(backend['ip'] for backend in backends[:_RECORDS])}"
    return _pods(len(backends))


def _pods(count: int) -> str:
    return f" from {count} Pod{'s' if count > 1 else ''}" if count else ""


def _ports(backends: Sequence[Mapping[str, Any]]) -> str:
    """Where in them it is answered."""
    ports = sorted({backend["port"] for backend in backends})
    return f", at port {' and '.join(map(str, ports))}" if ports else ""


def _wanted(expected: Any) -> str:
    """The expectation in words, as far as words are simple; what it holds beyond them is judged all the same."""
    if not isinstance(expected, Mapping):
        return str(expected)
    if "allowed" in expected:
        return _allowed(expected["allowed"])
    if "stall" in expected:
        rest = {key: value for key, value in expected.items() if key != "stall"}
        return f"{_wanted(rest)}{_AT_ONCE}"
    if expected.get("upstream"):
        return _UPSTREAM
    if "refused_seconds" in expected:
        return _UNNOTICED
    records = expected.get("records")
    if isinstance(records, Mapping) and "$count" in records:
        return f"{records['$count']} address{'es' if records['$count'] > 1 else ''}"
    said = (
        f"HTTP {expected['status']}" if expected.get("status") else _in_words(str(expected.get("outcome") or expected.get("rcode") or ""))
    )
    said += _seen(expected["source"]) if "source" in expected else ""
    said += ", with a certificate for the host" if "tls_certificate" in expected else ""
    said += ", the certificate checked" if "certificate_checked" in expected else ""
    backends = expected.get("backends")
    if isinstance(backends, Mapping) and "$count" in backends:
        return said + _pods(backends["$count"])
    if isinstance(backends, Mapping) and "$only" in backends:
        if all("port" in backend for backend in backends["$only"]):
            return said + _pods(len(backends["$only"])) + _ports(backends["$only"])
        addresses = [str(backend["ip"]) for backend in backends["$only"] if "ip" in backend]
        return f"{said} from {', '.join(addresses)} alone" if addresses else said
    if isinstance(backends, list) and backends and isinstance(service := backends[0].get("service"), Mapping):
        return f"{said} from Service {service.get('name', '')}"
    return said


def _seen(source: str | None) -> str:
    """Whose address the Pod sees."""
    return ", and the Pod sees " + (
        "the client's address" if source == "kept" else f"the address of {(source or '').removeprefix('node ')}"
    )


def _allowed(allowed: bool) -> str:
    return "let through" if allowed else "kept out"


def _object(expected: Mapping[str, Any]) -> str:
    name = (expected.get("metadata") or {}).get("name")
    return f"{expected.get('kind', 'An object')}{f' `{name}`' if name else ''} is as the task says"
