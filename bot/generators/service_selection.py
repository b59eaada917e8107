"""Questions about the Pods that a Service finds, and what each of them gets.

Responsible for: random selectors, labels and endpoints, and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`).
"""

from __future__ import annotations

from random import Random

from bot.generators.draft import Draft, Reason, Template, Wrong, fitting
from bot.generators.play import (
    APPS,
    NAMESPACES,
    TIERS,
    TRACKS,
    Tree,
    addresses,
    answering,
    ask,
    client,
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
    fit = answering(report.answers[0])
    lacking = next(
        (f"`{name_of(p)}` lacks `{k}={v}`" for p in pods if name_of(p) in keys for k, v in selector.items() if _labels(p).get(k) != v), ""
    )
    ending_alike = [name_of(p) for p in pods if {k: v.lower() for k, v in _labels(p).items()}.items() >= selector.items()]
    return Draft(
        stem="All these Pods are Ready. Which of them does the Service send traffic to?",
        shown=(shown("service.yaml", service(app, selector)), table("pods", "NAME LABELS", [(name_of(p), labels_of(p)) for p in pods])),
        right=several(fit),
        why=Reason(
            f"Both `app={app}` and `tier={tier}` are among the labels. What else a Pod carries does not matter.",
            bool(fit) and all(selector.items() <= _labels(p).items() for p in pods if name_of(p) in fit),
        ),
        without=several(answering(broad.answers[0])),
        wrong=(
            Wrong("one-label-is-enough", several(sorted(keys)), Reason(f"{lacking}; a selector wants both labels.", bool(lacking))),
            Wrong("labels-must-be-equal", several(sorted(equal)), "An additional label such as `track` does not keep a Pod out."),
            Wrong(
                "names-make-the-match",
                several(sorted(named)),
                Reason(f"A name that begins with `{app}` is no label. Look at the LABELS.", sorted(named) != fit),
            ),
            Wrong(
                "labels-ignore-case",
                several(sorted(ending_alike)),
                Reason(f"`{tier.upper()}` and `{tier}` are two values: case counts.", set(ending_alike) > set(fit)),
            ),
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
    objects = [*(namespace(n) for n in (home, away, third)), *pods, client(away)]
    report = play([*objects, service(app, {"app": app}, namespace=home)], requests=[ask(f"{app}.{home}", away)])

    def those_in(*places: str) -> str:
        return several(name_of(p) for p in pods if p["metadata"]["namespace"] in places)

    return Draft(
        stem=f"The Pod `client` in the namespace `{away}` sends requests to `http://{app}.{home}`. All Pods are Ready. Which "
        "ones may answer?",
        shown=(
            shown("service.yaml", service(app, {"app": app}, namespace=home)),
            table("pods", "NAMESPACE NAME LABELS", [(p["metadata"]["namespace"], name_of(p), labels_of(p)) for p in pods]),
        ),
        right=several(answering(report.answers[0])),
        why=Reason(
            f"The Service lives in `{home}` and finds Pods there, wherever the client is.",
            several(answering(report.answers[0])) == those_in(home),
        ),
        wrong=(
            Wrong(
                "selectors-cross-namespaces",
                those_in(home, away, third),
                Reason(f"A selector looks in the Service's namespace `{home}` alone.", those_in(away, third) != "None of them"),
            ),
            Wrong(
                "client-namespace-chooses",
                those_in(away),
                Reason(f"The Service is in `{home}`; the Pods of `{away}` are strangers to it.", home != away),
            ),
            Wrong(
                "service-looks-elsewhere-too",
                those_in(home, away),
                Reason(f"`{away}` is not where the Service is: labels do not help there.", home != away),
            ),
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
        why=fitting(
            Reason("The labels fit and READY is 1/1, and only both together bring traffic.", bool(report.answers[0].backends)),
            Reason(f"No Pod with `app={app}` is Ready, so nobody gets traffic.", not report.answers[0].backends),
        ),
        without=several(answering(ready_all.answers[0])),
        wrong=(
            Wrong(
                "running-means-ready",
                several(n for n, a, _, phase in rows if a == app and phase == "Running"),
                "STATUS tells that the process runs. READY 0/1 tells that it is not ready: no traffic yet.",
            ),
            Wrong(
                "service-retries-blindly",
                several(n for n, a, *_ in rows if a == app),
                "Only Ready Pods are sent traffic; nobody tries the rest.",
            ),
            Wrong(
                "readiness-is-enough",
                several(n for n, _, ready, _ in rows if ready == "1/1"),
                Reason(
                    f"One of them is Ready but carries `app={other}`: the selector passes it by.",
                    any(a == other and ready == "1/1" for _, a, ready, _ in rows),
                ),
            ),
            Wrong(
                "running-is-enough", several(n for n, _, _, phase in rows if phase == "Running"), "Labels and readiness decide, not STATUS."
            ),
        ),
        explanation="An endpoint gets traffic when the selector fits and the Pod's Ready condition is true.",
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
        why=Reason(
            f"The label `kubernetes.io/service-name={app}` makes a slice belong to `{app}`.",
            {b.ip for b in report.answers[0].backends} == {ip for _, of, ip in rows if of == app},
        ),
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
        why=Reason(
            f"All Pods carry `part-of={part}`, and of the {mine + theirs} that are Ready `{other}` has {theirs}.",
            percent(share) == percent(theirs / (mine + theirs)),
        ),
        wrong=(
            Wrong("share-per-app", percent(0.5), "Each Ready Pod counts the same, whichever app it belongs to."),
            Wrong(
                "names-make-the-match",
                percent(0),
                Reason(
                    f"The Service's name is `{app}`, and its selector says only `part-of={part}`.",
                    made["spec"]["selector"] == {"part-of": part},
                ),
            ),
            Wrong("running-means-ready", percent((theirs + idle) / (mine + theirs + idle)), "Pods that are not Ready get none."),
            Wrong(
                "weight-over-the-other",
                percent(theirs / mine) if theirs < mine else percent(mine / theirs),
                Reason(f"The share is of all {mine + theirs} Ready Pods.", len(report.answers[0].backends) == mine + theirs),
            ),
        ),
        explanation="A selector with too few pairs takes in strangers. Select by what is the app's own.",
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
            Wrong(
                "running-means-ready",
                spread(pods),
                fitting(
                    Reason("One connection ends at one Pod, and no connection at a Pod that is not Ready.", connections == 1),
                    Reason(f"Of the {pods} Pods only {targets} are Ready; the rest get none.", targets < pods),
                ),
            ),
            Wrong("one-pod-in-reserve", spread(ready - 1), "No Pod is held in reserve."),
        ),
        explanation="kube-proxy balances connections. HTTP keep-alive and gRPC put many requests on one of them.",
        trace=way(report),
    )


_B, _I = Level.BEGINNER, Level.INTERMEDIATE
TEMPLATES = (
    Template("svc-selector-match", "services", _B, selector_match, _SERVICE, "svc-selector"),
    Template("svc-selector-namespace", "services", _B, selector_namespace, _SERVICE, "svc-selector"),
    Template("svc-readiness", "services", _B, readiness, _SERVICE, "slice-conditions-decide"),
    Template("svc-manual-endpoints", "services", _I, manual_endpoints, _SERVICE, "slice-many-and-mirrored"),
    Template(
        "svc-connection-balancing", "services", _I, balancing, _SERVICE, "svc-virtual-address",
        model="kube-proxy in iptables mode chooses a Pod by chance for each new connection, and the client keeps its connections open.",
    ),
    Template("svc-over-broad-selector", "services", _I, over_broad, _SERVICE, "svc-selector"),
)  # fmt: skip
