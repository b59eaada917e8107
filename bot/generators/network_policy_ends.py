"""Questions about the two ends of a connection under NetworkPolicy: the sender's policies, the receiver's, and the look-up before.

Responsible for: random policies at both ends and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`), policies as such (`network_policy`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from bot.generators.draft import Draft, Template, UnfitError, Wrong
from bot.generators.network_policy import in_space, of_app, policy
from bot.generators.play import (
    APPS,
    NAMESPACES,
    Tree,
    ask,
    from_pod,
    meta,
    name_of,
    namespace,
    play,
    pod,
    service,
    several,
    shown,
    table,
    verdict,
    verdicts,
    way,
)
from bot.learning.items import Level
from simulator import ConnectionAnswer, Report

_POLICIES = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"


def both_ends(dice: Random) -> Draft:
    me, *others = apps = dice.sample(APPS, 5)
    sending = dice.random() < 0.5
    pods = [pod(f"{app}-pod", {"app": app}) for app in apps]
    named = dice.sample(others, dice.randint(2, 3))
    policies = [policy("guard", me, "", **_rules(sending, named))]
    guarded = dice.sample(others, dice.randint(1, 3))
    for app in guarded:
        peers = [me] if dice.random() < 0.5 else []
        peers += dice.sample([other for other in others if other != app], dice.randint(0 if peers else 1, 1))
        policies.append(policy("guard", app, "", **_rules(not sending, peers)))
    for app in dice.sample([app for app in apps if app not in guarded], dice.randint(1, 2)):
        aside = (app == me) != sending
        policies.append(policy("guard", app, "", **_rules(aside, dice.sample([other for other in others if other != app], 1))))
    dice.shuffle(policies)
    policies = [{**each, "metadata": meta(f"guard-{number}")} for number, each in enumerate(policies, 1)]

    def judged(given: Sequence[Tree]) -> dict[str, ConnectionAnswer]:
        """The verdict on the connection with each of the other Pods."""
        pairs = [(me, app) if sending else (app, me) for app in sorted(others)]
        asked = [{"from": from_pod(name=f"{a}-pod"), "to": from_pod(name=f"{b}-pod"), "port": 8080} for a, b in pairs]
        return dict(zip(sorted(others), verdicts(play([*pods, *given], connections=asked)), strict=True))

    def open_to(given: Sequence[Tree]) -> list[str]:
        return [app for app, answer in judged(given).items() if answer.allowed]

    def said(found: Sequence[str]) -> str:
        return several((f"{app}-pod" for app in found), "No one of them")

    answers = judged(policies)
    right = [app for app, answer in answers.items() if answer.allowed]
    at_receiver, at_sender = (
        open_to([each for each in policies if each["spec"]["policyTypes"] == [kind]]) for kind in ("Ingress", "Egress")
    )
    if not right or right in (at_receiver, at_sender):
        raise UnfitError("one end decides all of it")
    both = [{**each, "spec": {**each["spec"], "policyTypes": ["Ingress", "Egress"]}} for each in policies]
    explicit = [app for app in right if {rule.direction for rule in answers[app].decided_by} == {"ingress", "egress"}]
    not_out, not_in = ([app for app in found if app not in right] for found in (at_receiver, at_sender))
    mine, out, let_in = f"`{me}-pod`", said(not_out), said(not_in)
    question = (
        f"To which of the other Pods may {mine} open a connection?"
        if sending
        else f"Which of the other Pods may open a connection to {mine}?"
    )
    return Draft(
        stem="These are all the policies of the namespace, and they are enforced; PEERS are the values of `app` that a policy's rule "
        "permits. "
        f"{question}",
        shown=(
            table("policies", "NAME POD-SELECTOR TYPE PEERS", [_row(each) for each in policies]),
            table("pods", "NAME LABELS", [(name_of(p), f"app={a}") for p, a in zip(pods, apps, strict=True)]),
        ),
        right=said(right),
        why="In each pair the policies of the sender for Egress and those of the receiver for Ingress permit it, or there is none at "
        "that end.",
        wrong=(
            Wrong(
                "sender-is-not-asked",
                said(at_receiver),
                f"The policy of {mine} for Egress does not let it out to {out}."
                if sending
                else f"No rule for Egress lets {out} out to {mine}.",
            ),
            Wrong(
                "receiver-needs-nothing",
                said(at_sender),
                f"No rule for Ingress lets {mine} in at {let_in}."
                if sending
                else f"The policy of {mine} for Ingress does not let in {let_in}.",
            ),
            Wrong("one-end-is-enough", said(sorted({*at_receiver, *at_sender})), "Each end can stop a connection. It takes both."),
            Wrong(
                "isolation-both-ways",
                said(open_to(both)),
                "A policy isolates in the direction of its type, and in no other.",
            ),
            Wrong(
                "policy-needs-both-ends-named",
                said(explicit),
                "An end that no policy selects in that direction needs no rule: it permits all.",
            ),
        ),
        explanation="A connection is judged twice: as egress where it is opened, as ingress where it arrives. A Pod that nothing selects "
        "in that "
        "direction permits all.",
        trace="".join(f"{app}-pod: {verdict(answer)}\n" for app, answer in answers.items()),
    )


def _rules(egress: bool, peers: Sequence[str]) -> Tree:
    """A policy's types and rules for one direction; without peers there is no rule."""
    kind, key, side = ("Egress", "egress", "to") if egress else ("Ingress", "ingress", "from")
    return {"policyTypes": [kind], **({key: [{side: [of_app(app) for app in sorted(peers)]}]} if peers else {})}


def _row(given: Tree) -> tuple[str, str, str, str]:
    """A policy of one direction as a row: its name, what it selects, its type, whom its one rule permits."""
    (kind,) = given["spec"]["policyTypes"]
    peers = [
        peer["podSelector"]["matchLabels"]["app"] for rule in given["spec"].get(kind.lower(), ()) for side in rule.values() for peer in side
    ]
    permitted = ",".join(peers)
    return name_of(given), f"app={given['spec']['podSelector']['matchLabels']['app']}", kind, permitted or "none"


_DNS_PODS = {"podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}
_UDP, _TCP = {"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}
_ENDS = {0: "an answer", 6: "`(6)`", 7: "`(7)`", 28: "`(28)`"}


def egress_dns(dice: Random) -> Draft:
    me, app = dice.sample(APPS, 2)
    home, away = dice.sample(NAMESPACES, 2)
    there, address = dice.choice((home, away)), f"10.96.20.{dice.randint(2, 250)}"
    system = {**in_space("kube-system"), **_DNS_PODS}
    dns: Tree | None = dice.choice(
        (
            None,
            {"to": [system], "ports": [_UDP, _TCP]},
            {"to": [system], "ports": [_UDP, _TCP]},
            {"to": [in_space("kube-system")], "ports": [_UDP]},
            {"to": [system], "ports": [_TCP]},
            {"ports": [{"port": 53}]},
            {"ports": [_UDP, _TCP]},
            {"to": [_DNS_PODS], "ports": [_UDP, _TCP]},
        )
    )
    port = dice.choice((None, None, 8080, 80))
    named = dice.random() < 0.75

    def leash(for_dns: Tree | None, number: int | None, with_namespace: bool) -> Tree:
        """The policy with this rule for DNS, this port of the target, and with or without the target's namespace."""
        peer = {**(in_space(there) if with_namespace and there != home else {}), **of_app(app)}
        to_app = {"to": [peer], **({"ports": [{"protocol": "TCP", "port": number}]} if number else {})}
        return policy("leash", me, home, policyTypes=["Egress"], egress=[to_app, *([for_dns] if for_dns else [])])

    made = service(app, {"app": app}, namespace=there, clusterIP=address)
    pods = [pod("client", {"app": me}, namespace=home, ports=()), pod(f"{app}-pod", {"app": app}, namespace=there)]
    name = app if there == home else f"{app}.{there}"

    def met(given: Tree) -> tuple[int, int, Report]:
        """How curl ends, by name and by address."""
        report = play([namespace(home), namespace(away), made, *pods, given], requests=[ask(name, home), ask(address, home)])
        return report.answers[0].curl_exit, report.answers[1].curl_exit, report

    def said(by_name: int, by_address: int) -> str:
        return f"By name: {_ENDS[by_name]}; by address: {_ENDS[by_address]}"

    n, a, report = met(leash(dns, port, named))
    open_dns: Tree = {"ports": [_UDP, _TCP]}
    wrong: list[Wrong] = []

    def believed(misconception: str, given: Tree, why: str) -> None:
        by_name, by_address, _ = met(given)
        wrong.append(Wrong(misconception, said(by_name, by_address), why))

    if dns is None:
        believed(
            "dns-is-always-allowed", leash(open_dns, port, named), "A look-up is traffic like other traffic, and no rule here lets it out."
        )
    elif dns == {"ports": [{"port": 53}]}:
        believed("no-protocol-means-any", leash(open_dns, port, named), "A port without `protocol` means TCP. Look-ups are made over UDP.")
    elif dns.get("ports") == [_TCP]:
        believed(
            "port-53-is-udp", leash(open_dns, port, named), "The rule is for TCP. Look-ups are made over UDP, and that does not get out."
        )
    elif dns.get("ports") == [_UDP]:
        wrong.append(Wrong("dns-needs-tcp-too", said(6, a), "Look-ups are made over UDP. TCP is for answers that are too long for it."))
    elif dns.get("to") == [_DNS_PODS]:
        believed(
            "pod-selector-is-global",
            leash(open_dns, port, named),
            f"A `podSelector` alone looks in the policy's namespace, `{home}`. The DNS Pods are in `kube-system`.",
        )
    if there != home and not named:
        believed(
            "pod-selector-is-global",
            leash(dns, port, True),
            f"A `podSelector` alone looks in the policy's namespace, `{home}`. The Pods of `{app}` are in `{there}`.",
        )
    if port:
        fits = "which the rule permits" if port == 8080 else f"and the rule is for {port}"
        believed(
            "policy-sees-service-port",
            leash(dns, 8080 if port == 80 else 80, named),
            f"When the policy sees the packet, the Service's 80 has become 8080, {fits}.",
        )
    if dns is not None and n != 6:
        wrong.append(
            Wrong(
                "policy-sees-service-address",
                said(6, a),
                "When the policy sees the look-up, the address of the DNS Service has become that of a DNS Pod, and a rule permits that.",
            )
        )
    wrong += [
        Wrong("replies-need-a-rule", said(6, 28), "What comes back on a connection that was let out needs no rule."),
        Wrong("address-bypasses-policy", said(n, 0), "To dial the address spares the look-up. The connection still has to be permitted."),
        Wrong(
            "lookup-timeout-is-28",
            said(28 if n == 6 else n, a),
            "`(28)` is a connection that nobody answers. Here there is no address yet to connect to: `(6)`, after a wait.",
        ),
        Wrong(
            "policy-refuses",
            said(7 if n == 28 else n, 7 if a == 28 else a),
            "What a policy denies is dropped as a rule: the client waits, and nobody sends a refusal.",
        ),
        Wrong("policies-are-advice", said(0, 0), "The policy selects the client. What no rule permits does not get out."),
    ]
    return Draft(
        stem=f"The Pod `client` in `{home}` carries `app={me}`. It calls `http://{name}`, then the same Service by its address, "
        f"`http://{address}`. "
        "The cluster's DNS runs in `kube-system`, as usual, with the label `k8s-app=kube-dns`; the policy is the only one, and enforced. "
        "How does curl end?",
        shown=(
            shown("service.yaml", made),
            shown("policy.yaml", leash(dns, port, named)),
            table("pods", "NAMESPACE NAME LABELS", [(home, "client", f"app={me}"), (there, f"{app}-pod", f"app={app}")]),
        ),
        right=said(n, a),
        why=f"{'No rule lets the look-up out' if n == 6 else 'The look-up is let out'}, and "
        f"{'the connection to the Pod is not' if a else 'the connection to the Pod is'} permitted.",
        wrong=wrong,
        explanation="Two things have to get out: the look-up, UDP (and for long answers TCP) 53 to the DNS Pods, and the connection to "
        "the Pod "
        "itself, at the Pod's port. `(6)`: no name. `(28)`: dropped.",
        trace="\n".join(way(report, at) for at in range(2)),
    )


def enforcement(dice: Random) -> Draft:
    target, a, b = dice.sample(APPS, 3)
    case = dice.choice(("nobody enforces", "guarded", "guarded", "guarded", "on the host"))
    on_host: Tree = {"hostNetwork": True}
    server = pod("target", {"app": target}, node="node-1", **(on_host if case == "on the host" else {}))
    places = sorted(dice.sample([(app, host, node) for app in (a, b) for host in (False, True) for node in ("node-1", "node-2")], 5))
    clients = {f"{app}-{n}": (app, host, node) for n, (app, host, node) in enumerate(places, 1)}
    pods = [pod(name, {"app": app}, node=node, ports=(), **(on_host if host else {})) for name, (app, host, node) in clients.items()]
    guard = policy("guard", target, "", policyTypes=["Ingress"], ingress=[{"from": [of_app(a)]}])

    def let_in(**profile: str) -> dict[str, ConnectionAnswer]:
        """The verdict on each client."""
        asked = [{"from": from_pod(name=name), "to": from_pod(name="target"), "port": 8080} for name in clients]
        return dict(zip(clients, verdicts(play([guard, server, *pods], connections=asked, profile=dict(profile))), strict=True))

    def said(names: Iterable[str]) -> str:
        return several(sorted(names), "No one of them")

    def those(given: Mapping[str, ConnectionAnswer]) -> list[str]:
        return [name for name, answer in given.items() if answer.allowed]

    answers = let_in(networkPolicy="ignored" if case == "nobody enforces" else "enforced", hostNetworkPolicy="ignored")
    right, by_labels = those(answers), those(let_in(hostNetworkPolicy="applied"))
    hosts = [name for name, (_, host, _) in clients.items() if host]
    mine = [name for name, (app, host, _) in clients.items() if app == a and not host]
    other = said(name for name, (app, *_) in clients.items() if app != a)
    rules_deny = Wrong("rules-deny", other, "A rule permits. It never forbids what it names.")
    if case == "nobody enforces":
        why = "The API server stores the policy, and here nobody acts on it. Every connection is open."
        wrong = [
            Wrong(
                "api-server-enforces",
                said(by_labels),
                "What the API server has accepted it does not enforce. That is the network plugin's task, and this one does not do it.",
            ),
            Wrong("host-pods-pass", said({*mine, *hosts}), "The policy stops nobody here, on the host's network or not."),
            Wrong(
                "unenforced-is-node-local",
                said(name for name, (_, _, node) in clients.items() if node == "node-1"),
                "Without enforcement every connection is open, within a node and between nodes.",
            ),
        ]
    elif case == "guarded":
        why = (
            "Pods of the Pod network are judged by their labels. A Pod on the host's network counts as its node, and `target`'s own node, "
            "`node-1`, is let in whatever the rules say."
        )
        wrong = [
            Wrong(
                "host-pods-are-pods",
                said(by_labels),
                "Of a Pod on the host's network the plugin sees the node's address and no label. `node-1` is let in anyway, and `node-2` "
                "by no rule.",
            ),
            Wrong(
                "host-pods-pass",
                said({*mine, *hosts}),
                "A Pod on the host's network of `node-2` comes from that node's address, and no rule lets that in.",
            ),
            Wrong(
                "own-node-needs-a-rule",
                said(mine),
                "What comes from the node on which `target` runs is let in without a rule, Pods on its host network included.",
            ),
            Wrong(
                "policies-are-advice",
                said(clients),
                "The plugin enforces it. Those without a fitting label, or from another node's address, are kept out.",
            ),
        ]
    else:
        why = "`target` uses its node's network, and this plugin takes it for the node. No policy selects it."
        wrong = [
            Wrong(
                "host-pods-are-pods",
                said(by_labels),
                "For this plugin `target` is its node and carries no labels, so the policy selects nobody.",
            ),
            Wrong("host-pods-pass", said({*mine, *hosts}), "The policy does not hold for `target` at all, neither for Pods nor for hosts."),
            Wrong("host-network-is-apart", said(hosts), "Pods reach the addresses of nodes as well. The host's network is not apart."),
        ]
    plugin = (
        "enforces no policies, as flannel does by itself"
        if case == "nobody enforces"
        else "enforces policies, and takes Pods with `hostNetwork` for their node, as most do"
    )
    rows = [
        (name, f"app={app}", str(host).lower(), node)
        for name, (app, host, node) in {"target": (target, case == "on the host", "node-1"), **clients}.items()
    ]
    return Draft(
        stem=f"The network plugin {plugin}. The policy is accepted. Which of the other Pods may connect to `target`?",
        shown=(shown("policy.yaml", guard), table("pods", "NAME LABELS HOST-NETWORK NODE", rows)),
        right=said(right),
        why=why,
        wrong=[*wrong, rules_deny],
        explanation="Three questions: does the plugin enforce policies, does it see this Pod as a Pod or as a node, and does a rule "
        "permit the rest?",
        trace="".join(f"{name}: {verdict(answer)}\n" for name, answer in answers.items()),
    )


_I = Level.INTERMEDIATE
TEMPLATES = (
    Template("np-both-ends", "network-policy", _I, both_ends, _POLICIES, "np-both-directions"),
    Template("np-egress-dns", "network-policy", _I, egress_dns, _POLICIES, "np-dns-forgotten"),
    Template(
        "np-enforcement", "network-policy", Level.ADVANCED, enforcement, _POLICIES, "np-who-enforces",
        model="for Pods with `hostNetwork` Kubernetes leaves open what a policy does; a plugin may also tell them from their node.",
    ),
)  # fmt: skip
