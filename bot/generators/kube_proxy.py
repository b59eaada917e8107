"""Questions about what nodes do with a Service's traffic: policies, zones, sources, shares.

Responsible for: random placements of Pods and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
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
_NODES = ("node-1", "node-2", "node-3")
_ZONES = {"node-1": "zone-a", "node-2": "zone-b", "node-3": "zone-c"}

Placed = Sequence[tuple[str, str, bool]]
"""Pods: name, node, readiness."""


def _placed(dice: Random, app: str, least: int = 3, most: int = 5, nodes: Sequence[str] = _NODES, ready: float = 0.75) -> Placed:
    return [(f"{app}-{n}", dice.choice(nodes), dice.random() < ready) for n in range(1, dice.randint(least, most) + 1)]


def _pods(app: str, placed: Placed) -> list[Tree]:
    return [pod(name, {"app": app}, node=node, ready=ready) for name, node, ready in placed]


def _rows(placed: Placed) -> list[tuple[str, str, str]]:
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


def external_local(dice: Random) -> Draft:
    app = dice.choice(APPS)
    placed = _placed(dice, app, 2, 4)
    local = dice.random() < 0.85
    made = service(app, {"app": app}, type="NodePort", externalTrafficPolicy="Local" if local else "Cluster")
    via = {"kind": "Service", "namespace": "default", "name": app, "address": "nodePort"}
    report = play([made, *_pods(app, placed)], requests=[{"via": {**via, "node": node}} for node in _NODES])
    answered = [node for node, answer in zip(_NODES, report.answers, strict=True) if answer.curl_exit == 0]
    any_pod = sorted({node for _, node, _ in placed})
    ready = sorted({node for _, node, ok in placed if ok})
    nobody = Reason("No Pod is Ready, so no node has anybody to pass on to.", not ready)
    any_node = Reason("Under `Cluster` every node passes on to any Ready Pod.", not local and len(answered) == len(_NODES))

    def under_local(law: str) -> Reason:
        return fitting(nobody, any_node, Reason(law, local and answered == ready))

    return Draft(
        stem="The cluster has three nodes, `node-1` to `node-3`. A client outside dials the node port on each. Which nodes answer?",
        shown=(shown("service.yaml", made), table("pods", "NAME READY NODE", _rows(placed))),
        right=several(answered),
        why=under_local("Under `Local` a node answers if a Ready Pod runs on it."),
        wrong=(
            Wrong(
                "local-falls-back", several(_NODES), under_local("A node without a Ready Pod of its own passes nothing on under `Local`.")
            ),
            Wrong("running-means-ready", several(any_pod), under_local("A Pod that is not Ready does not count, here either.")),
            Wrong("node-port-where-the-pod-is", several(ready), "Only `externalTrafficPolicy: Local` ties the answer to the node."),
            Wrong("local-means-one-node", several(ready[:1]), under_local("Every node with a Ready Pod answers, not one alone.")),
            Wrong(
                "local-sends-away",
                several(n for n in _NODES if n not in ready),
                under_local("It is the other way round: local Pods are the ones that answer."),
            ),
        ),
        explanation="`externalTrafficPolicy: Local` answers only where a Ready Pod runs; elsewhere packets are dropped and clients hang.",
        trace="\n".join(way(report, at) for at in range(3)),
    )


def source_address(dice: Random) -> Draft:
    app = dice.choice(APPS)
    policy = dice.choice(("Local", "Cluster"))
    placed = [(f"{app}-1", dice.choice(_NODES), True)]
    node = placed[0][1] if policy == "Local" else dice.choice(_NODES)
    number = dice.randint(30000, 32767)
    made = service(
        app, {"app": app}, type="NodePort", externalTrafficPolicy=policy, ports=[{"port": 80, "targetPort": 8080, "nodePort": number}]
    )
    via = {"kind": "Service", "namespace": "default", "name": app, "address": "nodePort", "node": node}
    address = f"203.0.113.{dice.randint(2, 250)}"
    report = play([made, *_pods(app, placed)], requests=[{"from": {"ip": address}, "via": via}])
    ips = {f"node-{n}": f"192.168.10.{10 + n}" for n in (1, 2, 3)}
    source = report.answers[0].source
    pod_node = placed[0][1]

    def seen(ip: str) -> str:
        return f"`{ip}`"

    return Draft(
        stem=f"A client with the address {address} dials the node port on `{node}`. Which address does the Pod see as its client's?",
        shown=(
            shown("service.yaml", made),
            table("pods", "NAME READY NODE", _rows(placed)),
            table("nodes", "NAME INTERNAL-IP", sorted(ips.items())),
        ),
        right=seen(address if source == "kept" else ips[source.removeprefix("node ")]),
        why=fitting(
            Reason("`Local` hands the packet to a Pod on the spot and keeps its source.", policy == "Local" and source == "kept"),
            Reason(
                f"Under `Cluster` `{node}`, which was dialled, puts its own address in, so that answers come back through it.",
                source == f"node {node}",
            ),
        ),
        wrong=(
            Wrong("local-hides-the-client", seen(ips[node]), "Under `Local` nothing is put in the client's place."),
            Wrong(
                "source-is-always-kept", seen(address), "Under `Cluster` the node that was dialled puts its address in the client's place."
            ),
            Wrong(
                "pods-node-is-the-source",
                seen(ips[pod_node]),
                fitting(
                    Reason("Under `Local` nothing is put in the client's place.", policy == "Local"),
                    Reason(f"The address that is put in is that of the node that was dialled, `{node}`.", node != pod_node),
                ),
            ),
            Wrong(
                "service-is-the-source",
                seen(f"10.96.{dice.randint(1, 99)}.{dice.randint(2, 250)}"),
                "A cluster IP is a destination; it sends nothing.",
            ),
        ),
        explanation="`Cluster` spreads over all nodes and hides the client; `Local` keeps the client's address and serves only where "
        "Pods are.",
        trace=way(report),
    )


def internal_local(dice: Random) -> Draft:
    app, home = dice.choice(APPS), dice.choice(_NODES)
    placed = _placed(dice, app, 2, 4)
    key: Tree = {dice.choice(("internalTrafficPolicy", "internalTrafficPolicy", "externalTrafficPolicy")): "Local"}
    made = service(app, {"app": app}, type="NodePort", **key)
    report = play([made, *_pods(app, placed), client(node=home)], requests=[ask(app)])
    answer = report.answers[0]
    local = [n for n, node, ok in placed if ok and node == home]
    ready = [n for n, _, ok in placed if ok]
    internal = "internalTrafficPolicy" in key
    mistaken = [n for n, node, _ in placed if node == home or not internal]
    nobody = Reason("No Pod is Ready anywhere, and without an endpoint the connection is refused at once.", not ready)
    inside = Reason("`externalTrafficPolicy` concerns traffic from outside; inside, all Ready Pods answer.", not internal)
    return Draft(
        stem=f"A client Pod on `{home}` calls `http://{app}`. Who answers?",
        shown=(shown("service.yaml", made), table("pods", "NAME READY NODE", _rows(placed))),
        right=several(answering(answer)) if answer.backends else ending(answer),
        why=fitting(
            nobody,
            inside,
            Reason(f"`internalTrafficPolicy: Local` leaves the Ready Pods on `{home}`.", answering(answer) == local != []),
            Reason(f"`internalTrafficPolicy: Local` leaves the Ready Pods on `{home}`; there is none, and packets are dropped.", not local),
        ),
        wrong=(
            Wrong(
                "local-falls-back",
                several(ready, REFUSED),
                Reason(f"Only Pods on `{home}` count under `internalTrafficPolicy: Local`.", internal),
            ),
            Wrong(
                "local-refuses",
                several(local, REFUSED),
                fitting(
                    inside,
                    Reason("While there are endpoints elsewhere, `internalTrafficPolicy: Local` drops packets; nobody refuses.", not local),
                ),
            ),
            Wrong("external-policy-is-for-all", several(local, HANGS), fitting(nobody, inside)),
            Wrong(
                "running-means-ready",
                several(mistaken, HANGS),
                fitting(Reason("A Pod with READY 0/1 gets no traffic.", not set(mistaken) <= set(ready)), nobody),
            ),
        ),
        explanation="Each of the two policies is about its own kind of client: one about those inside, one about those outside.",
        trace=way(report),
    )


def traffic_distribution(dice: Random) -> Draft:
    app, home = dice.choice(APPS), dice.choice(_NODES[:2])
    nodes = ("node-1", "node-2", "node-3", "node-4")
    zones = {**_ZONES, "node-3": "zone-a", "node-4": "zone-b"}
    placed = _placed(dice, app, 3, 5, nodes)
    wish = dice.choice(("PreferSameZone", "PreferSameNode", "PreferSameZone", ""))
    wanted: Tree = {"trafficDistribution": wish} if wish else {}
    made = service(app, {"app": app}, **wanted)
    profile = {"nodes": [{"name": node, "zone": zone} for node, zone in sorted(zones.items())]}
    report = play([made, *_pods(app, placed), client(node=home)], requests=[ask(app)], profile=profile)
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
            table("pods", "NAME READY NODE ZONE", [(n, ok, node, zones[node]) for n, ok, node in _rows(placed)]),
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


def share_per_pod(dice: Random) -> Draft:
    app = dice.choice(APPS)
    placed = _placed(dice, app, 3, 6, _NODES[: dice.randint(2, 3)], 0.85)
    policy = dice.choice(("Local", "Local", "Cluster"))
    made = service(app, {"app": app}, type="LoadBalancer", externalTrafficPolicy=policy)
    report = play([made, *_pods(app, placed)], requests=[{"via": {"kind": "Service", "namespace": "default", "name": app}}])
    target, node, _ = dice.choice([each for each in placed if each[2]] or placed)
    share = next((b.share for b in report.answers[0].backends if b.pod and b.pod.name == target), 0.0)
    ready = [each for each in placed if each[2]]
    nodes, beside = len({n for _, n, _ in ready}), sum(n == node for _, n, _ in ready)

    def part(value: Fraction) -> str:
        return f"About {value.numerator}/{value.denominator} of them"

    def over(count: int) -> str:
        return part(Fraction(1, max(count, 1)))

    local = policy == "Local"
    if not ready:
        raise UnfitError("nobody gets a share")
    each_counts = Reason(f"Under `Cluster` nodes make no difference: each of the {len(ready)} Ready Pods counts the same.", not local)
    return Draft(
        stem=f"A load balancer spreads connections evenly over the nodes that answer. Which share of them does `{target}` get?",
        shown=(shown("service.yaml", made), table("pods", "NAME READY NODE", _rows(placed))),
        right=part(Fraction(share).limit_denominator(200)),
        why=fitting(
            Reason(f"Under `Cluster` every node spreads over all {len(ready)} Ready Pods.", not local),
            Reason(f"`{node}` alone has Ready Pods, and divides everything among its {beside}.", nodes == 1),
            Reason(f"{nodes} nodes have Ready Pods and share evenly; `{node}` divides its part among its own {beside}.", nodes > 1),
        ),
        wrong=(
            Wrong("local-is-even", over(len(ready)), "Under `Local` each node keeps its part for its own Pods, many or few."),
            Wrong("cluster-policy-is-local", over(nodes * beside), "Under `Cluster` a node passes on to the Pods of all nodes."),
            Wrong(
                "share-by-other-nodes",
                over(nodes),
                fitting(each_counts, Reason(f"The part of `{node}` is shared by the {beside} Ready Pods on it.", beside > 1)),
            ),
            Wrong(
                "all-nodes-take-part",
                over(3 * beside),
                fitting(each_counts, Reason("A node without Ready Pods fails the load balancer's check under `Local`.", nodes < 3)),
            ),
            Wrong("running-means-ready", over(len(placed)), "Pods that are not Ready get nothing, and do not count."),
        ),
        explanation="`Cluster`: one over all Ready Pods. `Local`: one over the nodes that have any, times one over the Ready Pods on "
        "the node.",
        trace=way(report),
    )


_A = Level.ADVANCED
TEMPLATES = (
    Template(
        "proxy-zero-endpoints", "kube-proxy", Level.BEGINNER, zero_endpoints, _POLICY, "fail-refused-not-hanging",
        model="kube-proxy rejects in iptables and nftables mode; some other data planes drop instead.",
    ),
    Template("proxy-external-policy-local", "kube-proxy", _A, external_local, _POLICY, "proxy-external-policy"),
    Template("proxy-source-address", "kube-proxy", _A, source_address, _POLICY, "proxy-external-policy"),
    Template("proxy-internal-policy-local", "kube-proxy", _A, internal_local, _POLICY, "proxy-internal-and-distribution"),
    Template(
        "proxy-traffic-distribution", "kube-proxy", _A, traffic_distribution, _POLICY, "proxy-internal-and-distribution",
        model="this is how kube-proxy reads the hints in EndpointSlices; other data planes may weigh otherwise.",
    ),
    Template("proxy-all-terminating", "kube-proxy", _A, all_terminating, _POLICY, "slice-conditions-decide"),
    Template("proxy-share-per-pod", "kube-proxy", _A, share_per_pod, _POLICY, "proxy-external-policy"),
)  # fmt: skip
