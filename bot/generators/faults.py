"""Faults injected into a sound random cluster, and checks that are made there.

Responsible for: sound clusters with a Service, its Pods and a door; one fault at a time; readings of checks, all from runs; whose word
they stand on.
Leaves to others: what people expect of the checks (`beliefs`), what is asked (`troubleshooting`), repairs (`repairs`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from textwrap import fill
from typing import Any

from bot.generators.ingress import ingress_object
from bot.generators.network_policy import of_app, policy
from bot.generators.play import APPS, DOMAINS, PORTS, Tree, addresses, ask, from_pod, looked_up, play, pod, service, way
from simulator import Report, kubectl_describe, kubectl_get

Trees = Mapping[str, Tree]
"""The objects of a cluster by a word for each: service, pod, client, ingress, policy."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A sound cluster: the client inside is answered, and so is the one outside. The other values are what faults are made with."""

    app: str
    other: str
    target: int
    elsewhere: int
    host: str
    other_host: str
    path: str
    ip: str
    trees: Trees


@dataclass(frozen=True, slots=True)
class Fault:
    """`inject` makes a sound cluster faulty. `door`: it is the Ingress that is at fault."""

    id: str
    cause: str
    inject: Callable[[Scene], Trees]
    door: bool = False
    inside: bool = False
    """It concerns the client inside alone; a door does not meet it, or how it does is not modelled."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a check printed, and in a few words what is to be seen there. Two causes with one `sight` are not told apart by the check."""

    sight: str
    printed: str


@dataclass(frozen=True, slots=True)
class Check:
    id: str
    command: Callable[[Scene], str]
    read: Callable[[Scene, Report], Reading]
    outside: bool = False


def scene(dice: Random) -> Scene:
    app, other = dice.sample(APPS, 2)
    target, elsewhere = dice.sample(PORTS, 2)
    host, other_host = dice.sample(DOMAINS, 2)
    path = f"/{dice.choice(('shop', 'docs', 'v1', 'help'))}"
    ip = addresses(dice, 1)[0]
    trees = {
        "service": service(app, {"app": app}, target=target),
        "pod": pod(f"{app}-1", {"app": app}, ports=({"name": "http", "containerPort": target},), ip=ip, node="node-1", listens=str(target)),
        "client": pod("client", {"app": "client"}, ports=(), node="node-3"),
        "ingress": ingress_object([(host, "Prefix", path, app)]),
    }
    return Scene(app, other, target, elsewhere, host, other_host, path, ip, trees)


PATH = ("spec", "rules", 0, "http", "paths", 0)
BACKEND = (*PATH, "backend", "service")


def put(trees: Trees, name: str, path: Sequence[str | int], value: Any) -> Trees:
    """The cluster with one field of one object set; None removes it."""
    changed = deepcopy(trees[name])
    at: Any = changed
    for step in path[:-1]:
        at = at[step]
    if value is None:
        at.pop(path[-1], None)
    else:
        at[path[-1]] = value
    return {**trees, name: changed}


FAULTS: Mapping[str, Fault] = {
    fault.id: fault
    for fault in (
        Fault("selector", "the Service's selector fits no Pod", lambda s: put(s.trees, "service", ("spec", "selector", "app"), s.other)),
        Fault("unready", "the Pod is not Ready", lambda s: put(s.trees, "pod", ("metadata", "annotations", "sim/ready"), "false")),
        Fault("no-pods", "the workload is scaled to 0 Pods", lambda s: {name: tree for name, tree in s.trees.items() if name != "pod"}),
        Fault("target", "no process listens at the `targetPort`",
              lambda s: put(s.trees, "service", ("spec", "ports", 0, "targetPort"), s.elsewhere)),
        Fault("headless", "the Service is headless, and `port` is not the Pod's port",
              lambda s: put(s.trees, "service", ("spec", "clusterIP"), "None"), inside=True),
        Fault("policy", "a NetworkPolicy of the Pod leaves the client out",
              lambda s: {**s.trees, "policy": policy("guard", s.app, ingress=[{"from": [of_app("admin")]}])}, inside=True),
        Fault("local", "`internalTrafficPolicy: Local`, and the Pod is on another node",
              lambda s: put(s.trees, "service", ("spec", "internalTrafficPolicy"), "Local"), inside=True),
        Fault("dns", "an egress policy of the client leaves DNS out",
              lambda s: {**s.trees, "policy": policy("leash", "client", policyTypes=["Egress"], egress=[{"to": [of_app(s.app)]}])},
              inside=True),
        Fault("name", "the Service has another name than the one dialled",
              lambda s: put(s.trees, "service", ("metadata", "name"), f"{s.app}-svc"), inside=True),
        Fault("host", "the rule of the Ingress is for another host",
              lambda s: put(s.trees, "ingress", ("spec", "rules", 0, "host"), s.other_host), door=True),
        Fault("exact", "the path of the Ingress is `Exact`", lambda s: put(s.trees, "ingress", (*PATH, "pathType"), "Exact"), door=True),
        Fault("backend-port", "the Ingress names a port that the Service does not have",
              lambda s: put(s.trees, "ingress", (*BACKEND, "port", "number"), s.elsewhere), door=True),
        Fault("backend-name", "the Ingress names a Service that does not exist",
              lambda s: put(s.trees, "ingress", (*BACKEND, "name"), f"{s.app}-svc"), door=True),
    )
}  # fmt: skip
"""By their ids. Each breaks one thing of a sound cluster."""


def of_kind(door: bool) -> list[str]:
    """The faults that may be behind what the client outside, or the one inside, meets."""
    return [fault.id for fault in FAULTS.values() if (not fault.inside if door else not fault.door)]


def asked(s: Scene, trees: Trees) -> Report:
    """The run in which all checks are read: the client inside, the same by a Pod's address, the client outside, a look-up."""
    outside = {"via": {"kind": "Ingress", "namespace": "default", "name": "site"}, "host": s.host, "path": f"{s.path}/new"}
    direct = [ask(s.ip, port=s.target)] if "pod" in trees else []
    lookups = [{"from": from_pod(), "name": s.app}]
    return play(list(trees.values()), requests=[ask(s.app), outside, *direct], lookups=lookups)


def model(door: bool) -> str:
    """On whose behaviour the answers rest that a client outside, or one inside, gets."""
    who = "the statuses of an Ingress are those of ingress-nginx" if door else "packets that a policy denies are dropped"
    return f"{who}, and kube-proxy runs in iptables mode."


COLUMNS = 60
"""What a phone shows of a line; a terminal breaks longer ones too."""


def _without_age(printed: str) -> str:
    """A table of kubectl's without its last column, which is the same everywhere."""
    lines = printed.splitlines()
    return "\n".join(line.rpartition(" ")[0].rstrip() for line in lines) if lines[0].endswith("AGE") else printed


def _curl(at: int) -> Callable[[Scene, Report], Reading]:
    def read(_: Scene, report: Report) -> Reading:
        answer = report.answers[at]
        sight = f"`curl: ({answer.curl_exit})`" if answer.curl_exit else f"HTTP {answer.status}"
        return Reading(sight, fill(way(report, at).splitlines()[0], COLUMNS))

    return read


EMPTY, LISTED, ONE = "a slice without addresses", "the Pod's address with port {port}", "an endpoint at port {port}"


def _slices(s: Scene, report: Report) -> Reading:
    printed = kubectl_get(report.cluster, ["endpointslices", "-l", f"kubernetes.io/service-name={s.app}"]).strip()
    _, _, ports, found, *_ = [*printed.splitlines(), ""][1].split() or ("", "", "", "")
    sight = "no slice" if not found else EMPTY if found == "<unset>" else LISTED.format(port=ports)
    return Reading(sight, _without_age(printed))


def _describe(s: Scene, report: Report) -> Reading:
    printed = kubectl_describe(report.cluster, ["svc", s.app]).strip()
    line = next((line for line in printed.splitlines() if line.startswith("Endpoints:")), "")
    return Reading(ONE.format(port=line.rpartition(":")[2]) if "." in line else "no endpoint", line.strip())


def _pods(s: Scene, report: Report) -> Reading:
    printed = kubectl_get(report.cluster, ["pods"]).strip()
    mine = [line for line in printed.splitlines() if line.startswith(f"{s.app}-")]
    return Reading(("READY 1/1" if "1/1" in mine[0] else "READY 0/1") if mine else f"no Pod of `{s.app}`", _without_age(printed))


def _service(s: Scene, report: Report) -> Reading:
    printed = kubectl_get(report.cluster, ["svc", s.app]).strip()
    sight = "`NotFound`" if "NotFound" in printed else "`None` for an address" if " None " in printed else "a cluster IP"
    return Reading(sight, _without_age(printed))


def _nslookup(s: Scene, report: Report) -> Reading:
    printed = looked_up(report).split("\n\nQueries")[0].strip()
    if "no servers could be reached" in printed:
        return Reading("no answer", printed)
    sight = "`NXDOMAIN`" if "NXDOMAIN" in printed else "the Pod's address" if s.ip in printed else "a cluster IP"
    return Reading(sight, printed)


CHECKS: Mapping[str, Check] = {
    check.id: check
    for check in (
        Check("curl", lambda s: f"curl -i http://{s.app}", _curl(0)),
        Check("outside", lambda s: f"curl -i http://{s.host}{s.path}/new", _curl(1), outside=True),
        Check("direct", lambda s: f"curl -i http://{s.ip}:{s.target}", _curl(2)),
        Check("slices", lambda s: f"kubectl get endpointslices -l kubernetes.io/service-name={s.app}", _slices),
        Check("describe", lambda s: f"kubectl describe svc {s.app} | grep Endpoints", _describe),
        Check("pods", lambda _: "kubectl get pods", _pods),
        Check("service", lambda s: f"kubectl get svc {s.app}", _service),
        Check("nslookup", lambda s: f"nslookup {s.app}", _nslookup),
    )
}  # fmt: skip
"""By their ids. `curl`, `direct` and `nslookup` are made in the Pod `client`, `outside` is made outside the cluster."""

_SILENT = {("direct", "no-pods"), ("describe", "name")}
"""Checks that are not read with these faults: there is no Pod to dial, and `describe` shows a Service whose name only begins alike."""


def readings(s: Scene, fault: str) -> Mapping[str, Reading]:
    """What each check shows where this fault is."""
    report = asked(s, FAULTS[fault].inject(s))
    return {name: check.read(s, report) for name, check in CHECKS.items() if _tells(check, fault)}


def _tells(check: Check, fault: str) -> bool:
    return (check.id, fault) not in _SILENT and not (check.outside and FAULTS[fault].inside)
