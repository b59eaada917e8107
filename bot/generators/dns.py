"""Questions about DNS: full names, names from other namespaces, search lists.

Responsible for: random names and the wrong rules that people apply to them.
Leaves to others: names of Pods and ports (`dns_records`), resolvers (`dns_resolvers`), what makes a draft a question (`draft`), clusters
and runs (`play`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from bot.generators.draft import Draft, Template, UnfitError, Wrong
from bot.generators.play import (
    APPS,
    DOMAINS,
    NAMESPACES,
    Tree,
    client,
    from_pod,
    looked_up,
    namespace,
    play,
    service,
    several,
    shown,
    table,
)
from bot.learning.items import Level
from simulator import Report

_DNS = "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"


def service_name(dice: Random) -> Draft:
    app, (home, away) = dice.choice(APPS), dice.sample(NAMESPACES, 2)
    domain = dice.choice(("cluster.local", "cluster.local", "k8s.internal", "prod.local"))
    right = f"{app}.{home}.svc.{domain}."
    wrong = (
        Wrong("namespace-comes-first", f"{home}.{app}.svc.{domain}.", "The Service stands before its namespace."),
        Wrong("svc-after-the-name", f"{app}.svc.{home}.{domain}.", "`svc` stands after the namespace."),
        Wrong("svc-can-be-left-out", f"{app}.{home}.{domain}.", "A full name holds `svc`, before the cluster's domain."),
        Wrong("client-namespace-in-name", f"{app}.{away}.svc.{domain}.", f"The Service is in `{home}`; where the client is does not show."),
    )
    objects = [namespace(home), namespace(away), service(app, {"app": app}, namespace=home), client(away)]
    names = [right, *(each.answer for each in wrong)]
    report = play(objects, lookups=[{"from": from_pod(away), "name": name} for name in names], profile={"clusterDomain": domain})
    if [answer.rcode for answer in report.lookups] != ["NOERROR", *["NXDOMAIN"] * len(wrong)]:
        raise UnfitError("not exactly one of the names resolves")
    return Draft(
        stem=f"The cluster's domain is `{domain}`, and the client is a Pod in `{away}`. What is the full name of this Service?",
        shown=(shown("service.yaml", service(app, {"app": app}, namespace=home)),),
        right=f"`{right}`",
        why="Service, namespace, `svc`, the cluster's domain.",
        wrong=[Wrong(each.misconception, f"`{each.answer}`", each.why) for each in wrong],
        explanation="The name goes from the narrow to the wide: Service, namespace, `svc`, the cluster's domain.",
        trace="\n".join(looked_up(report, at) for at in range(len(names))),
    )


def cross_namespace(dice: Random) -> Draft:
    return dice.choice((_shortest_name, _who_gets_there, _whose_answer))(dice)


def _namesakes(app: str, spaces: Sequence[str]) -> list[Tree]:
    """Services of one name, in these namespaces, each with an address that is the same in every run."""
    return [service(app, {"app": app}, namespace=space, clusterIP=f"10.96.8.{10 + at}") for at, space in enumerate(spaces)]


def _found(report: Report, spaces: Sequence[str], at: int = 0) -> str:
    """The namespace of the Service that a look-up has found; "" where it has found none."""
    addresses = {f"10.96.8.{10 + at}": space for at, space in enumerate(spaces)}
    return next((addresses[record.value] for record in report.lookups[at].records if record.value in addresses), "")


def _shortest_name(dice: Random) -> Draft:
    app, (home, away) = dice.choice(APPS), dice.sample(NAMESPACES, 2)
    asker = dice.choice((away, away, home))
    there = [home, away] if dice.random() < 0.5 else [home]
    names = [app, f"{app}.{home}", f"{app}.{home}.svc", f"{app}.{home}.svc.cluster.local", f"{home}.{app}"]
    report = play(
        [namespace(home), namespace(away), *_namesakes(app, there), client(asker)],
        lookups=[{"from": from_pod(asker), "name": name} for name in names],
    )
    found = {name: _found(report, there, at) for at, name in enumerate(names)}
    right = next(name for name in names if found[name] == home)

    def why(name: str) -> str:
        if found[name] == home:
            return f"It leads there. So does `{right}`, which is shorter."
        own = f"It is completed with the client's own namespace, `{asker}`"
        if name == app:
            return f"{own}, and leads to the `{app}` there." if found[name] else f"{own}, where there is no `{app}`."
        return "The Service stands before its namespace. In this order it is no name of the cluster's."

    beliefs = (
        "short-name-everywhere",
        "namespace-is-always-needed",
        "svc-is-needed",
        "other-namespace-needs-fqdn",
        "namespace-comes-first",
    )
    everywhere = "; each has a Service of this name" if len(there) > 1 else ""
    return Draft(
        stem=f"There are namespaces `{home}` and `{away}`{everywhere}. What is the shortest host name by which a Pod in `{asker}` "
        f"reaches `{app}` in `{home}`?",
        shown=(table("services", "NAMESPACE NAME PORT", [(space, app, "80/TCP") for space in sorted(there)]),),
        right=f"`{right}`",
        why="The client's own namespace is filled in by its search list."
        if asker == home
        else "The search list adds the rest: `svc.cluster.local`.",
        wrong=[Wrong(belief, f"`{name}`", why(name)) for belief, name in zip(beliefs, names, strict=True)],
        explanation=f"The Service's name alone means the client's own namespace. `{app}.{home}` means the same from everywhere.",
        trace="\n".join(looked_up(report, at) for at in range(len(names))),
    )


def _who_gets_there(dice: Random) -> Draft:
    app, (home, *others) = dice.choice(APPS), dice.sample(NAMESPACES, 4)
    there = [home, *dice.sample(others, dice.randint(1, 2))]
    name = dice.choice((app, app, f"{app}.{home}", f"{app}.{home}.svc"))
    spaces = sorted([home, *others])
    report = play(
        [*(namespace(space) for space in spaces), *_namesakes(app, there), *(client(space) for space in spaces)],
        lookups=[{"from": from_pod(space), "name": name} for space in spaces],
    )

    def those(reach: Callable[[str], bool]) -> str:
        return several(filter(reach, spaces), "From none of them")

    got = {space: _found(report, there, at) for at, space in enumerate(spaces)}
    short = name == app
    return Draft(
        stem=f"A Pod in each of these namespaces asks for `{name}`: {several(spaces)}. From which of them does that name lead to the "
        f"Service `{app}` in `{home}`?",
        shown=(table("services", "NAMESPACE NAME PORT", [(space, app, "80/TCP") for space in sorted(there)]),),
        right=those(lambda space: got[space] == home),
        why="A bare name is completed with the namespace of the Pod that asks."
        if short
        else "Service and namespace are both there; every search list adds the rest.",
        wrong=(
            Wrong("short-name-everywhere", those(lambda _: True), f"`{name}` names no namespace, so each Pod's own is meant."),
            Wrong(
                "same-name-same-service",
                those(lambda space: space in there),
                "The Services of the other namespaces are others, with addresses of their own.",
            ),
            Wrong("only-full-names-resolve", those(lambda _: False), f"In `{home}` itself the search list makes the full name of it."),
        )
        if short
        else (
            Wrong(
                "namespace-is-a-wall",
                those(lambda space: space == home),
                f"From each of the namespaces `{name}` finds the Service in `{home}`.",
            ),
            Wrong(
                "namespace-is-for-strangers", those(lambda space: space != home), f"In `{home}` the longer name works as well as `{app}`."
            ),
            Wrong(
                "own-namesake-comes-first",
                those(lambda space: space == home or space not in there),
                f"A namesake beside the client is called `{app}`; this name says `{home}`.",
            ),
        ),
        explanation=f"`{app}` alone means that of the client's own namespace. `{app}.{home}`, however it goes on, is the same everywhere.",
        trace="\n".join(looked_up(report, at) for at in range(len(spaces))),
    )


def _whose_answer(dice: Random) -> Draft:
    app, (one, two, asker) = dice.choice(APPS), dice.sample(NAMESPACES, 3)
    there = ["default", one, two, *([asker] if dice.random() < 0.5 else [])]
    named = dice.choice(("", "", one, two))
    name = app + (f".{named}{dice.choice(('', '.svc'))}" if named else "")
    spaces = [one, two, asker]
    report = play(
        [*(namespace(space) for space in spaces), *_namesakes(app, there), client(asker)], lookups=[{"from": from_pod(asker), "name": name}]
    )

    def of(space: str) -> str:
        return f"The `{app}` of `{space}`" if space else "None: `curl: (6)`"

    own = asker if asker in there else ""
    got = _found(report, there)
    return Draft(
        stem=f"A Pod in `{asker}` runs `curl http://{name}`. Which Service does it reach?",
        shown=(table("services", "NAMESPACE NAME PORT", [(space, app, "80/TCP") for space in sorted(there)]),),
        right=of(got),
        why=f"`{name}` says which namespace is meant."
        if named
        else f"Without a namespace, `{asker}` is meant, where the client is{'' if own else ', and there is none'}.",
        wrong=(
            *([Wrong("own-namesake-comes-first", of(own), f"`{app}` alone would be that one. This name says `{named}`.")] if own else []),
            Wrong("other-namespace-needs-fqdn", of(""), f"It need not be the full name: the search list completes `{app}.{named}`."),
            Wrong("default-is-searched-too", of("default"), f"The name says `{named}`. DNS gives `default` no special part."),
        )
        if named
        else (
            Wrong(
                "default-is-searched-too",
                of("default"),
                "`default` is a namespace like others; nobody looks there when a name is not found.",
            ),
            Wrong(
                "short-name-everywhere",
                of(dice.choice((one, two))),
                f"Nothing in `{name}` says that namespace, and the client is in `{asker}`.",
            ),
            Wrong("namesakes-are-ambiguous", of(""), f"There is no choice to make: `{name}` means the one in `{asker}`."),
        ),
        explanation="The search list begins with the client's own namespace. Other namespaces have to be written.",
        trace=looked_up(report),
    )


def search_list(dice: Random) -> Draft:
    app, (home, away) = dice.choice(APPS), dice.sample(NAMESPACES, 2)
    name = dice.choice((app, f"{app}.{home}", f"{app}.{home}.svc", f"www.{dice.choice(DOMAINS)}"))
    ndots = dice.choice((5, 5, 1, 2, 3))
    dot = dice.choice(("", "", "."))
    options = {"dnsConfig": {"options": [{"name": "ndots", "value": str(ndots)}]}} if ndots != 5 else {}
    asker = client(away, **options)
    objects = [namespace(home), namespace(away), service(app, {"app": app}, namespace=home), asker]
    report = play(objects, lookups=[{"from": from_pod(away), "name": name + dot}])
    queries = [query for query, _, _ in report.lookups[0].queries]
    base = ["svc.cluster.local.", "cluster.local."]
    wide = [f"{away}.{base[0]}", *base]

    def first(query: str) -> str:
        return f"`{query}`"

    return Draft(
        stem=f"A Pod in `{away}` looks up `{name}{dot}` (ndots is {ndots}; its search list has the cluster's three entries). "
        "Which name is asked first?",
        shown=(shown("service.yaml", service(app, {"app": app}, namespace=home)),),
        right=first(queries[0]),
        why="It ends with a dot, so it is asked as it stands."
        if dot
        else f"It has {name.count('.')} dots; with fewer than {ndots} the search list comes first, beginning with the Pod's own namespace.",
        wrong=(
            Wrong("bare-name-first", first(f"{name}."), f"With fewer than {ndots} dots the search list comes first."),
            Wrong(
                "trailing-dot-is-decoration" if dot else "ndots-is-for-services",
                first(f"{name}.{wide[0]}"),
                "A dot at the end, or enough dots inside, and the name is asked as it stands.",
            ),
            Wrong("search-list-backwards", first(f"{name}.{wide[2]}"), "The search list is tried from its beginning."),
            Wrong("one-search-domain", first(f"{name}.{wide[1]}"), f"The first entry is the Pod's own namespace: `{wide[0]}`"),
        ),
        explanation="Fewer dots than ndots: the search list in its order, then the bare name. Enough dots: the bare name first. A "
        "trailing dot: only the name.",
        trace=looked_up(report),
    )


def query_count(dice: Random) -> Draft:
    app, space = dice.choice(APPS), dice.choice(NAMESPACES)
    name = f"{dice.choice(('www', 'api', 'static.cdn', app))}.{dice.choice(DOMAINS)}"
    ndots, dot = dice.choice((5, 5, 1, 2, 3)), dice.choice(("", "", "."))
    options = {"dnsConfig": {"options": [{"name": "ndots", "value": str(ndots)}]}}
    report = play([namespace(space), client(space, **options)], lookups=[{"from": from_pod(space), "name": name + dot}])
    answer = report.lookups[0]
    if not answer.upstream:
        raise UnfitError("nothing outside was asked")
    count = len(answer.queries)

    def queries(number: int) -> str:
        return f"After {number} " + ("query" if number == 1 else "queries")

    return Draft(
        stem=f"A Pod in `{space}` looks up the address (A) of `{name}{dot}`, which exists outside. ndots is {ndots}; "
        "the search list has the cluster's three entries. When has the resolver got an answer?",
        shown=(),
        right=queries(count),
        why=f"The name has {name.count('.')} dots{' and ends with one' if dot else ''}. Only with fewer than {ndots}, and none "
        "at the end, the three entries are tried first.",
        wrong=(
            Wrong(
                "trailing-dot-is-decoration" if dot else "ndots-is-for-services",
                queries(4 if count == 1 else 1),
                "Dots and `ndots` decide whether the search list comes first; a dot at the end leaves it out.",
            ),
            Wrong("ndots-counts-queries", queries(ndots), f"`ndots: {ndots}` is a number of dots, not of queries."),
            Wrong("one-search-domain", queries(2), "The search list of a Pod has three entries of the cluster."),
            Wrong("bare-name-comes-third", queries(3), "The bare name comes before all entries or after all of them."),
        ),
        explanation="An external name with few dots walks through the whole search list. A trailing dot spares that.",
        trace=looked_up(report),
    )


_I = Level.INTERMEDIATE
TEMPLATES = (
    Template("dns-service-name", "dns", Level.BEGINNER, service_name, _DNS, "dns-names"),
    Template("dns-cross-namespace", "dns", Level.BEGINNER, cross_namespace, _DNS, "dns-other-namespace"),
    Template("dns-search-list", "dns", _I, search_list, _DNS, "dns-search-list-order"),
    Template("dns-trailing-dot", "dns", _I, query_count, _DNS, "dns-search-list-order"),
)
