"""A policy that opens a Service's port where its Pods listen on another: policies see the Pod's port.

Mirrors: networking/v1 `NetworkPolicyPort.port` ("a port on pods"); kube-proxy rewrites Service addresses before policies are asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.api.core_v1 import Pod, Service, ServicePort
from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.api.meta import Json, Object, Path, Ref
from simulator.diagnosis.policies import PolicyRule, policy_rules, servers
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.services import with_pods
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    for rule in policy_rules(state):
        open_numbers = [p.get("port") for p, _ in rule.ports]
        reached = {pod.ref: Pod.of(pod) for pod in servers(state, rule)} if rule.ports else {}
        for port, path in rule.ports:
            number = port.get("port")
            if not isinstance(number, int) or any(number == c.port for pod in reached.values() for c in pod.ports):
                continue
            for service, index, target in _services(state, reached, port):
                if target not in open_numbers:
                    yield _finding(state, rule, (port.get("port"), (*path, "port")), service, index, target)
                    break


def _services(state: State, reached: Mapping[Ref, Pod], port: Mapping[str, Json]) -> Iterator[tuple[Object, int, int]]:
    """The Services in front of these Pods whose port is this number, while the Pods' own is another."""
    number = port.get("port")
    for service, view, pods in with_pods(state):
        here = [reached[pod.ref] for pod in pods if pod.ref in reached]
        for index, entry in enumerate(view.ports):
            target = here[0].target_port(entry) if here else None
            if entry.port == number and target is not None and target != number:
                yield service, index, target


def _finding(state: State, rule: PolicyRule, where: tuple[Json, Path], service: Object, index: int, target: int) -> Finding:
    port, path = where
    view = Service.of(service)
    entry: ServicePort = view.ports[index]
    return RULE.finding(
        rule.policy.ref,
        f"the policy opens port {port}, which is the port of Service {service.namespace}/{service.name}; its Pods listen on {target}, "
        "and a policy is asked about the Pod's port",
        path=path,
        places=[
            state.place(rule.policy, path, "the Pods' port is wanted here"),
            state.place(service, ("spec", "ports", index, "targetPort"), f"port {entry.port} leads to this port of the Pods"),
        ],
        facts={"port": port, "target_port": target, "service": f"{service.namespace}/{service.name}", "direction": rule.direction},
        fixes=likely(state.edit(rule.policy, path, target)),
        hint="By the time a policy is asked, the Service's address and port are already replaced by the Pod's.",
        check=kubectl(service.namespace, f"get endpointslices -l kubernetes.io/service-name={service.name}"),
    )


RULE = Rule(
    id="policy-service-port-instead-of-pod-port",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/network-policies/",),
    check=check,
)
