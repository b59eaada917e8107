"""A report as the contract's JSON: `run SCENARIO -o json`.

Responsible for: field names and shapes of the answer, which stay stable.
Leaves to others: everything that is said in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from simulator.admission.existing import is_add_on
from simulator.api.diagnostics import Edit, Finding, Fix, Verdict
from simulator.api.meta import Json, Ref, dotted
from simulator.api.traffic import Answer, Backend, ConnectionAnswer, Hop, LookupAnswer, Peer, PortRanges, Reach, ReachChange, RolloutAnswer
from simulator.engine import Report


class _Sections(Mapping[str, Json]):
    """Fields that are made when they are first read: findings take more time than all the others together."""

    def __init__(self, made: Mapping[str, Callable[[], Json]]) -> None:
        self._made = {name: cache(make) for name, make in made.items()}

    def __getitem__(self, name: str) -> Json:
        return self._made[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def answer(report: Report) -> Mapping[str, Json]:
    """The whole report as JSON-ready data, each field made when it is read; `rollouts` where the scenario asks for some."""
    asked: dict[str, Callable[[], Json]] = {"rollouts": lambda: [rollout_answer(a) for a in report.rollouts]} if report.rollouts else {}
    return _Sections(
        {
            "apply": lambda: {"stdout": report.apply.stdout, "stderr": report.apply.stderr},
            "documents": lambda: [verdict(v) for v in report.verdicts],
            "objects": lambda: [item.data for item in report.cluster if not is_add_on(item)],
            "findings": lambda: [finding(f) for f in report.findings],
            "requests": lambda: [request_answer(a) for a in report.answers],
            "lookups": lambda: [lookup_answer(a) for a in report.lookups],
            "connections": lambda: connections(report),
            **asked,
        }
    )


def connections(report: Report) -> list[Json]:
    """The answers to single connections, or the matrix of workloads."""
    return [_reach(c) if isinstance(c, Reach) else _connection(c) for c in report.connections]


def _ref(ref: Ref | None) -> dict[str, str] | None:
    return None if ref is None else {"kind": ref.kind, "namespace": ref.namespace, "name": ref.name}


def _named(ref: Ref | None) -> dict[str, str] | None:
    return None if ref is None else {"namespace": ref.namespace, "name": ref.name}


def verdict(v: Verdict) -> dict[str, Json]:
    return {
        "file": v.file, "index": v.index, "kind": v.kind, "namespace": v.namespace, "name": v.name,
        "accepted": v.accepted, "output": v.output,
    }  # fmt: skip


def finding(f: Finding) -> dict[str, Json]:
    place = f.place
    return {
        "rule": f.rule, "severity": f.severity.value, "basis": f.basis.value, "object": _ref(f.object),
        "file": place.file if place else None, "line": place.span.line if place else None, "column": place.span.column if place else None,
        "path": dotted(f.path), "message": f.message, "consequences": list(f.consequences), "fix": _fix(f.fixes[0]) if f.fixes else None,
    }  # fmt: skip


def _fix(fix: Fix) -> dict[str, Json]:
    return {"certainty": fix.certainty, "proved": fix.proved, "outcome": fix.outcome, "patch": [_edit(e) for e in fix.edits]}


def _edit(edit: Edit) -> dict[str, Json]:
    where = {
        "file": edit.file,
        "document": edit.index,
        "path": "/" + "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in edit.path),
    }
    return {"op": "remove", **where} if edit.remove else {"op": "replace", **where, "value": edit.value}


def request_answer(a: Answer) -> dict[str, Json]:
    told: dict[str, Json] = {
        "outcome": a.outcome, "curl_exit": a.curl_exit, "status": a.status, "answered_by": a.answered_by,
        "backends": [_backend(b) for b in a.backends], "backend_request": dict(a.backend_request) if a.backend_request else None,
        "response_headers": dict(a.response_headers), "redirect": dict(a.redirect) if a.redirect else None,
        "mirrored_to": [dict(m) for m in a.mirrored_to], "source": a.source, "hops": [_hop(h) for h in a.hops], **a.extra,
    }  # fmt: skip
    if a.grpc_status is not None:
        told["grpc_status"] = a.grpc_status
    if a.not_modelled:
        told["not_modelled"] = a.not_modelled
    return told


def _backend(b: Backend) -> dict[str, Json]:
    service: dict[str, Json] | None = None
    if b.service is not None:
        service = {"namespace": b.service.namespace, "name": b.service.name, "port": b.service_port}
    pod = {**(_named(b.pod) or {}), "node": b.node} if b.pod else None
    return {"service": service, "pod": pod, "ip": b.ip, "port": b.port, "share": b.share}


def _hop(h: Hop) -> dict[str, Json]:
    return {
        "stage": h.stage, "object": _ref(h.object), "decision": h.decision, "reason": h.reason, "basis": h.basis.value,
        "file": h.file, "line": h.line,
    }  # fmt: skip


def lookup_answer(a: LookupAnswer) -> dict[str, Json]:
    return {
        "queries": [{"name": n, "type": t, "rcode": r} for n, t, r in a.queries],
        "rcode": a.rcode,
        "records": [{"name": r.name, "type": r.type, "value": r.value, **({} if r.port is None else {"port": r.port})} for r in a.records],
        "upstream": a.upstream,
        "stall": a.stall,
    }


def rollout_answer(a: RolloutAnswer) -> dict[str, Json]:
    told: dict[str, Json] = {
        "workload": _ref(a.workload), "refused_seconds": a.refused, "cut": a.cut, "gap_seconds": a.gap, "hops": [_hop(h) for h in a.hops],
    }  # fmt: skip
    return {**told, "not_modelled": a.not_modelled} if a.not_modelled else told


def _connection(c: ConnectionAnswer) -> dict[str, Json]:
    decided = [{"policy": f"{d.policy.namespace}/{d.policy.name}", "direction": d.direction, "rule": d.rule} for d in c.decided_by]
    return {"allowed": c.allowed, "decided_by": decided, "reason": c.reason}


def _peer(p: Peer) -> dict[str, Json]:
    if p.pod:
        return {"pod": _named(p.pod)}
    if p.workload:
        return {"workload": _ref(p.workload)}
    if p.ip:
        return {"ip": p.ip}
    return {"external": True, "addresses": list(p.addresses)} if p.addresses else {"external": True}


def _reach(r: Reach) -> dict[str, Json]:
    return {"from": _peer(r.client), "to": _peer(r.server), "allowed": _allowed(r.allowed)}


def reach_change(c: ReachChange) -> dict[str, Json]:
    """One line of `reach --diff`."""
    return {
        "from": _peer(c.client), "to": _peer(c.server), "change": c.change, "before": _allowed(c.before), "after": _allowed(c.after),
    }  # fmt: skip


def _allowed(allowed: str | PortRanges) -> Json:
    return allowed if isinstance(allowed, str) else {protocol: [list(pair) for pair in pairs] for protocol, pairs in allowed.items()}
