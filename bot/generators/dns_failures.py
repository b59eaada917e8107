"""Questions about look-ups that fail: nobody is Ready, another resolver is asked.

Responsible for: random Services and resolver settings, and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`), names as such (`dns`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.generators.draft import Draft, Template, Wrong
from bot.generators.play import (
    APPS,
    Tree,
    ask,
    client,
    from_pod,
    looked_up,
    namespace,
    numbered,
    play,
    pod,
    service,
    several,
    shown,
    table,
    way,
)
from bot.learning.items import Level, Manifest
from simulator import Answer, LookupAnswer

_DNS = "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"
_RECORDS = "https://github.com/kubernetes/dns/blob/master/docs/specification.md"

_SHORT = {0: "an answer", 6: "(6) no such name", 7: "(7) refused", 28: "(28) a hang"}


@dataclass(frozen=True, slots=True)
class _Side:
    """A Service of a pair, and its Pods. `early`: it publishes addresses that are not ready."""

    name: str
    headless: bool
    ready: Sequence[bool]
    early: bool

    @property
    def up(self) -> int:
        """How many addresses may be used."""
        return len(self.ready) if self.early else sum(self.ready)

    def objects(self) -> list[Tree]:
        more: Tree = {**({"clusterIP": "None"} if self.headless else {}), **({"publishNotReadyAddresses": True} if self.early else {})}
        pods = [pod(f"{self.name}-{n}", {"app": self.name}, ready=ok) for n, ok in enumerate(self.ready, 1)]
        return [service(self.name, {"app": self.name}, port=8080, **more), *pods]


def headless_not_ready(dice: Random) -> Draft:
    names = dice.sample(APPS, 2)
    sides = [
        _Side(name, headless, [dice.random() < chance for _ in range(dice.randint(2, 3))], dice.random() < 0.25)
        for name, headless, chance in zip(names, (False, True), dice.choice(((0, 0), (0, 0), (0, 0.6), (0.6, 0))), strict=True)
    ]
    dice.shuffle(sides)
    plain, flat = sorted(sides, key=lambda side: side.headless)
    objects = [tree for side in sides for tree in side.objects()]
    rows = [(f"{side.name}-{n}", "1/1" if ok else "0/1", f"app={side.name}") for side in sides for n, ok in enumerate(side.ready, 1)]
    seen = (shown("services.yaml", *(side.objects()[0] for side in sides)), table("pods", "NAME READY LABELS", rows))
    return dice.choice((_curled, _counted))([*objects, client()], sides, plain, flat, seen)


def _pair(sides: Sequence[_Side], said: Mapping[str, str]) -> str:
    return "; ".join(f"`{side.name}`: {said[side.name]}" for side in sides)


def _curled(objects: Sequence[Tree], sides: Sequence[_Side], plain: _Side, flat: _Side, seen: Sequence[Manifest]) -> Draft:
    report = play(objects, requests=[ask(side.name, port=8080) for side in sides])

    def ends(of_plain: int, of_flat: int) -> str:
        return _pair(sides, {plain.name: _SHORT[of_plain], flat.name: _SHORT[of_flat]})

    answers: Mapping[str, Answer] = {side.name: answer for side, answer in zip(sides, report.answers, strict=True)}
    p, f = answers[plain.name].curl_exit, answers[flat.name].curl_exit
    down = several(side.name for side in sides if not side.up)
    return Draft(
        stem=f"A Pod beside them runs `curl http://{sides[0].name}:8080`, then `curl http://{sides[1].name}:8080`. In each Pod a process "
        "listens on 8080, Ready or not. What does it see?",
        shown=seen,
        right=ends(p, f),
        why=f"{_of_plain(plain)} {_of_flat(flat)}",
        wrong=(
            Wrong(
                "headless-is-proxied",
                ends(p, 0 if flat.up else 7),
                f"`{flat.name}` is headless: there is no address of its own at which to be refused.",
            ),
            Wrong(
                "name-needs-endpoints",
                ends(0 if plain.up else 6, f),
                f"`{plain.name}` has a cluster IP, and its name stands for that, whoever is Ready.",
            ),
            Wrong(
                "empty-service-hangs",
                ends(0 if plain.up else 28, f),
                f"kube-proxy rejects what comes for `{plain.name}`, which has no endpoint to send to. The client need not wait.",
            ),
            Wrong(
                "publish-is-for-dns",
                ends(0 if any(plain.ready) else 7, f),
                f"`publishNotReadyAddresses` makes endpoints of `{plain.name}` count as ready, for kube-proxy too.",
            ),
            Wrong(
                "readiness-governs-dns",
                ends(p, 0 if any(flat.ready) else 6),
                f"`publishNotReadyAddresses` in `{flat.name}` puts Pods into DNS that are not Ready.",
            ),
            Wrong("unready-is-last-resort", ends(0, 0), f"Nobody is Ready behind {down}, and Pods that are not Ready are no reserve."),
        ),
        explanation="With a cluster IP and nobody Ready: the name resolves and the connection is refused, `(7)`. Headless: there is no "
        "address to give, `(6)`.",
        trace="\n".join(way(report, at) for at in range(2)),
    )


def _counted(objects: Sequence[Tree], sides: Sequence[_Side], plain: _Side, flat: _Side, seen: Sequence[Manifest]) -> Draft:
    report = play(objects, lookups=[{"from": from_pod(), "name": side.name} for side in sides])

    def found(of_plain: int, of_flat: int) -> str:
        counts = {plain.name: of_plain, flat.name: of_flat}
        return _pair(sides, {n: f"{count} address{'es' if count > 1 else ''}" if count else "NXDOMAIN" for n, count in counts.items()})

    answers: Mapping[str, LookupAnswer] = {side.name: answer for side, answer in zip(sides, report.lookups, strict=True)}
    p, f = len(answers[plain.name].records), len(answers[flat.name].records)
    return Draft(
        stem=f"A Pod beside them looks up `{sides[0].name}` and `{sides[1].name}`. What does DNS give?",
        shown=seen,
        right=found(p, f),
        why=f"{_of_plain(plain)} {_of_flat(flat)}",
        wrong=(
            Wrong(
                "dns-shows-endpoints",
                found(plain.up, f),
                f"`{plain.name}` has a cluster IP: that one address is the answer, however many Pods are Ready.",
            ),
            Wrong(
                "headless-is-proxied",
                found(p, 1),
                f"`{flat.name}` is headless: there is no address of the Service, only those of its Pods.",
            ),
            Wrong(
                "running-means-ready",
                found(p, len(flat.ready)),
                f"A headless name leaves out Pods that are not Ready, unless the Service says `publishNotReadyAddresses`. `{flat.name}` "
                "does not.",
            ),
            Wrong(
                "readiness-governs-dns",
                found(p, sum(flat.ready)),
                f"`publishNotReadyAddresses` in `{flat.name}` puts Pods into DNS that are not Ready.",
            ),
            Wrong("headless-has-no-name", found(p, 0), f"A headless Service has a name, and `{flat.name}` has addresses for it."),
        ),
        explanation="A cluster IP is in DNS from the beginning. A headless name lives on the Pods that are Ready, or published early.",
        trace="\n".join(looked_up(report, at) for at in range(2)),
    )


def _of_plain(side: _Side) -> str:
    return f"`{side.name}` resolves to its cluster IP" + (", and has endpoints." if side.up else ", where nobody is behind it.")


def _of_flat(side: _Side) -> str:
    if side.early:
        return f"`{side.name}` resolves to all its Pods, as `publishNotReadyAddresses` says."
    return f"`{side.name}` resolves to its Ready Pods" + ("." if side.up else ", and there is none.")


_CLUSTER_DNS, _COMPANY_DNS = "10.96.0.10", "192.0.2.53"


def policy(dice: Random) -> Draft:
    near, far = dice.sample(APPS, 2)
    home, away = dice.sample(("team-a", "team-b", "team-c", "team-d"), 2)
    outside = f"www.{dice.choice(('example.com', 'example.org', 'example.net'))}"
    names = (near, far, f"{far}.{away}.svc", f"{near}.{home}.svc.cluster.local", outside)
    list_of_cluster = [f"{home}.svc.cluster.local", "svc.cluster.local", "cluster.local"]
    bare: Tree = {"dnsPolicy": "None", "dnsConfig": {"nameservers": [_CLUSTER_DNS]}}
    listed: Tree = {"dnsPolicy": "None", "dnsConfig": {"nameservers": [_CLUSTER_DNS], "searches": list_of_cluster}}
    longer: Tree = {"dnsConfig": {"searches": [f"{away}.svc.cluster.local"]}}
    spec: Tree = dice.choice(
        (
            {},
            *[{"hostNetwork": True}] * 3,
            {"hostNetwork": True, "dnsPolicy": "ClusterFirst"},
            {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"},
            {"dnsPolicy": "Default"},
            {"dnsPolicy": "ClusterFirst"},
            longer,
            {"dnsConfig": {"nameservers": [_COMPANY_DNS]}},
            bare,
            {"dnsPolicy": "None", "dnsConfig": {"nameservers": [_CLUSTER_DNS], "searches": [f"{home}.svc.cluster.local"]}},
            {"dnsPolicy": "None", "dnsConfig": {"nameservers": [_CLUSTER_DNS], "searches": [f"{away}.svc.cluster.local"]}},
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
    given, host, config = spec.get("dnsPolicy", "ClusterFirst"), "hostNetwork" in spec, spec.get("dnsConfig", {})
    first = config.get("nameservers", [""])[0]
    asker = {**client(home, **spec), "metadata": {"name": "client", "namespace": home}}
    listing = " · ".join(f"**{n}** `{name}`" for n, name in enumerate(names, 1))
    node = given == "Default" or (host and given == "ClusterFirst")
    wrong = [
        Wrong(
            "cluster-dns-knows-no-outside",
            said(right - {5}),
            f"`{outside}` is found too: a DNS server passes on questions that are not its own.",
        ),
        Wrong(
            "short-name-everywhere",
            said(right | {2}),
            f"For `{far}` alone it takes `{away}.svc.cluster.local` in the search list, and a DNS server that knows it.",
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
                f"The node's resolver is for the policy `Default`. This Pod's is `{given}`.",
            )
        )
    if node and host:
        wrong.append(
            Wrong(
                "host-network-changes-no-dns",
                under(),
                f"With `hostNetwork`, `{given}` means the node's resolver. The cluster's takes `ClusterFirstWithHostNet`.",
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
            Wrong("none-means-no-dns", said(frozenset()), f"`None` means that `dnsConfig` is all there is, and it names {first}."),
        ]
    elif config:
        as_given = {"nameservers": [_CLUSTER_DNS], **config}
        wrong += [
            Wrong(
                "dns-config-replaces",
                under(dnsPolicy="None", dnsConfig=as_given),
                f"Under `{given}` the `dnsConfig` is added to the cluster's nameserver and search list.",
            ),
            Wrong("dns-config-needs-none", under(), "A `dnsConfig` counts under each policy."),
        ]
    return Draft(
        stem=f"The Services are `{near}` in `{home}` and `{far}` in `{away}`; the cluster's DNS is at {_CLUSTER_DNS}, the company's, which "
        f"knows no Services, at {_COMPANY_DNS}. Which of these names does the Pod resolve?\n\n{listing}",
        shown=(shown("pod.yaml", asker),),
        right=said(right),
        why=_resolver(given, host, config),
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


_I, _A = Level.INTERMEDIATE, Level.ADVANCED
TEMPLATES = (
    Template("dns-headless-not-ready", "dns", _I, headless_not_ready, _RECORDS, "dns-pod-names"),
    Template("dns-policy", "dns", _A, policy, _DNS, "dns-which-resolver"),
)
