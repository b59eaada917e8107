"""Questions about the rules of an Ingress: hosts, paths, precedence, requests that nothing matches.

Responsible for: random rules and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from bot.generators.draft import Draft, Template, Wrong
from bot.generators.play import APPS, DOMAINS, Tree, meta, play, pod, service, shown, way
from bot.learning.items import Level

_INGRESS = "https://kubernetes.io/docs/concepts/services-networking/ingress/"

Rule = tuple[str, str, str, str]
"""Host ("" for any), path type, path, Service."""


def ingress_object(rules: Sequence[Rule], default: str = "", port: int = 80, space: str = "", **more: object) -> Tree:
    """The Ingress `site`, of the class `nginx`. `more` is added to its spec."""

    def backend(name: str) -> Tree:
        return {"service": {"name": name, "port": {"number": port}}}

    written = [
        {**({"host": host} if host else {}), "http": {"paths": [{"path": path, "pathType": kind, "backend": backend(name)}]}}
        for host, kind, path, name in rules
    ]
    spec = {"ingressClassName": "nginx", **({"defaultBackend": backend(default)} if default else {}), "rules": written, **more}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": meta("site", space), "spec": spec}


def _to(name: str) -> str:
    return f"The Service `{name}`" if name else "No Service: HTTP 404"


def _first(rules: Sequence[Rule], fits: Callable[[Rule], bool]) -> str:
    return _to(next((rule[3] for rule in rules if fits(rule)), ""))


def _elements(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _prefix(rule: Rule, path: str) -> bool:
    mine = _elements(rule[2])
    return path == rule[2] if rule[1] == "Exact" else _elements(path)[: len(mine)] == mine


def _asked(rules: Sequence[Rule], host: str, path: str, default: str = "") -> tuple[str, str]:
    """Which Service answers, in the words of an option, and the trace."""
    names = list(dict.fromkeys([*(rule[3] for rule in rules), *([default] if default else [])]))
    objects = [tree for name in names for tree in (service(name, {"app": name}), pod(f"{name}-1", {"app": name}))]
    via = {"kind": "Ingress", "namespace": "default", "name": "site"}
    report = play([ingress_object(rules, default), *objects], requests=[{"via": via, "host": host, "path": path}])
    answer = report.answers[0]
    backend = answer.backends[0].service if answer.backends else None
    return (_to(backend.name) if backend else _to("")), way(report)


def _draft(rules: Sequence[Rule], host: str, path: str, why: str, wrong: Sequence[Wrong], moral: str, default: str = "") -> Draft:
    right, trace = _asked(rules, host, path, default)
    return Draft(
        stem=f"A client outside asks for `http://{host}{path}`. Every Service has a Ready Pod. Which one answers?",
        shown=(shown("ingress.yaml", ingress_object(rules, default)),),
        right=right,
        why=why,
        wrong=wrong,
        explanation=moral,
        trace=trace,
    )


def host_path(dice: Random) -> Draft:
    one, two = dice.sample(DOMAINS, 2)
    a, b, c = dice.sample(APPS, 3)
    path = f"/{dice.choice(('v1', 'docs', 'media', 'help'))}"
    rules: list[Rule] = [(one, "Prefix", "/", a), (two, "Prefix", path, b), (one, "Prefix", path, c)]
    dice.shuffle(rules)
    host, asked = dice.choice(((one, path), (two, path), (two, "/"), (one, "/other")))
    return _draft(
        rules,
        host,
        asked,
        f"Only rules for `{host}` are looked at, and of their paths the longest that fits decides.",
        (
            Wrong(
                "host-not-compared",
                _first(rules, lambda r: _prefix(r, asked)),
                f"That rule is for another host than `{host}`, or a longer path fits too.",
            ),
            Wrong(
                "path-before-host",
                _first(sorted(rules, key=lambda r: -len(r[2])), lambda r: _prefix(r, asked)),
                "First the host chooses the rules, then the path one of them.",
            ),
            Wrong(
                "host-needs-same-path",
                _first(rules, lambda r: r[0] == host and r[2] == asked),
                "A `Prefix` serves everything below it, and a path that no rule of the host has gets 404.",
            ),
            Wrong("one-rule-is-default", _to(b), f"Its rule is for `{two}` and `{path}`."),
        ),
        "Host first, then the longest matching path of that host.",
    )


def prefix_elements(dice: Random) -> Draft:
    word, more = dice.choice(("shop", "docs", "app", "foo")), dice.choice(("ping", "2", "s", "-old"))
    a, b, c = dice.sample(APPS, 3)
    host = dice.choice(DOMAINS)
    slash = dice.choice(("", "/"))
    rules: list[Rule] = [
        (host, "Prefix", f"/{word}{slash}", a),
        (host, dice.choice(("Exact", "Prefix")), f"/{word}/{more}", b),
        (host, "Prefix", "/", c),
    ]
    if dice.random() < 0.4:
        rules.pop()
    asked = dice.choice((f"/{word}{more}", f"/{word}", f"/{word}/", f"/{word}/{more}/x", f"/{word}{more}/x", f"/{word}/{more}"))
    text = sorted(rules, key=lambda r: -len(r[2]))
    return _draft(
        rules,
        host,
        asked,
        "A prefix is compared element by element between the slashes; a slash at its end makes no difference.",
        (
            Wrong(
                "prefix-is-substring",
                _first(text, lambda r: asked.startswith(r[2].rstrip("/") or "/")),
                "Letters are not enough: a whole element has to be equal.",
            ),
            Wrong(
                "trailing-slash-differs",
                _first(text, lambda r: asked.startswith(r[2]) and (asked + "/").startswith(r[2].rstrip("/") + "/")),
                "For `Prefix`, `/a` and `/a/` are the same.",
            ),
            Wrong(
                "prefix-needs-more",
                _first(text, lambda r: _prefix(r, asked) and _elements(asked) != _elements(r[2])),
                "A prefix matches itself too.",
            ),
            Wrong("words-are-matched", _to(b), f"`{asked}` has to begin with the elements of the rule."),
            Wrong("missing-path-is-root", _to(c) if len(rules) > 2 else _to(a), "The longest prefix that fits decides."),
        ),
        "`Prefix` compares whole elements: `/foo` takes `/foo` and `/foo/bar`, never `/foobar`.",
    )


def precedence(dice: Random) -> Draft:
    word, more = dice.choice(("shop", "docs", "app")), dice.choice(("cart", "api", "new"))
    a, b, c, d = dice.sample(APPS, 4)
    host = dice.choice(DOMAINS)
    rules: list[Rule] = [
        (host, "Prefix", "/", a),
        (host, "Prefix", f"/{word}", b),
        (host, "Exact", f"/{word}", c),
        (host, "Prefix", f"/{word}/{more}", d),
    ]
    rules.remove(dice.choice(rules[1:]))
    dice.shuffle(rules)
    asked = dice.choice((f"/{word}", f"/{word}/{more}", f"/{word}/{more}/1", f"/{word}/other"))
    exact = sorted(rules, key=lambda r: r[1] != "Exact")
    return _draft(
        rules,
        host,
        asked,
        "Of the paths that match the longest wins, and `Exact` before `Prefix` where they are equally long.",
        (
            Wrong("first-listed-wins", _first(rules, lambda r: _prefix(r, asked)), "The order in the manifest does not matter."),
            Wrong(
                "exact-wins-by-prefix",
                _first(exact, lambda r: asked.startswith(r[2])),
                "`Exact` matches that very path and nothing below it.",
            ),
            Wrong(
                "shortest-wins",
                _first(sorted(rules, key=lambda r: len(r[2])), lambda r: _prefix(r, asked)),
                "The longest path that matches wins, not the widest.",
            ),
            Wrong("last-listed-wins", _first(rules[::-1], lambda r: _prefix(r, asked)), "The order in the manifest does not matter."),
        ),
        "Longest match first; `Exact` breaks a tie with `Prefix`.",
    )


def wildcard_host(dice: Random) -> Draft:
    domain = dice.choice(DOMAINS)
    a, b, c = dice.sample(APPS, 3)
    sub = dice.choice(("tea", "blue", "eu", "beta"))
    rules: list[Rule] = [(f"*.{domain}", "Prefix", "/", a), (f"{sub}.{domain}", "Prefix", "/", b)]
    if dice.random() < 0.5:
        rules.append(("", "Prefix", "/", c))
    dice.shuffle(rules)
    host = dice.choice((domain, f"{sub}.{domain}", f"x.{sub}.{domain}", f"red.{domain}", f"a.b.{domain}"))
    return _draft(
        rules,
        host,
        "/",
        "The star stands for one label, no more and no fewer; a name that is written out comes first.",
        (
            Wrong(
                "wildcard-is-suffix",
                _to(a if host.endswith(f".{domain}") else c if len(rules) > 2 else ""),
                "The star covers one label, and a host written out comes before it.",
            ),
            Wrong("star-may-be-empty", _to(a), f"`*.{domain}` needs exactly one label before `{domain}`."),
            Wrong("wildcards-reach-below-names", _to(b), f"`{sub}.{domain}` is served by that rule and nothing below or beside it."),
            Wrong("no-rule-means-404", _to(""), "A rule fits: by its name, by its star, or because it has no host."),
            Wrong("any-host-comes-first", _to(c) if len(rules) > 2 else _to(b), "A rule without a host comes last."),
        ),
        f"`*.{domain}` takes `a.{domain}`, not `{domain}` and not `a.b.{domain}`.",
    )


def no_match(dice: Random) -> Draft:
    host, other = dice.sample(DOMAINS, 2)
    a, b, c = dice.sample(APPS, 3)
    path = f"/{dice.choice(('shop', 'docs', 'v1', 'help'))}"
    rules: list[Rule] = [(host, "Prefix", path, a), (other, "Exact", path, b)]
    default = c if dice.random() < 0.6 else ""
    asked_host, asked = dice.choice(((host, "/other"), (other, f"{path}/1"), (f"www.{host}", path), (host, path)))
    return _draft(
        rules,
        asked_host,
        asked,
        "A rule matches by host and path together. What no rule matches goes to the default backend, and without one gets 404.",
        (
            Wrong("one-rule-is-default", _to(a), f"Its rule wants the host `{host}` and a path below `{path}`."),
            Wrong("last-rule-is-default", _to(b), f"Its rule wants the host `{other}` and `{path}` itself."),
            Wrong("no-rule-means-404", _to(""), "There is a backend for this request."),
            Wrong("default-comes-first", _to(default), "The default backend gets only what no rule matches."),
        ),
        "No rule matches: `defaultBackend`, if there is one; else the controller answers 404.",
        default,
    )


_I = Level.INTERMEDIATE
TEMPLATES = (
    Template("ing-host-path", "ingress", Level.BEGINNER, host_path, _INGRESS, "ing-one-door"),
    Template("ing-prefix-elements", "ingress", _I, prefix_elements, _INGRESS, "ing-path-types"),
    Template("ing-precedence", "ingress", _I, precedence, _INGRESS, "ing-path-types"),
    Template("ing-wildcard-host", "ingress", _I, wildcard_host, _INGRESS, "ing-path-types"),
    Template("ing-no-match", "ingress", _I, no_match, _INGRESS, "ing-path-types"),
)
