"""Questions about the rules of an Ingress: hosts, paths, precedence, requests that nothing matches.

Responsible for: random rules and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from bot.generators.draft import Draft, Reason, Template, Wrong
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


def _host(rule: Rule, host: str) -> bool:
    return rule[0] in ("", host) or (rule[0].startswith("*.") and host.partition(".")[2] == rule[0][2:])


def _fact(rules: Sequence[Rule], picked: str, right: str, host: str, path: str) -> Reason:
    """What of this Ingress keeps the request from where somebody expects it: the first of host, path, and a better rule."""
    led = {_to(rule[3]): rule for rule in rules}
    lost, won = led.get(picked), led.get(right)
    if lost is None:
        if won is None:
            return Reason("No rule fits, and there is a default backend for that.", right != _to(""))
        return Reason(f"A rule fits, that of `{won[3]}`.", _host(won, host) and _prefix(won, path))
    if not _host(lost, host):
        return Reason(f"Its rule is for `{lost[0]}`, and `{host}` does not fit that.", bool(lost[0]))
    if not _prefix(lost, path):
        return Reason(f"Its path is `{lost[2]}`, `{lost[1]}`, and `{path}` does not fit that.", lost is not won)
    if won is None or not (_host(won, host) and _prefix(won, path)):
        return Reason("", holds=False)
    if won[0] != lost[0]:
        return Reason(f"The rule of `{won[3]}` fits the host more closely.", won[0] == host or not lost[0])
    mine, theirs = (len(_elements(rule[2])) for rule in (won, lost))
    if mine == theirs:
        return Reason(f"`{won[3]}` has the same path as `Exact`.", (won[1], lost[1]) == ("Exact", "Prefix"))
    return Reason(f"`{won[2]}` fits too, and is longer than `{lost[2]}`.", mine > theirs)


def _draft(
    rules: Sequence[Rule], host: str, path: str, why: str, beliefs: Sequence[tuple[str, str, str]], moral: str, default: str = ""
) -> Draft:
    """`beliefs`: misconceptions, what each answers, and the law that it overlooks."""
    right, trace = _asked(rules, host, path, default)
    wrong = []
    for misconception, picked, law in beliefs:
        fact = _fact(rules, picked, right, host, path)
        wrong.append(Wrong(misconception, picked, Reason(f"{fact.text} {law}".rstrip(), fact.holds)))
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
        "Only rules for the host that is asked for are looked at, and of their paths the longest that fits decides.",
        (
            ("host-not-compared", _first(rules, lambda r: _prefix(r, asked)), ""),
            (
                "path-before-host",
                _first(sorted(rules, key=lambda r: -len(r[2])), lambda r: _prefix(r, asked)),
                "First the host chooses the rules, then the path one of them.",
            ),
            (
                "host-needs-same-path",
                _first(rules, lambda r: r[0] == host and r[2] == asked),
                "A `Prefix` serves everything below it.",
            ),
            ("one-rule-is-default", _to(b), ""),
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
            (
                "prefix-is-substring",
                _first(text, lambda r: asked.startswith(r[2].rstrip("/") or "/")),
                "Letters are not enough: a whole element has to be equal.",
            ),
            (
                "trailing-slash-differs",
                _first(text, lambda r: asked.startswith(r[2]) and (asked + "/").startswith(r[2].rstrip("/") + "/")),
                "For `Prefix`, `/a` and `/a/` are the same.",
            ),
            (
                "prefix-needs-more",
                _first(text, lambda r: _prefix(r, asked) and _elements(asked) != _elements(r[2])),
                "A prefix matches itself too.",
            ),
            ("words-are-matched", _to(b), ""),
            ("missing-path-is-root", _to(c) if len(rules) > 2 else _to(a), "The longest prefix that fits decides."),
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
            ("first-listed-wins", _first(rules, lambda r: _prefix(r, asked)), "The order in the manifest does not matter."),
            (
                "exact-wins-by-prefix",
                _first(exact, lambda r: asked.startswith(r[2])),
                "`Exact` matches that very path and nothing below it.",
            ),
            (
                "shortest-wins",
                _first(sorted(rules, key=lambda r: len(r[2])), lambda r: _prefix(r, asked)),
                "The longest path that matches wins, not the widest.",
            ),
            ("last-listed-wins", _first(rules[::-1], lambda r: _prefix(r, asked)), "The order in the manifest does not matter."),
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
            (
                "wildcard-is-suffix",
                _to(a if host.endswith(f".{domain}") else c if len(rules) > 2 else ""),
                "The star covers one label, and a host written out comes before it.",
            ),
            ("star-may-be-empty", _to(a), "The star stands for one label, no more and no fewer."),
            ("wildcards-reach-below-names", _to(b), "A host that is written out means itself alone."),
            ("no-rule-means-404", _to(""), ""),
            ("any-host-comes-first", _to(c) if len(rules) > 2 else _to(b), "A rule without a host comes last."),
        ),
        f"`*.{domain}` takes `a.{domain}`, not `{domain}` and not `a.b.{domain}`.",
    )


def no_match(dice: Random) -> Draft:
    host, other = dice.sample(DOMAINS, 2)
    a, b, c = dice.sample(APPS, 3)
    path = f"/{dice.choice(('shop', 'docs', 'v1', 'help'))}"
    rules: list[Rule] = [(host, "Prefix", path, a), (other, "Exact", path, b)]
    default = c if dice.random() < 0.6 else ""
    # Which default backend a host without any rule meets differs from controller to controller: it is asked for without one alone.
    elsewhere = (host, "/other") if default else (f"www.{host}", path)
    asked_host, asked = dice.choice(((host, "/other"), (other, f"{path}/1"), elsewhere, (host, path)))
    return _draft(
        rules,
        asked_host,
        asked,
        "A rule matches by host and path together. What no rule matches goes to the default backend, and without one gets 404.",
        (
            ("one-rule-is-default", _to(a), ""),
            ("last-rule-is-default", _to(b), ""),
            ("no-rule-means-404", _to(""), ""),
            ("default-comes-first", _to(default), "The default backend gets only what no rule matches."),
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
