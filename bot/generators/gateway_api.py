"""Questions about the Gateway API: who may attach, which rule wins, what weights give.

Responsible for: random Gateways and routes, and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`).
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

from bot.generators.draft import Draft, Template, Wrong
from bot.generators.play import APPS, DOMAINS, NAMESPACES, Tree, ending, meta, namespace, play, pod, service, shown, status, way
from bot.learning.items import Level

_GATEWAY = "https://gateway-api.sigs.k8s.io/reference/spec/"


def _gateway(space: str = "", host: str = "", routes: str = "") -> Tree:
    allowed = {"allowedRoutes": {"namespaces": {"from": routes}}} if routes else {}
    listener = {"name": "web", "port": 80, "protocol": "HTTP", **({"hostname": host} if host else {}), **allowed}
    spec = {"gatewayClassName": "example", "listeners": [listener]}
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": meta("door", space), "spec": spec}


def _route(
    name: str, backends: list[Tree], space: str = "", gateway_in: str = "", host: str = "", matches: list[Tree] | None = None
) -> Tree:
    parent = {"name": "door", **({"namespace": gateway_in} if gateway_in else {})}
    rule = {**({"matches": matches} if matches else {}), "backendRefs": backends}
    spec = {"parentRefs": [parent], **({"hostnames": [host]} if host else {}), "rules": [rule]}
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": meta(name, space), "spec": spec}


_CLASS: Tree = {
    "apiVersion": "gateway.networking.k8s.io/v1",
    "kind": "GatewayClass",
    "metadata": {"name": "example"},
    "spec": {"controllerName": "example.com/gateway"},
}


def _app(name: str, space: str = "") -> list[Tree]:
    return [service(name, {"app": name}, namespace=space), pod(f"{name}-1", {"app": name}, namespace=space)]


def _via(space: str = "default") -> Tree:
    return {"kind": "Gateway", "namespace": space, "name": "door"}


def weights(dice: Random) -> Draft:
    apps = dice.sample(APPS, dice.randint(2, 3))
    given = [dice.choice((0, 1, 2, 3, 5, 9, 10, 20, None)) for _ in apps]
    if not sum(1 if w is None else w for w in given):
        given[0] = 3
    refs = [{"name": app, "port": 80, **({} if w is None else {"weight": w})} for app, w in zip(apps, given, strict=True)]
    route = _route("split", refs)
    report = play([_CLASS, _gateway(), route, *(tree for app in apps for tree in _app(app))], requests=[{"via": _via()}])
    at = dice.randrange(len(apps))
    app = apps[at]
    share = sum(b.share for b in report.answers[0].backends if b.service and b.service.name == app)

    def part(value: Fraction) -> str:
        return (
            f"About {value.numerator}/{value.denominator} of them"
            if 0 < value < 1
            else ("Not one of them" if value <= 0 else "Each one of them")
        )

    mine, numbers = given[at], [1 if w is None else w for w in given]
    rest = sum(numbers) - numbers[at]
    return Draft(
        stem=f"Every Service has a Ready Pod. Which share of the requests does `{app}` get?",
        shown=(shown("route.yaml", route),),
        right=part(Fraction(share).limit_denominator(300)),
        why=f"Its weight is {numbers[at]}{' (the default)' if mine is None else ''}, and all weights together are {sum(numbers)}.",
        wrong=(
            Wrong(
                "weights-are-percent",
                part(Fraction(numbers[at], 100)),
                f"Weights need not add up to 100; here they add up to {sum(numbers)}.",
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
    app, (home, away) = dice.choice(APPS), dice.sample(NAMESPACES, 2)
    in_space, source = dice.choice(((away, home), (away, home), (home, away), (home, home), (away, away)))
    to = dice.choice(("Service", "Service", "Service", "Secret"))
    grant: Tree = {
        "apiVersion": "gateway.networking.k8s.io/v1beta1",
        "kind": "ReferenceGrant",
        "metadata": meta("grant", in_space),
        "spec": {
            "from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": source}],
            "to": [{"group": "", "kind": to}],
        },
    }
    ready = dice.random() < 0.8
    route = _route("site", [{"name": app, "namespace": away, "port": 80}], home)
    served = [service(app, {"app": app}, namespace=away), pod(f"{app}-1", {"app": app}, namespace=away, ready=ready)]
    report = play([namespace(home), namespace(away), _CLASS, _gateway(home), route, grant, *served], requests=[{"via": _via(home)}])
    return Draft(
        stem=f"The Pod behind `{app}` in `{away}` is {'Ready' if ready else 'not Ready'}. What does a client of the Gateway in "
        f"`{home}` get?",
        shown=(shown("route.yaml", route), shown("grant.yaml", grant)),
        right=ending(report.answers[0]),
        why=f"A grant stands in `{away}`, where the Service is, and names the routes' namespace `{home}` and the kind Service. "
        "Without it: 500.",
        wrong=(
            Wrong("naming-is-enough", status(200 if ready else 503), "To refer into another namespace takes a fitting grant there."),
            Wrong(
                "grant-beside-the-route" if in_space == home else "grant-direction-reversed",
                status(200 if in_space == home else 500),
                f"It is `{away}` that has to give the grant, to `{home}`.",
            ),
            Wrong("bad-backend-means-404", status(404), "The rule matches; what is wrong is its backend."),
            Wrong("bad-backend-means-503", status(503), "503 is for a backend without Ready Pods that may be referred to."),
        ),
        explanation="Consent comes from the side that is referred to. Without it: `RefNotPermitted`, and HTTP 500.",
        trace=way(report),
    )


def allowed_routes(dice: Random) -> Draft:
    app, (home, away) = dice.choice(APPS), dice.sample(NAMESPACES, 2)
    where = dice.choice((home, away, away))
    policy = dice.choice(("", "Same", "All", "All"))
    ready = dice.random() < 0.7
    gateway, route = _gateway(home, routes=policy), _route("site", [{"name": app, "port": 80}], where, home)
    served = [service(app, {"app": app}, namespace=where), pod(f"{app}-1", {"app": app}, namespace=where, ready=ready)]
    report = play([namespace(home), namespace(away), _CLASS, gateway, route, *served], requests=[{"via": _via(home)}])
    return Draft(
        stem=f"The Pod behind `{app}` in `{where}` is {'Ready' if ready else 'not Ready'}. What does a client of the Gateway get?",
        shown=(shown("gateway.yaml", gateway), shown("route.yaml", route)),
        right=ending(report.answers[0]),
        why=f"The listener takes routes from {'every namespace' if policy == 'All' else 'its own namespace alone'}, and the "
        f"route is in `{where}`.",
        wrong=(
            Wrong("naming-is-enough", status(200 if ready else 503), "The listener has to allow the route's namespace."),
            Wrong("grant-for-parents", status(500), "Attaching takes `allowedRoutes`; a ReferenceGrant is for backends and certificates."),
            Wrong("routes-stay-at-home", status(404), "This listener allows the route, so its rule is there."),
            Wrong("no-rule-means-503", status(503), "503 means a rule whose backend has nobody Ready."),
        ),
        explanation="Without `allowedRoutes` a listener takes routes of its own namespace. A route that is not attached answers "
        "nothing: 404.",
        trace=way(report),
    )


def hostnames(dice: Random) -> Draft:
    app, domain = dice.choice(APPS), dice.choice(DOMAINS)
    listener = dice.choice((f"*.{domain}", f"www.{domain}", ""))
    route_host = dice.choice((f"www.{domain}", f"*.{domain}", ""))
    asked = dice.choice((f"www.{domain}", f"a.b.{domain}", domain, f"blog.{domain}"))
    gateway, route = _gateway(host=listener), _route("site", [{"name": app, "port": 80}], host=route_host)
    ready = dice.random() < 0.7
    served = [service(app, {"app": app}), pod(f"{app}-1", {"app": app}, ready=ready)]
    report = play([_CLASS, gateway, route, *served], requests=[{"via": _via(), "host": asked}])
    return Draft(
        stem=f"A client asks this Gateway for `http://{asked}/`. The Pod behind `{app}` is {'Ready' if ready else 'not Ready'}. "
        "What does it get?",
        shown=(shown("gateway.yaml", gateway), shown("route.yaml", route)),
        right=ending(report.answers[0]),
        why="A host is served if both the listener's hostname and the route's fit it, where they are given.",
        wrong=(
            Wrong(
                "ingress-wildcard-in-gateway",
                status(404 if asked.startswith("a.b.") else 200 if ready else 503),
                "In Gateway API the star spans several labels, but never none.",
            ),
            Wrong(
                "listener-widens-route",
                status(200 if ready else 503),
                "The route serves only what fits its own hostname and the listener's.",
            ),
            Wrong("no-rule-means-503", status(503), "503 means a rule whose backend has nobody Ready."),
            Wrong("hostnames-have-to-be-equal", status(404), "They have to overlap; one may be wider than the other, or not be given."),
            Wrong("bad-backend-means-500", status(500), "500 is for a backend that is not valid."),
        ),
        explanation="The hosts of an attached route are those that both hostnames cover.",
        trace=way(report),
    )


_I = Level.INTERMEDIATE
TEMPLATES = (
    Template("gw-weights", "gateway-api", Level.BEGINNER, weights, _GATEWAY, "gw-weights-are-shares"),
    Template("gw-reference-grant", "gateway-api", _I, reference_grant, _GATEWAY, "gw-consent"),
    Template("gw-allowed-routes", "gateway-api", _I, allowed_routes, _GATEWAY, "gw-consent"),
    Template("gw-hostname-intersection", "gateway-api", _I, hostnames, _GATEWAY, "gw-hostnames"),
)
