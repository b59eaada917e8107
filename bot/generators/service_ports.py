"""Questions about the ports of Services: where a request arrives, what the API server refuses.

Responsible for: random ports, names and numbers, and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`).
"""

from __future__ import annotations

from random import Random

from bot.generators.draft import Draft, Reason, Template, UnfitError, Wrong, fitting
from bot.generators.play import (
    ANSWERED,
    APPS,
    HANGS,
    PORTS,
    REFUSED,
    Tree,
    ask,
    client,
    ending,
    name_of,
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
        right=f"Port `{report.answers[0].backends[0].port}`",
        why=fitting(
            Reason(f"{target} is the `targetPort`.", given and report.answers[0].backends[0].port == target),
            Reason(
                f"There is no `targetPort`, and then it is the same number as `port`, {port}.", report.answers[0].backends[0].port == port
            ),
        ),
        wrong=(
            Wrong(
                "port-is-pod-port",
                f"Port `{port}`",
                Reason(f"{port} is what clients dial at the Service; the Pod sees the `targetPort`.", given),
            ),
            Wrong(
                "container-port-corrects",
                f"Port `{declared}`",
                Reason(
                    f"`containerPort` {declared} is a note for readers; the Service does not follow it.", declared not in (port, target)
                ),
            ),
            Wrong(
                "node-port-is-on-the-way", f"Port `{node_port}`", "The node port is for clients that dial a node. Nothing inside passes it."
            ),
            *(
                ()
                if given
                else [Wrong("target-port-is-a-default", "Port `8080`", "A `targetPort` that is left out has no number but `port`'s.")]
            ),
        ),
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
        why=Reason(
            f"In each Pod the port called `{name}` counts; who has none by that name is left out.",
            {b.pod.name for b in report.answers[0].backends if b.pod}
            == {n for (n, _), p in zip(every, ports, strict=True) if p["name"] == name},
        ),
        without=listed([(b.pod.name, b.port) for b in plain.answers[0].backends if b.pod]),
        wrong=(
            Wrong(
                "first-pod-names-the-port",
                listed([(n, first) for n, _ in every]),
                Reason(f"`{name}` is looked up in each Pod anew.", made["spec"]["ports"][0]["targetPort"] == name),
            ),
            Wrong(
                "same-number-will-do",
                listed(every),
                Reason(
                    f"The Pod with `{other}` has no port called `{name}`, so it is no endpoint for it.",
                    len(report.answers[0].backends) == len(every) - 1,
                ),
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
        why=Reason(
            f"Packets go to {target}, the `targetPort`, and there the process {'listens' if listens == target else 'does not listen'}.",
            (answer.curl_exit == 0) == (listens == target),
        ),
        wrong=(
            Wrong(
                "container-port-is-a-firewall",
                answered(target) if declared == target else REFUSED,
                "`containerPort` opens and closes nothing.",
            ),
            Wrong(
                "container-port-corrects",
                answered(declared or listens),
                Reason(f"Nobody corrects a `targetPort`: {target} is what is dialled.", answer.backends[0].port == target),
            ),
            Wrong("container-port-filters", HANGS, "No packets are filtered by what a manifest declares."),
            Wrong("port-is-pod-port", answered(80), "80 is the Service's port; the Pod is dialled at the `targetPort`."),
        ),
        explanation="`containerPort` informs people and names ports. What counts is `targetPort`, and a process that listens there.",
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
        why=fitting(
            Reason(f"{node} does not lie in 30000-32767, and of several ports each needs a name of its own.", len(faults) == 2),
            Reason(f"{node} does not lie in 30000-32767; the names are in order.", faults == ["nodePort"]),
            Reason(f"Of several ports each needs a name of its own; {node} lies in 30000-32767.", faults == ["name"]),
            Reason(f"One port needs no name, several differ in theirs, and {node} lies in 30000-32767.", not faults),
        ),
        wrong=(
            Wrong("server-corrects-values", verdict([]), "Values that are not allowed are refused, never corrected."),
            Wrong("names-are-optional", verdict(out_of_range), "With several ports each needs a name, and no name may stand twice."),
            Wrong("node-port-is-free", verdict([f for f in faults if f != "nodePort"]), "A node port lies in 30000-32767."),
            *(
                [Wrong("names-are-required", verdict(["name"]), "A single port needs no name, and two names that differ are fine.")]
                if "name" not in faults
                else []
            ),
            *(
                [
                    Wrong(
                        "node-ports-are-given",
                        verdict(["nodePort"]),
                        Reason(f"{node} is free and lies in 30000-32767: it may be written down.", not out_of_range),
                    )
                ]
                if "nodePort" not in faults
                else []
            ),
            Wrong("target-port-is-required", verdict(["targetPort"]), "Without a `targetPort` it is the same number as `port`."),
        ),
        explanation="The API server checks the whole Service and names each field that it refuses.",
        trace=report.apply.stdout + report.apply.stderr,
    )


_B, _I = Level.BEGINNER, Level.INTERMEDIATE
TEMPLATES = (
    Template("svc-port-target-port", "services", _B, target_port, _SERVICE, "svc-three-ports"),
    Template("svc-named-target-port", "services", _I, named_target_port, _SERVICE, "svc-three-ports"),
    Template("svc-container-port-informative", "services", _I, container_port, _SERVICE, "svc-three-ports"),
    Template("svc-invalid-specs", "services", _I, invalid_specs, _SERVICE, "svc-three-ports"),
)  # fmt: skip
