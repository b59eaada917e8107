"""Questions about what an Ingress refers to: ports, other namespaces, certificates, Pods that do not answer.

Responsible for: random backends and Secrets, and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`), rules of an Ingress (`ingress`).
"""

from __future__ import annotations

from random import Random

from bot.generators.draft import Draft, Reason, Template, Wrong, fitting
from bot.generators.ingress import ingress_object
from bot.generators.play import (
    APPS,
    DOMAINS,
    NAMESPACES,
    PORTS,
    Tree,
    answering,
    ending,
    meta,
    name_of,
    namespace,
    play,
    pod,
    service,
    several,
    shown,
    status,
    table,
    way,
)
from bot.learning.items import Level
from simulator import Answer

_INGRESS = "https://kubernetes.io/docs/concepts/services-networking/ingress/"


def backend_port(dice: Random) -> Draft:
    app, host = dice.choice(APPS), dice.choice(DOMAINS)
    port, target = dice.sample((80, *PORTS), 2)
    # A targetPort is not asked about: by the specification it is no port of the Service, and ingress-nginx takes it all the same.
    named = dice.choice((port, port, dice.choice([number for number in PORTS if number not in (port, target)])))
    ready = dice.random() < 0.75
    listens = dice.choice((target, target, port))
    made = service(app, {"app": app}, port=port, target=target)
    site = ingress_object([(host, "Prefix", "/", app)], port=named)
    via = {"kind": "Ingress", "namespace": "default", "name": "site"}
    report = play([made, site, pod(f"{app}-1", {"app": app}, ready=ready, listens=str(listens))], requests=[{"via": via, "host": host}])
    return Draft(
        stem=f"The one Pod of `{app}` is {'Ready' if ready else 'not Ready'}, and its process listens on {listens}. What does "
        f"`curl http://{host}/` from outside show?",
        shown=(shown("site.yaml", made, site),),
        right=ending(report.answers[0]),
        why="The backend names the Service's `port`; from there it goes to a Ready Pod at the `targetPort`.",
        wrong=(
            Wrong(
                "ingress-names-pod-port",
                status(200 if named == target else 503),
                "The number in an Ingress is a port of the Service, not of the Pod.",
            ),
            Wrong("no-rule-means-404", status(404), "404 is for requests that no rule matches. This one matches."),
            Wrong("proxy-turns-all-into-502", status(502), "502 takes a Pod that was dialled and did not answer as it should."),
            Wrong(
                "ports-are-found",
                status(200),
                "Something on the way is missing: the port in the Service, a Ready Pod, or a process that listens.",
            ),
            Wrong("errors-are-503", status(503), "503 means that there is nobody to dial."),
        ),
        explanation="404: no rule. 503: no such port, or nobody Ready behind it. 502: the Pod was dialled in vain.",
        trace=way(report),
    )


def cross_namespace(dice: Random) -> Draft:
    return dice.choice((_backend_elsewhere, _backend_elsewhere, _secret_elsewhere))(dice)


def _door(space: str, host: str, **more: object) -> Tree:
    """A request from outside at the Ingress."""
    return {"via": {"kind": "Ingress", "namespace": space, "name": "site"}, "host": host, **more}


def _backend_elsewhere(dice: Random) -> Draft:
    app, (edge, home), host = dice.choice(APPS), dice.sample(NAMESPACES, 2), dice.choice(DOMAINS)
    beside, there = dice.choice(((True, True), (False, True), (False, True), (True, False)))
    written = dice.choice(("name", "name", "name", "dotted", "field"))
    name = f"{app}.{home}" if written == "dotted" else app
    site = ingress_object([(host, "Prefix", "/", name)], space=edge)
    if written == "field":
        site["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]["namespace"] = home
    spaces = [*([edge] if beside else []), *([home] if there else [])]
    services = [
        tree for space in spaces for tree in (service(app, {"app": app}, namespace=space), pod(f"{app}-1", {"app": app}, namespace=space))
    ]
    report = play([namespace(edge), namespace(home), *services, site], requests=[_door(edge, host)])
    refused = report.apply.stderr.strip()

    def of(space: str) -> str:
        return f"A page of `{app}` in `{space}`"

    answer, nothing = report.answers[0], "Nothing: the Ingress is refused"
    backend = answer.backends[0].service if answer.backends else None
    if refused:
        right, is_refused = nothing, Reason("There is no Ingress to answer anything: it was refused.", bool(refused))
        why = fitting(
            Reason("The API server takes no dots here: what is named is a Service, and not a name in DNS.", written == "dotted"),
            Reason("A backend has no field for a namespace, and a field that is not known is refused.", "unknown field" in refused),
        )
        wrong = [
            Wrong("dns-name-as-backend" if written == "dotted" else "backends-have-namespaces", of(home), why),
            Wrong(
                "unknown-parts-are-dropped",
                of(edge) if beside else status(503),
                "What the API server does not know or allow it refuses. It drops nothing.",
            ),
            Wrong("bad-backend-means-404", status(404), is_refused),
            Wrong("proxy-turns-all-into-502", status(502), is_refused),
        ]
    else:
        right = of(backend.namespace) if backend else status(answer.status or 0)
        at_home = backend is not None and backend.namespace == edge
        found_here = Reason(f"There is a Service `{app}` in `{edge}`, with a Ready Pod: it answers.", at_home)
        rule_fits = Reason("404 is for requests that no rule fits. This rule fits.", answer.status != 404)
        dialled = Reason("502 takes a Pod that was dialled and did not answer as it should.", answer.status != 502)
        why = fitting(
            Reason(f"The backend is looked for in `{edge}`, beside the Ingress, and there it is.", at_home),
            Reason(
                f"The backend is looked for in `{edge}`, beside the Ingress, and there is none: a rule fits, and there is nobody to dial.",
                not beside and answer.status == 503,
            ),
        )
        wrong = [
            Wrong(
                "ingress-searches-namespaces",
                of(home),
                Reason(f"A backend has no namespace: the Ingress's own is meant, `{edge}`.", at_home or not beside),
            ),
            Wrong("bad-backend-means-404", status(404), rule_fits),
            Wrong("proxy-turns-all-into-502", status(502), dialled),
            Wrong("bad-backend-means-503", status(503), found_here),
            *(
                []
                if beside
                else [
                    Wrong(
                        "references-are-checked", nothing, "The API server does not look whether a backend exists. It may be created later."
                    )
                ]
            ),
        ]
    return Draft(
        stem=f"The Ingress in `{edge}` is meant to lead to `{app}` in `{home}`. It is applied with kubectl; ingress-nginx runs, and each "
        "of the Services below has a "
        f"Ready Pod. What does a client outside get from `http://{host}/`?",
        shown=(shown("ingress.yaml", site), table("services", "NAMESPACE NAME PORT", [(space, app, "80/TCP") for space in sorted(spaces)])),
        right=right,
        why=why,
        wrong=wrong,
        explanation="An Ingress leads to Services of its own namespace, by their plain names. Across namespaces there is the Gateway "
        "API, with a ReferenceGrant.",
        trace=f"{refused}\n" if refused else way(report),
    )


def _secret_elsewhere(dice: Random) -> Draft:
    app, (edge, home), host = dice.choice(APPS), dice.sample(NAMESPACES, 2), dice.choice(DOMAINS)
    named, other = dice.sample(("site-tls", "wildcard", "public-cert", "www-tls"), 2)
    secrets = sorted(dice.sample([(edge, named), (home, named), (edge, other), (home, other)], dice.randint(1, 3)))
    site = ingress_object([(host, "Prefix", "/", app)], space=edge, tls=[{"hosts": [host], "secretName": named}])
    kept = [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "kubernetes.io/tls",
            "metadata": meta(name, space),
            "data": dict.fromkeys(("tls.crt", "tls.key"), _REDACTED),
        }
        for space, name in secrets
    ]
    objects = [
        namespace(edge),
        namespace(home),
        service(app, {"app": app}, namespace=edge),
        pod(f"{app}-1", {"app": app}, namespace=edge),
        *kept,
        site,
    ]
    report = play(objects, requests=[_door(edge, host, scheme="https")])

    def of(secret: str) -> str:
        return f"The one in the Secret `{secret}`" if secret else "The controller's own fake certificate"

    found = report.answers[0].extra["tls_certificate"]["secret"] or ""

    def as_it_is(there: str, missing: str) -> Reason:
        """What is so of the Secret that is named, and what follows."""
        return fitting(
            Reason(f"The `tls` entry lists `{host}`, and its Secret is in `{edge}`, where the Ingress is{there}", bool(found)),
            Reason(f"There is no Secret `{named}` in `{edge}`, where the Ingress is{missing}", not found and (edge, named) not in secrets),
        )

    wrong = [
        Wrong(
            "missing-secret-closes-port",
            "None, as port 443 stays closed",
            as_it_is(". The port is open for all hosts.", ". The port is open, and the fallback is presented."),
        ),
        Wrong("fake-until-asked", of(""), as_it_is(", so there is no need of the fallback.", ".")),
    ]
    if (home, named) in secrets:
        law = ". A Secret of another namespace is out of its reach."
        wrong.append(Wrong("secrets-cross-namespaces", of(f"{home}/{named}"), as_it_is(law, law)))
    if (edge, other) in secrets:
        law = ". A Secret that no entry names is not used."
        wrong.append(Wrong("any-secret-will-do", of(f"{edge}/{other}"), as_it_is(law, law)))
    return Draft(
        stem=f"ingress-nginx runs, and each of these Secrets holds a certificate for `{host}`. Which certificate is a browser shown at "
        f"`https://{host}/`?",
        shown=(
            shown("ingress.yaml", site),
            table("secrets", "NAMESPACE NAME TYPE", [(*secret, "kubernetes.io/tls") for secret in secrets]),
        ),
        right=of(found),
        why=as_it_is(".", ". What is left is the fallback."),
        wrong=wrong,
        explanation="The Secret is looked for in the Ingress's own namespace, by the name in the `tls` entry. If it is not there, the "
        "controller "
        "shows a certificate of its own.",
        trace=way(report),
    )


_REDACTED = "UkVEQUNURUQh"
"""The data of a Secret that somebody has taken out, in base64: it stands for a certificate that fits."""

_TIMEOUT = 60


def gateway_errors(dice: Random) -> Draft:
    app, host = dice.choice(APPS), dice.choice(DOMAINS)
    target, elsewhere, missing = dice.sample(PORTS, 3)
    delay = dice.choice((0.2, 2, 25, 55, 70, 90, 120))
    named = dice.choice((80, 80, 80, 80, 80, missing))
    states = [(dice.random() < 0.7, dice.random() < 0.6) for _ in range(dice.randint(1, 3))]
    made, site = service(app, {"app": app}, target=target), ingress_object([(host, "Prefix", "/", app)], port=named)
    pods = [
        pod(f"{app}-{n}", {"app": app}, ports=(), ready=ready, listens=str(target if listening else elsewhere))
        for n, (ready, listening) in enumerate(states, 1)
    ]
    asked = _door("default", host, backend_behaviour={"delay_response": f"{delay}s"})
    report = play([made, site, *pods], requests=[asked])
    answer: Answer = report.answers[0]

    def of(names: list[str]) -> str:
        return f"A page of {several(names).replace(' and ', ' or ')}, HTTP 200"

    right = of(answering(answer)) if answer.backends else status(answer.status or 0)
    rows = [
        (name_of(p), "1/1" if ready else "0/1", target if listening else elsewhere)
        for p, (ready, listening) in zip(pods, states, strict=True)
    ]
    ready = [name for name, state, _ in rows if state == "1/1"]
    able = [name for name, state, port in rows if state == "1/1" and port == target]
    listening = [name for name, _, port in rows if port == target]
    no_port = Reason(
        f"The Service has no port {named}, so the controller finds nobody to dial.", right == status(503) and named not in (80, target)
    )
    nobody = Reason("No Pod is Ready, so the controller has nobody to dial.", right == status(503) and not ready)
    refused = Reason(
        f"It dials {several(ready)} at port {target}, where nothing listens, and is refused.", right == status(502) and bool(ready)
    )
    slow = Reason(
        f"{several(able)} {'is' if len(able) == 1 else 'are'} reached, and the reply takes {delay:g} s; the controller waits {_TIMEOUT} s.",
        right == status(504) and delay > _TIMEOUT,
    )
    answers = Reason(
        f"{several(able)}: Ready, listening at {target}, and done within {_TIMEOUT} s.", right == of(able) and delay <= _TIMEOUT
    )
    why = fitting(no_port, nobody, refused, slow, answers)

    def since(law: str) -> Reason:
        return Reason(f"{why.text} {law}".rstrip(), why.holds)

    wrong = [
        Wrong("proxy-turns-all-into-502", status(502), since("A 502 takes a Pod that was dialled and refused, or spoke wrongly.")),
        Wrong("errors-are-503", status(503), since("A 503 takes that there is nobody to dial.")),
        Wrong("no-rule-means-404", status(404), since("A 404 takes that no rule fits, and one fits here.")),
    ]
    if no_port.holds:
        as_meant = play([made, ingress_object([(host, "Prefix", "/", app)]), *pods], requests=[asked]).answers[0]
        meant = of(answering(as_meant)) if as_meant.backends else status(as_meant.status or 0)
        wrong.insert(0, Wrong("ports-are-found", meant, since("Nobody corrects the number.")))
    elif nobody.holds:
        by_running = (of(listening) if delay <= _TIMEOUT else status(504)) if listening else status(502)
        wrong.insert(0, Wrong("running-means-ready", by_running, since("Pods that are not Ready are left out.")))
        wrong.insert(0, Wrong("unready-hangs", status(504), since("So there is nothing to wait for.")))
    elif refused.holds:
        wrong.insert(0, Wrong("closed-port-hangs", status(504), since("A closed port refuses at once.")))
        wrong.insert(0, Wrong("closed-port-means-503", status(503), since("Ready, it counts as somebody to dial.")))
    elif slow.holds:
        wrong.insert(0, Wrong("proxy-waits-for-ever", of(able), since("")))
    else:
        wrong.insert(0, Wrong("running-means-ready", of(listening), since("Pods that are not Ready are left out.")))
        wrong.insert(0, Wrong("slow-is-an-error", status(504), since("It waits that long.")))
        if able != ready:
            law = "A Pod that refuses is passed over, and the next one is tried."
            wrong.insert(0, Wrong("one-closed-port-spoils-all", status(502), since(law)))
    return Draft(
        stem=f"ingress-nginx with its default settings serves this Ingress. Requests take the application {delay:g} s. What does a "
        f"client of `http://{host}/` get?",
        shown=(shown("site.yaml", made, site), table("pods", "NAME READY LISTENS-ON", rows)),
        right=right,
        why=why,
        wrong=wrong,
        explanation="503: nobody to dial. 502: somebody was dialled and refused, or spoke wrongly. 504: somebody was dialled and was too "
        "slow.",
        trace=way(report),
    )


_I = Level.INTERMEDIATE
_NGINX = "it is what ingress-nginx does; other controllers may do otherwise."
TEMPLATES = (
    Template(
        "ing-backend-port", "ingress", _I, backend_port, _INGRESS, "ing-path-types",
        model="the statuses are those of ingress-nginx; other controllers may choose others.",
    ),
    Template("ing-cross-namespace", "ingress", _I, cross_namespace, _INGRESS, "ing-one-door", model=_NGINX),
    Template("ing-gateway-errors", "ingress", _I, gateway_errors, _INGRESS, "fail-reading-key", model=_NGINX),
)  # fmt: skip
