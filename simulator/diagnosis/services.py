"""Which Services the rules speak of: those with a selector, those that select nobody, those with Pods of which none serves.

Responsible for: sorting Services by why they have no endpoints, so that each is told by one rule. Leaves to others: the telling.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simulator.api.core_v1 import Service
from simulator.api.meta import Object
from simulator.diagnosis.selector_match import closest
from simulator.diagnosis.state import State, template_labels


def with_selector(state: State) -> Iterator[tuple[Object, Service, Mapping[str, str]]]:
    """The Services given whose endpoints come from a selector. ExternalName ignores its selector."""
    for service in state.given("Service"):
        view = Service.of(service)
        if view.selector is not None and view.type != "ExternalName":
            yield service, view, view.selector


def with_pods(state: State) -> Iterator[tuple[Object, Service, Sequence[Object]]]:
    """The Services given that select at least one Pod, with those Pods."""
    for service, view, selector in with_selector(state):
        pods = state.cluster.selected("Pod", service.namespace, selector)
        if pods:
            yield service, view, pods


def with_meant_pods(state: State) -> Iterator[tuple[Object, Service, Sequence[Object]]]:
    """As `with_pods`; where a selector misses its Pods by a slip that is plain, with the Pods that were meant."""
    yield from with_pods(state)
    for service, selector in selecting_nobody(state):
        found = closest(state, service.namespace, selector)
        if found is not None and all(difference.close for difference in found[1]):
            pods = [pod for pod in state.pods(service.namespace) if state.origin(pod).ref == found[0].ref]
            if pods:
                yield service, Service.of(service), pods


def without_pods(state: State) -> Iterator[tuple[Object, Mapping[str, str]]]:
    """The Services given whose selector matches no Pod at all, for whatever reason."""
    for service, _, selector in with_selector(state):
        if not state.cluster.selected("Pod", service.namespace, selector):
            yield service, selector


def selecting_nobody(state: State) -> Iterator[tuple[Object, Mapping[str, str]]]:
    """Those for which there is no plainer reason: workloads were given, and none that is empty, refused or elsewhere has the labels."""
    if not state.workloads() and not state.refused_workloads:
        return
    for service, selector in without_pods(state):
        namespace = service.namespace
        if not (makes_none(state, namespace, selector) or elsewhere(state, namespace, selector) or refused(state, namespace, selector)):
            yield service, selector


def makes_none(state: State, namespace: str, selector: Mapping[str, str]) -> list[Object]:
    """Workloads whose template has the labels, but which make no Pod (`replicas: 0`, a CronJob between its times)."""
    return [w for w in state.workloads(namespace) if selector.items() <= template_labels(w).items()]


def elsewhere(state: State, namespace: str, selector: Mapping[str, str]) -> list[Object]:
    """Pods of the manifests that have the labels, but live in other namespaces."""
    return [pod for pod in state.pods() if pod.namespace != namespace and selector.items() <= pod.labels.items()]


def refused(state: State, namespace: str, selector: Mapping[str, str]) -> list[Object]:
    """Workloads that would have had the labels, had the API server not refused them."""
    return [w for w in state.refused_workloads if w.namespace == namespace and selector.items() <= template_labels(w).items()]
