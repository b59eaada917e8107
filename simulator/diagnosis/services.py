"""Which Services the rules speak of: those with a selector, those that select nobody, those with Pods of which none serves.

Responsible for: sorting Services by why they have no endpoints, so that each is told by one rule. Leaves to others: the telling.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simulator.api.core_v1 import Service
from simulator.api.meta import Object
from simulator.diagnosis.selector_match import closest, labelled
from simulator.diagnosis.state import State, template_labels


def with_selector(state: State) -> Sequence[tuple[Object, Service, Mapping[str, str]]]:
    """The Services given whose endpoints come from a selector. ExternalName ignores its selector."""
    return state.derived(_with_selector)


def _with_selector(state: State) -> Sequence[tuple[Object, Service, Mapping[str, str]]]:
    services = ((service, Service.of(service)) for service in state.given("Service"))
    return [(service, view, view.selector) for service, view in services if view.selector is not None and view.type != "ExternalName"]


def with_pods(state: State) -> Sequence[tuple[Object, Service, Sequence[Object]]]:
    """The Services given that select at least one Pod, with those Pods."""
    return state.derived(_with_pods)


def _with_pods(state: State) -> Sequence[tuple[Object, Service, Sequence[Object]]]:
    selected = (
        (service, view, state.cluster.selected("Pod", service.namespace, selector)) for service, view, selector in with_selector(state)
    )
    return [(service, view, pods) for service, view, pods in selected if pods]


def with_meant_pods(state: State) -> Iterator[tuple[Object, Service, Sequence[Object]]]:
    """As `with_pods`; where a selector misses its Pods by a slip that is plain, with the Pods that were meant."""
    yield from with_pods(state)
    for service, selector in selecting_nobody(state):
        found = closest(state, service.namespace, selector)
        if found is not None and all(difference.close for difference in found[1]):
            pods = state.pods_of(found[0])
            if pods:
                yield service, Service.of(service), pods


def without_pods(state: State) -> Iterator[tuple[Object, Mapping[str, str]]]:
    """The Services given whose selector matches no Pod at all, for whatever reason."""
    inhabited = {service.ref for service, _, _ in with_pods(state)}
    for service, _, selector in with_selector(state):
        if service.ref not in inhabited:
            yield service, selector


def selecting_nobody(state: State) -> Sequence[tuple[Object, Mapping[str, str]]]:
    """Those for which there is no plainer reason: workloads were given, and none that is empty, refused or elsewhere has the labels."""
    return state.derived(_selecting_nobody)


def _selecting_nobody(state: State) -> Sequence[tuple[Object, Mapping[str, str]]]:
    if not state.workloads() and not state.refused_workloads:
        return ()
    return [
        (service, selector)
        for service, selector in without_pods(state)
        if not any(look(state, service.namespace, selector) for look in (makes_none, elsewhere, refused))
    ]


def makes_none(state: State, namespace: str, selector: Mapping[str, str]) -> list[Object]:
    """Workloads whose template has the labels, but which make no Pod (`replicas: 0`, a CronJob between its times)."""
    return labelled(state, namespace, selector)


def elsewhere(state: State, namespace: str, selector: Mapping[str, str]) -> list[Object]:
    """Pods of the manifests that have the labels, but live in other namespaces."""
    homes = [n.name for n in state.cluster.of("Namespace") if n.name != namespace]
    found = (pod for home in homes for pod in state.cluster.selected("Pod", home, selector))
    return [pod for pod in found if state.origin(pod).document is not None]


def refused(state: State, namespace: str, selector: Mapping[str, str]) -> list[Object]:
    """Workloads that would have had the labels, had the API server not refused them."""
    return [w for w in state.refused_workloads if w.namespace == namespace and selector.items() <= template_labels(w).items()]
