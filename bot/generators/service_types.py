"""Questions about the types of Services: from where each is reached, what its name stands for.

Responsible for: random Services of every type and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`).
"""

from __future__ import annotations

from random import Random

from bot.generators.draft import Draft, Reason, Template, Wrong, fitting
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
        why=Reason(
            f"That is what `{kind}` gives{' without node ports' if no_node_port else ''}. Each type adds to the one before it.",
            (3 in places) == (kind != "ClusterIP" and not no_node_port) and (4 in places) == (kind == "LoadBalancer") and places >= {1, 2},
        ),
        wrong=(
            Wrong("namespace-is-a-wall", _places(places - {2}), "Namespaces are no walls: a name with the namespace is enough."),
            *(
                [Wrong("types-exclude-each-other", _places(places - {1, 2}), "A wider type keeps the cluster IP and what goes with it.")]
                if kind != "ClusterIP"
                else [
                    Wrong(
                        "load-balancers-serve-all", _places({1, 2, 4}), "Only a Service of type LoadBalancer asks for an external address."
                    )
                ]
            ),
            Wrong("cluster-ip-is-public", _places(places | {3}), "No node port was given to this Service."),
            Wrong(
                "node-port-needs-load-balancer",
                _places(places - {3}),
                "A node port is opened by the nodes themselves; no load balancer is needed.",
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
    made = service(app, {"app": app}, namespace=home, type="LoadBalancer", **no_node_port)
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
        why=fitting(
            Reason(
                "Every node takes the connection and passes it on to any Ready Pod, wherever that runs.", bool(report.answers[0].backends)
            ),
            Reason("Every node takes the connection, and there is no Ready Pod to pass it on to.", not report.answers[0].backends),
        ),
        wrong=(
            Wrong(
                "node-port-where-the-pod-is",
                several([n for n, node, ready in placed if node == dialled and ready], "Nobody: the connection fails"),
                Reason(
                    f"`{dialled}` passes connections on to the other nodes, since `externalTrafficPolicy` is `Cluster`.",
                    any(b.node != dialled for b in report.answers[0].backends),
                ),
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
                Reason(
                    f"Pods on `{dialled}` itself take part like all others.", any(b.node == dialled for b in report.answers[0].backends)
                ),
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
    given = sorted(record.value for record in report.lookups[0].records)
    own = Reason(f"This Service has a cluster IP, and its name stands for that: `{virtual}`.", given == [virtual])
    return Draft(
        stem=f"What does a Pod in the same namespace get when it looks up `{app}`?",
        shown=(
            shown("service.yaml", made),
            table("pods", "NAME READY IP", [(name_of(p), "1/1" if ok else "0/1", ip) for p, ok, ip in zip(pods, ready, ips, strict=True)]),
        ),
        right=several(given, nobody),
        why=fitting(
            own,
            Reason("A headless Service has no address of its own, and here it has no Ready Pod whose address it could give.", not given),
            Reason(
                "A headless Service has no address of its own: its name stands for those of its Pods, Ready or not.", given == sorted(ips)
            ),
            Reason("A headless Service has no address of its own: its name stands for those of its Ready Pods.", given == fit),
        ),
        wrong=(
            Wrong(
                "no-type-is-headless" if flat["clusterIP"] != "None" else "headless-is-proxied",
                several([virtual] if flat["clusterIP"] == "None" else fit, nobody),
                "`clusterIP: None` is what makes a Service headless.",
            ),
            Wrong(
                "running-means-ready",
                several(sorted(ips)),
                fitting(
                    own,
                    Reason(
                        "Pods that are not Ready are left out, unless `publishNotReadyAddresses` says otherwise.",
                        not early and set(given) < set(ips),
                    ),
                ),
            ),
            Wrong(
                "readiness-governs-dns",
                several(fit, nobody),
                fitting(own, Reason("`publishNotReadyAddresses` makes readiness count for nothing here.", bool(early))),
            ),
            Wrong("headless-has-no-name", nobody, "The name is there, and has addresses."),
            Wrong(
                "first-pod-answers",
                several((given if flat["clusterIP"] == "None" else fit or sorted(ips))[:1], nobody),
                fitting(own, Reason(f"DNS gives all {len(given)} addresses; the client chooses.", len(given) > 1)),
            ),
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
    ip, pod_ip = f"10.96.7.{dice.randint(10, 250)}", addresses(dice, 1)[0]
    own = f"{app}.{home}.svc.cluster.local."
    alias = made["spec"].get("externalName", "")

    def answer(kind: str, value: str) -> str:
        return f"One {kind} record: `{value}`"

    return Draft(
        stem=f"A Pod in `{away}` looks up `{app}.{home}`. What does the cluster's DNS itself answer?",
        shown=(shown("service.yaml", made),),
        right=answer(records[0].type, records[0].value) if records else "No record: NXDOMAIN",
        why=fitting(
            Reason("An ExternalName Service is an alias in DNS.", bool(alias) and records[0].type == "CNAME"),
            Reason("The name of a Service with a cluster IP stands for that.", records[0].value == made["spec"].get("clusterIP")),
        ),
        wrong=(
            Wrong("external-name-is-a-proxy", answer("A", ip), "An ExternalName Service has no address of its own; nothing is proxied.")
            if alias
            else Wrong("names-lead-to-pods", answer("A", pod_ip), "Only the name of a headless Service stands for its Pods."),
            Wrong("names-are-their-own-alias", answer("CNAME", own), "That is the name that was asked for."),
            Wrong(
                "short-name-everywhere",
                "No record: NXDOMAIN",
                Reason(f"The search list of a Pod in `{away}` completes `{app}.{home}`.", bool(records)),
            ),
            *(
                [
                    Wrong(
                        "external-name-adds-port",
                        answer("SRV", f"{target}:{made['spec']['ports'][0]['port']}"),
                        "A record for addresses carries no port, and the client dials its own.",
                    )
                ]
                if alias
                else []
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
