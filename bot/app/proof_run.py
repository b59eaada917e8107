"""The run behind a question that authors wrote: what a worker is asked to do when a learner wants to see it.

Responsible for: running a proof, and what each of its questions showed; where it asks none, the objects that it is about.
Leaves to others: the proof itself (`bot.library.proofs` has judged it), layout (`bot.rendering`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.app.inspection import Said, described
from bot.app.lab_points import told
from bot.app.workers import TimeLimitError, Workers
from bot.learning.items import Choice, Item, ScenarioItem
from bot.library.proofs import executed
from bot.rendering import notices, quiz, terminal, trace
from bot.rendering.limits import fitted
from bot.rendering.reply import Reply
from simulator import Report, curl_text, kubectl_get, nslookup_text, rollout_text

_ASKED = ("requests", "lookups", "connections", "rollouts", "commands")


async def show(workers: Workers, item: Item, scenario: ScenarioItem | None = None) -> Reply:
    """The run that proves an item, or else the scenario that it is a step of; for one made from a random cluster, what was printed then."""
    if isinstance(item, Choice) and item.trace:
        return quiz.run_behind(item)
    proof = item.proof or (scenario.proof if scenario else None)
    if not proof:
        return notices.notice("This question was not proved by a run. Its sources tell where it comes from.")
    try:
        return await workers.run(run_behind, proof)
    except TimeLimitError:
        return notices.try_again("The simulator took too long over this.")


def run_behind(proof: Mapping[str, Any]) -> Reply:
    """A single request with its way; otherwise everything that was asked, with what was printed."""
    report, data = executed(proof)
    counts = {kind: len(data[kind]) for kind in _ASKED if proof.get(kind)}
    if counts == {"requests": 1} and not _refused(report):
        request, answer = report.scenario.requests[0], report.answers[0]
        return fitted(trace.way((described(request.client), curl_text(request, replace(answer, hops=())), answer)))
    said = [*_refused(report), *_answered(proof, report, data)]
    return fitted(terminal.asked(said or list(_objects(proof, report))))


def _refused(report: Report) -> Sequence[Said]:
    """What the API server says where it does not take everything."""
    refused = any(not verdict.accepted for verdict in report.verdicts)
    return [("`kubectl apply -f .`", report.apply.stdout + report.apply.stderr)] if refused else []


def _answered(proof: Mapping[str, Any], report: Report, data: Mapping[str, Any]) -> Iterator[Said]:
    for kind in _ASKED:
        for index in range(len(data[kind]) if proof.get(kind) else 0):
            if kind == "connections" and isinstance(proof[kind], str):
                continue
            point = told(kind, index, report, data, proof)
            printed = point.printed
            if kind == "lookups":
                printed = nslookup_text(report.scenario.lookups[index], replace(report.lookups[index], hops=()))
            if kind == "rollouts":
                printed = rollout_text(report.rollouts[index])
            yield point.question, "\n".join(filter(None, (point.found if kind == "connections" else "", printed)))


def _objects(proof: Mapping[str, Any], report: Report) -> Iterator[Said]:
    """Tables of the kinds that the proof speaks of, or else of Pods, Services and slices, where the proof's own objects are."""
    spoken = {each["kind"] for each in _entries((proof.get("expect") or {}).get("objects")) if isinstance(each.get("kind"), str)}
    places = {item.namespace for item in report.cluster if item.document is not None} or {"default"}
    for kind in sorted(spoken) or ["Pod", "Service", "EndpointSlice"]:
        for place in dict.fromkeys(item.namespace for item in report.cluster.of(kind) if item.namespace in places or not item.namespace):
            command = [kind.lower(), *(["-n", place] if place not in ("", "default") else [])]
            yield f"`kubectl get {' '.join(command)}`", kubectl_get(report.cluster, command)


def _entries(expected: Any) -> Sequence[Mapping[str, Any]]:
    entries = expected if isinstance(expected, list | tuple) else [expected]
    return [each for each in entries if isinstance(each, Mapping)]
