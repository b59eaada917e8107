"""The way of a request as stations: client, name, listener, route, Service, and where it ends.

Responsible for: the stations of an answer, which of them is broken, alt text.
Leaves to others: the hops (the simulator), drawing (`pictures.way`). Its text twin is the list of hops (`trace`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.rendering.escape import shortened
from bot.rendering.shares import parts_of, percent, supposing
from simulator import Answer, Hop

_STAGES = {"dns": "DNS", "kube-proxy": "kube-proxy, EndpointSlice", "network-policy": "NetworkPolicy", "pod": "Pod", "tls": "TLS"}
_BACKENDS = 4


class State(Enum):
    """How a request fares at a station. The value is the word that stands beside the mark."""

    PASSED = ""
    BROKEN = "stops here"
    UNSURE = "not known"
    SUPPOSED = "supposed"


@dataclass(frozen=True, slots=True)
class Station:
    """`title` says what stands there, `name` which object, `note` what it decided."""

    title: str
    name: str
    note: str
    state: State = State.PASSED
    instead: bool = False
    """Taken instead of the one above, by another part of the requests."""


def stations(client: str, answer: Answer) -> Sequence[Station]:
    """The stations from the client on. Where the request fails, the way ends at the station that is marked as broken.

    What would follow if that were mended comes after it, marked as supposed, where the simulator tells it.
    """
    taken, supposed = _split(answer)
    told = [Station("client", client, ""), *(_station(hop) for hop in taken if hop.stage != "client" or not answered(answer))]
    if not answered(answer):
        told[-1] = replace(told[-1], state=State.UNSURE if answer.not_modelled else State.BROKEN)
        after = [_station(hop) for hop in supposed]
        return [*told, *(replace(each, state=State.SUPPOSED) for each in _with_ends(after, answer))]
    return _with_ends(told, answer)


def _with_ends(told: Sequence[Station], answer: Answer) -> Sequence[Station]:
    """The last station, where it is one of several Pods, gives way to all that may answer."""
    ends = _ends(answer)
    return [*(station for station in told if not (ends and station is told[-1] and station.title == "Pod")), *ends]


def answered(answer: Answer) -> bool:
    """The client got what it wanted: no error of the connection, and no status of an error."""
    return answer.curl_exit == 0 and (answer.status or 200) < 400 and not answer.not_modelled


def _split(answer: Answer) -> tuple[Sequence[Hop], Sequence[Hop]]:
    """The hops that are taken, and those that would be if a fault were mended."""
    hops = answer.hops
    if supposing(answer):
        for number, hop in enumerate(hops):
            if hop.decision.startswith("supposing"):
                return hops[:number], hops[number + 1 :]
    return hops, ()


def _station(hop: Hop) -> Station:
    name = f"{hop.object.namespace}/{hop.object.name}".lstrip("/") if hop.object else ""
    kind = hop.object.kind if hop.object else ""
    title = _STAGES.get(hop.stage, hop.stage)
    shown = f"{kind} {name}" if kind and kind.lower() != hop.stage.replace("-", "") else name
    unsure = hop.decision == "not judged"
    return Station(title, shown, hop.decision if hop.decision != str(hop.object) else "", State.UNSURE if unsure else State.PASSED)


def _ends(answer: Answer) -> Sequence[Station]:
    found: list[Station] = []
    parts = parts_of(answer)
    for part in parts[:_BACKENDS]:
        if part.answers:
            pods = ", ".join(f"{pod} {percent(share)}" for pod, share in part.pods[:3]) + (" ..." if len(part.pods) > 3 else "")
            count = f"{len(part.pods)} {'Pod' if len(part.pods) == 1 else 'Pods'}"
            found.append(Station(f"{percent(part.share)} to", f"{part.name}: {count}", pods))
        else:
            found.append(Station(f"{percent(part.share)} fails", part.name, "", State.BROKEN))
    if len(parts) > _BACKENDS:
        found.append(Station("and", f"{len(parts) - _BACKENDS} more", ""))
    return [replace(station, instead=number > 0) for number, station in enumerate(found)]


def alt(told: Sequence[Station]) -> str:
    """The picture in words."""
    steps = "; ".join(f"{s.title} {s.name}".strip() + (f" ({s.state.value})" if s.state.value else "") for s in told)
    return shortened(f"The way of the request, from top to bottom: {steps}.", 1024)
