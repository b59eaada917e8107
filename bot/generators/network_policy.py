"""Questions about NetworkPolicy: who is isolated, what policies permit together, which port they mean.

Responsible for: random policies and the wrong rules that people apply to them.
Leaves to others: what makes a draft a question (`draft`), clusters and runs (`play`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from bot.generators.draft import Draft, Reason, Template, Wrong
from bot.generators.play import (
    APPS,
    NAMESPACES,
    PORTS,
    Tree,
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
)
from bot.learning.items import Level

_POLICIES = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"

Peer = tuple[str, str, str]
"""A client Pod: namespace, name, its label `app`."""


def policy(name: str, app: str, space: str = "", **spec: object) -> Tree:
    """A policy for Pods with this label `app`; "" selects all Pods of the namespace."""
    selector = {"matchLabels": {"app": app}} if app else {}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": meta(name, space),
        "spec": {"podSelector": selector, **spec},
    }


def of_app(app: str) -> Tree:
    return {"podSelector": {"matchLabels": {"app": app}}}


def in_space(name: str) -> Tree:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def allowed(objects: Sequence[Tree], peers: Sequence[Peer], server: Tree, port: int) -> tuple[list[Peer], str]:
    """Which of the clients may connect to the Pod `server`, and why."""
    let_in, trace = [], []
    for space, name, app in peers:
        one = {"from": from_pod(space, name), "to": server, "port": port}
        (answer,) = verdicts(play(objects, connections=[one]))
        trace.append(f"{space}/{name}: {verdict(answer)}\n")
        if answer.allowed:
            let_in.append((space, name, app))
    return let_in, "".join(trace)


def who(peers: Sequence[Peer], fits: Callable[[Peer], bool] = lambda _: True) -> str:
    return several((f"{space}/{name}" for space, name, app in peers if fits((space, name, app))))


def _clients(dice: Random, apps: Sequence[str], spaces: Sequence[str], count: int) -> list[Peer]:
    pairs = dice.sample([(space, app) for space in spaces for app in apps], count)
    return sorted((space, f"{app}-pod", app) for space, app in pairs)


def _cluster(spaces: Sequence[str], peers: Sequence[Peer], target: str, port: int) -> list[Tree]:
    clients = [pod(name, {"app": app}, namespace=space, ports=()) for space, name, app in peers]
    return [*(namespace(space) for space in spaces), *clients, pod("target", {"app": target}, namespace=spaces[0], ports=(port,))]


def _draft(
    dice: Random,
    policies: Sequence[Tree],
    peers: Sequence[Peer],
    spaces: Sequence[str],
    target: str,
    why: str | Reason,
    wrong: Sequence[Wrong],
    moral: str,
) -> Draft:
    port = dice.choice(PORTS)
    server = {"pod": {"namespace": spaces[0], "name": "target"}}
    let_in, trace = allowed([*_cluster(spaces, peers, target, port), *policies], peers, server, port)
    return Draft(
        stem=f"The Pod `target` in the namespace `{spaces[0]}` carries `app={target}` and listens on {port}. Policies are "
        "enforced. Which of these Pods may connect to it?",
        shown=(
            *(shown(f"{name_of(each)}.yaml", each) for each in policies),
            table("clients", "NAMESPACE NAME LABELS", [(s, n, f"app={a}") for s, n, a in peers]),
        ),
        right=who(let_in),
        why=why,
        wrong=wrong,
        explanation=moral,
        trace=trace,
    )


def isolation(dice: Random) -> Draft:
    target, a, b = dice.sample(APPS, 3)
    home, away = spaces = dice.sample(NAMESPACES, 2)
    peers = _clients(dice, (a, b), spaces, 3)
    selected = dice.choice((target, target, a, ""))
    direction = dice.choice(("Ingress", "Ingress", "Egress"))
    where = dice.choice((home, home, home, away))
    body = {"ingress": [{"from": [of_app(a)]}]} if direction == "Ingress" else {"egress": [{"to": [of_app(a)]}]}
    guard = policy("guard", selected, where, policyTypes=[direction], **body)
    return _draft(
        dice,
        [guard],
        peers,
        spaces,
        target,
        "A Pod that no policy selects is open. One that is selected is closed in the direction that the policy names, "
        "except for its rules.",
        (
            Wrong(
                "one-policy-isolates-all",
                who(peers, lambda p: p[0] == home and p[2] == a),
                "A policy isolates the Pods that it selects, in its namespace and its direction.",
            ),
            Wrong(
                "policies-open-nothing-by-absence",
                who(peers, lambda _: False),
                "A Pod that no policy selects takes connections from all, and one that is selected those that a rule permits.",
            ),
            Wrong("rules-deny", who(peers, lambda p: p[2] != a), "Rules permit. What they name is let in."),
            Wrong("own-namespace-is-open", who(peers, lambda p: p[0] == home), "A namespace opens nothing by itself, and closes nothing."),
            Wrong("pod-selector-is-global", who(peers, lambda p: p[2] == a), "A `podSelector` alone looks in the policy's own namespace."),
            Wrong("policies-are-advice", who(peers), "The policy selects this Pod, or its clients, and is enforced."),
        ),
        "Selected by a policy: closed in that direction but for the rules. Not selected: open.",
    )


def union(dice: Random) -> Draft:
    target, a, b, c = dice.sample(APPS, 4)
    home, away = spaces = dice.sample(NAMESPACES, 2)
    peers = _clients(dice, (a, b, c), spaces, 4)
    first = policy("allow-app", target, home, policyTypes=["Ingress"], ingress=[{"from": [of_app(a)]}])
    second = policy("allow-more", target, home, policyTypes=["Ingress"], ingress=[{"from": [dice.choice((of_app(b), in_space(away)))]}])
    deny = policy("deny-all", "", home, policyTypes=["Ingress"])
    policies = dice.sample([first, second, deny], dice.randint(2, 3))
    port = 8080
    server = {"pod": {"namespace": home, "name": "target"}}
    alone = [allowed([*_cluster(spaces, peers, target, port), each], peers, server, port)[0] for each in policies]
    return _draft(
        dice,
        policies,
        peers,
        spaces,
        target,
        "Each policy adds permissions; what any of them permits is permitted.",
        (
            Wrong("last-policy-wins", who(alone[-1]), "Policies have no order. All that select the Pod count together."),
            Wrong("first-policy-wins", who(alone[0]), "Policies have no order. All that select the Pod count together."),
            Wrong("policies-intersect", who([p for p in peers if all(p in each for each in alone)]), "One policy that permits is enough."),
            Wrong("own-namespace-is-open", who(peers, lambda p: p[0] == home), "The namespace opens nothing by itself."),
            Wrong(
                "pod-selector-is-global",
                who(peers, lambda p: p[2] in (a, b)),
                "A `podSelector` alone looks in the policy's own namespace.",
            ),
        ),
        "NetworkPolicies only add: the result is the union, and there is no rule that forbids.",
    )


def and_or(dice: Random) -> Draft:
    target, a, b = dice.sample(APPS, 3)
    home, away = spaces = dice.sample(NAMESPACES, 2)
    peers = _clients(dice, (a, b), spaces, dice.randint(3, 4))
    both = dice.random() < 0.5
    guard = policy(
        "guard",
        target,
        home,
        policyTypes=["Ingress"],
        ingress=[{"from": [{**in_space(away), **of_app(a)}] if both else [in_space(away), of_app(a)]}],
    )
    return _draft(
        dice,
        [guard],
        peers,
        spaces,
        target,
        Reason(
            f"One item holds both selectors: Pods `app={a}` in `{away}`."
            if both
            else f"Two items: anyone in `{away}`, and `app={a}` in `{home}`.",
            len(guard["spec"]["ingress"][0]["from"]) == (1 if both else 2),
        ),
        (
            Wrong(
                "one-item-is-or",
                who(peers, lambda p: p[0] == away or (p[0] == home and p[2] == a)),
                "There is one dash: both selectors have to fit.",
            ),
            Wrong(
                "two-items-are-and", who(peers, lambda p: p[0] == away and p[2] == a), "There are two dashes: one of the items is enough."
            ),
            Wrong(
                "pod-selector-is-global", who(peers, lambda p: p[2] == a), "A `podSelector` by itself looks in the policy's own namespace."
            ),
            Wrong("namespace-is-enough", who(peers, lambda p: p[0] == away), "The other selector counts too."),
            Wrong("own-namespace-is-open", who(peers, lambda p: p[0] == home), "The policy's own namespace is not let in by itself."),
        ),
        "One dash joins by and, two dashes by or.",
    )


def pod_port(dice: Random) -> Draft:
    target, a, b = dice.sample(APPS, 3)
    home, _ = spaces = dice.sample(NAMESPACES, 2)
    port, pod_port = 80, dice.choice(PORTS)
    rules = [(a, dice.choice((port, pod_port))), (b, dice.choice((port, pod_port)))]
    peers = sorted((home, f"{app}-pod", app) for app, _ in rules)
    stranger = (home, "shell-pod", "shell")
    guard = policy(
        "guard",
        target,
        home,
        policyTypes=["Ingress"],
        ingress=[{"from": [of_app(app)], "ports": [{"protocol": "TCP", "port": number}]} for app, number in rules],
    )
    made = service("front", {"app": target}, namespace=home, port=port, target=pod_port)
    everyone = [*peers, stranger]
    objects = [*_cluster(spaces, everyone, target, pod_port), guard, made]
    requests = [{"from": from_pod(s, n), "host": "front"} for s, n, _ in everyone]
    report = play(objects, requests=requests)
    let_in = [peer for peer, answer in zip(everyone, report.answers, strict=True) if answer.curl_exit == 0]
    named = dict(rules)
    return Draft(
        stem=f"Which of these Pods get an answer from `http://front` in `{home}`? The Pod behind it carries `app={target}`.",
        shown=(shown("cluster.yaml", made, guard), table("clients", "NAME LABELS", [(n, f"app={x}") for _, n, x in everyone])),
        right=who(let_in),
        why=Reason(
            f"The policy sees the packet at the Pod, where the port is {pod_port}.", let_in == [p for p in peers if named[p[2]] == pod_port]
        ),
        wrong=(
            Wrong(
                "policy-sees-service-port",
                who(everyone, lambda p: named.get(p[2]) == port),
                Reason(f"The Service's {port} has become {pod_port} before the policy looks.", port != pod_port),
            ),
            Wrong(
                "ports-are-decoration",
                who(peers),
                Reason(f"A rule counts only for its ports, and the Pod is reached at {pod_port}.", len(let_in) < len(peers)),
            ),
            Wrong("policies-are-advice", who(everyone), "The Pod is selected, so only what a rule permits is let in."),
            Wrong("services-bypass-policies", who([stranger]), "No rule names this Pod."),
            Wrong("policies-close-services", who([]), "A rule for the Pod's port lets its client in, by the Service too."),
        ),
        explanation="Write the Pod's port into a policy: `targetPort`, not `port`.",
        trace="".join(f"{n}: {answer.outcome}\n" for (_, n, _), answer in zip(everyone, report.answers, strict=True)),
    )


_I = Level.INTERMEDIATE
TEMPLATES = (
    Template("np-isolation", "network-policy", Level.BEGINNER, isolation, _POLICIES, "np-isolated-by-selection"),
    Template("np-union", "network-policy", _I, union, _POLICIES, "np-union-of-permissions"),
    Template("np-and-or", "network-policy", _I, and_or, _POLICIES, "np-one-dash"),
    Template("np-pod-port", "network-policy", _I, pod_port, _POLICIES, "np-pod-port-not-service-port"),
)
