"""A roll-out in time, as numbers and without a clock: what clients meet while the Pods of a Deployment are replaced.

Responsible for: how long new connections are refused, whether open requests are cut off, whether there is a while in which nobody serves.
Leaves to others: the state after it (`events`), requests at one moment (`trace`), the words of kubectl (`kubectl.rollout`).
Mirrors: kubernetes `pkg/kubelet/kuberuntime/kuberuntime_container.go` (killContainer: preStop runs first and counts in the grace period,
SIGTERM gets 2 s at the least), `pkg/kubelet/prober` (without readiness probe a container is ready once it runs, and a startup probe holds
it back), `pkg/controller/deployment` (`rolling.go`, `recreate.go`, ResolveFenceposts), kube-proxy (terminating endpoints serve where none
is ready). Modelled: how long the news of a deletion takes to all nodes (the profile's `networkProgrammingLatency`), a container that runs
after 1 s, clients that keep connections open and send requests until SIGTERM, and the process, of which the template says by annotations:
`sim/starts-after` (seconds until it listens; 0 where it says nothing), `sim/on-sigterm` (`exit`, as most do: it ends at once; `finish`: it
stops listening and finishes what is open; `ignore`), `sim/longest-request` (seconds). A preStop command is read for `sleep N`; others take
no time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.api.apps_v1 import Workload
from simulator.api.diagnostics import Basis
from simulator.api.meta import Json, Object, Ref
from simulator.api.traffic import Hop, RolloutAnswer
from simulator.cluster import Cluster
from simulator.controllers.kubelet import Circumstances
from simulator.controllers.probes import asks_network, passes
from simulator.dataplane.hops import hop

RUNS_AFTER = 1
"""Seconds from a Pod's making until its container runs (modelled)."""

SHORTEST_GRACE = 2
"""Seconds that SIGTERM gets before SIGKILL, however much preStop has used up (the kubelet's minimumGracePeriodInSeconds)."""

DEFAULT_GRACE, LONGEST = 30, 3600
EXIT, FINISH, IGNORE = "exit", "finish", "ignore"
_TEMPLATE = ("spec", "template", "spec")
_SLEEP = re.compile(r"\bsleep (\d{1,5})(?:s\b|\b)")

Part = tuple[bool, Hop]
"""Whether clients notice it, and what it is."""


@dataclass(frozen=True, slots=True)
class Process:
    """What the `sim/` annotations of a template say of its process; what they cannot mean is passed over."""

    starts_after: int | None = None
    on_sigterm: str = ""
    longest_request: int | None = None

    @classmethod
    def of(cls, annotations: Mapping[str, str]) -> Process:
        said = annotations.get("sim/on-sigterm", "")
        return cls(
            _seconds(annotations.get("sim/starts-after")),
            said if said in (EXIT, FINISH, IGNORE) else "",
            _seconds(annotations.get("sim/longest-request")),
        )


@dataclass(frozen=True, slots=True)
class End:
    """An old Pod's last seconds, counted from its deletion. `left`: from SIGTERM to SIGKILL; `gone`: when its process has ended."""

    grace: int
    sigterm: int
    left: int
    listens_until: int
    gone: int


@dataclass(frozen=True, slots=True)
class Start:
    """A new Pod's first seconds, counted from when its container runs. `probe`: the kind of probe that it waits for; "" if none."""

    ready: int
    listens: int
    probe: str

    @property
    def early(self) -> int:
        """For how long it counts as Ready and does not listen."""
        return max(0, self.listens - self.ready)


def roll_out(cluster: Cluster, ref: Ref) -> RolloutAnswer:
    """What clients meet while all Pods of this Deployment are replaced. What goes well comes first among the hops."""
    stored = cluster.find(ref)
    unknown = _not_modelled(stored, ref)
    if stored is None or unknown:
        return RolloutAnswer(ref, not_modelled=unknown)
    workload = Workload.of(stored)
    process = Process.of(workload.template_annotations)
    end, start = _end(workload.pod_spec, process), _start(workload, process)
    late = max(0, cluster.profile.network_programming_latency - end.listens_until)
    gap, strategy = _strategy(workload, end, start)
    parts = (
        _old_pod(stored, cluster.profile.network_programming_latency, late, end, process),
        _open_requests(stored, end, process),
        _new_pod(stored, start, known=process.starts_after is not None),
        strategy,
    )
    return RolloutAnswer(
        ref, max(late, start.early), _cut(end, process), gap, tuple(told for _, told in sorted(parts, key=lambda part: part[0]))
    )


def _not_modelled(stored: Object | None, ref: Ref) -> str:
    """Why nothing can be said of this roll-out, or ""."""
    if stored is None:
        return f"there is no {ref}"
    if ref.kind != "Deployment":
        return f"what clients meet in the roll-out of a {ref.kind}"
    workload = Workload.of(stored)
    if stored.spec.get("paused"):
        return f"{ref} is paused: nothing is rolled out"
    if workload.replicas < 1:
        return f"{ref} has no Pods"
    if not _becomes_ready(workload):
        return f"a new Pod of {ref} never becomes Ready, so the roll-out does not get past it"
    return ""


def _pod(workload: Workload) -> Object:
    """A Pod as the template describes it."""
    data = {"metadata": workload.template.get("metadata") or {}, "spec": workload.pod_spec}
    return Object("v1", "Pod", workload.ref.namespace, workload.ref.name, data)


def _becomes_ready(workload: Workload) -> bool:
    pod = _pod(workload)
    probed = all(passes(pod, container) or "sim/ready" in pod.annotations for container in workload.pod_spec.get("containers") or ())
    return probed and Circumstances.of_template(workload.template).starts_ready(LONGEST)


# ---------------------------------------------------------------------- the old Pod


def _end(spec: Mapping[str, Json], process: Process) -> End:
    """The first to stop of those containers that serve: those with ports, or all where none declares one."""
    containers: Sequence[Mapping[str, Json]] = spec.get("containers") or ()
    given = spec.get("terminationGracePeriodSeconds")
    grace = max(1, int(DEFAULT_GRACE if given is None else given))
    ends = []
    for container in [each for each in containers if each.get("ports")] or containers:
        sigterm = min(_held_back((container.get("lifecycle") or {}).get("preStop") or {}), grace)
        left = max(grace - sigterm, SHORTEST_GRACE)
        lasts = {FINISH: min(process.longest_request or 0, left), IGNORE: left}.get(process.on_sigterm, 0)
        ends.append(End(grace, sigterm, left, sigterm + (left if process.on_sigterm == IGNORE else 0), sigterm + lasts))
    return min(ends, key=lambda each: each.listens_until)


def _held_back(hook: Mapping[str, Json]) -> int:
    """Seconds that a preStop hook takes."""
    if "sleep" in hook:
        return max(0, int((hook["sleep"] or {}).get("seconds") or 0))
    command = " ".join(str(word) for word in (hook.get("exec") or {}).get("command") or ())
    return sum(int(seconds) for seconds in _SLEEP.findall(command))


def _old_pod(stored: Object, latency: float, late: float, end: End, process: Process) -> Part:
    before = f"preStop holds SIGTERM back for {end.sigterm} s, and then" if end.sigterm else "SIGTERM comes at once, and"
    does = {
        EXIT: "the process ends",
        FINISH: "the process stops listening",
        IGNORE: f"the process ignores it, and listens until SIGKILL {end.left} s later",
    }.get(process.on_sigterm, "the process is taken to end")
    reason = f"{before} {does}; the last node takes the Pod out of its rules up to {latency:g} s after the deletion"
    decision = f"refuses new connections for up to {late:g} s" if late else "takes new connections until nobody sends it any"
    return late > 0, hop("old Pod", decision, reason, stored, (*_TEMPLATE, "containers"), Basis.MODELLED)


def _cut(end: End, process: Process) -> bool | None:
    """Whether requests that are open end without an answer; None where that is not known."""
    if process.on_sigterm in (EXIT, IGNORE):
        return True
    if not process.on_sigterm or process.longest_request is None:
        return None
    return process.longest_request > end.left


def _open_requests(stored: Object, end: End, process: Process) -> Part:
    used = f"preStop uses {end.sigterm} s of the grace period of {end.grace} s, and" if end.sigterm else "from SIGTERM on"
    rest = f"{used} {end.left} s are left until SIGKILL"
    cut = _cut(end, process)
    decision = "it depends on the process" if cut is None else "cut off" if cut else "finished"
    reason = {
        EXIT: "on SIGTERM the process ends at once, whatever is open",
        FINISH: f"the longest takes {process.longest_request} s; {rest}" if cut is not None else rest,
        IGNORE: f"the process ignores SIGTERM; {rest}, which ends whatever is open",
    }.get(process.on_sigterm, f"{rest}; a process that ends at once on SIGTERM cuts off what is open")
    place = (*_TEMPLATE, "terminationGracePeriodSeconds")
    return bool(cut), hop("open requests", decision, reason, stored, place, Basis.MODELLED if cut is None else Basis.IMPLEMENTED)


# ---------------------------------------------------------------------- the new Pod


def _start(workload: Workload, process: Process) -> Start:
    pod = _pod(workload)
    ready, probe = 0, ""
    for container in workload.pod_spec.get("containers") or ():
        for kind in ("startupProbe", "readinessProbe"):
            given = container.get(kind)
            if isinstance(given, Mapping) and passes(pod, {**container, "readinessProbe": given}):
                delay = _seconds(str(given.get("initialDelaySeconds") or 0)) or 0
                moment = max(delay, process.starts_after or 0) if asks_network(given) else delay
                probe = kind if moment >= ready else probe
                ready = max(ready, moment)
    return Start(ready, process.starts_after or 0, probe)


def _new_pod(stored: Object, start: Start, *, known: bool) -> Part:
    place = (*_TEMPLATE, "containers")
    if start.early:
        counts = f"its {start.probe} passes after {start.ready} s" if start.probe else "without readiness probe it is Ready once it runs"
        reason = f"{counts}, and the process listens after {start.listens} s"
        basis = Basis.MODELLED if start.probe else Basis.SPECIFIED
        return True, hop("new Pod", f"refuses new connections for up to {start.early} s", reason, stored, place, basis)
    listens = f"it listens after {start.listens} s" if known else "it is taken to listen once it runs"
    waits = f"its {start.probe} passes no sooner" if start.probe else "without readiness probe nobody would wait for it"
    return False, hop("new Pod", "gets traffic once it listens", f"{listens}; {waits}", stored, place, Basis.SPECIFIED)


# ---------------------------------------------------------------------- the strategy


def _strategy(workload: Workload, end: End, start: Start) -> tuple[float, Part]:
    """For how many seconds nobody serves, and why.

    An old Pod that terminates serves on where no Pod counts as Ready; it does so until it stops listening, or a new one is Ready.
    """
    stored, wanted = workload.object, workload.replicas
    strategy = stored.spec.get("strategy") or {}
    answers = RUNS_AFTER + max(start.ready, start.listens)
    if strategy.get("type") == "Recreate":
        gap = end.gone - end.listens_until + answers
        reason = f"Recreate waits until all old Pods are gone; a new one answers {answers} s after it is made"
        return gap, (True, _nobody(stored, gap, reason))
    surge, unavailable = fenceposts(strategy.get("rollingUpdate") or {}, wanted)
    pace = RUNS_AFTER + start.ready + (_seconds(str(stored.spec.get("minReadySeconds") or 0)) or 0)
    replaced = _replaced_after(wanted, surge, unavailable, pace, answers)
    gap = max(0, answers - (replaced or min(end.listens_until, RUNS_AFTER + start.ready)))
    numbers = f"maxSurge {surge}, maxUnavailable {unavailable}"
    if gap and not replaced:
        reason = f"{numbers}: all {wanted} old Pods may go at once; a new one answers {answers} s after it is made"
        return gap, (True, _nobody(stored, gap, reason))
    if gap:
        counts = f"each new Pod counts as available after {pace} s, so all are replaced after {replaced:g} s"
        return gap, (True, _nobody(stored, gap, f"{counts}, and the first answers after {answers} s"))
    least = max(wanted - unavailable, 0)
    reason = f"{numbers}: an old Pod goes when enough others are available"
    return 0, (False, hop("strategy", f"{least} of {wanted} Pods stay available", reason, stored, ("spec", "strategy")))


def _nobody(stored: Object, gap: float, reason: str) -> Hop:
    return hop("strategy", f"nobody serves for about {gap:g} s", reason, stored, ("spec", "strategy"), Basis.MODELLED)


def fenceposts(rolling: Mapping[str, Json], wanted: int) -> tuple[int, int]:
    """maxSurge, rounded up, and maxUnavailable, rounded down, as numbers of Pods; never both 0."""
    surge = -(-_share(rolling.get("maxSurge", "25%"), wanted) // 100)
    unavailable = _share(rolling.get("maxUnavailable", "25%"), wanted) // 100
    return surge, min(unavailable, wanted) if surge or unavailable else 1


def _share(given: Json, wanted: int) -> int:
    """Hundredths of Pods."""
    if isinstance(given, int):
        return max(given, 0) * 100
    percent = str(given).rstrip("%")
    return wanted * int(percent[:9]) if percent.isdecimal() else 0


def _replaced_after(wanted: int, surge: int, unavailable: int, pace: int, enough: int) -> int:
    """When the last old Pod goes, in rounds of new Pods that become available; `enough` or more where it is not before that."""
    old, new, available, moment = wanted, 0, 0, 0
    while moment < enough:
        before = (old, new)
        new = min(wanted, max(new, wanted + surge - old))
        spare = min(old + available - (wanted - unavailable), old + new - (wanted - unavailable) - (new - available))
        old -= min(old, max(0, spare))
        if not old:
            return moment
        if (old, new) == before:
            moment, available = moment + pace, new
    return moment


def _seconds(given: str | None) -> int | None:
    return min(int(given[:9]), LONGEST) if given and given.isdecimal() and given.isascii() else None
