"""Questions about Services: which Pods they find, which port they lead to, what the API server refuses.

Responsible for: random Services and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`).
"""

from __future__ import annotations

from random import Random

from bot.generators.draft import Draft, Template, UnfitError, Wrong
from bot.generators.play import (
    ANSWERED,
    APPS,
    HANGS,
    NAMESPACES,
    PORTS,
    REFUSED,
    TIERS,
    TRACKS,
    Tree,
    addresses,
    answering,
    ask,
    client,
    ending,
    endpoint_slice,
    labels_of,
    name_of,
    namespace,
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


def _labels(pod: Tree) -> dict[str, str]:
    labels: dict[str, str] = pod["metadata"]["labels"]
    return labels


def selector_match(dice: Random) -> Draft:
    app, other = dice.sample(APPS, 2)
    tier, track = dice.choice(TIERS), dice.choice(TRACKS)
    selector = {"app": app, "tier": tier}
    kinds = [{**selector, "track": track}, selector, {"app": app}, {"app": other, "tier": tier}, {"app": app, "tier": tier.upper()}]
    names = [f"{dice.choice((app, other, tier))}-{number}" for number in range(1, 6)]
    pods = [pod(name, labels) for name, labels in zip(names, dice.sample([*kinds, dice.choice(kinds)], 5), strict=True)]
    report = play([service(app, selector), *pods, client()], requests=[ask(app)])
    broad = play([service(app, {"app": app}), *pods, client()], requests=[ask(app)])
    keys = [name_of(p) for p in pods if selector.items() & _labels(p).items()]
    equal = [name_of(p) for p in pods if _labels(p) == selector]
    named = [name for name in names if name.startswith(f"{app}-")]
    ending_alike = [name_of(p) for p in pods if {k: v.lower() for k, v in _labels(p).items()}.items() >= selector.items()]
    return Draft(
        stem="All these Pods are Ready. Which of them does the Service send traffic to?",
        shown=(shown("service.yaml", service(app, selector)), table("pods", "NAME LABELS", [(name_of(p), labels_of(p)) for p in pods])),
        right=several(answering(report.answers[0])),
        why=f"They carry both `app={app}` and `tier={tier}`. What else a Pod carries does not matter.",
        without=several(answering(broad.answers[0])),
        wrong=(
            Wrong("one-label-is-enough", several(sorted(keys)), f"Some of these lack `app={app}` or `tier={tier}`; a selector wants both."),
            Wrong("labels-must-be-equal", several(sorted(equal)), "An additional label such as `track` does not keep a Pod out."),
            Wrong("names-make-the-match", several(sorted(named)), f"A name that begins with `{app}` is no label. Look at the LABELS."),
            Wrong("labels-ignore-case", several(sorted(ending_alike)), f"`{tier.upper()}` and `{tier}` are two values: case counts."),
        ),
        explanation="A Service finds a Pod if every pair of its selector is among the Pod's labels, letter for letter.",
        trace=way(report),
    )


def selector_namespace(dice: Random) -> Draft:
    app = dice.choice(APPS)
    home, away, third = dice.sample(NAMESPACES, 3)
    places = [home, home, away, away, third]
    dice.shuffle(places)
    pods = [pod(f"{app}-{n}", {"app": app}, namespace=place) for n, place in enumerate(places[: dice.randint(4, 5)], 1)]
    where = dice.choice((home, away))
    objects = [*(namespace(n) for n in (home, away, third)), *pods, client(where)]
    report = play([*objects, service(app, {"app": app}, namespace=home)], requests=[ask(f"{app}.{home}", where)])

    def those_in(*places: str) -> str:
        return several(name_of(p) for p in pods if p["metadata"]["namespace"] in places)

    return Draft(
        stem=f"The Pod `client` in the namespace `{where}` sends requests to `http://{app}.{home}`. All Pods are Ready. Which "
        "ones may answer?",
        shown=(
            shown("service.yaml", service(app, {"app": app}, namespace=home)),
            table("pods", "NAMESPACE NAME LABELS", [(p["metadata"]["namespace"], name_of(p), labels_of(p)) for p in pods]),
        ),
        right=several(answering(report.answers[0])),
        why=f"The Service lives in `{home}` and finds Pods there, wherever the client is.",
        wrong=(
            Wrong(
                "selectors-cross-namespaces", those_in(home, away, third), f"A selector looks in the Service's namespace `{home}` alone."
            ),
            Wrong("client-namespace-chooses", those_in(away), f"The Service is in `{home}`; the Pods of `{away}` are strangers to it."),
            Wrong("service-looks-elsewhere-too", those_in(home, away), f"`{away}` is not where the Service is: labels do not help there."),
            Wrong("service-serves-others", those_in(away, third), f"A Service serves from its own namespace, `{home}`."),
        ),
        explanation="A selector reaches as far as the Service's own namespace. Clients may come from anywhere.",
        trace=way(report),
    )


def readiness(dice: Random) -> Draft:
    app, other = dice.sample(APPS, 2)
    states = [("1/1", "Running"), ("0/1", "Running"), ("0/1", "Pending"), ("1/1", "Running"), ("0/1", "Running")]
    dice.shuffle(states)
    rows = [(f"{app}-{n}", app, *state) for n, state in enumerate(states[: dice.randint(3, 5)], 1)]
    rows.append((f"{app}-{len(rows) + 1}", other, "1/1", "Running"))
    pods = [pod(n, {"app": a}, ready=ready == "1/1", phase=phase if phase != "Running" else "") for n, a, ready, phase in rows]
    report = play([service(app, {"app": app}), *pods, client()], requests=[ask(app)])
    ready_all = play([service(app, {"app": app}), *(pod(n, {"app": a}) for n, a, *_ in rows), client()], requests=[ask(app)])
    return Draft(
        stem=f"The Service `{app}` has the selector `app={app}`. Which Pods answer requests to it?",
        shown=(table("pods", "NAME READY STATUS LABELS", [(n, ready, phase, f"app={a}") for n, a, ready, phase in rows]),),
        right=several(answering(report.answers[0])),
        why="Its labels fit and it is Ready, and only both together bring traffic.",
        without=several(answering(ready_all.answers[0])),
        wrong=(
            Wrong(
                "running-means-ready",
                several(n for n, a, _, phase in rows if a == app and phase == "Running"),
                "STATUS tells that the process runs. READY 0/1 tells that its probe fails: no traffic yet.",
            ),
            Wrong(
                "service-retries-blindly",
                several(n for n, a, *_ in rows if a == app),
                "Only Ready Pods are sent traffic; nobody tries the rest.",
            ),
            Wrong(
                "readiness-is-enough",
                several(n for n, _, ready, _ in rows if ready == "1/1"),
                f"One of them is Ready but carries `app={other}`: the selector passes it by.",
            ),
            Wrong(
                "running-is-enough", several(n for n, _, _, phase in rows if phase == "Running"), "Labels and readiness decide, not STATUS."
            ),
        ),
        explanation="An endpoint gets traffic when the selector fits and the Pod's Ready condition is true.",
        trace=way(report),
    )


def target_port(dice: Random) -> Draft:
    app = dice.choice(APPS)
    port, target, declared = dice.sample((80, 443, *PORTS), 3)
    node_port = dice.randint(30000, 32767)
    given = dice.random() < 0.7
    made = service(
        app,
        {"app": app},
        type="NodePort",
        ports=[{"port": port, **({"targetPort": target} if given else {}), "nodePort": node_port}],
    )
    one = pod(f"{app}-1", {"app": app}, ports=(declared,), listens=f"{port},{target},{declared}")
    report = play([made, one, client()], requests=[ask(app, port=port)])
    return Draft(
        stem=f"A Pod calls `http://{app}:{port}`. At which port does the request arrive at `{app}-1`? Its process listens on all of them.",
        shown=(shown("service.yaml", made), shown("pod.yaml", one)),
        right=f"Port `{report.answers[0].backends[0].port}`" if report.answers[0].backends else "No port",
        why="It is the `targetPort`." if given else "There is no `targetPort`, and then it is the same number as `port`.",
        wrong=(
            Wrong("port-is-pod-port", f"Port `{port}`", f"{port} is what clients dial at the Service; the Pod sees the `targetPort`."),
            Wrong(
                "container-port-corrects",
                f"Port `{declared}`",
                f"`containerPort` {declared} is a note for readers; the Service does not follow it.",
            ),
            Wrong(
                "node-port-is-on-the-way", f"Port `{node_port}`", "The node port is for clients that dial a node. Nothing inside passes it."
            ),
            Wrong("target-port-is-a-default", f"Port `{target}`", "That number stands nowhere in the Service."),
        )[: 4 if given else 3],
        explanation="`port` is the Service's, `targetPort` the Pod's, and without a `targetPort` both are the same.",
        trace=way(report),
    )


def named_target_port(dice: Random) -> Draft:
    app, name = dice.choice(APPS), dice.choice(("http", "web", "rest", "main"))
    numbers = dice.sample(PORTS, 3)
    other = dice.choice(("metrics", "admin", "probe"))
    ports: list[Tree] = [
        {"name": name, "containerPort": numbers[0]},
        {"name": name, "containerPort": numbers[1]},
        {"name": other, "containerPort": numbers[2]},
    ]
    dice.shuffle(ports)
    pods = [pod(f"{app}-{n}", {"app": app}, ports=(port,)) for n, port in enumerate(ports, 1)]
    made = service(app, {"app": app}, target=name)
    report = play([made, *pods, client()], requests=[ask(app)])
    plain = play([service(app, {"app": app}, target=numbers[0]), *pods, client()], requests=[ask(app)])

    def listed(pairs: list[tuple[str, int]]) -> str:
        return several(f"{pod}:{port}" for pod, port in sorted(pairs))

    every: list[tuple[str, int]] = [(name_of(p), port["containerPort"]) for p, port in zip(pods, ports, strict=True)]
    first: int = next(port["containerPort"] for port in ports if port["name"] == name)
    return Draft(
        stem="All three Pods are Ready. Which Pods get requests, and at which port?",
        shown=(
            shown("service.yaml", made),
            table("pods", "NAME PORT-NAME CONTAINER-PORT", [(n, p["name"], c) for (n, c), p in zip(every, ports, strict=True)]),
        ),
        right=listed([(b.pod.name, b.port) for b in report.answers[0].backends if b.pod]),
        why=f"In each Pod the port called `{name}` counts; who has none by that name is left out.",
        without=listed([(b.pod.name, b.port) for b in plain.answers[0].backends if b.pod]),
        wrong=(
            Wrong("first-pod-names-the-port", listed([(n, first) for n, _ in every]), f"`{name}` is looked up in each Pod anew."),
            Wrong(
                "same-number-will-do", listed(every), f"The Pod with `{other}` has no port called `{name}`, so it is no endpoint for it."
            ),
            Wrong("ports-must-agree", listed([(n, c) for n, c in every if c == first]), "Pods may put different numbers behind one name."),
            Wrong(
                "port-is-pod-port", listed([(n, 80) for n, _ in every]), "80 is the Service's port. The Pod sees the port behind the name."
            ),
        ),
        explanation="A named `targetPort` is resolved Pod by Pod, which lets two versions of an app listen on two numbers.",
        trace=way(report),
    )


def container_port(dice: Random) -> Draft:
    app = dice.choice(APPS)
    target, other = dice.sample(PORTS, 2)
    declared = dice.choice((target, other, None))
    listens = dice.choice((target, target, other))
    made = service(app, {"app": app}, target=target)
    one = pod(f"{app}-1", {"app": app}, ports=(declared,) if declared else (), listens=str(listens))
    report = play([made, one, client()], requests=[ask(app)])
    answer = report.answers[0]

    def answered(port: int) -> str:
        return f"{ANSWERED} from port {port}"

    says = f"`containerPort: {declared}`" if declared else "no `containerPort` at all"
    return Draft(
        stem=f"The only Pod behind the Service `{app}` is Ready. Its process listens on port {listens}; its manifest has {says}. "
        f"What does a client of `http://{app}` meet?",
        shown=(shown("service.yaml", made),),
        right=answered(answer.backends[0].port) if answer.curl_exit == 0 else ending(answer),
        why=f"Packets go to {target}, the `targetPort`, and there a process {'listens' if listens == target else 'does not listen'}.",
        wrong=(
            Wrong(
                "container-port-is-a-firewall",
                answered(target) if declared == target else REFUSED,
                "`containerPort` opens and closes nothing.",
            ),
            Wrong(
                "container-port-corrects", answered(declared or listens), f"Nobody corrects a `targetPort`: {target} is what is dialled."
            ),
            Wrong("container-port-filters", HANGS, "No packets are filtered by what a manifest declares."),
            Wrong("port-is-pod-port", answered(80), "80 is the Service's port; the Pod is dialled at the `targetPort`."),
        ),
        explanation="`containerPort` informs people and names ports. What counts is `targetPort`, and a process that listens there.",
        trace=way(report),
    )


def manual_endpoints(dice: Random) -> Draft:
    app, other = dice.sample(APPS, 2)
    ips = addresses(dice, 4)
    owners = [app, "", other, app]
    dice.shuffle(owners)
    names = [app, f"{app}-{dice.choice('abc')}", other, f"manual-{dice.randint(1, 9)}"]
    dice.shuffle(names)
    slices = [endpoint_slice(n, of, [{"addresses": [ip]}]) for n, of, ip in zip(names, owners, ips, strict=True)]
    rows = list(zip(names, owners, ips, strict=True))
    report = play([service(app, None), service(other, None), *slices, client()], requests=[ask(app)])
    return Draft(
        stem=f"The Service `{app}` has no selector. Four EndpointSlices were written by hand, all for port 8080. Where do "
        f"requests to `{app}` go?",
        shown=(
            shown("service.yaml", service(app, None)),
            table("slices", "NAME SERVICE-NAME-LABEL ADDRESS", [(n, of or "-", ip) for n, of, ip in rows]),
        ),
        right=several(sorted(b.ip for b in report.answers[0].backends), "Nowhere: it is refused"),
        why=f"The label `kubernetes.io/service-name={app}` makes a slice belong to `{app}`.",
        wrong=(
            Wrong(
                "slice-by-name",
                several(sorted(ip for n, _, ip in rows if n == app)),
                "The name of a slice is free. The label ties it to a Service.",
            ),
            Wrong("slice-by-port", several(sorted(ips)), "An equal port does not make a slice the Service's."),
            Wrong(
                "slice-name-prefix",
                several(sorted(ip for n, _, ip in rows if n.startswith(app))),
                "Generated slices begin like that, and it is their label that counts.",
            ),
            Wrong(
                "label-or-name", several(sorted(ip for n, of, ip in rows if app in (n, of))), "A name without the label counts for nothing."
            ),
        ),
        explanation="Without a selector nobody fills the slices; kube-proxy takes those whose label names the Service.",
        trace=way(report),
    )


def balancing(dice: Random) -> Draft:
    app, pods = dice.choice(APPS), dice.randint(3, 6)
    ready = dice.randint(2, pods - 1)
    connections, each = dice.choice(((1, 600), (1, 1200), (60, 20), (120, 10), (1, 300), (240, 5)))
    objects = [service(app, {"app": app}), *(pod(f"{app}-{n}", {"app": app}, ready=n <= ready) for n in range(1, pods + 1)), client()]
    report = play(objects, requests=[ask(app)])
    total, targets = connections * each, len(report.answers[0].backends)

    def spread(over: int) -> str:
        return f"{over} Pods get about {round(total / over)} each" if over > 1 else f"1 Pod gets all {total} of them"

    held = "one kept-alive connection" if connections == 1 else f"{connections} connections with {each} requests each"
    return Draft(
        stem=f"The Service `{app}` selects {pods} Pods, {ready} of them Ready. A client sends {total} requests over {held}. How "
        "do they spread?",
        shown=(),
        right=spread(1 if connections == 1 else targets),
        why="Each connection chooses a Ready Pod once, and its requests stay there.",
        wrong=(
            Wrong(
                "balancing-per-request" if connections == 1 else "one-client-one-pod",
                spread(ready if connections == 1 else 1),
                "A Pod is chosen for a connection, not for a request or a client.",
            ),
            Wrong("running-means-ready", spread(pods), f"{pods - ready} of the Pods are not Ready and get none."),
            Wrong("one-pod-in-reserve", spread(ready - 1), "No Pod is held in reserve."),
        ),
        explanation="kube-proxy balances connections. HTTP keep-alive and gRPC put many requests on one of them.",
        trace=way(report),
    )


def over_broad(dice: Random) -> Draft:
    part, (app, other) = dice.choice(("shopfront", "platform", "backend", "suite")), dice.sample(APPS, 2)
    mine, theirs = dice.sample((1, 2, 3, 4), 2)
    idle = dice.randint(1, 2)
    rows = [(f"{app}-{n}", app, True) for n in range(1, mine + 1)] + [
        (f"{other}-{n}", other, n <= theirs) for n in range(1, theirs + idle + 1)
    ]
    pods = [pod(n, {"part-of": part, "app": a}, ready=ok) for n, a, ok in rows]
    made = service(app, {"part-of": part})
    report = play([made, *pods, client()], requests=[ask(app)])
    share = sum(b.share for b in report.answers[0].backends if b.pod and b.pod.name.startswith(f"{other}-"))

    def percent(value: float) -> str:
        return f"About {round(100 * value)}%"

    return Draft(
        stem=f"The team of `{app}` wrote this Service. Which share of its connections ends at Pods of `{other}`?",
        shown=(
            shown("service.yaml", made),
            table(
                "pods", "NAME READY LABELS", [(n, "1/1" if ok else "0/1", labels_of(p)) for (n, _, ok), p in zip(rows, pods, strict=True)]
            ),
        ),
        right=percent(share),
        why=f"All Pods carry `part-of={part}`: {theirs} of the {mine + theirs} Ready ones are of `{other}`.",
        wrong=(
            Wrong("share-per-app", percent(0.5), "Each Ready Pod counts the same, whichever app it belongs to."),
            Wrong("names-make-the-match", percent(0), f"The Service's name is `{app}`, and its selector says only `part-of={part}`."),
            Wrong("running-means-ready", percent((theirs + idle) / (mine + theirs + idle)), "Pods that are not Ready get none."),
            Wrong(
                "weight-over-the-other",
                percent(theirs / mine) if theirs < mine else percent(mine / theirs),
                f"The share is of all {mine + theirs} Ready Pods.",
            ),
        ),
        explanation="A selector with too few pairs takes in strangers. Select by what is the app's own.",
        trace=way(report),
    )


def invalid_specs(dice: Random) -> Draft:
    app = dice.choice(APPS)
    node = dice.choice((8080, 443, 35432, 29999, 30000, 32767, 31337, 33000))
    first: Tree = {"port": dice.choice((80, 443, 8080)), "nodePort": node}
    second: Tree = {"port": dice.choice((9090, 9100, 7000)), "targetPort": dice.choice(PORTS)}
    names = dice.choice(((), ("http", "metrics"), ("http", "http"), ("web", "admin")))
    ports = [first, second]
    if names:
        ports = [{"name": name, **port} for name, port in zip(names, ports, strict=True)]
    ports = ports[: dice.randint(1, 2)]
    made = service(app, {"app": app}, type="NodePort", ports=ports)
    report = play([made])
    faults = [field for field in ("name", "nodePort") if f".{field}:" in report.apply.stderr]

    def verdict(fields: list[str]) -> str:
        return f"Refused because of {several(fields)}" if fields else "Accepted: `service created`"

    if len(report.apply.stderr.strip()) and not faults:
        raise UnfitError("another fault")
    out_of_range = ["nodePort"] if not 30000 <= node <= 32767 else []
    return Draft(
        stem="The cluster has the usual range for node ports, and the manifest is applied. What does the API server say?",
        shown=(shown("service.yaml", made),),
        right=verdict(faults),
        why="Node ports lie in 30000-32767, and several ports of one Service need names of their own."
        if faults
        else "One port needs no name, several differ in theirs, and the node port lies in 30000-32767.",
        wrong=(
            Wrong("server-corrects-values", verdict([]), "Values that are not allowed are refused, never corrected."),
            Wrong("names-are-optional", verdict(out_of_range), "With several ports each needs a name, and no name may stand twice."),
            Wrong("node-port-is-free", verdict([f for f in faults if f != "nodePort"]), "A node port lies in 30000-32767."),
            Wrong("names-are-required", verdict(["name"]), "A single port needs no name, and two names that differ are fine."),
            Wrong("node-ports-are-given", verdict(["nodePort"]), f"{node} may be written down if it is in 30000-32767 and free."),
            Wrong("target-port-is-required", verdict(["targetPort"]), "Without a `targetPort` it is the same number as `port`."),
        ),
        explanation="The API server checks the whole Service and names each field that it refuses.",
        trace=report.apply.stdout + report.apply.stderr,
    )


_B, _I = Level.BEGINNER, Level.INTERMEDIATE
TEMPLATES = (
    Template("svc-selector-match", "services", _B, selector_match, _SERVICE, "svc-selector"),
    Template("svc-selector-namespace", "services", _B, selector_namespace, _SERVICE, "svc-selector"),
    Template("svc-readiness", "services", _B, readiness, _SERVICE, "slice-conditions-decide"),
    Template("svc-port-target-port", "services", _B, target_port, _SERVICE, "svc-three-ports"),
    Template("svc-named-target-port", "services", _I, named_target_port, _SERVICE, "svc-three-ports"),
    Template("svc-container-port-informative", "services", _I, container_port, _SERVICE, "svc-three-ports"),
    Template("svc-manual-endpoints", "services", _I, manual_endpoints, _SERVICE, "slice-many-and-mirrored"),
    Template(
        "svc-connection-balancing", "services", _I, balancing, _SERVICE, "svc-virtual-address",
        model="kube-proxy in iptables mode chooses a Pod by chance for each new connection, and the client keeps its connections open.",
    ),
    Template("svc-over-broad-selector", "services", _I, over_broad, _SERVICE, "svc-selector"),
    Template("svc-invalid-specs", "services", _I, invalid_specs, _SERVICE, "svc-three-ports"),
)  # fmt: skip
