"""Questions about DNS: full names, names from other namespaces, search lists.

Responsible for: random names and the wrong rules that people apply to them.
Leaves to others: names of Pods and ports (`dns_records`), resolvers (`dns_resolvers`), what makes a draft a question (`draft`), clusters
and runs (`play`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from bot.generators.draft import Draft, Reason, Template, UnfitError, Wrong, fitting
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
    beliefs = {
        "namespace-comes-first": f"{home}.{app}.svc.{domain}.",
        "svc-after-the-name": f"{app}.svc.{home}.{domain}.",
        "svc-can-be-left-out": f"{app}.{home}.{domain}.",
        "client-namespace-in-name": f"{app}.{away}.svc.{domain}.",
    }
    objects = [namespace(home), namespace(away), service(app, {"app": app}, namespace=home), client(away)]
    names = [right, *beliefs.values()]
    report = play(objects, lookups=[{"from": from_pod(away), "name": name} for name in names], profile={"clusterDomain": domain})
    if [answer.rcode for answer in report.lookups] != ["NOERROR", *["NXDOMAIN"] * len(beliefs)]:
        raise UnfitError("not exactly one of the names resolves")
    here = Reason(f"The Service is in `{home}`; where the client is does not show.", bool(report.lookups[0].records))
    laws: dict[str, str | Reason] = {
        "namespace-comes-first": "The Service stands before its namespace.",
        "svc-after-the-name": "`svc` stands after the namespace.",
        "svc-can-be-left-out": "A full name holds `svc`, before the cluster's domain.",
        "client-namespace-in-name": here,
    }
    return Draft(
        stem=f"The cluster's domain is `{domain}`, and the client is a Pod in `{away}`. What is the full name of this Service?",
        shown=(shown("service.yaml", service(app, {"app": app}, namespace=home)),),
        right=f"`{right}`",
        why="Service, namespace, `svc`, the cluster's domain.",
        wrong=[Wrong(belief, f"`{name}`", laws[belief]) for belief, name in beliefs.items()],
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

    def why(name: str) -> Reason:
        own = f"It is completed with the client's own namespace, `{asker}`"
        return fitting(
            Reason(f"It leads there. So does `{right}`, which is shorter.", found[name] == home and len(right) < len(name)),
            Reason(f"{own}, and leads to the `{app}` there.", name == app and found[name] == asker != home),
            Reason(f"{own}, where there is no `{app}`.", name == app and not found[name] and asker not in there),
            Reason("The Service stands before its namespace. In this order it is no name of the cluster's.", not found[name]),
        )

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
        why=fitting(
            Reason("The client's own namespace is filled in by its search list.", asker == home and right == app),
            Reason("The search list adds the rest: `svc.cluster.local`.", right == f"{app}.{home}"),
        ),
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
    short, all_found = name == app, set(got.values()) == {home}
    return Draft(
        stem=f"A Pod in each of these namespaces asks for `{name}`: {several(spaces)}. From which of them does that name lead to the "
        f"Service `{app}` in `{home}`?",
        shown=(table("services", "NAMESPACE NAME PORT", [(space, app, "80/TCP") for space in sorted(there)]),),
        right=those(lambda space: got[space] == home),
        why=fitting(
            Reason("A bare name is completed with the namespace of the Pod that asks.", short and got[home] == home and not all_found),
            Reason("Service and namespace are both there; every search list adds the rest.", not short and all_found),
        ),
        wrong=(
            Wrong(
                "short-name-everywhere",
                those(lambda _: True),
                Reason(f"`{name}` names no namespace, so each Pod's own is meant.", not all_found),
            ),
            Wrong(
                "same-name-same-service",
                those(lambda space: space in there),
                "The Services of the other namespaces are others, with addresses of their own.",
            ),
            Wrong(
                "only-full-names-resolve",
                those(lambda _: False),
                Reason(f"In `{home}` itself the search list makes the full name of it.", got[home] == home),
            ),
        )
        if short
        else (
            Wrong(
                "namespace-is-a-wall",
                those(lambda space: space == home),
                Reason(f"From each of the namespaces `{name}` finds the Service in `{home}`.", all_found),
            ),
            Wrong(
                "namespace-is-for-strangers",
                those(lambda space: space != home),
                Reason(f"In `{home}` the longer name works as well as `{app}`.", got[home] == home),
            ),
            Wrong(
                "own-namesake-comes-first",
                those(lambda space: space == home or space not in there),
                Reason(f"A namesake beside the client is called `{app}`; this name says `{home}`.", all_found),
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
    says = Reason(f"`{name}` says which namespace is meant.", got == named != "")
    beside = Reason(f"Without a namespace, `{asker}` is meant, where the client is.", got == asker == own)
    missing = Reason(f"Without a namespace, `{asker}` is meant, where the client is, and there is none.", not got and not own)
    return Draft(
        stem=f"A Pod in `{asker}` runs `curl http://{name}`. Which Service does it reach?",
        shown=(table("services", "NAMESPACE NAME PORT", [(space, app, "80/TCP") for space in sorted(there)]),),
        right=of(got),
        why=fitting(says, beside, missing),
        wrong=(
            *(
                [
                    Wrong(
                        "own-namesake-comes-first",
                        of(own),
                        Reason(f"`{app}` alone would be that one. This name says `{named}`.", got == named),
                    )
                ]
                if own
                else []
            ),
            Wrong(
                "other-namespace-needs-fqdn",
                of(""),
                Reason(f"It need not be the full name: the search list completes `{app}.{named}`.", got == named),
            ),
            Wrong(
                "default-is-searched-too",
                of("default"),
                Reason(f"The name says `{named}`. DNS gives `default` no special part.", got == named),
            ),
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
                Reason(f"Nothing in `{name}` says that namespace, and the client is in `{asker}`.", got == own),
            ),
            Wrong(
                "namesakes-are-ambiguous", of(""), Reason(f"There is no choice to make: `{name}` means the one in `{asker}`.", got == asker)
            ),
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
    asked = report.lookups[0].queries[0][0]
    base = ["svc.cluster.local.", "cluster.local."]
    wide = [f"{away}.{base[0]}", *base]
    inside = _dots(name.count("."))
    as_it_stands = fitting(
        Reason("It ends with a dot, so it is asked as it stands.", bool(dot) and asked == f"{name}."),
        Reason(f"It has {inside}, and from {ndots} on it is asked as it stands first.", name.count(".") >= ndots and asked == f"{name}."),
    )
    listed = Reason(
        f"It has {inside}; with fewer than {ndots} the search list comes first, beginning with the Pod's own namespace.",
        name.count(".") < ndots and asked == f"{name}.{wide[0]}",
    )
    from_the_front = Reason("The search list is tried from its beginning, and that is the Pod's own namespace.", listed.holds)

    def first(query: str) -> str:
        return f"`{query}`"

    return Draft(
        stem=f"A Pod in `{away}` looks up `{name}{dot}` (ndots is {ndots}; its search list has the cluster's three entries). "
        "Which name is asked first?",
        shown=(shown("service.yaml", service(app, {"app": app}, namespace=home)),),
        right=first(asked),
        why=fitting(as_it_stands, listed),
        wrong=(
            Wrong("bare-name-first", first(f"{name}."), listed),
            Wrong("trailing-dot-is-decoration" if dot else "ndots-is-for-services", first(f"{name}.{wide[0]}"), as_it_stands),
            Wrong("search-list-backwards", first(f"{name}.{wide[2]}"), fitting(from_the_front, as_it_stands)),
            Wrong("one-search-domain", first(f"{name}.{wide[1]}"), fitting(from_the_front, as_it_stands)),
        ),
        explanation="Fewer dots than ndots: the search list in its order, then the bare name. Enough dots: the bare name first. A "
        "trailing dot: only the name.",
        trace=looked_up(report),
    )


def _dots(count: int) -> str:
    return f"{count} dot{'' if count == 1 else 's'}" if count else "no dot"


def query_count(dice: Random) -> Draft:
    app, (space, other) = dice.choice(APPS), dice.sample(NAMESPACES, 2)
    name = f"{dice.choice(('www', 'api', 'static.cdn', app))}.{dice.choice(DOMAINS)}"
    ndots, dot = dice.choice((5, 5, 5, 4, 3, 2)), dice.choice(("", "", "", "."))
    searches = [f"{space}.svc.cluster.local", "svc.cluster.local", "cluster.local"]
    given = dice.choice((searches, searches, searches[:1], searches[:2], [*searches, f"{other}.svc.cluster.local"]))
    options = [{"name": "ndots", "value": str(ndots)}]
    settings = {"dnsPolicy": "None", "dnsConfig": {"nameservers": ["10.96.0.10"], "searches": given, "options": options}}
    asker = client(space, **settings)
    report = play([namespace(space), asker], lookups=[{"from": from_pod(space), "name": name + dot}])
    answer = report.lookups[0]
    if not answer.upstream:
        raise UnfitError("nothing outside was asked")
    count, inside, entries = len(answer.queries), _dots(name.count(".")), len(given)
    at_once = fitting(
        Reason("The dot at the end says that the name is complete: it is asked as it stands.", count == 1 and bool(dot)),
        Reason(f"It has {inside}, and from {ndots} on the name is asked as it stands first.", count == 1 and name.count(".") >= ndots),
    )
    last = Reason(
        f"It has {inside}, fewer than {ndots}, and none at the end: first comes each entry of the search list, then the name itself.",
        count == entries + 1 and name.count(".") < ndots and not dot,
    )

    def queries(number: int) -> str:
        return f"After {number} " + ("query" if number == 1 else "queries")

    return Draft(
        stem=f"This Pod looks up the address (A) of `{name}{dot}`, which exists outside, in the public DNS alone. When has it got the "
        "answer?",
        shown=(shown("pod.yaml", asker),),
        right=queries(count),
        why=fitting(at_once, last),
        wrong=(
            Wrong(
                "trailing-dot-is-decoration" if dot else "ndots-is-for-services",
                queries(entries + 1 if count == 1 else 1),
                fitting(at_once, last),
            ),
            Wrong(
                "ndots-counts-queries",
                queries(ndots),
                Reason(f"`ndots:{ndots}` is a number of dots, not of queries.", ndots != count),
            ),
            Wrong("one-search-domain", queries(2), fitting(at_once, Reason(f"The search list has {entries} entries.", entries > 1))),
            Wrong("bare-name-comes-third", queries(3), fitting(at_once, Reason("The bare name comes after all entries.", last.holds))),
            Wrong(
                "search-list-comes-anyway",
                queries(4),
                fitting(
                    at_once,
                    Reason(
                        f"The search list is what `dnsConfig` says, and that has {entries} {'entry' if entries == 1 else 'entries'}.",
                        entries != 3,
                    ),
                ),
            ),
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
