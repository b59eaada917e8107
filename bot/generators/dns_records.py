"""Questions about DNS records of single Pods and ports, and of Services behind which nobody is Ready.

Responsible for: random StatefulSets, named ports and readiness, and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`), names as such (`dns`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bot.generators.draft import Draft, Reason, Template, UnfitError, Wrong, fitting
from bot.generators.play import (
    APPS,
    NAMESPACES,
    PORTS,
    Tree,
    ask,
    client,
    from_pod,
    looked_up,
    meta,
    name_of,
    namespace,
    play,
    pod,
    service,
    several,
    shown,
    table,
    way,
)
from bot.learning.items import Level, Manifest
from simulator import Answer, LookupAnswer, Ref

_DNS = "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"
_RECORDS = "https://github.com/kubernetes/dns/blob/master/docs/specification.md"


def pod_and_srv_names(dice: Random) -> Draft:
    return dice.choice((_stateful_name, _port_name, _srv_answer))(dice)


def _stateful_name(dice: Random) -> Draft:
    (app, front), (home, away) = dice.sample(APPS, 2), dice.sample(NAMESPACES, 2)
    asker = dice.choice((home, away))
    replicas, start = dice.randint(3, 5), dice.choice((0, 0, 0, 1, 5))
    at, word = dice.choice(((0, "first"), (1, "second"), (2, "third"), (replicas - 1, "last")))
    number = start + at
    peers = service(front, {"app": app}, namespace=home, clusterIP="None")
    template = {"metadata": {"labels": {"app": app}}, "spec": pod(app, {}, ports=())["spec"]}
    spec = {"serviceName": front, "replicas": replicas, **({"ordinals": {"start": start}} if start else {})}
    made = {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": meta(app, home),
        "spec": {**spec, "selector": {"matchLabels": {"app": app}}, "template": template},
    }
    end = "" if asker == home else f".{home}"
    right = f"{app}-{number}.{front}{end}"
    beliefs = {
        f"{app}-{number}{end}": "pods-have-short-names",
        f"{app}-{number}.{app}{end}": "pod-name-under-statefulset",
        f"{front}-{number}.{front}{end}": "pods-named-after-service",
        f"{app}-{at + 1}.{front}{end}": "ordinals-begin-at-one",
        f"{app}-{at}.{front}{end}": "ordinals-begin-at-zero",
        f"{app}-{number}.{front}": "short-name-everywhere",
    }
    asked = [name for name in beliefs if name != right]
    report = play(
        [namespace(home), namespace(away), peers, made, client(asker)],
        lookups=[{"from": from_pod(asker), "name": name} for name in (right, *asked)],
    )
    (address,) = (record.value for record in report.lookups[0].records)
    if any(record.value == address for answer in report.lookups[1:] for record in answer.records):
        raise UnfitError("two of the names lead to that Pod")
    stored = {each.name: each.status.get("podIP") for each in report.cluster.of("Pod") if each.namespace == home}
    meant = stored.get(f"{app}-{number}") == address
    laws: Mapping[str, str | Reason] = {
        "pods-have-short-names": "A Pod has its name in DNS under the Service, not by itself.",
        "pod-name-under-statefulset": Reason(
            f"`{app}` is the StatefulSet. The Service that it names is `{front}`.", not report.cluster.find(Ref("Service", home, app))
        ),
        "pods-named-after-service": Reason(f"The Pods are named after the StatefulSet: `{app}-{number}`.", meant),
        "ordinals-begin-at-one": Reason(
            f"The ordinals begin at {start}, so the {word} Pod is `{app}-{number}`.", meant and f"{app}-{start - 1}" not in stored
        ),
        "ordinals-begin-at-zero": Reason(
            f"`ordinals` lets them begin at {start}: the {word} Pod is `{app}-{number}`.", meant and f"{app}-{start - 1}" not in stored
        ),
        "short-name-everywhere": Reason(
            f"The client is in `{asker}`, where there is no Service `{front}`.", not report.cluster.find(Ref("Service", asker, front))
        ),
    }
    return Draft(
        stem=f"A Pod in `{asker}` wants the {word} Pod of this StatefulSet, and no other. By which name does it reach it?",
        shown=(shown("set.yaml", peers, made),),
        right=f"`{right}`",
        why=fitting(
            Reason("The Pod's name, then the headless Service that `serviceName` names.", meant and not end),
            Reason("The Pod's name, then the headless Service that `serviceName` names, then the namespace.", meant),
        ),
        wrong=[Wrong(beliefs[name], f"`{name}`", laws[beliefs[name]]) for name in asked],
        explanation="Under the headless Service each Pod of a StatefulSet has a name that stays: its own name, then the Service.",
        trace="\n".join(looked_up(report, at) for at in range(len(asked) + 1)),
    )


_PORT_NAMES = (
    ("web", "TCP", "http"),
    ("rest", "TCP", "https"),
    ("query", "UDP", "dns"),
    ("stats", "TCP", "http"),
    ("stream", "UDP", "quic"),
)
"""Names of ports, with a protocol of the application that might be spoken there."""


def _port_name(dice: Random) -> Draft:
    app, (home, away) = dice.choice(APPS), dice.sample(NAMESPACES, 2)
    asker = dice.choice((home, away))
    given = list(zip(dice.sample(_PORT_NAMES, 2), dice.sample(PORTS, 2), strict=True))
    ports = [{"name": name, "port": number, "protocol": protocol} for (name, protocol, _), number in given]
    made = service(app, {"app": app}, namespace=home, ports=ports)
    (name, protocol, speaks), number = dice.choice(given)
    lower, other = protocol.lower(), "udp" if protocol == "TCP" else "tcp"
    end = app if asker == home else f"{app}.{home}"
    right = f"_{name}._{lower}.{end}"
    names = {
        "protocol-comes-first": f"_{lower}._{name}.{end}",
        "srv-names-the-number": f"_{number}._{lower}.{end}",
        "srv-names-the-application": f"_{speaks}._{lower}.{end}",
        "srv-protocol-is-free": f"_{name}._{other}.{end}",
        "protocol-can-be-left-out": f"_{name}.{end}",
    }
    report = play(
        [namespace(home), namespace(away), made, client(asker)],
        lookups=[{"from": from_pod(asker), "name": each, "type": "SRV"} for each in (right, *names.values())],
    )
    if [bool(answer.records) for answer in report.lookups] != [True, *[False] * len(names)]:
        raise UnfitError("not exactly one of the names has a record")
    found = [record.port for record in report.lookups[0].records] == [number]
    laws: Mapping[str, str | Reason] = {
        "protocol-comes-first": "The port's name stands before its protocol.",
        "srv-names-the-number": Reason(f"The name of the port is asked for; its number, {number}, is in the answer.", found),
        "srv-names-the-application": Reason(
            f"No port is called `{speaks}`. Whatever is spoken there, it is called `{name}`.",
            speaks not in {port["name"] for port in ports},
        ),
        "srv-protocol-is-free": Reason(f"The port `{name}` is for {protocol}.", found),
        "protocol-can-be-left-out": "Between the port's name and the Service there has to be the protocol.",
    }
    return Draft(
        stem=f"A client in `{asker}` wants to learn the number of the port `{name}` of this Service from DNS. Which name does it "
        "look up, for a record of type SRV?",
        shown=(shown("service.yaml", made),),
        right=f"`{right}`",
        why="The port's name and its protocol, each with an underscore, then the Service as it is called from here.",
        wrong=[Wrong(belief, f"`{each}`", laws[belief]) for belief, each in names.items()],
        explanation="A named port has an SRV record: `_name._protocol.` before the Service's name. It gives the port's number and a host.",
        trace="\n".join(looked_up(report, at) for at in range(len(names) + 1)),
    )


def _srv_answer(dice: Random) -> Draft:
    app, (port, target) = dice.choice(APPS), dice.sample(PORTS, 2)
    name = dice.choice(_PORT_NAMES)[0]
    flat: Tree = {"clusterIP": "None"} if dice.random() < 0.6 else {}
    ready = [dice.random() < 0.6 for _ in range(dice.randint(2, 4))]
    made = service(app, {"app": app}, ports=[{"name": name, "port": port, "targetPort": target}], **flat)
    pods = [pod(f"{app}-{n}", {"app": app}, ports=(target,), ready=ok) for n, ok in enumerate(ready, 1)]
    report = play([made, *pods, client()], lookups=[{"from": from_pod(), "name": f"_{name}._tcp.{app}", "type": "SRV"}])

    def told(count: int, number: int) -> str:
        return f"{count} record{'s' if count > 1 else ''} with port {number}" if count else "No record at all: NXDOMAIN"

    records = report.lookups[0].records
    up, all_of_them = sum(ready), len(ready)
    by_pods = bool(flat) and [record.port for record in records] == [target] * up
    by_service = not flat and [record.port for record in records] == [port]
    return Draft(
        stem=f"A Pod beside them asks for the SRV records of `_{name}._tcp.{app}`. What does it get?",
        shown=(
            shown("service.yaml", made),
            table("pods", "NAME READY", [(name_of(p), "1/1" if ok else "0/1") for p, ok in zip(pods, ready, strict=True)]),
        ),
        right=told(len(records), records[0].port or 0 if records else 0),
        why=fitting(
            Reason("It is headless: each Ready Pod is a target of its own, at the port where the Pod listens.", by_pods and up > 0),
            Reason("It is headless: each Ready Pod would be a target of its own, and there is none.", by_pods),
            Reason("It has a cluster IP: that is the one target, at the port of the Service, whoever is Ready.", by_service),
        ),
        wrong=(
            Wrong(
                "headless-translates-ports",
                told(up, port),
                Reason(f"Nothing translates {port} to {target} for those who connect to a Pod itself.", by_pods and up > 0),
            ),
            Wrong("running-means-ready", told(all_of_them, target), "Pods that are not Ready have no record."),
            Wrong("headless-is-proxied", told(1, port), "There is no cluster IP to be the one target."),
            Wrong("first-pod-answers", told(1, target), "Each Ready Pod has a record, and no other Pod has one."),
        )
        if flat
        else (
            Wrong("srv-lists-pods", told(up, target), "Pods show in DNS where a Service is headless. This one has a cluster IP."),
            Wrong("port-is-pod-port", told(1, target), Reason(f"At the cluster IP the port is {port}; {target} is behind it.", by_service)),
            Wrong("running-means-ready", told(all_of_them, port), Reason("The Pods do not show in it, Ready or not.", by_service)),
            Wrong("name-needs-endpoints", told(up, port), "The number of Ready Pods plays no part."),
        ),
        explanation="With a cluster IP: one record, the Service's port. Headless: one for each Ready Pod, with the Pod's port.",
        trace=looked_up(report),
    )


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
    down = [side.name for side in sides if not side.up]
    return Draft(
        stem=f"A Pod beside them runs `curl http://{sides[0].name}:8080`, then `curl http://{sides[1].name}:8080`. In each Pod a process "
        "listens on 8080, Ready or not. What does it see?",
        shown=seen,
        right=ends(p, f),
        why=Reason(f"{_of_plain(plain)} {_of_flat(flat)}", (p, f) == (0 if plain.up else 7, 0 if flat.up else 6)),
        wrong=(
            Wrong(
                "headless-is-proxied",
                ends(p, 0 if flat.up else 7),
                Reason(f"`{flat.name}` is headless: there is no address of its own at which to be refused.", flat.headless and f == 6),
            ),
            Wrong(
                "name-needs-endpoints",
                ends(0 if plain.up else 6, f),
                Reason(f"`{plain.name}` has a cluster IP, and its name stands for that, whoever is Ready.", p != 6),
            ),
            Wrong(
                "empty-service-hangs",
                ends(0 if plain.up else 28, f),
                Reason(f"kube-proxy rejects what comes for `{plain.name}`, which has no Ready endpoint. The client need not wait.", p == 7),
            ),
            Wrong(
                "publish-is-for-dns",
                ends(0 if any(plain.ready) else 7, f),
                Reason(
                    f"`publishNotReadyAddresses` makes endpoints of `{plain.name}` count as ready, for kube-proxy too.",
                    plain.early and p == 0,
                ),
            ),
            Wrong(
                "readiness-governs-dns",
                ends(p, 0 if any(flat.ready) else 6),
                Reason(f"`publishNotReadyAddresses` in `{flat.name}` puts Pods into DNS that are not Ready.", flat.early and f == 0),
            ),
            Wrong(
                "unready-is-last-resort",
                ends(0, 0),
                Reason(f"Nobody is Ready behind {several(down)}, and Pods that are not Ready are no reserve.", bool(down)),
            ),
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
        why=Reason(f"{_of_plain(plain)} {_of_flat(flat)}", (p, f) == (1, flat.up)),
        wrong=(
            Wrong(
                "dns-shows-endpoints",
                found(plain.up, f),
                Reason(f"`{plain.name}` has a cluster IP: that one address is the answer, however many Pods are Ready.", p == 1),
            ),
            Wrong(
                "headless-is-proxied",
                found(p, 1),
                Reason(
                    f"`{flat.name}` is headless: there is no address of the Service, only those of its Pods.",
                    flat.headless and f == flat.up,
                ),
            ),
            Wrong(
                "running-means-ready",
                found(p, len(flat.ready)),
                Reason(
                    "A headless name leaves out Pods that are not Ready, unless the Service says `publishNotReadyAddresses`. "
                    f"`{flat.name}` does not.",
                    not flat.early,
                ),
            ),
            Wrong(
                "readiness-governs-dns",
                found(p, sum(flat.ready)),
                Reason(f"`publishNotReadyAddresses` in `{flat.name}` puts Pods into DNS that are not Ready.", flat.early and f > 0),
            ),
            Wrong(
                "headless-has-no-name",
                found(p, 0),
                Reason(f"A headless Service has a name, and `{flat.name}` has {f} address{'es' if f > 1 else ''} for it.", f > 0),
            ),
        ),
        explanation="A cluster IP is in DNS from the beginning. A headless name lives on the Pods that are Ready, or published early.",
        trace="\n".join(looked_up(report, at) for at in range(2)),
    )


def _of_plain(side: _Side) -> str:
    return f"`{side.name}` resolves to its cluster IP" + (
        ", and somebody behind it is Ready."
        if sum(side.ready)
        else ", and `publishNotReadyAddresses` lets its Pods answer."
        if side.up
        else ", and nobody behind it is Ready."
    )


def _of_flat(side: _Side) -> str:
    if side.early:
        return f"`{side.name}` resolves to all its Pods, as `publishNotReadyAddresses` says."
    return f"`{side.name}` resolves to its Ready Pods" + ("." if side.up else ", and there is none.")


_I = Level.INTERMEDIATE
TEMPLATES = (
    Template("dns-pod-and-srv-names", "dns", _I, pod_and_srv_names, _DNS, "dns-pod-names"),
    Template("dns-headless-not-ready", "dns", _I, headless_not_ready, _RECORDS, "dns-pod-names"),
)
