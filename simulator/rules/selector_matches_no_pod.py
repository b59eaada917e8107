"""A Service whose selector matches no Pod of its namespace, though workloads were given.

Mirrors: the endpointslice controller (kubernetes `pkg/controller/endpointslice`), which lists Pods by the Service's selector.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Fix, Severity
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.selector_match import closest, closing
from simulator.diagnosis.services import selecting_nobody
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, makers, pairs


def check(state: State) -> Iterator[Finding]:
    for service, selector in selecting_nobody(state):
        namespace, asked = service.namespace, pairs(selector)
        found = closest(state, namespace, selector)
        apart = found[1] if found else []
        key = apart[0].wanted_key if apart else next(iter(selector))
        places = [state.place(service, ("spec", "selector", key), "the Service asks for this")]
        facts = {"selector": asked, "namespace": namespace, "matched": 0, "summary": f"Endpoints: <none>, selector {asked} matches 0 pods"}
        why = f"no Pod in namespace {namespace} carries these labels"
        fixes: tuple[Fix, ...] = ()
        if found is not None:
            workload = found[0]
            pods = state.pods_of(workload)
            who = makers(state, pods) if pods else f"the Pods of {workload.kind} {workload.name}"
            carry = "carries" if len(pods) == 1 else "carry"
            wanted, carried = pairs({d.wanted_key: d.wanted for d in apart}), pairs({d.key: d.value for d in apart if d.key})
            carried = f"no label {key}" if carried == "<none>" else carried
            facts |= {"wanted": wanted, "carried": carried, "workload": workload.name}
            path = ("metadata", "labels", apart[0].key) if apart[0].key else ("metadata", "labels")
            places.append(state.template_place(workload, path, f"{who} {carry} this", key=not apart[0].key))
            fixes = closing(state, service, workload, apart)
            why = f"the Service asks for {wanted}, but {who} in {namespace} {carry} {carried}"
            if not fixes and len(state.workloads(namespace)) > 1:
                why = f"the Service asks for {wanted}, but no Pod in {namespace} carries it; {who} {carry} {carried}"
        yield RULE.finding(
            service.ref, f"selector {asked} matches 0 Pods: {why}", path=("spec", "selector", key), places=places, facts=facts, fixes=fixes,
            hint="Compare the Service's selector, letter by letter, with the labels that the Pods carry.",
            check=kubectl(namespace, f"get endpointslices -l kubernetes.io/service-name={service.name}"),
        )  # fmt: skip


RULE = Rule(
    id="selector-matches-no-pod",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service",),
    check=check,
    of_absence=True,
)
