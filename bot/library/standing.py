"""What works in a lab's cluster without being asked for, and what a change broke or opened there.

Responsible for: the requests that the cluster's own objects suggest, who stands behind each Service, who reaches whom; what is worse in
another state than at the start and in every solution.
Leaves to others: running (`proofs`), what the lab itself asks (`bot.app.lab_points`), the words around it (`bot.rendering.lab`).
What a solution changes, a learner may change too; all else that worked has to go on working, and what was shut stays shut.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import simulator
from simulator import Answer, Client, Cluster, Object, Ref, Request, Via, matrix

_DIRECTIONS = ("ingress", "egress")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that somebody would make: a workload's Pod, or a visitor from outside (None)."""

    client: Ref | None
    request: Request


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is worse than it was. `asked` and `answer` where it is a request; else `what` says it, `was` and `found` how."""

    what: str
    was: str
    found: str
    asked: Asked | None = None
    answer: Answer | None = None


class Standing:
    """How one state of the cluster stands."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.reach = matrix(cluster)

    @cached_property
    def pods(self) -> Mapping[Ref, Object]:
        """A Pod of each workload that comes from a manifest, rather one that runs."""
        found: dict[Ref, Object] = {}
        for pod in self.cluster.of("Pod"):
            workload = self.workload(pod)
            if workload in self.reach.workloads and (workload not in found or not found[workload].status.get("podIP")):
                found[workload] = pod
        return found

    def pod(self, ref: Ref | None) -> Object | None:
        return self.cluster.find(ref) if ref else None

    def workload(self, pod: Object) -> Ref:
        """The top of those that own the Pod, or the Pod itself."""
        top, item = pod.ref, pod
        while item.controller is not None and (owner := self.cluster.find(item.controller)) is not None:
            top, item = owner.ref, owner
        return top

    def behind(self, service: Ref) -> set[Ref]:
        """The workloads whose Pods are among the Service's endpoints."""
        slices = self.cluster.selected("EndpointSlice", service.namespace, {"kubernetes.io/service-name": service.name})
        targets = (endpoint.get("targetRef") or {} for each in slices for endpoint in each.data.get("endpoints") or ())
        pods = (self.cluster.get("Pod", service.namespace, target.get("name") or "") for target in targets)
        return {self.workload(pod) for pod in pods if pod is not None}

    def asked(self) -> Iterator[Asked]:
        """Every request that the manifests suggest: workloads to Services by name, visitors to whatever has an outer address."""
        for service in self.given("Service"):
            for port in service.spec.get("ports") or ():
                if port.get("protocol", "TCP") == "TCP":
                    yield from self._to_service(service, port)
        for ingress in self.given("Ingress"):
            for rule in ingress.spec.get("rules") or ():
                for path in (rule.get("http") or {}).get("paths") or ():
                    yield Asked(None, Request(via=Via(ingress.ref), host=rule.get("host"), path=path.get("path") or "/"))
        for route in self.given("HTTPRoute"):
            for parent in route.spec.get("parentRefs") or ():
                gateway = Ref("Gateway", parent.get("namespace") or route.namespace, parent.get("name") or "")
                for host in route.spec.get("hostnames") or (None,):
                    yield Asked(None, Request(via=Via(gateway), host=host))

    def _to_service(self, service: Object, port: Mapping[str, Any]) -> Iterator[Asked]:
        request = Request(port=port.get("port"), protocol="TCP")
        for client in self.pods:
            near = (
                service.name
                if client.namespace == service.namespace
                else f"{service.name}.{service.namespace}.svc.{self.cluster.profile.cluster_domain}"
            )
            yield Asked(client, replace(request, host=near))
        if service.spec.get("type") == "LoadBalancer":
            yield Asked(None, replace(request, via=Via(service.ref, "loadBalancerIP")))
        if port.get("nodePort"):
            for node in self.cluster.profile.nodes:
                yield Asked(None, replace(request, via=Via(service.ref, "nodePort", node.name)))

    def answer(self, asked: Asked) -> Answer:
        """What comes of it here. A workload that is gone asks in vain."""
        if asked.client is None:
            return simulator.trace(self.cluster, asked.request)
        pod = self.pods.get(asked.client)
        return simulator.trace(self.cluster, replace(asked.request, client=Client(pod=pod.ref if pod else asked.client)))

    def works(self, asked: Asked) -> bool:
        return works(self.answer(asked))

    def outside(self, workload: Ref, direction: str) -> Any:
        """The ports that are open between a workload and some place outside."""
        parts = [ports for _, ports in self.reach.outside_of(workload, direction)]
        joined = parts[0] if parts else self.reach.between(workload, Ref("", "", ""))
        for ports in parts[1:]:
            joined |= ports
        return joined

    def given(self, kind: str) -> Sequence[Object]:
        """The objects of a kind that come from manifests."""
        return [item for item in self.cluster.of(kind) if item.document is not None]


def works(answer: Answer) -> bool:
    """Answered, whichever backend is chosen, and not with an error."""
    return answer.outcome == "answered" and (answer.status or 200) < 400 and "outcomes" not in answer.extra


def worse(start: Standing, solved: Sequence[Standing], now: Standing) -> Iterator[Change]:
    """What worked at the start, and does in each solution, and does not now; then what is open now that none of them opens."""
    for workload in start.pods:
        if workload not in now.pods and all(workload in each.pods for each in solved):
            yield Change(f"{workload}", "running", "gone")
    told: set[tuple[Ref | None, Ref]] = set()
    for asked in start.asked():
        before = start.answer(asked)
        if works(before) and not now.works(asked) and all(each.works(asked) for each in solved):
            told |= {(asked.client, start.workload(pod)) for each in before.backends if (pod := start.pod(each.pod)) is not None}
            yield Change("", "", "", asked, now.answer(asked))
    yield from _closed(start, solved, now, told)
    yield from _opened(start, solved, now)


def _closed(
    start: Standing, solved: Sequence[Standing], now: Standing, told: Collection[tuple[Ref | None, Ref]]
) -> Iterator[Change]:  # fmt: skip
    """Pairs that could talk, and cannot at all now; those of which a request has told are passed over."""
    for client in start.pods:
        for server in start.pods:
            pairs = [each.reach.between(client, server) for each in (start, *solved)]
            both = client != server and client in now.pods and server in now.pods and (client, server) not in told
            if both and all(pairs) and not now.reach.between(client, server):
                yield Change(f"{client} to {server}", "let through", "kept out")


def _opened(start: Standing, solved: Sequence[Standing], now: Standing) -> Iterator[Change]:
    for service in start.given("Service"):
        known = start.behind(service.ref).union(*(each.behind(service.ref) for each in solved))
        for workload in sorted(now.behind(service.ref) - known, key=str):
            yield Change(f"{service.ref} sends to {workload}", "not so", "so")
    known_to = (start, *solved)
    for client in start.pods:
        for server in start.pods:
            if client != server and (
                more := _beyond([s.reach.between(client, server) for s in known_to], now.reach.between(client, server))
            ):
                yield Change(f"{client} to {server}", "kept out", f"let through on {more}")
        for direction in _DIRECTIONS:
            if more := _beyond([each.outside(client, direction) for each in known_to], now.outside(client, direction)):
                what = f"the outside to {client}" if direction == "ingress" else f"{client} to the outside"
                yield Change(what, "kept out", f"let through on {more}")


def _beyond(known: Sequence[Any], now: Any) -> str:
    """The ports that are open now, in words, if some of them are open in none of the others; else ""."""
    joined = known[0]
    for ports in known[1:]:
        joined |= ports
    return "" if now | joined == joined else str(now)
