"""Questions about the resolver of a Pod: what it knows under which DNS policy.

Responsible for: random resolver settings and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`), names as such (`dns`).
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from bot.generators.draft import Draft, Reason, Template, Wrong
from bot.generators.play import APPS, Tree, client, from_pod, namespace, numbered, play, service, several, shown
from bot.learning.items import Level
from simulator import LookupAnswer

_DNS = "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"
_CLUSTER_DNS, _COMPANY_DNS = "10.96.0.10", "192.0.2.53"


def policy(dice: Random) -> Draft:
    near, far = dice.sample(APPS, 2)
    home, away = dice.sample(("team-a", "team-b", "team-c", "team-d"), 2)
    outside = f"www.{dice.choice(('example.com', 'example.org', 'example.net'))}"
    longer_name = dice.choice((f"{far}.{away}", f"{far}.{away}.svc", f"{far}.{away}.svc.cluster"))
    names = [near, far, longer_name, dice.choice((f"{near}.{home}", f"{far}.{away}")) + ".svc.cluster.local", outside]
    dice.shuffle(names)
    list_of_cluster = [f"{home}.svc.cluster.local", "svc.cluster.local", "cluster.local"]
    bare: Tree = {"dnsPolicy": "None", "dnsConfig": {"nameservers": [_CLUSTER_DNS]}}
    listed: Tree = {"dnsPolicy": "None", "dnsConfig": {"nameservers": [_CLUSTER_DNS], "searches": list_of_cluster}}
    longer: Tree = {"dnsConfig": {"searches": [f"{away}.svc.cluster.local"]}}
    only = [{"dnsPolicy": "None", "dnsConfig": {"nameservers": [_CLUSTER_DNS], "searches": [domain]}} for domain in
            (*list_of_cluster[:2], f"{away}.svc.cluster.local")]  # fmt: skip
    spec: Tree = dice.choice(
        (
            {},
            *[{"hostNetwork": True}] * 2,
            {"hostNetwork": True, "dnsPolicy": "ClusterFirst"},
            {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"},
            {"dnsPolicy": "Default"},
            {"dnsPolicy": "ClusterFirst"},
            longer,
            longer,
            {"dnsConfig": {"nameservers": [_COMPANY_DNS]}},
            bare,
            bare,
            *only,
            {"dnsPolicy": "None", "dnsConfig": {"nameservers": [_COMPANY_DNS]}},
        )
    )
    services = [service(near, {"app": near}, namespace=home), service(far, {"app": far}, namespace=away)]

    def resolved(**settings: Any) -> tuple[frozenset[int], str]:
        """Which of the names a Pod with these settings resolves, by their numbers, and the trace."""
        asker = client(home, **settings)
        lookups = [{"from": from_pod(home), "name": name} for name in names]
        report = play([namespace(home), namespace(away), *services, asker], lookups=lookups)
        found = frozenset(n for n, answer in enumerate(report.lookups, 1) if answer.records or answer.upstream)
        return found, "".join(
            f"{n}. {name}\n{_told(answer)}" for n, (name, answer) in enumerate(zip(names, report.lookups, strict=True), 1)
        )

    def said(numbers: frozenset[int]) -> str:
        return f"Names {numbered(numbers, '')}" if len(numbers) > 1 else f"Name {numbered(numbers, '')}" if numbers else "Not one of them"

    def under(**settings: Any) -> str:
        return said(resolved(**settings)[0])

    right, trace = resolved(**spec)
    by_short_name, by_outside = names.index(far) + 1, names.index(outside) + 1
    given, host, config = spec.get("dnsPolicy", "ClusterFirst"), "hostNetwork" in spec, spec.get("dnsConfig", {})
    first = config.get("nameservers", [""])[0]
    asker = {**client(home, **spec), "metadata": {"name": "client", "namespace": home}}
    listing = " · ".join(f"**{n}** `{name}`" for n, name in enumerate(names, 1))
    node = given == "Default" or (host and given == "ClusterFirst")
    node_only = node and right == {by_outside}
    wrong = [
        Wrong(
            "cluster-dns-knows-no-outside",
            said(right - {by_outside}),
            Reason(f"`{outside}` is found too: a DNS server passes on questions that are not its own.", by_outside in right),
        ),
        Wrong(
            "short-name-everywhere",
            said(right | {by_short_name}),
            Reason(
                f"For `{far}` alone it takes `{away}.svc.cluster.local` in the search list, and a DNS server that knows it.",
                by_short_name not in right and f"{away}.svc.cluster.local" not in config.get("searches", ()),
            ),
        ),
    ]
    if node:
        wrong.append(
            Wrong(
                "full-names-work-everywhere",
                under(**bare),
                "The node's resolver does not know the cluster's zone, however full the name is.",
            )
        )
    else:
        wrong.append(
            Wrong(
                "dns-policy-is-default",
                under(dnsPolicy="Default"),
                Reason(f"The node's resolver is for the policy `Default`. This Pod's is `{given}`.", given != "Default"),
            )
        )
    if node and host:
        wrong.append(
            Wrong(
                "host-network-changes-no-dns",
                under(),
                Reason(
                    f"With `hostNetwork`, `{given}` means the node's resolver. The cluster's takes `ClusterFirstWithHostNet`.", node_only
                ),
            )
        )
    elif node:
        wrong.append(
            Wrong(
                "default-means-cluster-dns",
                under(),
                "In spite of its name `Default` is not what Pods get unasked. It means the node's resolver.",
            )
        )
    elif host:
        wrong.append(
            Wrong(
                "host-network-means-node-dns",
                under(dnsPolicy="Default"),
                "`ClusterFirstWithHostNet` is made for such Pods: they ask the cluster's DNS.",
            )
        )
    if given == "None":
        wrong += [
            Wrong(
                "search-list-comes-anyway",
                under(**listed),
                "Under `None` nameservers and search list are those of `dnsConfig` and no others.",
            ),
            Wrong(
                "none-means-no-dns",
                said(frozenset()),
                Reason(f"`None` means that `dnsConfig` is all there is, and it names {first}.", bool(first) and by_outside in right),
            ),
        ]
    elif config:
        as_given = {"nameservers": [_CLUSTER_DNS], **config}
        wrong += [
            Wrong(
                "dns-config-replaces",
                under(dnsPolicy="None", dnsConfig=as_given),
                Reason(f"Under `{given}` the `dnsConfig` is added to the cluster's nameserver and search list.", given == "ClusterFirst"),
            ),
            Wrong("dns-config-needs-none", under(), "A `dnsConfig` counts under each policy."),
        ]
    return Draft(
        stem=f"The Services are `{near}` in `{home}` and `{far}` in `{away}`; the cluster's DNS is at {_CLUSTER_DNS}, the company's, which "
        f"knows no Services, at {_COMPANY_DNS}. Which of these names does the Pod resolve?\n\n{listing}",
        shown=(shown("pod.yaml", asker),),
        right=said(right),
        why=Reason(_resolver(given, host, config), node_only == node),
        wrong=wrong,
        explanation="`ClusterFirst`, and with `hostNetwork` `ClusterFirstWithHostNet`: the cluster's DNS and search list. `Default`: the "
        "node's. "
        "`None`: only what `dnsConfig` says.",
        trace=trace,
    )


def _told(answer: LookupAnswer) -> str:
    """The queries, each with what came back, and the last one's reason."""
    asked = "".join(
        f"   {name}: {'asked outside' if answer.upstream and code == 'NOERROR' else code}\n" for name, _, code in answer.queries
    )
    return f"{asked}   {answer.hops[-1].reason}\n" if answer.hops else f"{asked}   no nameserver\n"


def _resolver(given: str, host: bool, config: Mapping[str, Any]) -> str:
    """Which resolver a Pod has, in a sentence."""
    if given == "Default" or (host and given == "ClusterFirst"):
        return (
            "With `hostNetwork`, `ClusterFirst` falls back to" if host else "`Default` means"
        ) + " the node's resolver, which knows no Services."
    searches = several(config.get("searches", ()))
    if given == "None":
        return f"`None` leaves what `dnsConfig` says: {config['nameservers'][0]}, " + (
            f"and the search list {searches}." if "searches" in config else "and no search list."
        )
    added = f", and `dnsConfig` adds {searches}" if "searches" in config else ""
    return f"`{given}` means the cluster's DNS first, with its search list{added}."


TEMPLATES = (Template("dns-policy", "dns", Level.ADVANCED, policy, _DNS, "dns-which-resolver"),)
