"""A whole report as text: `run SCENARIO` without `-o json`.

Responsible for: the order of the parts. Leaves to others: each part's text.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.traffic import ConnectionAnswer, Reach, Request
from simulator.dataplane.echo import ICMP
from simulator.engine import Report
from simulator.kubectl.check import check_text
from simulator.kubectl.curl import curl_text
from simulator.kubectl.nslookup import nslookup_text
from simulator.kubectl.reach import peer_text, reach_text
from simulator.kubectl.rollout import rollout_text


def run_text(report: Report) -> str:
    """Everything that the report says: apply, findings, requests, lookups, roll-outs, connections."""
    return "\n".join(f"# {title}\n{text}" for title, text in _parts(report))


def _parts(report: Report) -> Iterator[tuple[str, str]]:
    scenario = report.scenario
    yield "apply", report.apply.stdout + report.apply.stderr
    yield "check", check_text(report.findings, scenario.manifests)
    for number, (request, answer) in enumerate(zip(scenario.requests, report.answers, strict=True), 1):
        yield f"request {number}: {request.extra.get('label') or _asked(request)}", curl_text(request, answer)
    for lookup, found in zip(scenario.lookups, report.lookups, strict=True):
        yield f"lookup: {lookup.type} {lookup.name}", nslookup_text(lookup, found)
    for told in report.rollouts:
        yield f"rollout: {told.workload}", rollout_text(told)
    if isinstance(scenario.connections, str):
        yield "reach", reach_text(report.cluster, [reach for reach in report.connections if isinstance(reach, Reach)])
        return
    for connection, decided in zip(scenario.connections, report.connections, strict=True):
        if isinstance(decided, ConnectionAnswer):
            verdict = "allowed" if decided.allowed else "denied"
            title = f"{peer_text(connection.client)} -> {peer_text(connection.server)} {connection.protocol}/{connection.port}"
            yield f"connection: {title}", f"{verdict}: {decided.reason}\n"


def _asked(request: Request) -> str:
    if request.call:
        return f"call {request.call} of {request.client.pod}"
    pinged = f"ping {request.host}" if request.protocol == ICMP else ""
    return request.extra.get("command") or pinged or f"{request.method} {request.scheme}://{request.host or '*'}{request.path}"
