"""Commands of a demonstration or a proof, as a terminal would take and answer them.

Responsible for: what a command line asks of the cluster (`kubectl apply -f .`, `get`, `describe`, `rollout restart`, `curl`, `ping`, `nc`,
`nslookup`, the last four also in a Pod by `kubectl exec`), and what a report answers to it.
Leaves to others: the run (`proofs`), and every printed word (the simulator's front door).
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from simulator import Report, curl_text, kubectl_describe, kubectl_get, kubectl_rollout, nslookup_text, request_of_command

_PLACES = {"--from", "--from-node", "--via"}


def print_commands(report: Report, commands: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Prints commands whose questions are the last ones of the report's scenario, in their order."""
    requests = list(zip(report.scenario.requests, report.answers, strict=True))
    lookups = list(zip(report.scenario.lookups, report.lookups, strict=True))
    kinds = [_question(shlex.split(command))[0] for command in commands]
    requests, lookups = requests[len(requests) - kinds.count("requests") :], lookups[len(lookups) - kinds.count("lookups") :]
    printed = []
    for command, kind in zip(commands, kinds, strict=True):
        if kind == "requests":
            text = curl_text(*requests.pop(0))
        elif kind == "lookups":
            text = nslookup_text(*lookups.pop(0))
        elif kind == "apply":
            text = report.apply.stdout + report.apply.stderr
        elif kind == "get":
            text = kubectl_get(report.cluster, shlex.split(command)[2:])
        elif kind == "rollout":
            text = kubectl_rollout(report.cluster, shlex.split(command)[2:])
        else:
            text = kubectl_describe(report.cluster, shlex.split(command)[2:])
        printed.append((command, text))
    return printed


def questions_of(commands: Sequence[str]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The requests and lookups that `curl`, `ping`, `nc` and `nslookup` lines ask."""
    asked = [_question(shlex.split(command)) for command in commands]
    return {kind: tuple(question for k, question in asked if k == kind and question is not None) for kind in ("requests", "lookups")}


def _question(words: Sequence[str]) -> tuple[str, dict[str, Any] | None]:
    """("requests" | "lookups" | "apply" | "get" | "describe" | "rollout", what is asked of the scenario)."""
    match words:
        case ["kubectl", "apply", "-f", "."]:
            return "apply", None
        case ["kubectl", ("get" | "describe") as verb, _, *_]:
            return verb, None
        case ["kubectl", "rollout", "restart", _, *_]:
            return "rollout", None
        case ["kubectl", "exec", "-n", namespace, pod, "--", program, *rest]:
            return _question([program, "--from", f"{namespace}/{pod}", *rest])
        case ["kubectl", "exec", pod, "--", program, *rest]:
            return _question([program, "--from", pod, *rest])
        case [("curl" | "ping" | "nc"), *_]:
            return "requests", _request(words)
        case ["nslookup", "--from", pod, name]:
            return "lookups", {"name": name, "from": {"pod": _pod(pod)}}
        case ["nslookup", name]:
            return "lookups", {"name": name}
    there = "kubectl apply -f ., get, describe, rollout restart, exec, curl, ping, nc and nslookup"
    raise ValueError(f"`{shlex.join(words)}` is no command that can be run; there are {there}")


def _request(words: Sequence[str]) -> dict[str, Any]:
    """What a program asks. Where from, and by way of what, a terminal has options of its own."""
    asked: dict[str, Any] = {}
    program, *rest = words
    left = []
    queue = list(reversed(rest))
    while queue:
        word = queue.pop()
        if word not in _PLACES or not queue:
            left.append(word)
            continue
        place = queue.pop()
        match word, place.split("/"):
            case "--from-node", _:
                asked["from"] = {"node": place}
            case "--via", [kind, namespace, name]:
                asked["via"] = {"kind": kind, "namespace": namespace, "name": name}
            case "--via", _:
                raise ValueError(f"--via is KIND/NAMESPACE/NAME, not {place!r}")
            case _:
                asked["from"] = {"pod": _pod(place)}
    return {**request_of_command([program, *left]), **asked}


def _pod(word: str) -> dict[str, str]:
    namespace, _, name = word.rpartition("/")
    return {"namespace": namespace or "default", "name": name}
