"""How far a Service's selector is from the labels that Pods carry.

Responsible for: choosing the workload that was probably meant, and the pairs that differ.
Leaves to others: saying so (`selector_matches_no_pod`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.api.meta import Object
from simulator.diagnosis.near import near
from simulator.diagnosis.state import State, template_labels
from simulator.schema.near import distance


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
    """The workload of a namespace whose labels come nearest to a selector: fewest pairs apart, then fewest letters."""
    ranked = []
    for index, workload in enumerate(state.workloads(namespace)):
        apart = differences(selector, template_labels(workload))
        if not apart:
            return None  # the selector is right; its workload just has no Pods
        if len(apart) < len(selector) or any(d.key for d in apart):
            letters = sum(0 if d.close else distance(d.wanted, d.value) for d in apart)
            ranked.append((len(apart), letters, index, workload, apart))
    if not ranked:
        return None
    _, _, _, workload, apart = min(ranked, key=lambda entry: entry[:3])
    return workload, apart


def alone(state: State, workload: Object) -> bool:
    """Whether no Service selects this workload yet, while all others of its namespace are selected: the one that is left over."""
    left = [w for w in state.workloads(workload.namespace) if not _selected(state, w)]
    return [w.ref for w in left] == [workload.ref]


def _selected(state: State, workload: Object) -> bool:
    labels = template_labels(workload)
    selectors: Sequence[Mapping[str, str]] = [s.spec.get("selector") or {} for s in state.given("Service", workload.namespace)]
    return any(selector and not differences(selector, labels) for selector in selectors)
