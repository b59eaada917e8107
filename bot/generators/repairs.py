"""Questions about repairs: every option is a change of one field, and each is made and run.

Responsible for: the changes that people propose for the faults of `faults`, and what comes of each.
Leaves to others: the faults (`faults`), what makes a draft a question (`draft`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bot.generators.draft import MOST, Draft, Reason, Wrong
from bot.generators.faults import BACKEND, FAULTS, PATH, Scene, Trees, model, put, scene
from bot.generators.network_policy import of_app, policy
from bot.generators.play import Tree, ask, from_pod, labels_of, name_of, play, pod, service, shown, table, way
from bot.learning.items import Manifest
from simulator import Answer, Report

_INSIDE = ("selector", "target", "policy", "policy-port", "local")
_DOOR = ("selector", "target", "host", "exact", "backend-port", "backend-name")


@dataclass(frozen=True, slots=True)
class Change:
    """One field set, in words and made. `law`: what is so of it in any cluster where it is proposed.

    `misconception` leads to it where it is no repair; one that nothing but its own fault brings up has none.
    """

    text: str
    made: Trees
    law: str
    misconception: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a cluster answers: to the client who complained, and to those whose lot has to stay as it is."""

    report: Report
    asked: Sequence[str]

    def answer(self, who: str) -> Answer:
        return self.report.answers[self.asked.index(who)]

    def well(self, who: str) -> bool:
        return (self.answer(who).status or 200) == 200 and not self.answer(who).curl_exit

    def met(self, who: str) -> str:
        answer = self.answer(who)
        return f"`curl: ({answer.curl_exit})`" if answer.curl_exit else f"HTTP {answer.status}"


def minimal_fix(dice: Random) -> Draft:
    door, s = dice.random() < 0.45, scene(dice)
    who = "outside" if door else "inside"
    broken = _broken(s, dice.choice(_DOOR if door else _INSIDE), door, guarded=dice.random() < 0.5)
    before = _run(s, broken)
    right, why, trace = "", Reason("", False), ""
    wrong: list[Wrong] = []
    changes = [*_service_changes(s, broken, door), *(_ingress_changes(s, broken) if door else _policy_changes(s, broken))]
    for change in dice.sample(changes, len(changes)):
        if change.made == broken or (right and len(wrong) >= MOST):
            continue
        after = _run(s, change.made)
        harm = _harm(s, before, after)
        repairs = after.well(who) and not harm
        if repairs and not change.misconception:  # with one it works by luck: ingress-nginx takes a targetPort too
            right, trace = change.text, way(after.report, after.asked.index(who))
            why = Reason(f"{change.law} With this change the client is answered, and all else is as it was.", not before.well(who))
        elif change.misconception and not repairs:
            told = harm or f"With it the client {'still ' if after.met(who) == before.met(who) else ''}gets {after.met(who)}."
            wrong.append(Wrong(change.misconception, change.text, Reason(f"{told} {change.law}", bool(harm) or not after.well(who))))
    address = f"http://{s.host}{s.path}/new" if door else f"http://{s.app}"
    return Draft(
        stem=f"`curl {address}` {'from outside' if door else 'in the Pod `client`'} says {before.met(who)}. All Pods are "
        f"Ready{', and ingress-nginx serves the Ingress' if door else ''}. Which one change repairs that and leaves the rest as it is?",
        shown=_manifests(broken),
        right=right,
        why=why,
        wrong=wrong,
        explanation="The smallest repair changes the one field that is wrong. Whatever others rely on stays as it is.",
        trace=trace,
        model=model(door),
    )


def _broken(s: Scene, fault: str, door: bool, guarded: bool) -> Trees:
    """The cluster with its fault, a second Service for the same Pods, and a Pod that a policy, if there is one, keeps out."""
    around: dict[str, Tree] = {
        "beside": service(f"{s.app}-stats", {"app": s.app}, target="http"),
        "stranger": pod("stranger", {"app": "guest"}, ports=(), node="node-1"),
    }
    if not door and (guarded or fault.startswith("policy")):
        port = 80 if fault == "policy-port" else s.target
        who = of_app("admin" if fault == "policy" else "client")
        around["policy"] = policy("guard", s.app, ingress=[{"from": [who], "ports": [{"port": port}]}])
    made = s.trees if fault.startswith("policy") else FAULTS[fault].inject(s)
    return {name: tree for name, tree in {**made, **around}.items() if door or name != "ingress"}


def _run(s: Scene, trees: Trees) -> Outcome:
    asked: dict[str, Tree] = {
        "inside": ask(s.app),
        "beside": ask(f"{s.app}-stats"),
        "stranger": {**ask(s.ip, port=s.target), "from": from_pod(name="stranger")},
    }
    if "ingress" in trees:
        asked["outside"] = {
            "via": {"kind": "Ingress", "namespace": "default", "name": "site"}, "host": s.host, "path": f"{s.path}/new",
        }  # fmt: skip
    return Outcome(play(list(trees.values()), requests=list(asked.values())), list(asked))


def _harm(s: Scene, before: Outcome, after: Outcome) -> str:
    """What is worse than before, in a sentence; "" if nothing is."""
    if before.well("beside") and not after.well("beside"):
        return f"With it `{s.app}-stats` answers with {after.met('beside')}, and it worked before."
    if before.well("inside") and not after.well("inside"):
        return f"With it `http://{s.app}` gives clients inside {after.met('inside')}, and it worked before."
    if after.well("stranger") and not before.well("stranger"):
        return "With it the Pod `stranger` gets in too, and it was kept out before."
    return ""


def _service_changes(s: Scene, trees: Trees, door: bool) -> list[Change]:
    spec, first = trees["service"]["spec"], ("spec", "ports", 0)
    wanted, port = spec["selector"]["app"], spec["ports"][0]["targetPort"]
    relabelled = put(trees, "pod", ("metadata", "labels", "app"), wanted)
    declared = put(trees, "pod", ("spec", "containers", 0, "ports", 0, "containerPort"), port)
    service_, pod_ = f"Service `{s.app}`", f"Pod `{s.app}-1`"
    changes = [
        Change(f"{service_}: `selector` to `app: {s.app}`", put(trees, "service", ("spec", "selector", "app"), s.app),
               "The selector asked for a label that none of the Pods carries."),
        Change(f"{service_}: `targetPort` to {s.target}", put(trees, "service", (*first, "targetPort"), s.target),
               f"The process listens on {s.target}."),
        Change(f"{pod_}: label `app` to `{wanted}`", relabelled, "Others rely on the labels of Pods.", "fix-the-pods"),
        Change(f"{pod_}: `containerPort` to {port}", declared,
               "A `containerPort` makes no process listen there.", "container-port-corrects"),
        Change(f"{service_}: `port` to {s.target}", put(trees, "service", (*first, "port"), s.target),
               "The `port` is what others dial, and they dial 80.", "port-is-pod-port"),
    ]  # fmt: skip
    wider = put(trees, "service", ("spec", "type"), "NodePort")
    if door:
        law = "To an Ingress controller a ClusterIP Service is as good."
        changes.append(Change(f"{service_}: `type` to `NodePort`", wider, law, "ingress-needs-node-ports"))
    else:
        law = "A wider type adds a way in from outside; inside nothing changes."
        changes.append(Change(f"{service_}: `type` to `NodePort`", wider, law, "wider-type-cures"))
    if "internalTrafficPolicy" in spec:
        changes += [
            Change(f"{service_}: `internalTrafficPolicy` to `Cluster`", put(trees, "service", ("spec", "internalTrafficPolicy"), "Cluster"),
                   "Under `Local` the client had nobody on its node."),
            Change(f"{service_}: `trafficDistribution` to `PreferSameZone`",
                   put(trees, "service", ("spec", "trafficDistribution"), "PreferSameZone"),
                   "A preference does not lift `internalTrafficPolicy: Local`.", "distribution-lifts-local"),
        ]  # fmt: skip
    elif wanted != s.app or port != s.target:
        published = put(trees, "service", ("spec", "publishNotReadyAddresses"), True)
        law = "That field is about Pods that are not Ready, and this one is."
        changes.append(Change(f"{service_}: `publishNotReadyAddresses` to `true`", published, law, "publish-cures-services"))
    return changes


def _policy_changes(s: Scene, trees: Trees) -> list[Change]:
    if "policy" not in trees:
        return []
    rule = ("spec", "ingress", 0)
    return [
        Change("Policy `guard`: `from` to `app: client`", put(trees, "policy", (*rule, "from"), [of_app("client")]),
               "The policy let in others, not this client."),
        Change(f"Policy `guard`: `port` to {s.target}", put(trees, "policy", (*rule, "ports", 0, "port"), s.target),
               f"A policy sees the Pod's port, {s.target}."),
        Change("Policy `guard`: `port` to 80", put(trees, "policy", (*rule, "ports", 0, "port"), 80),
               f"A policy sees the Pod's port, {s.target}.", "policy-sees-service-port"),
        Change("Policy `guard`: `from` taken out", put(trees, "policy", (*rule, "from"), None),
               "A rule without `from` lets in everybody, and at its own ports alone.", "open-to-all-is-repaired"),
        Change("Policy `guard`: deleted", {name: tree for name, tree in trees.items() if name != "policy"},
               "Without the policy everybody is let in.", "open-to-all-is-repaired"),
    ]  # fmt: skip


def _ingress_changes(s: Scene, trees: Trees) -> list[Change]:
    named = trees["ingress"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]["name"]
    changes = [
        Change(f"Ingress `site`: `host` to `{s.host}`", put(trees, "ingress", ("spec", "rules", 0, "host"), s.host),
               "The rule was for another host."),
        Change("Ingress `site`: `pathType` to `Prefix`", put(trees, "ingress", (*PATH, "pathType"), "Prefix"),
               "An `Exact` path takes itself alone."),
        Change(f"Ingress `site`: backend port to {s.target}", put(trees, "ingress", (*BACKEND, "port", "number"), s.target),
               "An Ingress names the Service's `port`.", "ingress-names-pod-port"),
        Change("Ingress `site`: backend port to 80", put(trees, "ingress", (*BACKEND, "port", "number"), 80),
               "An Ingress names the Service's `port`."),
        Change(f"Ingress `site`: backend name to `{s.app}`", put(trees, "ingress", (*BACKEND, "name"), s.app),
               "There was no Service of the name in the Ingress."),
    ]  # fmt: skip
    if trees["service"] == s.trees["service"]:
        exact = put(trees, "ingress", (*PATH, "pathType"), "Exact")
        changes.append(Change("Ingress `site`: `pathType` to `Exact`", exact, "An `Exact` path takes itself alone.", "exact-covers-below"))
    if named != s.app:
        changes.append(
            Change(f"Service `{s.app}`: name to `{named}`", put(trees, "service", ("metadata", "name"), named),
                   f"Clients inside know it as `{s.app}`.", "renaming-goes-unnoticed")
        )  # fmt: skip
    return changes


def _manifests(trees: Trees) -> list[Manifest]:
    others = [trees[name] for name in ("policy", "ingress") if name in trees]
    rows = [_row(tree) for tree in trees.values() if tree["kind"] == "Pod"]
    services = shown("services.yaml", trees["service"], trees["beside"])
    return [
        services,
        *(shown(f"{tree['kind'].lower()}.yaml", tree) for tree in others),
        table("pods", "NAME NODE LABELS PORTS LISTENS-ON", rows),
    ]


def _row(tree: Tree) -> Sequence[str]:
    said: Mapping[str, str] = tree["metadata"]["annotations"]
    ports = [f"{port['name']}:{port['containerPort']}" for port in tree["spec"]["containers"][0].get("ports", ())]
    return (name_of(tree), said["sim/node"], labels_of(tree), ",".join(ports) or "-", said.get("sim/listens", "-"))
