"""How far a Service's selector is from the labels that Pods carry.

Responsible for: choosing the workload that was probably meant, and the pairs that differ.
Leaves to others: saying so (`selector_matches_no_pod`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.api.diagnostics import Edit, Fix
from simulator.api.meta import Object, Ref
from simulator.diagnosis.near import FAR, distance, near
from simulator.diagnosis.rule import likely, possible
from simulator.diagnosis.state import State, template_labels

MANY = 100
"""Beyond this many workloads in a namespace, only likely ones are compared letter by letter."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One pair of a selector that a workload's Pods lack. `key` and `value` are what they carry instead; "" where nothing alike."""

    wanted_key: str
    wanted: str
    key: str
    value: str

    @property
    def close(self) -> bool:
        """Whether it looks like a slip: another spelling, or one name contained in the other."""
        if self.key != self.wanted_key:
            return bool(self.key)
        return bool(near(self.wanted, [self.value])) or (len(self.value) > 2 and (self.value in self.wanted or self.wanted in self.value))


def differences(selector: Mapping[str, str], labels: Mapping[str, str]) -> list[Difference]:
    """The pairs of a selector that these labels do not satisfy."""
    found = []
    for key, wanted in selector.items():
        if labels.get(key) == wanted:
            continue
        instead = key if key in labels else next((k for k in near(key, labels) if labels[k] == wanted), "")
        found.append(Difference(key, wanted, instead, labels.get(instead, "")))
    return found


def closest(state: State, namespace: str, selector: Mapping[str, str]) -> tuple[Object, list[Difference]] | None:
    """The workload whose labels come nearest to a selector without satisfying it: fewest pairs apart, then fewest letters."""
    ranked = []
    for index, workload in enumerate(_candidates(state, namespace, selector)):
        apart = differences(selector, template_labels(workload))
        if apart and (len(apart) < len(selector) or any(d.key for d in apart)):
            letters = sum(0 if d.close else distance(d.wanted, d.value, 20) for d in apart)
            ranked.append((len(apart), letters, index, workload, apart))
    if not ranked:
        return None
    _, _, _, workload, apart = min(ranked, key=lambda entry: entry[:3])
    return workload, apart


def _candidates(state: State, namespace: str, selector: Mapping[str, str]) -> Sequence[Object]:
    """All workloads of a namespace; of many, those that share a pair with the selector or have a name like its values."""
    workloads = state.workloads(namespace)
    if len(workloads) <= MANY:
        return workloads
    by_pair = state.derived(_by_pair)
    shared = [w for pair in selector.items() for w in by_pair.get((namespace, *pair), ())]
    alike = [w for w in workloads if any(distance(value, w.name) <= FAR for value in selector.values())]
    return list({w.ref: w for w in (*shared, *alike)}.values())


def labelled(state: State, namespace: str, selector: Mapping[str, str]) -> list[Object]:
    """The workloads of a namespace whose template carries all these labels."""
    by_pair = state.derived(_by_pair)
    rarest = min((by_pair.get((namespace, *pair), ()) for pair in selector.items()), key=len, default=())
    return [w for w in rarest if selector.items() <= template_labels(w).items()]


def _by_pair(state: State) -> Mapping[tuple[str, str, str], Sequence[Object]]:
    found: dict[tuple[str, str, str], list[Object]] = {}
    for workload in state.workloads():
        for key, value in template_labels(workload).items():
            found.setdefault((workload.namespace, key, value), []).append(workload)
    return found


def alone(state: State, workload: Object) -> bool:
    """Whether no Service selects this workload yet, while all others of its namespace are selected: the one that is left over."""
    return state.derived(_left_over).get(workload.namespace, ()) == [workload.ref]


def _left_over(state: State) -> Mapping[str, list[Ref]]:
    selected = {
        w.ref
        for service in state.given("Service")
        if (wanted := service.spec.get("selector"))
        for w in labelled(state, service.namespace, wanted)
    }
    found: dict[str, list[Ref]] = {}
    for workload in state.workloads():
        if workload.ref not in selected:
            found.setdefault(workload.namespace, []).append(workload.ref)
    return found


def closing(state: State, service: Object, workload: Object, apart: Sequence[Difference]) -> tuple[Fix, ...]:
    """The selector as the workload's labels would have it; offered where it looks like a slip, or where no other workload is left over."""
    edits: list[Edit | None] = []
    for d in apart:
        if d.key != d.wanted_key:
            edits.append(state.edit(service, ("spec", "selector", d.wanted_key), remove=True))
        if d.key:
            edits.append(state.edit(service, ("spec", "selector", d.key), d.value))
    if all(d.close for d in apart):
        return likely(*edits)
    kept = len(service.spec.get("selector") or ()) - sum(not d.key for d in apart)
    return possible(*edits) if kept and alone(state, workload) else ()
