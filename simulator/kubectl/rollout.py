"""`kubectl rollout restart`: kubectl's line, then what clients meet while the Pods are replaced.

Responsible for: the text. Leaves to others: working it out (`rollouts`); `status`, `history`, `undo`, for nothing changes here.
Mirrors: kubectl `pkg/cmd/rollout/rollout_restart.go`, `polymorphichelpers/objectrestarter.go`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulator.api.meta import Object
from simulator.api.traffic import RolloutAnswer
from simulator.cluster import Cluster
from simulator.kubectl.arguments import Printed, Refusal, parse, split
from simulator.kubectl.curl import trace_lines
from simulator.rollouts import roll_out

_RESTARTED = ("Deployment", "StatefulSet", "DaemonSet")
_USAGE = "error: only `rollout restart` can be asked of the simulated cluster, e.g. restart deployment/web"


def rollout(cluster: Cluster, arguments: str | Sequence[str]) -> Printed:
    """What `kubectl rollout ARGUMENTS` prints, e.g. `restart deployment/web -n shop`."""
    try:
        words = list(split(arguments))
        if words[:1] != ["restart"]:
            raise Refusal(_USAGE)
        if len(words) < 2:
            raise Refusal("error: required resource not specified")
        command = parse("rollout restart", words[1:])
        chosen = [[command.named(cluster, target)] if target.name else command.objects(cluster, target) for target in command.targets]
        return Printed("\n".join(_restarted(cluster, each) for found in chosen for each in found))
    except Refusal as refusal:
        return Printed("", f"{refusal}\n", 1)


def _restarted(cluster: Cluster, workload: Object) -> str:
    kind = workload.kind.lower()
    if workload.kind not in _RESTARTED:
        raise Refusal(f'error: {kind}s "{workload.name}" restarting is not supported')
    if workload.spec.get("paused"):
        raise Refusal(f'error: {kind}s.apps "{workload.name}" can\'t restart paused deployment (run rollout resume first)')
    return f"{kind}.apps/{workload.name} restarted\n\n{rollout_text(roll_out(cluster, workload.ref))}"


def rollout_text(answer: RolloutAnswer) -> str:
    """What clients meet, part by part; ends with a newline."""
    return "".join(f"{line}\n" for line in _lines(answer))


def _lines(answer: RolloutAnswer) -> Iterator[str]:
    yield "While its Pods are replaced:"
    if answer.not_modelled:
        yield f"  not modelled: {answer.not_modelled}"
        return
    yield "  new connections  " + (f"refused for up to {answer.refused:g} s, Pod by Pod" if answer.refused else "none is refused")
    yield "  open requests    " + ("it depends on the process" if answer.cut is None else "cut off" if answer.cut else "none is cut off")
    yield "  nobody serves    " + (f"for about {answer.gap:g} s" if answer.gap else "at no time")
    if answer.hops:
        yield ""
        yield from trace_lines(answer.hops)
