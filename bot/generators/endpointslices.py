"""Questions about EndpointSlices: conditions, what kubectl shows of them, how many there are.

Responsible for: random endpoints and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`).
"""

from __future__ import annotations

import re
from random import Random

from bot.generators.draft import Draft, Reason, Template, Wrong, fitting
from bot.generators.play import APPS, PORTS, Tree, addresses, ask, client, play, pod, service, several, shown, table, way
from bot.learning.items import Level
from simulator import kubectl_describe, kubectl_get

_SLICES = "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/"
_OWNER = "kubernetes.io/service-name"


def conditions(dice: Random) -> Draft:
    app = dice.choice(APPS)
    early: Tree = {"publishNotReadyAddresses": True} if dice.random() < 0.4 else {}
    ips = addresses(dice, dice.randint(3, 4))
    states = [dice.choice(("1/1", "0/1", "0/1", "1/1", "Completed")) for _ in ips]
    made = service(app, {"app": app}, **early)
    pods = [
        pod(f"{app}-{n}", {"app": app}, ip=ip, ready=state == "1/1", phase="Succeeded" if state == "Completed" else "")
        for n, (ip, state) in enumerate(zip(ips, states, strict=True), 1)
    ]
    report = play([made, *pods, client()], requests=[ask(app)])
    rows = [(f"{app}-{n}", "0/1" if s == "Completed" else s, s if s == "Completed" else "Running") for n, s in enumerate(states, 1)]
    names = sorted(b.pod.name for b in report.answers[0].backends if b.pod)
    nobody = "Nobody: it is refused"
    return Draft(
        stem=f"All these Pods carry `app={app}`. Which ones get traffic of the Service?",
        shown=(shown("service.yaml", made), table("pods", "NAME READY STATUS", rows)),
        right=several(names, nobody),
        why=fitting(
            Reason(
                "`publishNotReadyAddresses` marks endpoints as ready whatever their Pods say. A Pod that is finished is no endpoint.",
                bool(early),
            ),
            Reason("An endpoint is ready if its Pod is, and a Pod that is finished is no endpoint at all.", not early),
        ),
        wrong=(
            Wrong(
                "running-means-ready",
                several([n for n, _, s in rows if s == "Running"], nobody),
                "STATUS is about the process; the condition `ready` follows READY.",
            ),
            Wrong(
                "publish-is-for-dns",
                several([n for n, ready, _ in rows if ready == "1/1"], nobody),
                "`publishNotReadyAddresses` counts for proxying as it does for DNS.",
            ),
            *(
                [Wrong("slice-keeps-history", several(n for n, *_ in rows), "A Pod that is Completed has left the slice.")]
                if "Completed" in states
                else []
            ),
            Wrong("service-needs-all-ready", nobody, "Endpoints are judged one by one; the others do not take them down."),
        ),
        explanation="A slice gives each endpoint its conditions, and kube-proxy uses those that are `ready`.",
        trace=way(report) + "\n" + kubectl_get(report.cluster, "endpointslices"),
    )


def versus_describe(dice: Random) -> Draft:
    app, port = dice.choice(APPS), dice.choice(PORTS)
    count = dice.randint(2, 4)
    ready = [dice.random() < 0.5 for _ in range(count)]
    early: Tree = {"publishNotReadyAddresses": True} if dice.random() < 0.25 else {}
    made = service(app, {"app": app}, target=port, **early)
    pods = [pod(f"{app}-{n}", {"app": app}, ports=(port,), ready=ok) for n, ok in enumerate(ready, 1)]
    finished = [pod(f"{app}-{count + 1}", {"app": app}, ports=(port,), ready=False, phase="Succeeded")] if dice.random() < 0.5 else []
    report = play([made, *pods, *finished])
    listed = kubectl_get(report.cluster, "endpointslices")
    described = kubectl_describe(report.cluster, f"service {app}")
    line = next((row for row in described.splitlines() if row.startswith("Endpoints:")), "")
    in_slices = sum(len(s.data.get("endpoints") or ()) for s in report.cluster.of("EndpointSlice") if s.labels.get(_OWNER) == app)
    in_describe = len(re.findall(r"\d+\.\d+\.\d+\.\d+:\d+", line))

    def counts(slices: int, describe: int) -> str:
        return f"The slice lists {slices}, `describe` shows {describe}"

    some, all_ = sum(ready), count + len(finished)
    rows = [(f"{app}-{n}", "1/1" if ok else "0/1", "Running") for n, ok in enumerate(ready, 1)]
    rows += [(f"{app}-{count + 1}", "0/1", "Completed")] * len(finished)
    return Draft(
        stem=f"How many addresses stand in the EndpointSlice of `{app}`, as `kubectl get endpointslices` lists them, and how many "
        f"does `kubectl describe service {app}` show under Endpoints?",
        shown=(shown("service.yaml", made), table("pods", "NAME READY STATUS", rows)),
        right=counts(in_slices, in_describe),
        why="The table of slices lists every address, ready or not; `describe` shows only those that get traffic.",
        wrong=(
            Wrong(
                "slice-lists-ready-only",
                counts(some, some),
                "The slice keeps endpoints whose Pods are not ready, and the table lists them.",
            ),
            Wrong("describe-lists-everyone", counts(count, count), "`describe` leaves out what is not ready."),
            *(
                [Wrong("slice-keeps-history", counts(all_, some), "A Completed Pod has left the slice; one that runs unready has not.")]
                if finished
                else []
            ),
            Wrong("describe-asks-the-pods", counts(count, some), "With `publishNotReadyAddresses` the endpoints are marked ready."),
            Wrong(
                "unready-pods-are-removed",
                counts(some, count),
                fitting(
                    Reason("It is the slice that keeps everybody who runs, and `describe` that leaves some out.", in_describe < in_slices),
                    Reason(
                        "The slice keeps everybody who runs, and with `publishNotReadyAddresses` `describe` shows them too.", bool(early)
                    ),
                ),
            ),
        ),
        explanation="One unready Pod looks fine in one command and is missing in the other. `conditions.ready` tells why.",
        trace=f"{listed}\n{line}\n",
    )


def count_and_label(dice: Random) -> Draft:
    app = dice.choice(APPS)
    pods = dice.choice((dice.randint(80, 99), 100, dice.randint(101, 140), dice.randint(180, 200), dice.randint(201, 280)))
    dual = dice.random() < 0.4
    families: Tree = {"ipFamilyPolicy": "RequireDualStack", "ipFamilies": ["IPv4", "IPv6"]} if dual else {}
    made = service(app, {"app": app}, **families)
    replicas = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {"name": app},
        "spec": {
            "replicas": pods,
            "selector": {"matchLabels": {"app": app}},
            "template": {"metadata": {"labels": {"app": app}}, "spec": {"containers": [{"name": "main", "image": "example/app:1"}]}},
        },
    }
    profile = {"podCIDR": "10.244.0.0/16,fd00:244::/56", "serviceCIDR": "10.96.0.0/12,fd00:96::/108"} if dual else {}
    report = play([made, replicas], profile=profile)
    slices = [each for each in report.cluster.of("EndpointSlice") if each.labels.get(_OWNER) == app]
    one_family = -(-pods // 100)

    def number(count: int) -> str:
        return f"{count} slice" if count == 1 else f"{count} slices"

    return Draft(
        stem=f"{pods} Ready Pods carry `app={app}`. At least how many EndpointSlices does this Service get?",
        shown=(shown("service.yaml", made),),
        right=number(len(slices)),
        why=Reason(
            f"A slice holds up to 100 endpoints of one family, and there are {pods}{' of each of two families' if dual else ''}.",
            len(slices) == one_family * (2 if dual else 1),
        ),
        wrong=(
            Wrong("one-slice-per-service", number(1), "A slice holds at most 100 endpoints, and of one address family."),
            Wrong(
                "slices-mix-families",
                number(one_family if dual else 2 * one_family),
                Reason(
                    f"Each address family has slices of its own, and this Service has {'two' if dual else 'one'}.",
                    len({each.data["addressType"] for each in slices}) == (2 if dual else 1),
                ),
            ),
            Wrong("slices-are-tiny", number(-(-pods // 10)), "100 endpoints fit into a slice."),
            Wrong("slices-are-per-node", number(3), "Slices are not made by node."),
            Wrong("slices-are-always-rounded-up", number(len(slices) + 1), "None is begun before the one before it is full."),
        ),
        explanation=f"All of them carry the label `kubernetes.io/service-name={app}`: look them up by that, and expect several.",
        trace=kubectl_get(report.cluster, "endpointslices"),
    )


_I = Level.INTERMEDIATE
TEMPLATES = (
    Template("slice-conditions", "endpointslices", _I, conditions, _SLICES, "slice-conditions-decide"),
    Template("slice-versus-describe", "endpointslices", _I, versus_describe, _SLICES, "slice-reading-the-table"),
    Template("slice-count-and-label", "endpointslices", _I, count_and_label, _SLICES, "slice-many-and-mirrored"),
)
