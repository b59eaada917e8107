"""Questions about who enforces a NetworkPolicy: plugins that do and do not, Pods on the host's network, the node's own traffic.

Responsible for: random Pods of both networks and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`), policies as such (`network_policy`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random

from bot.generators.draft import Draft, Reason, Template, Wrong
from bot.generators.network_policy import of_app, policy
from bot.generators.play import (
    APPS,
    Tree,
    from_pod,
    play,
    pod,
    several,
    shown,
    table,
    verdict,
    verdicts,
)
from bot.learning.items import Level
from simulator import ConnectionAnswer

_POLICIES = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"


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
        return several(sorted(names))

    def those(given: Mapping[str, ConnectionAnswer]) -> list[str]:
        return [name for name, answer in given.items() if answer.allowed]

    answers = let_in(networkPolicy="ignored" if case == "nobody enforces" else "enforced", hostNetworkPolicy="ignored")
    right, by_labels = those(answers), those(let_in(hostNetworkPolicy="applied"))
    hosts = [name for name, (_, host, _) in clients.items() if host]
    mine = [name for name, (app, host, _) in clients.items() if app == a and not host]
    other = said(name for name, (app, *_) in clients.items() if app != a)
    rules_deny = Wrong("rules-deny", other, "A rule permits. It never forbids what it names.")
    all_open = len(right) == len(clients)
    if case == "nobody enforces":
        why = Reason("The API server stores the policy, and here nobody acts on it. Every connection is open.", all_open)
        wrong = [
            Wrong(
                "api-server-enforces",
                said(by_labels),
                "The API server stores policies and enforces none. That is the network plugin's task, and this one does not do it.",
            ),
            Wrong("host-pods-pass", said({*mine, *hosts}), Reason("The policy stops nobody here, on the host's network or not.", all_open)),
            Wrong(
                "unenforced-is-node-local",
                said(name for name, (_, _, node) in clients.items() if node == "node-1"),
                "Without enforcement every connection is open, within a node and between nodes.",
            ),
        ]
    elif case == "guarded":
        why = Reason(
            "Pods of the Pod network are judged by their labels. A Pod on the host's network counts as its node, and `target`'s own node, "
            "`node-1`, is let in whatever the rules say.",
            set(right) == {*mine, *(name for name in hosts if clients[name][2] == "node-1")},
        )
        away = {name for name in hosts if clients[name][2] != "node-1"}
        wrong = [
            Wrong(
                "host-pods-are-pods",
                said(by_labels),
                Reason(
                    "Of a Pod on the host's network the plugin sees the node's address and no label. `node-1` is let in anyway, and "
                    "`node-2` by no rule.",
                    not away & set(right),
                ),
            ),
            Wrong(
                "host-pods-pass",
                said({*mine, *hosts}),
                Reason(
                    "A Pod on the host's network of `node-2` comes from that node's address, and no rule lets that in.",
                    bool(away) and not away & set(right),
                ),
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
        why = Reason("`target` uses its node's network, and this plugin takes it for the node. No policy selects it.", all_open)
        wrong = [
            Wrong(
                "host-pods-are-pods",
                said(by_labels),
                Reason("For this plugin `target` is its node and carries no labels, so the policy selects nobody.", all_open),
            ),
            Wrong(
                "host-pods-pass",
                said({*mine, *hosts}),
                Reason("The policy does not hold for `target` at all, neither for Pods nor for hosts.", all_open),
            ),
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


TEMPLATES = (
    Template(
        "np-enforcement", "network-policy", Level.ADVANCED, enforcement, _POLICIES, "np-who-enforces",
        model="for Pods with `hostNetwork` Kubernetes leaves open what a policy does; a plugin may also tell them from their node.",
    ),
)  # fmt: skip
