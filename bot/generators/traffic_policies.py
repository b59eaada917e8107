"""Questions about traffic policies: which nodes and Pods take a connection, whose address the Pod sees, which shares come of it.

Responsible for: random policies and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`), placements of Pods (`kube_proxy`).
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

from bot.generators.draft import Draft, Reason, Template, UnfitError, Wrong, fitting
from bot.generators.kube_proxy import NODES, placed_pods, pods_at, rows_of
from bot.generators.play import (
    APPS,
    HANGS,
    REFUSED,
    Tree,
    answering,
    ask,
    client,
    ending,
    play,
    service,
    several,
    shown,
    table,
    way,
)
from bot.learning.items import Level

_POLICY = "https://kubernetes.io/docs/reference/networking/virtual-ips/"


def external_local(dice: Random) -> Draft:
    app = dice.choice(APPS)
    placed = placed_pods(dice, app, 2, 4)
    local = dice.random() < 0.85
    made = service(app, {"app": app}, type="NodePort", externalTrafficPolicy="Local" if local else "Cluster")
    via = {"kind": "Service", "namespace": "default", "name": app, "address": "nodePort"}
    report = play([made, *pods_at(app, placed)], requests=[{"via": {**via, "node": node}} for node in NODES])
    answered = [node for node, answer in zip(NODES, report.answers, strict=True) if answer.curl_exit == 0]
    any_pod = sorted({node for _, node, _ in placed})
    ready = sorted({node for _, node, ok in placed if ok})
    nobody = Reason("No Pod is Ready, so no node has anybody to pass on to.", not ready)
    any_node = Reason("Under `Cluster` every node passes on to any Ready Pod.", not local and len(answered) == len(NODES))

    def under_local(law: str) -> Reason:
        return fitting(nobody, any_node, Reason(law, local and answered == ready))

    return Draft(
        stem="The cluster has three nodes, `node-1` to `node-3`. A client outside dials the node port on each. Which nodes answer?",
        shown=(shown("service.yaml", made), table("pods", "NAME READY NODE", rows_of(placed))),
        right=several(answered),
        why=under_local("Under `Local` a node answers if a Ready Pod runs on it."),
        wrong=(
            Wrong(
                "local-falls-back", several(NODES), under_local("A node without a Ready Pod of its own passes nothing on under `Local`.")
            ),
            Wrong("running-means-ready", several(any_pod), under_local("A Pod that is not Ready does not count, here either.")),
            Wrong("node-port-where-the-pod-is", several(ready), "Only `externalTrafficPolicy: Local` ties the answer to the node."),
            Wrong("local-means-one-node", several(ready[:1]), under_local("Every node with a Ready Pod answers, not one alone.")),
            Wrong(
                "local-sends-away",
                several(n for n in NODES if n not in ready),
                under_local("It is the other way round: local Pods are the ones that answer."),
            ),
        ),
        explanation="`externalTrafficPolicy: Local` answers only where a Ready Pod runs; elsewhere packets are dropped and clients hang.",
        trace="\n".join(way(report, at) for at in range(3)),
    )


def source_address(dice: Random) -> Draft:
    app = dice.choice(APPS)
    policy = dice.choice(("Local", "Cluster"))
    placed = [(f"{app}-1", dice.choice(NODES), True)]
    node = placed[0][1] if policy == "Local" else dice.choice(NODES)
    number = dice.randint(30000, 32767)
    made = service(
        app, {"app": app}, type="NodePort", externalTrafficPolicy=policy, ports=[{"port": 80, "targetPort": 8080, "nodePort": number}]
    )
    via = {"kind": "Service", "namespace": "default", "name": app, "address": "nodePort", "node": node}
    address = f"203.0.113.{dice.randint(2, 250)}"
    report = play([made, *pods_at(app, placed)], requests=[{"from": {"ip": address}, "via": via}])
    ips = {f"node-{n}": f"192.168.10.{10 + n}" for n in (1, 2, 3)}
    source = report.answers[0].source
    pod_node = placed[0][1]

    def seen(ip: str) -> str:
        return f"`{ip}`"

    return Draft(
        stem=f"A client with the address {address} dials the node port on `{node}`. Which address does the Pod see as its client's?",
        shown=(
            shown("service.yaml", made),
            table("pods", "NAME READY NODE", rows_of(placed)),
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
    app, home = dice.choice(APPS), dice.choice(NODES)
    placed = placed_pods(dice, app, 2, 4)
    key: Tree = {dice.choice(("internalTrafficPolicy", "internalTrafficPolicy", "externalTrafficPolicy")): "Local"}
    made = service(app, {"app": app}, type="NodePort", **key)
    report = play([made, *pods_at(app, placed), client(node=home)], requests=[ask(app)])
    answer = report.answers[0]
    local = [n for n, node, ok in placed if ok and node == home]
    ready = [n for n, _, ok in placed if ok]
    internal = "internalTrafficPolicy" in key
    mistaken = [n for n, node, _ in placed if node == home or not internal]
    nobody = Reason("No Pod is Ready anywhere, and without an endpoint the connection is refused at once.", not ready)
    inside = Reason("`externalTrafficPolicy` concerns traffic from outside; inside, all Ready Pods answer.", not internal)
    return Draft(
        stem=f"A client Pod on `{home}` calls `http://{app}`. Who answers?",
        shown=(shown("service.yaml", made), table("pods", "NAME READY NODE", rows_of(placed))),
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


def share_per_pod(dice: Random) -> Draft:
    app = dice.choice(APPS)
    placed = placed_pods(dice, app, 3, 6, NODES[: dice.randint(2, 3)], 0.85)
    policy = dice.choice(("Local", "Local", "Cluster"))
    made = service(app, {"app": app}, type="LoadBalancer", externalTrafficPolicy=policy)
    report = play([made, *pods_at(app, placed)], requests=[{"via": {"kind": "Service", "namespace": "default", "name": app}}])
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
        shown=(shown("service.yaml", made), table("pods", "NAME READY NODE", rows_of(placed))),
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
    Template("proxy-external-policy-local", "kube-proxy", _A, external_local, _POLICY, "proxy-external-policy"),
    Template("proxy-source-address", "kube-proxy", _A, source_address, _POLICY, "proxy-external-policy"),
    Template("proxy-internal-policy-local", "kube-proxy", _A, internal_local, _POLICY, "proxy-internal-and-distribution"),
    Template("proxy-share-per-pod", "kube-proxy", _A, share_per_pod, _POLICY, "proxy-external-policy"),
)
