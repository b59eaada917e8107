"""Questions about DNS: full names, search lists, names of Pods, resolvers.

Responsible for: random names and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`).
"""

from __future__ import annotations

from random import Random

from bot.generators.draft import Draft, Template, UnfitError, Wrong
from bot.generators.play import APPS, DOMAINS, NAMESPACES, client, from_pod, looked_up, namespace, play, service, shown
from bot.learning.items import Level

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
    Template("dns-search-list", "dns", _I, search_list, _DNS, "dns-search-list-order"),
    Template("dns-trailing-dot", "dns", _I, query_count, _DNS, "dns-search-list-order"),
)
