"""Questions about the endpoints that kube-proxy chooses: with nobody Ready, with somebody near, with Pods on their way out.

Responsible for: random placements of Pods and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`), traffic policies (`traffic_policies`).
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from bot.generators.draft import Draft, Reason, Template, UnfitError, Wrong, fitting
from bot.generators.play import (
    ANSWERED,
    APPS,
    HANGS,
    REFUSED,
    UNRESOLVED,
    Tree,
    addresses,
    answering,
    ask,
    client,
    ending,
    endpoint_slice,
    play,
    pod,
    service,
    several,
    shown,
    table,
    way,
)
from bot.learning.items import Level

_POLICY = "https://kubernetes.io/docs/reference/networking/virtual-ips/"
NODES = ("node-1", "node-2", "node-3")
_ZONES = {"node-1": "zone-a", "node-2": "zone-b", "node-3": "zone-c"}

Placed = Sequence[tuple[str, str, bool]]
"""Pods: name, node, readiness."""


def placed_pods(dice: Random, app: str, least: int = 3, most: int = 5, nodes: Sequence[str] = NODES, ready: float = 0.75) -> Placed:
    return [(f"{app}-{n}", dice.choice(nodes), dice.random() < ready) for n in range(1, dice.randint(least, most) + 1)]


def pods_at(app: str, placed: Placed) -> list[Tree]:
    return [pod(name, {"app": app}, node=node, ready=ready) for name, node, ready in placed]


def rows_of(placed: Placed) -> list[tuple[str, str, str]]:
    return [(name, "1/1" if ready else "0/1", node) for name, node, ready in placed]


def zero_endpoints(dice: Random) -> Draft:
    app, other = dice.sample(APPS, 2)
    flat: Tree = {"clusterIP": "None"} if dice.random() < 0.4 else {}
    state = dice.choice(("unready", "unready", "other label", "ready", "no selector"))
    made = service(app, None if state == "no selector" else {"app": app}, **flat)
    rows = [(f"{app}-{n}", state != "unready", other if state == "other label" else app) for n in range(1, dice.randint(2, 3) + 1)]
    pods = [pod(name, {"app": label}, ready=ready) for name, ready, label in rows]
    dialled = dice.choice((app, app, app, f"{app}-svc"))
    port = 8080 if flat else 80
    report = play([made, *pods, client()], requests=[ask(dialled, port=port)])
    met = ending(report.answers[0])
    answers = Reason("The name resolves, and a Ready Pod with the right label answers.", met == ANSWERED)
    nameless = fitting(
        Reason(f"No Service is called `{dialled}`, so there is no address to dial.", met == UNRESOLVED and dialled != app),
        Reason("A headless Service without Ready Pods has no address, so there is none to dial.", met == UNRESOLVED and bool(flat)),
    )
    rejected = Reason("The name stands for a cluster IP without a Ready endpoint, and kube-proxy rejects that at once.", met == REFUSED)
    here = fitting(answers, nameless, rejected)

    def since(law: str) -> Reason:
        return Reason(f"{law} {here.text}", here.holds)

    return Draft(
        stem=f"A Pod beside them runs `curl http://{dialled}:{port}`. What does it meet? (kube-proxy in iptables mode)",
        shown=(
            shown("service.yaml", made),
            table("pods", "NAME READY LABELS", [(n, "1/1" if ok else "0/1", f"app={a}") for n, ok, a in rows]),
        ),
        right=met,
        why=here,
        wrong=(
            Wrong("empty-service-hangs", HANGS, since("Nothing is left waiting.")),
            Wrong("name-needs-endpoints", UNRESOLVED, since("The name is in order.")),
            Wrong("unready-is-last-resort" if state == "unready" else "names-make-the-match", ANSWERED, since("Nobody stands in.")),
            Wrong(
                "headless-is-proxied" if flat else "refused-means-no-name", REFUSED, since("A refusal takes an address without endpoints.")
            ),
        ),
        explanation="No such name, or a headless Service without Ready Pods: `(6)`. A cluster IP without endpoints: `(7)`.",
        trace=way(report),
    )


def traffic_distribution(dice: Random) -> Draft:
    app, home = dice.choice(APPS), dice.choice(NODES[:2])
    nodes = ("node-1", "node-2", "node-3", "node-4")
    zones = {**_ZONES, "node-3": "zone-a", "node-4": "zone-b"}
    placed = placed_pods(dice, app, 3, 5, nodes)
    wish = dice.choice(("PreferSameZone", "PreferSameNode", "PreferSameZone", ""))
    wanted: Tree = {"trafficDistribution": wish} if wish else {}
    made = service(app, {"app": app}, **wanted)
    profile = {"nodes": [{"name": node, "zone": zone} for node, zone in sorted(zones.items())]}
    report = play([made, *pods_at(app, placed), client(node=home)], requests=[ask(app)], profile=profile)
    ready = [(n, node) for n, node, ok in placed if ok]
    zone = [n for n, node in ready if zones[node] == zones[home]]
    if not ready:
        raise UnfitError("nobody is near or far")
    same_node = [n for n, node, _ in placed if node == home] if wish == "PreferSameNode" else []
    same_zone = [n for n, node, _ in placed if zones[node] == zones[home]] if wish else []
    nearest = same_node or same_zone or [n for n, *_ in placed]
    return Draft(
        stem=f"A client Pod on `{home}` calls `http://{app}`. Who answers? (kube-proxy)",
        shown=(
            shown("service.yaml", made),
            table("pods", "NAME READY NODE ZONE", [(n, ok, node, zones[node]) for n, ok, node in rows_of(placed)]),
        ),
        right=several(answering(report.answers[0])),
        why=fitting(
            Reason("Nothing in the Service prefers one place to another: all Ready Pods answer.", not wish),
            Reason(f"`{wish}` prefers what is near `{home}` ({zones[home]}), and somebody there is Ready.", bool(zone)),
            Reason(f"`{wish}` prefers what is near `{home}` ({zones[home]}), and nobody there is Ready: then all others do.", not zone),
        ),
        wrong=(
            *(
                [
                    Wrong(
                        "preference-is-a-demand",
                        several([n for n, node in ready if node == home] if wish == "PreferSameNode" else zone, HANGS),
                        "A preference that nobody near can meet falls back to the others.",
                    )
                ]
                if wish
                else []
            ),
            Wrong("services-prefer-near-pods", several(zone, HANGS), "What is preferred, and how far, is what `trafficDistribution` says."),
            Wrong("distribution-is-ignored", several(n for n, _ in ready), "Somebody near is Ready, and is preferred."),
            Wrong(
                "near-is-the-same-node",
                several([n for n, node in ready if node == home], HANGS),
                "Only `PreferSameNode` looks at the node.",
            ),
            Wrong(
                "running-means-ready",
                several(nearest),
                "A Pod that is not Ready is no endpoint, however near.",
            ),
        ),
        explanation="`trafficDistribution` is a preference: the nearest Ready Pods are taken, and if there are none, those farther away.",
        trace=way(report),
    )


def all_terminating(dice: Random) -> Draft:
    app = dice.choice(APPS)
    states = ((True, True, False), (False, True, True), (False, False, True), (False, False, False))
    weights = dice.choice(((0, 3, 2, 1), (0, 3, 2, 1), (2, 2, 1, 1)))
    chosen = dice.choices(states, weights, k=dice.randint(3, 4))
    ips = addresses(dice, len(chosen))
    endpoints = [
        {"addresses": [ip], "conditions": {"ready": ready, "serving": serving, "terminating": going}}
        for ip, (ready, serving, going) in zip(ips, chosen, strict=True)
    ]
    made = service(app, None)
    report = play([made, endpoint_slice(f"{app}-1", app, endpoints), client()], requests=[ask(app)])
    rows = list(zip(ips, chosen, strict=True))
    some_ready = Reason("As long as somebody is ready, terminating endpoints get nothing new.", any(state[0] for state in chosen))
    return Draft(
        stem=f"These are the endpoints of the Service `{app}` at this moment. Which ones get new connections?",
        shown=(
            table("endpoints", "ADDRESS READY SERVING TERMINATING", [(ip, *(str(value).lower() for value in state)) for ip, state in rows]),
        ),
        right=several(sorted(b.ip for b in report.answers[0].backends), "Nobody: it is refused"),
        why="Ready ones come first. Where nobody is ready, those that terminate and still serve stand in.",
        wrong=(
            Wrong(
                "terminating-never-serves",
                several(sorted(ip for ip, s in rows if s[0]), "Nobody: it is refused"),
                "Rather than refuse, kube-proxy uses endpoints that terminate and still serve.",
            ),
            Wrong(
                "serving-is-enough",
                several(sorted(ip for ip, s in rows if s[1]), "Nobody: it is refused"),
                "As long as somebody is ready, terminating endpoints get nothing new.",
            ),
            Wrong(
                "terminating-takes-all",
                several(sorted(ip for ip, s in rows if s[2]), "Nobody: it is refused"),
                fitting(some_ready, Reason("One that no longer serves is no help.", any(s[2] and not s[1] for s in chosen))),
            ),
            Wrong(
                "unready-is-last-resort",
                several(sorted(ips)),
                fitting(Reason("Endpoints that do not serve are never used.", any(not s[1] for s in chosen)), some_ready),
            ),
        ),
        explanation="`ready` decides. Only where nobody is ready, `serving` and `terminating` together are the last resort.",
        trace=way(report),
    )


_A = Level.ADVANCED
TEMPLATES = (
    Template(
        "proxy-zero-endpoints", "kube-proxy", Level.BEGINNER, zero_endpoints, _POLICY, "fail-refused-not-hanging",
        model="kube-proxy rejects in iptables and nftables mode; some other data planes drop instead.",
    ),
    Template(
        "proxy-traffic-distribution", "kube-proxy", _A, traffic_distribution, _POLICY, "proxy-internal-and-distribution",
        model="this is how kube-proxy reads the hints in EndpointSlices; other data planes may weigh otherwise.",
    ),
    Template("proxy-all-terminating", "kube-proxy", _A, all_terminating, _POLICY, "slice-conditions-decide"),
)  # fmt: skip
