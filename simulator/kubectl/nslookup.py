"""`nslookup`: the answer as BIND's tool prints it, then the queries that were tried.

Responsible for: the text. Leaves to others: answering (`dns`).
Mirrors: `nslookup` of BIND 9, which the `dnsutils` Pod of kubernetes.io's "Debugging DNS Resolution" carries.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.traffic import Lookup, LookupAnswer, Record
from simulator.dns import UNANSWERED
from simulator.kubectl.curl import trace_lines
from simulator.lookups import UNHEARD

CLUSTER_DNS = "10.96.0.10"
"""The usual ClusterIP of `kube-system/kube-dns`, where none is known."""

_SILENT = {UNHEARD: ";; connection timed out; no servers could be reached", UNANSWERED: ";; no servers could be reached"}
_FULL_WEIGHT = 100
"""What the SRV records of one answer share evenly (CoreDNS, `plugin/backend_lookup.go`); their priority is 0."""


def nslookup_text(lookup: Lookup, answer: LookupAnswer, server: str = CLUSTER_DNS) -> str:
    """The tool's output and the queries, as text; ends with a newline."""
    return "".join(f"{line}\n" for line in _lines(lookup, answer, server))


def _lines(lookup: Lookup, answer: LookupAnswer, server: str) -> Iterator[str]:
    silent = _SILENT.get(answer.rcode)
    yield from [silent] if silent else _answer(lookup, answer, server)
    if answer.queries:
        yield ""
        yield "Queries, in order:"
        width = max(len(name) for name, _, _ in answer.queries)
        for number, (name, kind, rcode) in enumerate(answer.queries, 1):
            yield f"{number:2}. {kind:5} {name:{width}}  {rcode}"
    if answer.hops:
        yield ""
        yield from trace_lines(answer.hops)


def _answer(lookup: Lookup, answer: LookupAnswer, server: str) -> Iterator[str]:
    yield f"Server:\t\t{server}"
    yield f"Address:\t{server}#53"
    yield ""
    if answer.rcode != "NOERROR":
        asked = answer.queries[-1][0] if answer.queries else lookup.name
        yield f"** server can't find {asked.rstrip('.')}: {answer.rcode}"
    elif not answer.records:
        yield f"*** Can't find {lookup.name}: No answer"
    weight = max(_FULL_WEIGHT // (len(answer.records) or 1), 1)
    for record in answer.records:
        yield from _record(record, weight)


def _record(record: Record, weight: int) -> Iterator[str]:
    name, value = record.name.rstrip("."), record.value
    match record.type:
        case "A" | "AAAA":
            yield f"Name:\t{name}"
            yield f"Address: {value}"
        case "CNAME":
            yield f"{name}\tcanonical name = {value}"
        case "SRV":
            yield f"{name}\tservice = 0 {weight} {record.port} {value}"
        case "PTR":
            yield f"{name}\tname = {value}"
        case "TXT":
            yield f"{name}\ttext = {value}"
        case kind:
            yield f"{name}\t{kind} = {value}"
