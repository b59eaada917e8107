"""Questions about who serves an Ingress: controllers that run, classes, default classes.

Responsible for: random classes and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`), rules of an Ingress (`ingress`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from bot.generators.draft import Draft, Reason, Template, Wrong, fitting
from bot.generators.ingress import ingress_object
from bot.generators.play import APPS, DOMAINS, Tree, meta, play, service, several, shown, table
from bot.learning.items import Level
from simulator import Ref, Report, kubectl_get

_CONTROLLERS = "https://kubernetes.io/docs/concepts/services-networking/ingress/"

_PRODUCTS = {
    "nginx": "k8s.io/ingress-nginx",
    "traefik": "traefik.io/ingress-controller",
    "kong": "ingress-controllers.konghq.com/kong",
    "nginxinc": "nginx.org/ingress-controller",
}
_PLAIN_NAMES = ("public", "internal", "edge", "partners")
_AGES = (
    ("410d", "2025-10-01T08:00:00Z"),
    ("200d", "2026-05-01T08:00:00Z"),
    ("90d", "2026-08-20T08:00:00Z"),
    ("3d", "2026-11-14T08:00:00Z"),
)
_DEFAULT = "ingressclass.kubernetes.io/is-default-class"


@dataclass(frozen=True, slots=True)
class _Class:
    """An IngressClass. `age` and `created` say the same."""

    name: str
    controller: str
    default: bool
    age: str
    created: str

    def tree(self) -> Tree:
        annotations = {_DEFAULT: "true"} if self.default else {}
        metadata = {**meta(self.name, annotations=annotations), "creationTimestamp": self.created}
        return {"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": metadata, "spec": {"controller": self.controller}}


def _classes(dice: Random) -> list[_Class]:
    products = dice.sample(sorted(_PRODUCTS), 3)
    count = dice.choice((2, 3, 3))
    defaults = dice.choice((0, 1, 1, 2, 2, 2))
    marked = dice.sample(range(count), defaults)
    ages = dice.sample(_AGES, count)
    shift = dice.choice((0, 0, 1))
    names = [product if dice.random() < 0.5 else plain for product, plain in zip(products, _PLAIN_NAMES, strict=False)]
    return [_Class(names[at], _PRODUCTS[products[(at + shift) % count]], at in marked, *ages[at]) for at in range(count)]


def controller_and_class(dice: Random) -> Draft:
    app, host = dice.choice(APPS), dice.choice(DOMAINS)
    classes = _classes(dice)
    controllers = sorted({each.controller for each in classes})
    running = [controller for controller in controllers if dice.random() < 0.85]
    given = dice.choice(("", "", "", "", classes[0].name, classes[0].name, classes[1].name, "external"))
    site = ingress_object([(host, "Prefix", "/", app)])
    spec = {**({"ingressClassName": given} if given else {}), "rules": site["spec"]["rules"]}
    site = {**site, "spec": spec}
    report = play([*(each.tree() for each in classes), site, service(app, {"app": app})], profile={"ingressControllers": running})
    ours = {each.name: each for each in classes}
    newest_first = sorted((each for each in classes if each.default), key=lambda each: each.created, reverse=True)
    got = newest_first[0].name if newest_first and not given else given

    def by(name: str) -> str:
        return f"The controller of the class `{name}` serves it"

    nobody, refused = "It is stored, and no controller takes it up", "It is refused by the API server"
    right = _outcome(report, by, nobody, refused)
    served = [each.name for each in classes if each.controller in running]
    other = next((name for name in served if name != got), "")
    how, controller = _how(given, got, newest_first), ours[got].controller if got in ours else ""
    stored = report.cluster.find(Ref("Ingress", "default", "site"))
    has = str(stored.spec.get("ingressClassName", "")) if stored else None
    why = fitting(
        Reason("It names no class, and none is marked as default, so it has none.", has == "" and right == nobody),
        Reason(
            f"There is no class `{got}`, so no controller takes it for its own. The API server does not look.",
            has == got not in ours and right == nobody,
        ),
        Reason(f"{how} Its controller, `{controller}`, does not run.", has == got and right == nobody and controller not in running),
        Reason(f"{how} Its controller, `{controller}`, runs.", has == got and right == by(got) and controller in running),
    )

    def since(law: str, before: str = "") -> Reason:
        return Reason(f"{before} {why.text} {law}".strip(), why.holds)

    wrong = []
    if not given:
        wrong.append(Wrong("class-is-required", refused, since("", "A class may be left out.")))
        if newest_first:
            wrong.append(Wrong("no-class-means-any", nobody, since("The API server writes the default class into the object.")))
        if len(newest_first) > 1:
            older = newest_first[1].name
            wrong.append(Wrong("older-default-wins", by(older), since("", f"`{older}` is the older of the two.")))
            wrong.append(Wrong("two-defaults-serve-both", "Both of the default classes serve it", since("", "An Ingress has one class.")))
    elif given not in ours:
        wrong.append(Wrong("class-must-exist", refused, since("It may be created later.")))
        if newest_first:
            wrong.append(
                Wrong(
                    "default-catches-unknown-class", by(newest_first[0].name), since("The default class is for an Ingress that names none.")
                )
            )
    elif newest_first and newest_first[0].name != given:
        wrong.append(
            Wrong("default-comes-before-class", by(newest_first[0].name), since("The default class is for an Ingress that names none."))
        )
    if given and right != nobody:
        wrong.append(Wrong("classes-need-a-default", nobody, since("No default class is needed for that.")))
    elif got in ours:
        wrong.append(Wrong("class-name-is-controller", by(got), since("A class alone, whatever its name, serves nobody.")))
    if other:
        wrong.append(
            Wrong(
                "class-is-a-preference" if got else "classless-is-for-everyone",
                by(other),
                since("A controller leaves alone what is not of its class."),
            )
        )
    if got in ours and ours[got].controller not in running:
        wrong.append(Wrong("api-checks-for-controllers", refused, since("The API server stores it all the same.")))
    return Draft(
        stem=f"{_running(running)} This Ingress is applied. What comes of it?",
        shown=(
            shown("ingress.yaml", site),
            table(
                "ingressclasses", "NAME CONTROLLER DEFAULT AGE", [(e.name, e.controller, str(e.default).lower(), e.age) for e in classes]
            ),
        ),
        right=right,
        why=why,
        wrong=wrong,
        explanation="The class named, else the newest default class, else none. Then its `controller` has to run. If nobody takes it up, "
        "nothing "
        "complains: ADDRESS stays empty.",
        trace=report.apply.stdout + report.apply.stderr + "\n" + kubectl_get(report.cluster, ["ingress"]),
    )


def _outcome(report: Report, by: Callable[[str], str], nobody: str, refused: str) -> str:
    stored = report.cluster.find(Ref("Ingress", "default", "site"))
    if stored is None:
        return refused
    return by(stored.spec["ingressClassName"]) if stored.status["loadBalancer"] else nobody


def _how(given: str, got: str, defaults: Sequence[_Class]) -> str:
    if given:
        return f"It names the class `{got}`."
    return f"Of the default classes the newest is taken, `{got}`." if len(defaults) > 1 else f"The default class, `{got}`, is filled in."


def _running(controllers: Sequence[str]) -> str:
    if not controllers:
        return "No Ingress controller runs in this cluster."
    one = len(controllers) == 1
    own = "It takes" if one else "Each takes"
    return f"The Ingress controller{'' if one else 's'} of this cluster: {several(controllers)}. {own} up Ingresses of its own class alone."


TEMPLATES = (Template("ing-controller-and-class", "ingress", Level.BEGINNER, controller_and_class, _CONTROLLERS, "ing-needs-a-controller"),)
