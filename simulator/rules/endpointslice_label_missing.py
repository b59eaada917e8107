"""A hand-made EndpointSlice that belongs to no Service, beside a Service without a selector that waits for one.

Mirrors: kube-proxy and CoreDNS, which find a Service's slices by the label `kubernetes.io/service-name` alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.core_v1 import Service
from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.discovery_v1 import SERVICE_NAME
from simulator.diagnosis.near import near
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, meant


def check(state: State) -> Iterator[Finding]:
    for made in state.given("EndpointSlice"):
        named = made.labels.get(SERVICE_NAME)
        views = [Service.of(s) for s in state.given("Service", made.namespace)]
        waiting = [v.ref.name for v in views if v.selector is None and v.type != "ExternalName"]
        if not waiting or (named is not None and state.cluster.get("Service", made.namespace, named)):
            continue
        path = ("metadata", "labels", SERVICE_NAME)
        close = waiting if len(waiting) == 1 else near(named or made.name, waiting)
        waits = state.cluster.get("Service", made.namespace, close[0]) if close else None
        said = f'names Service "{named}", which does not exist' if named is not None else f"has no label {SERVICE_NAME}"
        yield RULE.finding(
            made.ref,
            f"EndpointSlice {made.name} {said}, so it belongs to no Service; {listed(waiting)} has no selector and waits for a slice"
            f"{meant(near(named, waiting) if named else [])}",
            path=path,
            places=[
                state.place(made, path, "the Service's name belongs here") if named is not None else
                state.place(made, ("metadata", "name"), "a slice's name does not tie it to a Service; this label does"),
                state.place(waits, ("metadata", "name"), "waits for a slice"),
            ],
            facts={"service": close[0] if close else "", "label": named or ""},
            fixes=likely(state.edit(made, path, close[0])) if close else (),
            hint="How does Kubernetes know which Service a slice belongs to? Not by its name.",
            check=kubectl(made.namespace, "get endpointslices --show-labels"),
        )  # fmt: skip


RULE = Rule(
    id="endpointslice-label-missing",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#ownership",),
    check=check,
)
