"""Questions about the two ends of a connection under NetworkPolicy: the sender's policies, the receiver's, and the look-up before.

Responsible for: random policies at both ends and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`), policies as such (`network_policy`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from bot.generators.draft import Draft, Reason, Template, UnfitError, Wrong, fitting
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
        return several(f"{app}-pod" for app in found)

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
    denied_out, denied_in = (_denied(answers, apps, direction) for apps, direction in ((not_out, "egress"), (not_in, "ingress")))
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
                fitting(
                    Reason(f"The policy of {mine} for Egress does not let it out to {out}.", sending and denied_out),
                    Reason(f"No rule for Egress lets {out} out to {mine}.", not sending and denied_out),
                ),
            ),
            Wrong(
                "receiver-needs-nothing",
                said(at_sender),
                fitting(
                    Reason(f"No rule for Ingress lets {mine} in at {let_in}.", sending and denied_in),
                    Reason(f"The policy of {mine} for Ingress does not let in {let_in}.", not sending and denied_in),
                ),
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


def _denied(answers: Mapping[str, ConnectionAnswer], apps: Sequence[str], direction: str) -> bool:
    """Whether there are connections among these, and policies for this direction permit none of them."""
    return bool(apps) and all(
        not answers[app].allowed and direction in {rule.direction for rule in answers[app].decided_by} for app in apps
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
    listens = dice.choice((8080, 8080, 9090))

    def leash(for_dns: Tree | None, number: int | None, with_namespace: bool) -> Tree:
        """The policy with this rule for DNS, this port of the target, and with or without the target's namespace."""
        peer = {**(in_space(there) if with_namespace and there != home else {}), **of_app(app)}
        to_app = {"to": [peer], **({"ports": [{"protocol": "TCP", "port": number}]} if number else {})}
        return policy("leash", me, home, policyTypes=["Egress"], egress=[to_app, *([for_dns] if for_dns else [])])

    made = service(app, {"app": app}, namespace=there, clusterIP=address)
    pods = [pod("client", {"app": me}, namespace=home, ports=()), pod(f"{app}-pod", {"app": app}, namespace=there, listens=str(listens))]
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

    def believed(misconception: str, given: Tree, why: str | Reason) -> None:
        by_name, by_address, _ = met(given)
        wrong.append(Wrong(misconception, said(by_name, by_address), why))

    if dns is None:
        law = "A look-up is traffic like other traffic, and no rule here lets it out."
        believed("dns-is-always-allowed", leash(open_dns, port, named), Reason(law, n == 6))
    elif dns == {"ports": [{"port": 53}]}:
        believed("no-protocol-means-any", leash(open_dns, port, named), "A port without `protocol` means TCP. Look-ups are made over UDP.")
    elif dns.get("ports") == [_TCP]:
        law = "The rule is for TCP. Look-ups are made over UDP, and that does not get out."
        believed("port-53-is-udp", leash(open_dns, port, named), Reason(law, n == 6))
    elif dns.get("ports") == [_UDP]:
        wrong.append(Wrong("dns-needs-tcp-too", said(6, a), "Look-ups are made over UDP. TCP is for answers that are too long for it."))
    elif dns.get("to") == [_DNS_PODS]:
        law = f"A `podSelector` alone looks in the policy's namespace, `{home}`. The DNS Pods are in `kube-system`."
        believed("pod-selector-is-global", leash(open_dns, port, named), Reason(law, n == 6))
    if there != home and not named:
        law = f"A `podSelector` alone looks in the policy's namespace, `{home}`. The Pod of `{app}` is in `{there}`."
        believed("pod-selector-is-global", leash(dns, port, True), Reason(law, a == 28))
    if port:
        as_port = fitting(
            Reason("When the policy sees the packet, the Service's 80 has become 8080, which the rule permits.", port == 8080 and a != 28),
            Reason(
                f"When the policy sees the packet, the Service's 80 has become 8080, and the rule is for {port}.", port == 80 and a == 28
            ),
        )
        believed("policy-sees-service-port", leash(dns, 8080 if port == 80 else 80, named), as_port)
    if dns is not None and n != 6:
        law = "When the policy sees the look-up, the address of the DNS Service has become that of a DNS Pod, and a rule permits that."
        wrong.append(Wrong("policy-sees-service-address", said(6, a), Reason(law, n != 6)))
    reached = 0 if listens == 8080 else 7
    if a == 7:
        closed = Reason("The packet reaches the Pod, and a port on which nobody listens refuses at once: `(7)`.", listens != 8080)
        unknown = Reason(
            "Policy and Service let the packet through to 8080. Whether somebody listens there, neither knows.", listens != 8080
        )
        wrong.append(Wrong("closed-port-hangs", said(6 if n == 6 else 28, 28), closed))
        wrong.append(Wrong("slice-checks-listening", said(6 if n == 6 else 0, 0), unknown))
    wrong += [
        Wrong("replies-need-a-rule", said(6, 28), "What comes back on a connection that was let out needs no rule."),
        Wrong(
            "address-bypasses-policy",
            said(n, reached),
            Reason("To dial the address spares the look-up. The connection still has to be permitted, and is not.", a == 28),
        ),
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
        Wrong("policies-are-advice", said(reached, reached), "The policy selects the client. What no rule permits does not get out."),
    ]
    look_up = "No rule lets the look-up out" if n == 6 else "The look-up is let out"
    return Draft(
        stem=f"The Pod `client` in `{home}` carries `app={me}`. It calls `http://{name}`, then the same Service by its address, "
        f"`http://{address}`. "
        "The cluster's DNS runs in `kube-system`, as usual, with the label `k8s-app=kube-dns`; the policy is the only one, and enforced. "
        "How does curl end?",
        shown=(
            shown("service.yaml", made),
            shown("policy.yaml", leash(dns, port, named)),
            table(
                "pods",
                "NAMESPACE NAME LABELS LISTENS-ON",
                [(home, "client", f"app={me}", "-"), (there, f"{app}-pod", f"app={app}", listens)],
            ),
        ),
        right=said(n, a),
        why=fitting(
            Reason(f"{look_up}, and the connection to the Pod is permitted.", a == 0),
            Reason(f"{look_up}, and the connection to the Pod is not permitted.", a == 28),
            Reason(f"{look_up}. The connection to the Pod is permitted too, and nobody listens at 8080: it is refused.", a == 7),
        ),
        wrong=wrong,
        explanation="Two things have to get out: the look-up, UDP (and for long answers TCP) 53 to the DNS Pods, and the connection to "
        "the Pod "
        "itself, at the Pod's port. `(6)`: no name. `(28)`: dropped. `(7)`: let through, and refused.",
        trace="\n".join(way(report, at) for at in range(2)),
    )


_I = Level.INTERMEDIATE
TEMPLATES = (
    Template("np-both-ends", "network-policy", _I, both_ends, _POLICIES, "np-both-directions"),
    Template("np-egress-dns", "network-policy", _I, egress_dns, _POLICIES, "np-dns-forgotten"),
)  # fmt: skip
