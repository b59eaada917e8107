"""Questions about the rules of routes: which one wins, and what its filter makes of the URL.

Responsible for: random rules with matches and filters, and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`, `gateways`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bot.generators.draft import Draft, Reason, Template, UnfitError, Wrong
from bot.generators.gateways import GATEWAY_CLASS, SPEC, app, backend, gateway, route, through
from bot.generators.play import APPS, DOMAINS, Tree, play, shown, table, way
from bot.learning.items import Level, Manifest
from simulator import Report

Pairs = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule with one match, and the Service that it leads to."""

    route: str
    created: str
    number: int
    kind: str
    path: str
    method: str
    headers: Pairs
    query: Pairs
    service: str

    @property
    def conditions(self) -> int:
        return bool(self.method) + len(self.headers) + len(self.query)

    def unmet(self, asked: Asked) -> str:
        """What of the request it does not match, in words; "" if it matches."""
        covered = asked.path == self.path if self.kind == "Exact" else f"{asked.path}/".startswith(f"{self.path.rstrip('/')}/")
        if not covered:
            return f"the path `{self.path}`"
        if self.method not in ("", asked.method):
            return f"the method {self.method}"
        missing = [f"the header `{n}: {v}`" for n, v in self.headers.items() if asked.headers.get(n) != v]
        missing += [f"the parameter `{n}={v}`" for n, v in self.query.items() if asked.query.get(n) != v]
        return missing[0] if missing else ""

    def match(self) -> Tree:
        said: Tree = {"path": {"type": self.kind, "value": self.path}}
        if self.method:
            said["method"] = self.method
        for key, pairs in (("headers", self.headers), ("queryParams", self.query)):
            if pairs:
                said[key] = [{"name": name, "value": value} for name, value in pairs.items()]
        return said


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    headers: Pairs
    query: Pairs

    @property
    def url(self) -> str:
        return self.path + ("?" + "&".join(f"{n}={v}" for n, v in self.query.items()) if self.query else "")


_STEPS: Sequence[tuple[str, Callable[[Rule], list[int]]]] = (
    ("an `Exact` path", lambda rule: [rule.kind == "Exact"]),
    ("the longer path", lambda rule: [len(rule.path)]),
    ("a method", lambda rule: [bool(rule.method)]),
    ("more headers", lambda rule: [len(rule.headers)]),
    ("more query parameters", lambda rule: [len(rule.query)]),
    ("the older route", lambda rule: [-ord(letter) for letter in rule.created]),
    ("the route whose name comes first", lambda rule: [-ord(letter) for letter in rule.route]),
    ("the earlier place in the route", lambda rule: [-rule.number]),
)
"""What is compared, one after the other, and how it is counted: more is better."""


def _better(one: Rule, other: Rule) -> str:
    """Why the first of two rules that both match wins, in words; "" if it does not."""
    for words, value in _STEPS:
        if value(one) != value(other):
            return words if value(one) > value(other) else ""
    return ""


def _best(rules: Sequence[Rule]) -> Rule:
    return next(one for one in rules if all(one is other or _better(one, other) for other in rules))


def _rules(dice: Random, word: str, part: str, services: Sequence[str]) -> list[Rule]:
    paths = [("Exact", f"/{word}/{part}"), ("PathPrefix", f"/{word}/{part}"), ("PathPrefix", f"/{word}"), ("PathPrefix", "/")]
    same = dice.choice(paths[:3]) if dice.random() < 0.6 else None
    days = dice.sample(range(10, 29), 2)
    routes = [
        (name, f"2026-03-{day}T09:00:00Z") for name, day in zip(dice.sample(("north", "south", "east", "west"), 2), days, strict=True)
    ]
    if dice.random() < 0.3:
        routes[1] = (routes[1][0], routes[0][1])
    rules = []
    for number, name in enumerate(services):
        at = 0 if number < 2 else 1
        kind, path = same or dice.choice(paths)
        method = dice.choice(("", "", "GET", "POST"))
        headers = dict(dice.sample([("beta", "1"), ("team", "2")], dice.choice((0, 0, 1, 2))))
        query = {"lang": "en"} if dice.random() < 0.3 else {}
        rules.append(Rule(*routes[at], number % 2, kind, path, method, headers, query, name))
    return rules


def match_precedence(dice: Random) -> Draft:
    word, part = dice.choice(("shop", "docs", "v1", "media")), dice.choice(("cart", "new", "list", "top"))
    rules = _rules(dice, word, part, dice.sample(APPS, 4))
    asked = Asked(
        dice.choice(("GET", "GET", "POST")),
        f"/{word}/{part}",
        {"beta": "1", "team": dice.choice(("2", "2", "3"))},
        {"lang": "en"} if dice.random() < 0.7 else {},
    )
    matching = [rule for rule in rules if not rule.unmet(asked)]
    if len(matching) < 2:
        raise UnfitError("nothing to choose between")
    routes = [
        route(name, [{"matches": [r.match()], "backendRefs": [backend(r.service)]} for r in rules if r.route == name], created=created)
        for name, created in dict.fromkeys((rule.route, rule.created) for rule in rules)
    ]
    request = {
        "via": through(), "path": asked.path, "method": asked.method, "headers": dict(asked.headers), "query": asked.url.partition("?")[2],
    }  # fmt: skip
    report = play([GATEWAY_CLASS, gateway(), *routes, *(tree for rule in rules for tree in app(rule.service))], requests=[request])
    found = report.answers[0].backends[0].service
    winner = next(rule for rule in rules if found and rule.service == found.name)
    others = [rule for rule in matching if rule is not winner]
    decisive = _better(winner, _best(others))

    def wrong(misconception: str, pick: Rule) -> Wrong:
        unmet = pick.unmet(asked)
        why = f"That rule asks for {unmet}." if unmet else f"Both match, and `{winner.service}` has {_better(winner, pick)}."
        return Wrong(misconception, _leads_to(pick), Reason(why, pick is winner or bool(unmet) or bool(_better(winner, pick))))

    by_path = max(
        rules, key=lambda rule: (rule.kind == "Exact", len(rule.path)) if not rule.unmet(asked).startswith("the path") else (False, 0)
    )
    headers = ", ".join(f"`{name}: {value}`" for name, value in asked.headers.items())
    return Draft(
        stem=f"A client asks the Gateway for `{asked.method} {asked.url}` with the headers {headers}. Each rule of its routes leads to "
        "another Service with a Ready Pod. Which one answers?",
        shown=[_shown(name, [rule for rule in rules if rule.route == name]) for name in dict.fromkeys(rule.route for rule in rules)],
        right=_leads_to(winner),
        why=Reason(
            f"{len(matching)} rules match; against the next best this one has {decisive}.",
            winner is _best(matching) and bool(decisive),
        ),
        wrong=(
            wrong("more-conditions-win", max(matching, key=lambda rule: (rule.conditions, len(rule.path)))),
            wrong("first-listed-wins", matching[0]),
            wrong("last-listed-wins", matching[-1]),
            wrong("path-chooses-alone", by_path),
            wrong("newer-route-wins", max(matching, key=lambda rule: (rule.kind == "Exact", len(rule.path), rule.created))),
            wrong("headers-before-method", max(matching, key=lambda rule: (rule.kind == "Exact", len(rule.path), len(rule.headers)))),
        ),
        explanation="Compared in this order: an `Exact` path, the longest prefix, a method, more headers, more query parameters, the older "
        "route, its name, the first rule in the list.",
        trace=way(report),
    )


def _leads_to(rule: Rule) -> str:
    return f"The Service `{rule.service}`"


def _shown(name: str, rules: Sequence[Rule]) -> Manifest:
    """The rules of one route. Conditions: the method, headers as `name:value`, query parameters as `?name=value`."""
    rows = [(rule.path, rule.kind.removeprefix("Path"), ",".join(_conditions(rule)) or "-", rule.service) for rule in rules]
    day = int(rules[0].created[8:10])
    return table(f"HTTPRoute {name}, created on {day} March", "PATH TYPE CONDITIONS SERVICE", rows)


def _conditions(rule: Rule) -> list[str]:
    headers, query = ([f"{name}{sign}{value}" for name, value in pairs.items()] for sign, pairs in ((":", rule.headers), ("=", rule.query)))
    return [*([rule.method] if rule.method else ()), *headers, *(f"?{pair}" for pair in query)]


def redirect_rewrite(dice: Random) -> Draft:
    name, (host, other) = dice.choice(APPS), dice.sample(DOMAINS, 2)
    word, rest = dice.choice(("shop", "docs", "v1", "old/app")), dice.choice(("", "/a", "/list/2", "/shop"))
    query = dice.choice(("", "", "lang=en"))
    sent = dice.random() < 0.5
    change = dice.choice(("ReplacePrefixMatch", "ReplacePrefixMatch", "ReplaceFullPath", ""))
    new = dice.choice(("/new", "/moved" if change == "ReplaceFullPath" else "/", "/v2/shop"))
    said: Tree = {"hostname": other} if dice.random() < 0.35 or not (change or sent) else {}
    said |= {"scheme": "https"} if sent and (dice.random() < 0.5 or not (said or change)) else {}
    said |= {"path": {"type": change, change[:1].lower() + change[1:]: new}} if change else {}
    filtered = {"type": "RequestRedirect", "requestRedirect": said} if sent else {"type": "URLRewrite", "urlRewrite": said}
    rule: Tree = {"matches": [{"path": {"type": "PathPrefix", "value": f"/{word}"}}], "filters": [filtered]}
    to_app: Tree = {"backendRefs": [backend(name)]}
    made = route("site", [rule, to_app] if sent else [{**rule, **to_app}], host=host)
    path, tail = f"/{word}{rest}", f"?{query}" if query else ""
    report = play([GATEWAY_CLASS, gateway(), made, *app(name)], requests=[{"via": through(), "host": host, "path": path, "query": query}])
    came = _outcome(report, sent)
    scheme, to = said.get("scheme", "http"), said.get("hostname", host)
    expected = {"ReplacePrefixMatch": new.rstrip("/") + rest or "/", "ReplaceFullPath": new, "": path}[change]

    def told(path: str, *, hostname: str = to, end: str = tail, by_redirect: bool = sent) -> str:
        address = f"{scheme}://{hostname}{path}{end}"
        return f"The client is sent to `{address}`" if by_redirect else f"`{name}` is asked for `{address}`"

    wrong = [
        Wrong("redirect-is-a-rewrite", told(expected, by_redirect=False),
              "A redirect asks no backend; the client gets an answer with another URL.")
        if sent
        else Wrong("rewrite-is-a-redirect", told(expected, by_redirect=True),
                   "The client hears nothing of a rewrite; the backend is asked for another URL.")
    ]  # fmt: skip
    last = f"{path.rpartition('/')[0]}{new}"
    if change == "ReplacePrefixMatch":
        wrong += [
            Wrong("rewrite-drops-the-rest", told(new), Reason(f"`{rest}` follows the prefix, and it stays.", expected.endswith(rest))),
            Wrong("prefix-joins-as-text", told(f"{new}{rest}" if rest else expected), "No slash is doubled where the two parts meet."),
            Wrong("prefix-stays", told(f"{new.rstrip('/')}{path}"),
                  Reason(f"`/{word}` is replaced, not put behind `{new}`.", expected != f"{new.rstrip('/')}{path}")),
            Wrong("rewrite-replaces-last-element", told(last),
                  Reason(f"What is replaced is `/{word}`, from the start of the path.", path.startswith(f"/{word}"))),
        ]  # fmt: skip
    elif change:
        wrong += [
            Wrong("full-path-is-prefix", told(f"{new}{rest}"), "`ReplaceFullPath` leaves nothing of the old path."),
            Wrong("prefix-stays", told(f"{new}{path}"), "The old path goes, prefix and all."),
            Wrong("rewrite-replaces-last-element", told(last), "A full path is replaced in full, not by its last element."),
        ]
    else:
        wrong += [
            Wrong("redirect-drops-path" if sent else "rewrite-drops-path", told("/"), "Without a `path` in the filter the path stays."),
            Wrong("rewrite-drops-the-rest", told(f"/{word}"), Reason(f"`{rest}` belongs to the path, and the path stays.", bool(rest))),
        ]
    wrong += [
        Wrong("query-is-dropped", told(expected, end=""), Reason(f"The filter does not touch the query `{query}`.", came.endswith(tail))),
        Wrong("host-is-always-kept", told(expected, hostname=host), Reason(f"The filter gives `{to}` as the hostname.", to in came)),
    ]
    does = "A redirect answers the client, who asks anew" if sent else "A rewrite changes what the backend is asked"
    comes_of_path = {
        "ReplacePrefixMatch": f"`/{word}` gives way to `{new}`, and what follows it stays",
        "ReplaceFullPath": f"the whole path gives way to `{new}`",
        "": "the path is left as it is",
    }[change]
    return Draft(
        stem=f"A client asks the Gateway for `http://{host}{path}{tail}`. What comes of it?",
        shown=(shown("route.yaml", made),),
        right=f"The client is sent to `{came}`" if sent else f"`{name}` is asked for `{came}`",
        why=Reason(f"{does}; {comes_of_path}.", came == f"{scheme}://{to}{expected}{tail}"),
        wrong=wrong,
        explanation="A redirect answers the client with another URL; a rewrite changes what the backend sees. Host, path and query that "
        "the filter does not name stay.",
        trace=way(report),
    )


def _outcome(report: Report, sent: bool) -> str:
    """The URL to which the client is sent, or for which the backend is asked."""
    answer = report.answers[0]
    if sent:
        return next(line for line in way(report).splitlines() if line.startswith("Location: ")).removeprefix("Location: ")
    asked = answer.backend_request or {}
    return f"{asked['scheme']}://{asked['host']}{asked['path']}" + (f"?{asked['query']}" if asked["query"] else "")


_I = Level.INTERMEDIATE
TEMPLATES = (
    Template("gw-match-precedence", "gateway-api", _I, match_precedence, SPEC, "gw-which-rule-wins"),
    Template("gw-redirect-rewrite", "gateway-api", _I, redirect_rewrite, SPEC, "gw-which-rule-wins"),
)
