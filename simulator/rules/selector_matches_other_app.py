"""A Service whose selector is so broad that it matches the Pods of different applications.

Models: that workloads with different values of `app` (or `app.kubernetes.io/name`) are different applications.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule, possible
from simulator.diagnosis.services import with_pods
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import count, kubectl, listed, pairs

IDENTITY = ("app.kubernetes.io/name", "app", "k8s-app", "app.kubernetes.io/component")


def check(state: State) -> Iterator[Finding]:
    for service, view, pods in with_pods(state):
        selector = view.selector or {}
        for key in IDENTITY:
            named = [pod for pod in pods if key in pod.labels]
            values = list(dict.fromkeys(pod.labels[key] for pod in named))
            if key in selector or len(values) < 2:
                continue
            asked = pairs(selector)
            own = service.name if service.name in values else ""
            yield RULE.finding(
                service.ref,
                f"selector {asked} matches {count(len(pods), 'Pod')} of different applications ({key} is {listed(values)}), "
                "and each answers a share of the requests",
                path=("spec", "selector"),
                places=[
                    state.place(service, ("spec", "selector"), "the Service asks for no more than this", key=True),
                    *(
                        state.template_place(next(p for p in named if p.labels[key] == v), ("metadata", "labels", key), "matches too")
                        for v in values[:3]
                    ),
                ],
                facts={"selector": asked, "key": key, "values": values, "matched": len(pods)},
                fixes=possible(state.edit(service, ("spec", "selector", key), own)) if own else (),
                hint=f"Which label would tell these Pods apart? Look at {key}.",
                check=kubectl(service.namespace, f"get pods -l {asked} --show-labels"),
            )
            break


RULE = Rule(
    id="selector-matches-other-app",
    severity=Severity.WARNING,
    basis=Basis.MODELLED,
    sources=("https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/",),
    check=check,
)
