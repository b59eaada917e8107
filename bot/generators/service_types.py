"""Questions about the types of Services: from where each is reached, what its name stands for.

Responsible for: random Services of every type and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`).
"""

from __future__ import annotations

from random import Random

from bot.generators.draft import Draft, Template, Wrong
from bot.generators.play import (
    APPS,
    DOMAINS,
    NAMESPACES,
    PORTS,
    Tree,
    addresses,
    answering,
    ask,
    client,
    from_pod,
    looked_up,
    name_of,
    namespace,
    numbered,
    play,
    pod,
    service,
    several,
    shown,
    table,
    way,
)
from bot.learning.items import Level

_SERVICE = "https://kubernetes.io/docs/concepts/services-networking/service/"


_PLACES = (
    "**1** a Pod in `{home}`, by `http://{app}` · **2** a Pod in `{away}`, by `http://{app}.{home}` · "
    "**3** a laptop outside, by a node's address and the node port · **4** a laptop outside, by an external address of the Service"
)


def _reached(made: Tree, app: str, home: str, away: str, profile: Tree) -> tuple[frozenset[int], str]:
    """From which of the four places the Service answers."""
    via = {"kind": "Service", "namespace": home, "name": app}
    report = play(
        [namespace(home), namespace(away), made, pod(f"{app}-1", {"app": app}, namespace=home), client(home), client(away)],
        requests=[
            ask(app, home),
            ask(f"{app}.{home}", away),
            {"via": {**via, "address": "nodePort", "node": "node-2"}},
            {"via": {**via, "address": "loadBalancerIP"}},
        ],
        profile=profile,
    )
    places = frozenset(place for place, answer in enumerate(report.answers, 1) if answer.curl_exit == 0)
    return places, "\n".join(way(report, at).split("\n\n")[0] for at in range(4))


def _places(places: frozenset[int] | set[int]) -> str:
    return f"From {numbered(places, 'none')}"


def type_reachability(dice: Random) -> Draft:
    app, (home, away) = dice.choice(APPS), dice.sample(NAMESPACES, 2)
    kind = dice.choice(("ClusterIP", "NodePort", "LoadBalancer"))
    no_node_port = {"allocateLoadBalancerNodePorts": False} if kind == "LoadBalancer" and dice.random() < 0.5 else {}
    made = service(app, {"app": app}, namespace=home, type=kind, **no_node_port)
    places, trace = _reached(made, app, home, away, {})
    return Draft(
        stem=f"One Pod behind this Service is Ready; the cluster has load balancers and no policies. From where does it answer?\n\n"
        f"{_PLACES.format(app=app, home=home, away=away)}",
        shown=(shown("service.yaml", made),),
        right=_places(places),
        why=f"That is what `{kind}` gives{' without node ports' if no_node_port else ''}. Each type adds to the one before it.",
        wrong=(
            Wrong("namespace-is-a-wall", _places(places - {2}), "Namespaces are no walls: a name with the namespace is enough."),
            Wrong("types-exclude-each-other", _places(places - {1, 2} or {1}), "A wider type keeps the cluster IP and what goes with it."),
            Wrong("cluster-ip-is-public", _places(places | {3}), "No node port was given to this Service."),
            Wrong(
                "node-port-needs-load-balancer",
                _places(places - {3} if kind == "NodePort" else {1, 2, 4}),
                "A node port and an external address are two things.",
            ),
        ),
        explanation="ClusterIP answers inside; NodePort adds each node's port; LoadBalancer adds an external address, and node ports "
        "unless they are switched off.",
        trace=trace,
    )


def load_balancer_pending(dice: Random) -> Draft:
    app, (home, away) = dice.choice(APPS), dice.sample(NAMESPACES, 2)
    served = dice.random() < 0.3
    no_node_port = {"allocateLoadBalancerNodePorts": False} if dice.random() < 0.5 else {}
    made = service(app, {"app": app}, namespace=home, type="LoadBalancer", port=dice.choice((80, 80, 80)), **no_node_port)
    places, trace = _reached(made, app, home, away, {"loadBalancers": served})
    other, _ = _reached(made, app, home, away, {"loadBalancers": not served})
    says = "an address stands under EXTERNAL-IP" if served else "EXTERNAL-IP stays `<pending>`"
    return Draft(
        stem=f"One Pod behind this Service is Ready, and {says}. From where does it "
        f"answer?\n\n{_PLACES.format(app=app, home=home, away=away)}",
        shown=(shown("service.yaml", made),),
        right=_places(places),
        without=_places(other),
        why="Only the external address depends on a load balancer. The cluster IP and a node port come from the cluster itself.",
        wrong=(
            Wrong("pending-service-is-dead", _places({4} if served else set()), "The cluster IP is there from the start."),
            Wrong(
                "node-port-needs-load-balancer",
                _places({1, 2} if not served else {1, 2, 4}),
                "Node ports are opened by the cluster's own nodes.",
            ),
            Wrong("namespace-is-a-wall", _places(places - {2}), "Namespaces are no walls."),
            Wrong(
                "load-balancer-implies-node-port", _places(places | {3}), "`allocateLoadBalancerNodePorts: false` leaves the node port out."
            ),
        ),
        explanation="A LoadBalancer Service asks somebody outside for an address. All else works without that somebody.",
        trace=trace,
    )


def node_port(dice: Random) -> Draft:
    app, count = dice.choice(APPS), dice.randint(3, 5)
    placed = [(f"{app}-{n}", f"node-{dice.randint(1, 2)}", dice.random() < 0.7) for n in range(1, count + 1)]
    dialled = f"node-{dice.randint(1, 3)}"
    made = service(app, {"app": app}, type="NodePort", ports=[{"port": 80, "targetPort": 8080, "nodePort": dice.randint(30000, 32767)}])
    pods = [pod(n, {"app": app}, node=node, ready=ready) for n, node, ready in placed]
    via = {"kind": "Service", "namespace": "default", "name": app, "address": "nodePort", "node": dialled}
    report = play([made, *pods], requests=[{"via": via}])
    return Draft(
        stem=f"A client outside dials the node port on `{dialled}`. Which Pods may answer?",
        shown=(
            shown("service.yaml", made),
            table("pods", "NAME READY NODE", [(n, "1/1" if ready else "0/1", node) for n, node, ready in placed]),
        ),
        right=several(answering(report.answers[0]), "Nobody: the connection fails"),
        why="Every node takes the connection and passes it on to any Ready Pod, wherever that runs.",
        wrong=(
            Wrong(
                "node-port-where-the-pod-is",
                several([n for n, node, ready in placed if node == dialled and ready], "Nobody: the connection fails"),
                f"`{dialled}` passes connections on to the other nodes, since `externalTrafficPolicy` is `Cluster`.",
            ),
            Wrong("running-means-ready", several(n for n, *_ in placed), "READY 0/1 gets no traffic, by a node port either."),
            Wrong(
                "cluster-policy-is-local",
                several([n for n, node, _ in placed if node == dialled], "Nobody: the connection fails"),
                "Under the policy `Cluster` it does not matter on which node a Pod runs.",
            ),
            Wrong(
                "node-dialled-is-skipped",
                several([n for n, node, ready in placed if node != dialled and ready], "Nobody: the connection fails"),
                f"Pods on `{dialled}` itself take part like all others.",
            ),
        ),
        explanation="A node port is open on every node and leads to all Ready Pods of the Service.",
        trace=way(report),
    )


def headless(dice: Random) -> Draft:
    app = dice.choice(APPS)
    ips = addresses(dice, dice.randint(2, 4))
    ready = [dice.random() < 0.6 for _ in ips]
    early: Tree = {"publishNotReadyAddresses": True} if dice.random() < 0.35 else {}
    flat: Tree = {"clusterIP": "None"} if dice.random() < 0.75 else {"clusterIP": f"10.96.{dice.randint(1, 200)}.{dice.randint(10, 250)}"}
    made = service(app, {"app": app}, **flat, **early)
    pods = [pod(f"{app}-{n}", {"app": app}, ip=ip, ready=ok) for n, (ip, ok) in enumerate(zip(ips, ready, strict=True), 1)]
    report = play([made, *pods, client()], lookups=[{"from": from_pod(), "name": app}])
    virtual = flat["clusterIP"] if flat["clusterIP"] != "None" else f"10.96.{dice.randint(1, 200)}.{dice.randint(10, 250)}"
    nobody = "No address: NXDOMAIN"
    fit = sorted(ip for ip, ok in zip(ips, ready, strict=True) if ok)
    return Draft(
        stem=f"What does a Pod in the same namespace get when it looks up `{app}`?",
        shown=(
            shown("service.yaml", made),
            table("pods", "NAME READY IP", [(name_of(p), "1/1" if ok else "0/1", ip) for p, ok, ip in zip(pods, ready, ips, strict=True)]),
        ),
        right=several(sorted(record.value for record in report.lookups[0].records), nobody),
        why="A headless Service has no address of its own: its name stands for the addresses of its Pods."
        if flat["clusterIP"] == "None"
        else "This Service has a cluster IP, and its name stands for that, whoever is Ready.",
        wrong=(
            Wrong(
                "no-type-is-headless" if flat["clusterIP"] != "None" else "headless-is-proxied",
                several([virtual] if flat["clusterIP"] == "None" else fit, nobody),
                "`clusterIP: None` is what makes a Service headless.",
            ),
            Wrong(
                "running-means-ready",
                several(sorted(ips)),
                "Pods that are not Ready are left out, unless `publishNotReadyAddresses` says otherwise.",
            ),
            Wrong(
                "readiness-governs-dns",
                several(fit, nobody),
                "`publishNotReadyAddresses` or a cluster IP makes readiness count for nothing here.",
            ),
            Wrong("headless-has-no-name", nobody, "The name is there, and has addresses."),
            Wrong("first-pod-answers", several(sorted(ips)[:1]), "DNS gives all addresses; the client chooses."),
        ),
        explanation="The name of a Service stands for its cluster IP; of a headless one, for the addresses of Ready Pods.",
        trace=looked_up(report),
    )


def external_name(dice: Random) -> Draft:
    app, (home, away) = dice.choice(APPS), dice.sample(NAMESPACES, 2)
    target = f"{dice.choice(('db', 'files', 'sql', 'cdn'))}.{dice.choice(DOMAINS)}"
    kind = dice.random()
    made = service(app, None, namespace=home, type="ExternalName", externalName=target, port=dice.choice(PORTS), target=dice.choice(PORTS))
    if kind < 0.3:
        made = {
            **service(app, {"app": app}, namespace=home),
            "spec": {"clusterIP": f"10.96.7.{dice.randint(10, 250)}", **service(app, {"app": app})["spec"]},
        }
    report = play([namespace(home), namespace(away), made, client(away)], lookups=[{"from": from_pod(away), "name": f"{app}.{home}"}])
    records = report.lookups[0].records
    ip = f"10.96.7.{dice.randint(10, 250)}"
    own = f"{app}.{home}.svc.cluster.local."

    def answer(kind: str, value: str) -> str:
        return f"One {kind} record: `{value}`"

    return Draft(
        stem=f"A Pod in `{away}` looks up `{app}.{home}`. What does the cluster's DNS itself answer?",
        shown=(shown("service.yaml", made),),
        right=answer(records[0].type, records[0].value) if records else "No record: NXDOMAIN",
        why="An ExternalName Service is an alias in DNS."
        if made["spec"].get("externalName")
        else "A Service with a cluster IP is found by that.",
        wrong=(
            Wrong("external-name-is-a-proxy", answer("A", ip), "An ExternalName Service has no address of its own; nothing is proxied."),
            Wrong("names-are-their-own-alias", answer("CNAME", own), "That is the name that was asked for."),
            Wrong("short-name-everywhere", "No record: NXDOMAIN", f"The search list of a Pod in `{away}` completes `{app}.{home}`."),
            Wrong(
                "external-name-adds-port",
                answer("SRV", f"{target}:{made['spec']['ports'][0]['port']}"),
                "A record for addresses carries no port, and the client dials its own.",
            ),
        ),
        explanation="ExternalName rewrites nothing but the look-up: port, Host header and the name in TLS stay what the client wrote.",
        trace=looked_up(report),
    )


_B, _I = Level.BEGINNER, Level.INTERMEDIATE
TEMPLATES = (
    Template("svc-type-reachability", "services", _B, type_reachability, _SERVICE, "svc-five-forms"),
    Template("svc-node-port-any-node", "services", _I, node_port, _SERVICE, "svc-type-node-port"),
    Template("svc-headless", "services", _I, headless, _SERVICE, "svc-five-forms"),
    Template("svc-external-name", "services", _I, external_name, _SERVICE, "svc-five-forms"),
    Template("svc-load-balancer-pending", "services", _B, load_balancer_pending, _SERVICE, "svc-type-load-balancer"),
)
