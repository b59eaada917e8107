"""Questions about the peers of a NetworkPolicy: namespaces by their labels, blocks of addresses, ranges of ports.

Responsible for: random peers and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`), policies as such (`network_policy`).
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from random import Random

from bot.generators.draft import Draft, Reason, Template, UnfitError, Wrong, fitting
from bot.generators.network_policy import allowed, in_space, of_app, policy, who
from bot.generators.play import (
    APPS,
    NAMESPACES,
    Tree,
    addresses,
    from_pod,
    labels_of,
    namespace,
    numbered,
    play,
    pod,
    shown,
    table,
    verdict,
    verdicts,
    way,
)
from bot.learning.items import Level

_POLICIES = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"


_TEAMS = ("red", "blue", "green")
_RULES_PERMIT = "Rules permit and never forbid. What is closed is closed because a policy selects the Pod."


def namespace_label(dice: Random) -> Draft:
    return dice.choice((_selected_namespaces, _selected_namespaces, _replies))(dice)


def _selected_namespaces(dice: Random) -> Draft:
    app, target = dice.sample(APPS, 2)
    home, *others = spaces = dice.sample(NAMESPACES, 4)
    wanted, team = dice.choice(others), dice.choice(_TEAMS)
    labels: dict[str, dict[str, str]] = {space: {"team": dice.choice((team, *_TEAMS))} if dice.random() < 0.7 else {} for space in spaces}
    labels[dice.choice(others)] |= {"name": wanted} if dice.random() < 0.6 else {}
    peers = [(space, f"{app}-pod", app) for space in sorted(spaces)]
    own_labels = [{"app": app, **({"team": dice.choice((team, *_TEAMS))} if dice.random() < 0.5 else {})} for _ in peers]
    pods = [pod(name, own, namespace=space, ports=()) for (space, name, _), own in zip(peers, own_labels, strict=True)]
    objects = [*(namespace(space, **labels[space]) for space in spaces), *pods, pod("target", {"app": target}, namespace=home)]

    def guard(*given: Tree) -> Tree:
        return policy("guard", target, home, policyTypes=["Ingress"], ingress=[{"from": list(given)}])

    def under(*given: Tree) -> tuple[str, str]:
        """Whom a policy with these peers lets in, and why."""
        let_in, trace = allowed([*objects, guard(*given)], peers, {"pod": {"namespace": home, "name": "target"}}, 8080)
        return who(let_in), trace

    own_label, team_in = "kubernetes.io/metadata.name", {"key": "team", "operator": "NotIn", "values": [team]}
    there: Tree = {"key": "team", "operator": "Exists"}
    selector: Tree = dice.choice(
        (
            {"matchLabels": {own_label: wanted}},
            {"matchLabels": {"name": wanted}},
            {"matchLabels": {"team": team}},
            {"matchExpressions": [team_in]},
            {"matchExpressions": [there]},
            {"matchExpressions": [{"key": "team", "operator": "DoesNotExist"}]},
            {},
        )
    )
    chosen: Tree = {"namespaceSelector": selector}
    of_pods: Tree = {"namespaceSelector": {}, "podSelector": selector}
    right, trace = under(chosen)
    apart = f"`{home}/{app}-pod`" not in right
    wrong = []
    if selector == {"matchLabels": {"name": wanted}}:
        wrong.append(
            Wrong(
                "name-is-a-label",
                under(in_space(wanted))[0],
                Reason(
                    f"A namespace carries its name in `{own_label}`. A label `name` has to be set by somebody.",
                    wanted not in right or "name" in labels[wanted],
                ),
            )
        )
    elif selector == {"matchLabels": {own_label: wanted}}:
        wrong.append(Wrong("names-are-no-labels", who([]), f"Each namespace carries its name in the label `{own_label}`."))
        by_name: Tree = {"namespaceSelector": {"matchLabels": {"name": wanted}}}
        wrong.append(
            Wrong(
                "name-is-a-label",
                under(by_name)[0],
                Reason(f"The selector asks for `{own_label}`, not for `name`.", f"`{wanted}/{app}-pod`" == right),
            )
        )
    elif selector:
        wrong.append(
            Wrong(
                "pod-labels-count-for-namespace",
                under(of_pods)[0],
                "A `namespaceSelector` reads the labels of namespaces. What the Pods carry does not count.",
            )
        )
        wrong.append(
            Wrong(
                "pod-or-namespace-label",
                under(chosen, of_pods)[0],
                "The labels of Pods do not count in a `namespaceSelector`, not even in addition to those of namespaces.",
            )
        )
    else:
        wrong.append(Wrong("empty-selector-selects-none", who([]), "An empty selector asks for nothing, so that everything fits."))
        wrong.append(
            Wrong(
                "empty-selector-is-own",
                under({"podSelector": {}})[0],
                "An empty `namespaceSelector` fits all namespaces, not only the policy's.",
            )
        )
        wrong.append(
            Wrong(
                "own-namespace-is-excluded",
                who(peers, lambda p: p[0] != home),
                Reason(f"All namespaces are meant, and `{home}` is one of them.", not apart),
            )
        )
    if selector.get("matchExpressions") == [team_in]:
        only_labelled: Tree = {"namespaceSelector": {"matchExpressions": [team_in, there]}}
        wrong.append(Wrong("not-in-needs-the-label", under(only_labelled)[0], "`NotIn` fits a namespace without the label as well."))
    wrong.append(
        Wrong(
            "own-namespace-is-included",
            under(chosen, {"podSelector": {}})[0],
            Reason(f"`{home}` is the policy's own namespace, and would be let in if its labels fitted. They do not.", apart),
        )
    )
    wrong.append(Wrong("rules-deny", who([p for p in peers if f"`{p[0]}/{p[1]}`" not in right]), _RULES_PERMIT))
    columns = [(space, space, labels[space].get("name", ""), labels[space].get("team", "")) for space in sorted(spaces)]
    return Draft(
        stem=f"The Pod `target` in `{home}` carries `app={target}`. Policies are enforced. Which of these Pods may connect to it?",
        shown=(
            shown("policy.yaml", guard(chosen)),
            table(f"namespaces -L {own_label},name,team", "NAMESPACE METADATA.NAME NAME TEAM", columns),
            table(
                "pods",
                "NAMESPACE NAME LABELS",
                [(space, name, labels_of(each)) for (space, name, _), each in zip(peers, pods, strict=True)],
            ),
        ),
        right=right,
        why=fitting(
            Reason("The selector fits the labels of no namespace here.", right == who([])),
            Reason("The selector is held against the labels of their namespaces, and asks nothing of the Pods.", right != who([])),
        ),
        wrong=wrong,
        explanation=f"A `namespaceSelector` reads labels of namespaces. `{own_label}` is there by itself and holds the name.",
        trace=trace,
    )


def _replies(dice: Random) -> Draft:
    a, b = dice.sample(APPS, 2)
    home, away = dice.sample(NAMESPACES, 2)
    one, other = dice.choice((((home, a), (away, b)), ((away, b), (home, a))))
    to_a, to_b = ({**in_space(space), **of_app(app)} for space, app in ((home, a), (away, b)))
    policies = dice.sample(
        [
            policy("inbound", b, away, policyTypes=["Ingress"], ingress=[{"from": [dice.choice((to_a, in_space(home)))]}]),
            policy("silent", b, away, policyTypes=["Egress"]),
            policy("closed", a, home, policyTypes=["Ingress"]),
            policy("outbound", a, home, policyTypes=["Egress"], egress=[{"to": [dice.choice((to_b, in_space(away)))]}]),
        ],
        dice.randint(1, 3),
    )
    ips = dict(zip((one, other), addresses(dice, 2), strict=True))
    pods = [pod(f"{app}-pod", {"app": app}, namespace=space, ip=ip) for (space, app), ip in ips.items()]

    def passing(given: Sequence[Tree]) -> tuple[bool, bool, str]:
        """Whether the first one's request is answered, whether the other's is, and how the two went."""
        pairs = ((one, other), (other, one))
        asked = [{"from": from_pod(space, f"{app}-pod"), "host": ips[to], "port": 8080} for (space, app), to in pairs]
        report = play([namespace(home), namespace(away), *pods, *given], requests=asked)
        return report.answers[0].curl_exit == 0, report.answers[1].curl_exit == 0, "\n".join(way(report, at) for at in range(2))

    def said(*passes: bool) -> str:
        got = [number for number, each in enumerate(passes, 1) if each]
        return f"Of these, {numbered(got, 'none')} pass{'es' if len(got) == 1 else ''}"

    there, back, trace = passing(policies)
    both = [{**each, "spec": {**each["spec"], "policyTypes": ["Ingress", "Egress"]}} for each in policies]
    strict_there, strict_back, _ = passing(both)
    by_one, by_other = f"`{one[1]}-pod`", f"`{other[1]}-pod`"
    across = Wrong(
        "union-across-directions", said(True, True, True, True), "A permission to open connections one way is none for the other way."
    )
    return Draft(
        stem=f"{by_one} is in `{one[0]}`, {by_other} in `{other[0]}`; both listen on 8080. Policies are enforced. What passes?\n\n"
        f"**1** a request of {by_one} to {by_other} · **2** the reply to it · **3** a request of {by_other} to {by_one} · **4** the "
        "reply to that",
        shown=(
            shown("policies.yaml", *policies),
            table("pods", "NAMESPACE NAME LABELS", [(s, f"{x}-pod", f"app={x}") for s, x in (one, other)]),
        ),
        right=said(there, there, back, back),
        why="Only the opening of a connection is judged: at its sender for Egress, at its receiver for Ingress. Replies go with it.",
        wrong=(
            Wrong(
                "replies-need-a-rule",
                said(there, there and back, back, there and back),
                "The reply belongs to a connection that was permitted. It is not judged again.",
            ),
            Wrong(
                "isolation-both-ways",
                said(strict_there, strict_there, strict_back, strict_back),
                "A policy isolates in the directions that its `policyTypes` name, and in no other.",
            ),
            *([across] if there or back else []),
            Wrong(
                "policies-open-nothing-by-absence",
                said(False, False, False, False),
                "Where no policy isolates, or a rule permits at both ends, the connection is open.",
            ),
            Wrong(
                "rules-deny",
                said(not there, not there, not back, not back),
                _RULES_PERMIT,
            ),
        ),
        explanation="Whoever opens a connection needs permission; replies need none. Each direction of opening is judged by itself.",
        trace=trace,
    )


def ip_block(dice: Random) -> Draft:
    app, outside = dice.choice(APPS), dice.random() < 0.5
    width, step = dice.choice(((20, 16), (21, 8), (22, 4), (23, 2)))
    first, second = dice.choice(((10, dice.randint(20, 90)), (172, dice.randint(16, 31)), (10, dice.randint(130, 220))))
    third = step * dice.randint(1, 200 // step)
    hole = third + dice.randint(0, step - 1)
    tail, left_out = dice.choice(((24, range(1, 255)), (25, range(1, 127)), (26, range(1, 63))))
    start = dice.choice((5000, 8000, 8080, 9000))
    end = start + dice.choice((9, 10, 20, 99))

    def at(net: int, host: int | None = None) -> str:
        return f"{first}.{second}.{net}.{dice.randint(65, 250) if host is None else host}"

    block, but = f"{at(third, 0)}/{width}", f"{at(hole, 0)}/{tail}"
    inside = [net for net in range(third, third + step) if net != hole]
    asked = dice.sample(
        [
            (at(dice.choice(inside)), start),
            (at(dice.choice(inside)), end),
            (at(dice.choice(inside)), dice.randint(start + 2, end - 2)),
            (at(dice.choice(inside)), end + dice.randint(1, 5)),
            (at(hole, dice.choice(left_out)), start),
            (at(third + step), start),
            *([(at(third), dice.choice((start, end)))] if hole != third else []),
            (at(third - 1), start),
            *([(at(hole, dice.randint(130, 250)), start)] if tail > 24 else []),
        ],
        4,
    )
    second_port = dice.choice((start, 443)) if dice.random() < 0.5 else 0
    kind, side = ("Ingress", "from") if outside else ("Egress", "to")
    server = pod(app, {"app": app}, ports=())

    def rule(cidr: str, hollow: bool, ports: Sequence[Tree]) -> Tree:
        return {side: [{"ipBlock": {"cidr": cidr, **({"except": [but]} if hollow else {})}}], "ports": list(ports)}

    def ranged(last: int) -> list[Tree]:
        return [{"protocol": "TCP", "port": start, "endPort": last}]

    def guard(*rules: Tree) -> Tree:
        return policy("guard", app, "", policyTypes=[kind], **{kind.lower(): list(rules)})

    also = [rule(block, False, [{"protocol": "TCP", "port": second_port}])] if second_port else []

    def permitted(*rules: Tree) -> tuple[frozenset[int], str]:
        """Which of the connections a policy with these rules permits, by their numbers, and why."""
        me = from_pod(name=app)
        pairs = [{"from": {"ip": ip} if outside else me, "to": me if outside else {"ip": ip}, "port": port} for ip, port in asked]
        report = play([server, guard(*rules)], connections=pairs)
        if report.apply.stderr:
            raise UnfitError("not a valid policy")
        answers = list(enumerate(verdicts(report), 1))
        return frozenset(n for n, answer in answers if answer.allowed), "".join(f"{n}. {verdict(answer)}\n" for n, answer in answers)

    def said(numbers: frozenset[int]) -> str:
        return f"Of these, {numbered(numbers, 'none')}"

    mine = rule(block, True, ranged(end))
    right, trace = permitted(mine, *also)
    listing = " · ".join(f"**{n}** {'from' if outside else 'to'} {ip}, port {port}" for n, (ip, port) in enumerate(asked, 1))
    in_hole = frozenset(n for n, (ip, _) in enumerate(asked, 1) if _within(ip, but))
    last = at(third + step - 1, 255)

    ports = {port for ip, port in asked if _within(ip, block)}
    outside_block = {ip for ip, _ in asked if not _within(ip, block)}

    def believed(misconception: str, numbers: frozenset[int], why: str, holds: bool) -> Wrong:
        return Wrong(misconception, said(numbers), Reason(why, holds))

    wrong = [
        believed(
            "except-is-a-comment",
            permitted(rule(block, False, ranged(end)), *also)[0],
            f"`except` takes {but} out of what this rule permits.",
            bool(in_hole - right),
        ),
        believed(
            "end-port-is-open-ended",
            permitted(rule(block, True, ranged(65535)), *also)[0],
            f"The range ends with `endPort`, {end}.",
            max(ports, default=0) > end,
        ),
        believed(
            "end-port-is-exclusive",
            permitted(rule(block, True, ranged(end - 1)), *also)[0],
            f"`endPort` belongs to the range: {end} is permitted.",
            end in ports,
        ),
        believed(
            "end-port-makes-two",
            permitted(rule(block, True, [{"protocol": "TCP", "port": start}, {"protocol": "TCP", "port": end}]), *also)[0],
            f"`port` and `endPort` are the ends of a range. What lies between {start} and {end} is in it.",
            any(start < port < end for port in ports),
        ),
        believed(
            "cidr-is-two-numbers",
            permitted(rule(f"{first}.{second}.0.0/16", True, ranged(end)), *also)[0],
            f"/{width} fixes a part of the third number too: the block goes from {at(third, 0)} to {last}.",
            bool(outside_block) and _within(last, block),
        ),
    ]
    if hole != third:
        narrow = permitted(rule(f"{at(third, 0)}/24", False, ranged(end)), *also)[0]
        wrong.append(
            believed(
                "cidr-is-three-numbers",
                narrow,
                f"/{width} leaves more than the last number free: the block goes up to {last}.",
                _within(last, block) and not _within(last, f"{at(third, 0)}/24"),
            )
        )
    if also:
        wrong.append(
            believed(
                "except-forbids",
                right - in_hole,
                f"`except` narrows its own rule. The other rule permits the whole block on port {second_port}.",
                bool(in_hole & right),
            )
        )
    return Draft(
        stem=f"`{app}` is the Pod that this policy selects, and it is enforced. Which of these connections {'to' if outside else 'of'} "
        f"`{app}` does it permit?"
        f"\n\n{listing}",
        shown=(shown("policy.yaml", guard(mine, *also)),),
        right=said(right),
        why=Reason(
            f"The block goes from {at(third, 0)} to {last}, without {but}; the ports from {start} to {end}, both included."
            + (f" The second rule adds port {second_port} of the whole block." if also else ""),
            right
            == {
                number
                for number, (ip, port) in enumerate(asked, 1)
                if _within(ip, block) and ((number not in in_hole and start <= port <= end) or port == second_port)
            },
        ),
        wrong=wrong,
        explanation="Address and port have to fit within one rule. `except` narrows its own block and no other rule; `endPort` is the "
        "last port of the range.",
        trace=trace,
    )


def _within(ip: str, block: str) -> bool:
    return ip_address(ip) in ip_network(block)


_I = Level.INTERMEDIATE
TEMPLATES = (
    Template("np-namespace-label", "network-policy", _I, namespace_label, _POLICIES, "np-one-dash"),
    Template("np-ip-block", "network-policy", Level.ADVANCED, ip_block, _POLICIES, "np-node-metadata"),
)
