"""What follows from a fault: requests that fail, Ingresses and routes that have nowhere to send, Services left without Pods.

Responsible for: one sentence for each thing that suffers, in the words of the component that would show it.
Leaves to others: the fault itself (`rules`). A thing that suffers is never a finding of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simulator.api.core_v1 import Service
from simulator.api.diagnostics import Finding, Severity
from simulator.api.meta import Object, Ref
from simulator.api.traffic import Client, Request, Via
from simulator.dataplane.endpoints import serving
from simulator.diagnosis.backends import ingress_backends, route_backends, users
from simulator.diagnosis.ingresses import by_nginx
from simulator.diagnosis.readiness import probed_in_vain
from simulator.diagnosis.routes import routes as known_routes
from simulator.diagnosis.services import with_selector
from simulator.diagnosis.state import POD_TEMPLATE, State, template_labels
from simulator.diagnosis.traffic import asked, ended, failed, involved
from simulator.trace import trace


def first_errors(findings: Sequence[Finding]) -> Mapping[Ref, Finding]:
    """For each object its first error: the one that tells what follows."""
    return _first(findings, Severity.ERROR)


def _first(findings: Sequence[Finding], severity: Severity) -> Mapping[Ref, Finding]:
    first: dict[Ref, Finding] = {}
    for finding in findings:
        if finding.severity is severity:
            first.setdefault(finding.object, finding)
    return first


def causes(state: State, findings: Sequence[Finding]) -> Mapping[int, Finding]:
    """For each failed request, by its position, the fault nearest to where it broke; an error goes before a warning.

    Requests that no fault explains are left out.
    """
    found: dict[int, Finding] = {}
    for severity in (Severity.ERROR, Severity.WARNING):
        first = _first(findings, severity)
        for index, (request, answer) in enumerate(state.traffic):
            if index not in found and failed(answer):
                way = (*_way(state, involved(request, answer)), *_sender(state, request))
                guilty = [first[ref] for ref in way if ref in first]
                found |= {index: guilty[0]} if guilty else {}
    return found


def _sender(state: State, request: Request) -> Sequence[Ref]:
    """The Pod that sends, and the workload that it comes from."""
    pod = state.cluster.find(request.client.pod) if request.client.pod else None
    return [pod.ref, state.origin(pod).ref] if pod else []


def _way(state: State, hops: Sequence[Ref]) -> Sequence[Ref]:
    """The objects of a request's way, and those that it should have led on to: routes, Services, workloads whose probes fail."""
    routes = [r.object.ref for r in known_routes(state) if any(parent.ref in hops for parent in r.parents)]
    users = {*hops, *routes}
    services = [b.service for b in (*ingress_backends(state), *route_backends(state)) if b.object in users]
    probed = [state.origin(pod).ref for ref in (*hops, *services) for pod in _behind(state, ref) if probed_in_vain(state, pod)]
    return [*hops, *routes, *services, *probed]


def _behind(state: State, ref: Ref) -> Sequence[Object]:
    """The Pods that a Service selects."""
    service = state.cluster.find(ref) if ref.kind == "Service" else None
    selector = service.spec.get("selector") if service else None
    return state.cluster.selected("Pod", ref.namespace, selector) if selector else ()


def requests(state: State, finding: Finding, caused: Mapping[int, Finding]) -> Iterator[str]:
    """The requests that failed for this fault. `caused` is what `causes` gives."""
    for index, cause in caused.items():
        if cause is finding:
            request, answer = state.traffic[index]
            yield f"{asked(request)} {ended(answer)}"


def consequences(state: State, finding: Finding) -> Iterator[str]:
    """What the first error about an object brings about, requests aside."""
    about = finding.object
    if about.kind in POD_TEMPLATE:
        yield from _services_without(state, about)
    if about.kind == "Service":
        yield from _clients(state, about)
    if finding.rule == "webhook-unreachable":
        yield from (f"{refused} was refused" for refused in finding.facts["refused"])
    ingress = state.cluster.find(about) if about.kind == "Ingress" else None
    if ingress is not None and "status" in finding.facts and by_nginx(state, ingress):
        yield f"ingress-nginx answers {finding.facts['status']} to requests for this backend"


def _services_without(state: State, workload: Ref) -> Iterator[str]:
    """Services that would have selected a refused workload's Pods."""
    if workload not in state.refused:
        return
    home = workload.namespace or "default"
    meant = state.cluster.get(workload.kind, home, workload.name)
    stored = next((w for w in state.refused_workloads if w.ref == Ref(workload.kind, home, workload.name)), meant)
    labels = template_labels(stored) if stored else {}
    for service, _, selector in with_selector(state):
        if service.namespace == home and selector.items() <= labels.items():
            yield f"Service {service.namespace}/{service.name} has no endpoints, because this {workload.kind} was refused"


def _clients(state: State, ref: Ref) -> Iterator[str]:
    """What a client of the Service meets, and the Ingresses and routes that send to it."""
    service = state.cluster.find(ref)
    if service is None or ref in state.refused:
        for user in users(state, ref):
            yield f'{user.object} has no backend: Service "{ref.name}" was refused'
        return
    view = Service.of(service)
    if view.type == "ExternalName" or not view.ports or state.traffic:
        yield from _empty_backends(state, service)
        return
    port = view.ports[0]
    if port.protocol == "TCP" and not serving(state.cluster, ref, port.port, port.protocol).endpoints:
        request = Request(client=Client(node=_node(state)), via=Via(ref, address="clusterIP"), port=port.port)
        if view.headless:
            yield f"curl http://{ref.name} cannot resolve the name: curl: (6), because DNS lists no ready Pod"
        else:
            answer = trace(state.cluster, request)
            if not answer.not_modelled:
                shown = f":{port.port}" if port.port != 80 else ""
                nowhere = (
                    "; kube-proxy has nowhere to send it" if answer.answered_by == "kube-proxy" and answer.outcome == "refused" else ""
                )
                yield f"curl http://{ref.name}{shown} {ended(answer)}{nowhere}"
    yield from _empty_backends(state, service)


def _node(state: State) -> str:
    return next((node.name for node in state.cluster.of("Node")), "")


def _empty_backends(state: State, service: Object) -> Iterator[str]:
    for user in users(state, service.ref):
        if not serving(state.cluster, service.ref, user.port).endpoints:
            yield f"{user.object} answers 503 where it sends to this Service: it has no ready endpoint"
