"""A Service whose selector matches no Pod of its namespace, though workloads were given.

Mirrors: the endpointslice controller (kubernetes `pkg/controller/endpointslice`), which lists Pods by the Service's selector.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Edit, Finding, Fix, Severity
from simulator.api.meta import Object
from simulator.diagnosis.rule import Rule, likely, possible
from simulator.diagnosis.selector_match import Difference, alone, closest
from simulator.diagnosis.services import selecting_nobody
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, makers, pairs


def check(state: State) -> Iterator[Finding]:
    for service, selector in selecting_nobody(state):
        asked = pairs(selector)
        summary = f"Endpoints: <none>, selector {asked} matches 0 pods"
        facts = {"selector": asked, "namespace": service.namespace, "matched": 0, "summary": summary}
        found = closest(state, service.namespace, selector)
        first = next(iter(selector))
        message = f"selector {asked} matches 0 Pods: no Pod in namespace {service.namespace} carries these labels"
        places = [state.place(service, ("spec", "selector", first), "the Service asks for this")]
        fixes: tuple[Fix, ...] = ()
        if found is not None:
            workload, apart = found
            pods = state.pods_of(workload)
            who = makers(state, pods) if pods else f"the Pods of {workload.kind} {workload.name}"
            verb = "carries" if len(pods) == 1 else "carry"
            wanted = pairs({d.wanted_key: d.wanted for d in apart})
            instead = pairs({d.key: d.value for d in apart if d.key})
            carried = instead if instead != "<none>" else f"no label {apart[0].wanted_key}"
            message = f"selector {asked} matches 0 Pods: the Service asks for {wanted}, but {who} in {service.namespace} {verb} {carried}"
            facts |= {"wanted": wanted, "carried": carried, "workload": workload.name}
            places = [state.place(service, ("spec", "selector", d.wanted_key), "the Service asks for this") for d in apart[:1]]
            for d in apart[:1]:
                path = ("metadata", "labels", d.key) if d.key else ("metadata", "labels")
                places.append(state.template_place(workload, path, f"{who} {verb} this", key=not d.key))
            fixes = _fix(state, service, workload, apart, len(selector))
        yield RULE.finding(
            service.ref, message, path=("spec", "selector", first), places=places, facts=facts, fixes=fixes,
            hint="Compare the Service's selector, letter by letter, with the labels that the Pods carry.",
            check=kubectl(service.namespace, f"get endpointslices -l kubernetes.io/service-name={service.name}"),
        )  # fmt: skip


def _fix(state: State, service: Object, workload: Object, apart: list[Difference], asked: int) -> tuple[Fix, ...]:
    edits: list[Edit | None] = []
    for d in apart:
        if d.key != d.wanted_key:
            edits.append(state.edit(service, ("spec", "selector", d.wanted_key), remove=True))
        if d.key:
            edits.append(state.edit(service, ("spec", "selector", d.key), d.value))
    if all(d.close for d in apart):
        return likely(*edits)
    kept = asked - sum(not d.key for d in apart)
    return possible(*edits) if kept and alone(state, workload) else ()


RULE = Rule(
    id="selector-matches-no-pod",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service",),
    check=check,
    of_absence=True,
)
