"""`ping -n -c N`: what the tool prints.

Responsible for: the text of replies, errors and statistics. Leaves to others: what became of the packets (`dataplane.echo`).
Mirrors: iputils `ping/ping_common.c` (`gather_statistics`, `finish`), `ping/ping.c` and `ping/ping6_common.c`.
Modelled: times, and the hops in `ttl`.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.traffic import Answer, Request

_COUNT = 3


def ping_lines(request: Request, answer: Answer) -> Iterator[str]:
    """The tool's output, line by line."""
    told = answer.extra.get("ping")
    if not told:
        yield f"ping: {request.host}: Name or service not known"
        return
    count = int(request.extra.get("count") or _COUNT)
    six = ":" in told["address"]
    unreachable = "Destination unreachable: Port unreachable" if six else "Destination Port Unreachable"
    yield (
        f"PING {told['name']}({told['address']}) 56 data bytes" if six else f"PING {told['name']} ({told['address']}) 56(84) bytes of data."
    )
    for number in range(1, count + 1):
        if answer.outcome == "answered":
            yield f"64 bytes from {told['address']}: icmp_seq={number} ttl=64 time=0.100 ms"
        elif told["sent_by"]:
            yield f"From {told['sent_by']} icmp_seq={number} {unreachable}"
    yield ""
    yield f"--- {told['name']} ping statistics ---"
    received, errors = (count, "") if answer.outcome == "answered" else (0, f" +{count} errors," if told["sent_by"] else "")
    yield f"{count} packets transmitted, {received} received,{errors} {0 if received else 100}% packet loss, time {1000 * (count - 1)}ms"
    if received:
        yield "rtt min/avg/max/mdev = 0.100/0.100/0.100/0.000 ms"
