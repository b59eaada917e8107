"""Questions about the Gateway API: who may attach, which rule wins, what weights give.

Responsible for: random Gateways and routes, and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random

from bot.generators.draft import Draft, Reason, Template, Wrong, fitting
from bot.generators.gateways import GATEWAY_CLASS, SPEC, app, backend, gateway, listener, route, through
from bot.generators.play import APPS, DOMAINS, NAMESPACES, PORTS, Tree, ending, meta, namespace, play, several, shown, status, way
from bot.learning.items import Level

_UNREADY = "No Pod is Ready: 503, as the specification recommends."


def weights(dice: Random) -> Draft:
    apps = dice.sample(APPS, dice.randint(2, 3))
    given = [dice.choice((0, 1, 2, 3, 5, 9, 10, 20, None)) for _ in apps]
    if not sum(1 if w is None else w for w in given):
        given[0] = 3
    refs = [backend(name, **({} if w is None else {"weight": w})) for name, w in zip(apps, given, strict=True)]
    made = route("split", [{"backendRefs": refs}])
    report = play([GATEWAY_CLASS, gateway(), made, *(tree for name in apps for tree in app(name))], requests=[{"via": through()}])
    at = dice.randrange(len(apps))
    mine, name = given[at], apps[at]
    share = sum(b.share for b in report.answers[0].backends if b.service and b.service.name == name)

    def part(value: Fraction) -> str:
        return (
            f"About {value.numerator}/{value.denominator} of them"
            if 0 < value < 1
            else ("Not one of them" if value <= 0 else "Each one of them")
        )

    numbers = [1 if w is None else w for w in given]
    rest = sum(numbers) - numbers[at]
    return Draft(
        stem=f"Every Service has a Ready Pod. Which share of the requests does `{name}` get?",
        shown=(shown("route.yaml", made),),
        right=part(Fraction(share).limit_denominator(300)),
        why=Reason(
            f"Its weight is {numbers[at]}{' (the default)' if mine is None else ''}, and all weights together are {sum(numbers)}.",
            Fraction(share).limit_denominator(300) == Fraction(numbers[at], sum(numbers)),
        ),
        wrong=(
            Wrong(
                "weights-are-percent",
                part(Fraction(numbers[at], 100)),
                Reason(f"Weights need not add up to 100; here they add up to {sum(numbers)}.", sum(numbers) != 100),
            ),
            Wrong(
                "weight-over-the-other",
                part(Fraction(numbers[at], rest) if rest else Fraction(1)),
                "A weight is divided by the sum of all weights, its own included.",
            ),
            Wrong("weights-are-ignored", part(Fraction(1, len(apps))), "Even parts come only from equal weights."),
            Wrong(
                "missing-weight-is-zero",
                part(Fraction(mine or 0, sum(w or 0 for w in given) or 1)),
                "A backend without a weight has the weight 1.",
            ),
        ),
        explanation="A share is the weight over the sum of the weights; none written means 1, and 0 gets nothing.",
        trace=way(report),
    )


def reference_grant(dice: Random) -> Draft:
    name, (home, away) = dice.choice(APPS), dice.sample(NAMESPACES, 2)
    in_space, source = dice.choice((*[(away, home)] * 5, (home, away), (home, home), (away, away)))
    to = dice.choice(("Service", "Service", "Service", "Service", "Secret"))
    grant: Tree = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "ReferenceGrant",
        "metadata": meta("grant", in_space),
        "spec": {
            "from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": source}],
            "to": [{"group": "", "kind": to}],
        },
    }
    ready = dice.random() < 0.65
    made = route("site", [{"backendRefs": [backend(name, namespace=away)]}], namespace=home)
    objects = [namespace(home), namespace(away), GATEWAY_CLASS, gateway(namespace=home), made, grant, *app(name, away, ready=ready)]
    report = play(objects, requests=[{"via": through(home)}])
    refused, served = report.answers[0].status == 500, 200 if ready else 503
    return Draft(
        stem=f"The Pod behind `{name}` in `{away}` is {'Ready' if ready else 'not Ready'}. What does a client of the Gateway in "
        f"`{home}` get?",
        shown=(shown("route.yaml", made), shown("grant.yaml", grant)),
        right=ending(report.answers[0]),
        why=fitting(
            Reason(
                f"The grant is in `{in_space}`, and it would have to be in `{away}`, beside the Service. Without one there: 500.",
                refused and in_space != away,
            ),
            Reason(
                f"The grant names routes of `{source}`, and this route is in `{home}`. Without one for it: 500.", refused and source != home
            ),
            Reason("The grant is for Secrets, and the backend is a Service. Without one for it: 500.", refused and to != "Service"),
            Reason(
                f"The grant is in `{away}`, beside the Service, and names the routes' namespace `{home}` and the kind Service. {_UNREADY}",
                not refused and not ready,
            ),
            Reason(
                f"The grant is in `{away}`, beside the Service, and names the routes' namespace `{home}` and the kind Service.", not refused
            ),
        ),
        wrong=(
            Wrong("naming-is-enough", status(200 if ready else 503), "To refer into another namespace takes a fitting grant there."),
            Wrong(
                "grant-beside-the-route" if in_space == home else "grant-direction-reversed",
                status(served if in_space in (home, source) else 500),
                Reason(f"It is `{away}` that has to give the grant, to `{home}`.", home != away),
            ),
            Wrong("bad-backend-means-404", status(404), "The rule matches, and 404 is for requests that no rule matches."),
            Wrong("bad-backend-means-503", status(503), "503 is for a backend without Ready Pods that may be referred to."),
        ),
        explanation="Consent comes from the side that is referred to. Without it: `RefNotPermitted`, and HTTP 500.",
        trace=way(report),
    )


def allowed_routes(dice: Random) -> Draft:
    name, (home, away) = dice.choice(APPS), dice.sample(NAMESPACES, 2)
    where = dice.choice((home, away, away))
    policy = dice.choice(("", "Same", "All", "All"))
    ready = dice.random() < 0.7
    door = gateway(listener(allowedRoutes={"namespaces": {"from": policy}} if policy else None), namespace=home)
    made = route("site", [{"backendRefs": [backend(name)]}], namespace=where, parent={"namespace": home})
    objects = [namespace(home), namespace(away), GATEWAY_CLASS, door, made, *app(name, where, ready=ready)]
    report = play(objects, requests=[{"via": through(home)}])
    return Draft(
        stem=f"The Pod behind `{name}` in `{where}` is {'Ready' if ready else 'not Ready'}. What does a client of the Gateway get?",
        shown=(shown("gateway.yaml", door), shown("route.yaml", made)),
        right=ending(report.answers[0]),
        why=Reason(
            f"The listener takes routes from {'every namespace' if policy == 'All' else f'its own namespace `{home}` alone'}, and the "
            f"route is in `{where}`.{'' if ready or report.answers[0].status == 404 else f' {_UNREADY}'}",
            (report.answers[0].status != 404) == (policy == "All" or where == home),
        ),
        wrong=(
            Wrong("naming-is-enough", status(200 if ready else 503), "The listener has to allow the route's namespace."),
            Wrong("grant-for-parents", status(500), "Attaching takes `allowedRoutes`; a ReferenceGrant is for backends and certificates."),
            Wrong("routes-stay-at-home", status(404), "This listener allows the route, so its rule is there."),
            Wrong("no-rule-means-503", status(503), "503 takes a rule that fits, and a backend where nobody is Ready."),
        ),
        explanation="Without `allowedRoutes` a listener takes routes of its own namespace. A route that is not attached answers "
        "nothing: 404.",
        trace=way(report),
    )


def hostnames(dice: Random) -> Draft:
    name, domain = dice.choice(APPS), dice.choice(DOMAINS)
    door_host = dice.choice((f"*.{domain}", f"www.{domain}", ""))
    route_host = dice.choice((f"www.{domain}", f"*.{domain}", ""))
    asked = dice.choice((f"www.{domain}", f"www.{domain}", f"a.b.{domain}", domain, f"blog.{domain}"))
    door, made = gateway(listener(hostname=door_host)), route("site", [{"backendRefs": [backend(name)]}], host=route_host)
    ready = dice.random() < 0.7
    report = play([GATEWAY_CLASS, door, made, *app(name, ready=ready)], requests=[{"via": through(), "host": asked}])
    served = 200 if ready else 503

    def any_label(host: str) -> bool:
        return host in ("", asked) or (host.startswith("*.") and asked.endswith(host[1:]))

    def one_label(host: str) -> bool:
        return host in ("", asked) or (host.startswith("*.") and asked.partition(".")[2] == host[2:])

    def or_none(host: str) -> bool:
        return any_label(host) or asked == host.removeprefix("*.")

    def given(*, fits: Callable[[str], bool]) -> str:
        return status(served if fits(door_host) and fits(route_host) else 404)

    def as_it_is() -> Reason:
        """Whose hostname keeps the request out, or that none does."""
        found = report.answers[0].status
        out = [f"{whose} `{host}`" for whose, host in (("the listener's", door_host), ("the route's", route_host)) if not any_label(host)]
        if out:
            return Reason(f"`{asked}` does not fit {' and '.join(out)}, so no rule is for it: 404.", found == 404)
        said = f"`{asked}` fits the listener's hostname and the route's; one that is not written fits every host."
        return Reason(said if ready else f"{said} {_UNREADY}", found == served)

    return Draft(
        stem=f"A client asks this Gateway for `http://{asked}/`. The Pod behind `{name}` is {'Ready' if ready else 'not Ready'}. "
        "What does it get?",
        shown=(shown("gateway.yaml", door), shown("route.yaml", made)),
        right=ending(report.answers[0]),
        why=as_it_is(),
        wrong=(
            Wrong("ingress-wildcard-in-gateway", given(fits=one_label), "In Gateway API the star spans several labels."),
            Wrong("star-may-be-empty", given(fits=or_none), "The star stands for one label at least."),
            Wrong(
                "listener-widens-route",
                status(served if any_label(door_host) else 404),
                "The route serves only what fits its own hostname and the listener's.",
            ),
            Wrong("no-rule-means-503", status(503), "503 takes a rule that fits, and a backend where nobody is Ready."),
            Wrong(
                "hostnames-have-to-be-equal",
                status(served if door_host == route_host and any_label(door_host) else 404),
                "They have to overlap; one may be wider than the other, or not be given.",
            ),
            Wrong("bad-backend-means-500", status(500), "500 is for a backend that is not valid."),
        ),
        explanation="The hosts of an attached route are those that both hostnames cover.",
        trace=way(report),
    )


def parent_mismatch(dice: Random) -> Draft:
    name = dice.choice(APPS)
    names = dice.sample(("web", "admin", "partners", "mobile"), dice.randint(2, 3))
    ports = [80, *dice.sample((8000, 8080, 8081, 8443, 9000), len(names) - 1)]
    pairs = list(zip(names, ports, strict=True))
    door = gateway(*(listener(each, port) for each, port in pairs))
    meant = dice.choice(pairs)
    section = dice.choice((meant[0], meant[0], meant[0], "", "", f"{names[0]}-http"))
    port = dice.choice((meant[1], meant[1], meant[1], 0, 0, dice.choice(ports), dice.choice(PORTS)))
    said: Tree = {**({"sectionName": section} if section else {}), **({"port": port} if port else {})}
    made = route("site", [{"backendRefs": [backend(name)]}], parent=said)
    report = play([GATEWAY_CLASS, door, made, *app(name)], requests=[{"via": through(), "port": port} for port in ports])
    attached = [each for each, answer in zip(names, report.answers, strict=True) if answer.status == 200]

    def by(name_fits: bool, port_fits: bool, *, either: bool = False) -> list[str]:
        """The listeners that fit, if the name is looked at, if the port is."""
        return [
            each
            for each, number in pairs
            if (any if either else all)([not name_fits or section in ("", each), not port_fits or port in (0, number)])
        ]

    true = by(name_fits=True, port_fits=True)
    asks = " and ".join([*([f"the name `{section}`"] if section else ()), *([f"the port {port}"] if port else ())])
    fit = f"{several(true)} {'fit' if len(true) > 1 else 'fits'} what the route asks for."
    first = (
        Reason("Every listener that fits is taken, not the first alone.", len(true) > 1)
        if names[0] in true
        else Reason(f"`{names[0]}` does not fit: the route asks for {asks}.", bool(asks))
    )
    wrong = [Wrong("first-listener-is-default", _through(names[:1]), first)]
    if true and not (section and port):
        wrong.append(Wrong("parent-needs-name-and-port", _through([]), Reason(fit, bool(attached))))
    if section:
        law = f"A listener has to have the name `{section}`."
        wrong.append(Wrong("section-name-is-a-hint", _through(by(name_fits=False, port_fits=True)), Reason(law, section in said.values())))
    if port:
        law = f"The {port} in the parentRef is a listener's port, and it has to fit."
        wrong.append(
            Wrong("parent-port-is-backend-port", _through(by(name_fits=True, port_fits=False)), Reason(law, port in said.values()))
        )
    if asks:
        law = f"The route asks for {asks}, and not each listener has that."
        wrong.append(Wrong("naming-is-enough", _through(names), Reason(law, len(true) < len(names))))
    if section and port:
        both = by(name_fits=True, port_fits=True, either=True)
        wrong.append(
            Wrong("section-or-port", _through(both), Reason("The name and the port have to fit one listener, both.", set(both) > set(true)))
        )
    return Draft(
        stem=f"The Pod behind `{name}` is Ready. Through which listeners of the Gateway does the route answer?",
        shown=(shown("gateway.yaml", door), shown("route.yaml", made)),
        right=_through(attached),
        why=Reason(
            (f"The route asks for {asks}. " if asks else "The route asks for no listener in particular. ")
            + (fit if true else "No listener fits."),
            true == attached,
        ),
        wrong=wrong,
        explanation="A parentRef may name a listener by `sectionName`, by `port`, or both; then both have to fit (`port` is an "
        "extended feature, which a controller may lack). Where none does, the route has `Accepted: False`, `NoMatchingParent`, and answers "
        "nothing.",
        trace="\n".join(way(report, at) for at in range(len(ports))),
    )


def _through(names: Sequence[str]) -> str:
    return f"Through {several(names, 'none of them')}"


_I = Level.INTERMEDIATE
TEMPLATES = (
    Template("gw-weights", "gateway-api", Level.BEGINNER, weights, SPEC, "gw-weights-are-shares"),
    Template("gw-reference-grant", "gateway-api", _I, reference_grant, SPEC, "gw-consent"),
    Template("gw-allowed-routes", "gateway-api", _I, allowed_routes, SPEC, "gw-consent"),
    Template("gw-parent-mismatch", "gateway-api", _I, parent_mismatch, SPEC, "gw-consent"),
    Template("gw-hostname-intersection", "gateway-api", _I, hostnames, SPEC, "gw-hostnames"),
)
