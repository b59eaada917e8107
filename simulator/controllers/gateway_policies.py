"""BackendTLSPolicies: which one holds for a port of a Service, and what its status says for each Gateway above it.

Responsible for: targets, conflicts between policies, their certificate authorities, ancestors.
Leaves to others: the handshake with the backend (`dataplane.backend_tls`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/backendtlspolicy_types.go`, `policy_types.go`; GEP-713 for conflicts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.api.conditions import condition
from simulator.api.gateway_v1 import GROUP, BackendTLSPolicy, age
from simulator.api.meta import Json, Object, Ref
from simulator.cluster import Cluster
from simulator.controllers.gateway_attachment import attachments
from simulator.controllers.gateway_references import Authorities, Fault, authorities, backend_fault

MAX_ANCESTORS = 16


@dataclass(frozen=True, slots=True)
class PolicyState:
    """A policy with what its references lead to. `fault` is why it is not accepted; `unresolved` why its references fail."""

    policy: BackendTLSPolicy
    authorities: Authorities
    fault: Fault | None
    unresolved: Fault | None


def policy_for(cluster: Cluster, service: Ref, port_name: str) -> PolicyState | None:
    """The policy that holds for one port of a Service: one that names the port before one that names the Service."""
    held = cluster.derived(_by_target)
    return held.get((service, port_name)) or held.get((service, ""))


def _claims(cluster: Cluster) -> tuple[Mapping[tuple[Ref, str], BackendTLSPolicy], frozenset[Ref]]:
    """Who holds each target (Service, port name), the oldest first; and the policies that hold none because others do."""
    held: dict[tuple[Ref, str], BackendTLSPolicy] = {}
    conflicted = set()
    for policy in sorted(map(BackendTLSPolicy.of, cluster.of("BackendTLSPolicy")), key=lambda p: age(p.object)):
        targets = [
            (Ref(kind, policy.object.namespace, name), section)
            for group, kind, name, section in policy.targets
            if (group, kind) == ("", "Service")
        ]
        if targets and all(target in held for target in targets):
            conflicted.add(policy.object.ref)
        for target in targets:
            held.setdefault(target, policy)
    return held, frozenset(conflicted)


def _states(cluster: Cluster) -> Mapping[Ref, PolicyState]:
    conflicted = cluster.derived(_claims)[1]
    return {obj.ref: _state(cluster, BackendTLSPolicy.of(obj), obj.ref in conflicted) for obj in cluster.of("BackendTLSPolicy")}


def _by_target(cluster: Cluster) -> Mapping[tuple[Ref, str], PolicyState]:
    states = cluster.derived(_states)
    return {target: states[policy.object.ref] for target, policy in cluster.derived(_claims)[0].items()}


def _state(cluster: Cluster, policy: BackendTLSPolicy, conflicted: bool) -> PolicyState:
    trusted = authorities(cluster, "BackendTLSPolicy", policy.object.namespace, policy.certificates)
    unresolved = trusted.fault or _section_fault(cluster, policy)
    if unresolved is not None and unresolved.reason == "InvalidCACertificateKind":
        unresolved = Fault("InvalidKind", unresolved.message)
    fault = None
    if conflicted:
        fault = Fault("Conflicted", "an older BackendTLSPolicy has the same target")
    elif not trusted.usable and not policy.well_known:
        fault = Fault("NoValidCACertificate", "none of the CA certificates could be read")
    return PolicyState(policy, trusted, fault, unresolved)


def _section_fault(cluster: Cluster, policy: BackendTLSPolicy) -> Fault | None:
    for _, kind, name, section in policy.targets:
        service = cluster.get(kind, policy.object.namespace, name)
        if service is not None and section and all(p.get("name") != section for p in service.spec.get("ports") or ()):
            return Fault("TargetNotFound", f'Service {policy.object.namespace}/{name} has no port named "{section}"')
    return None


def policy_statuses(cluster: Cluster) -> Sequence[Object]:
    """The BackendTLSPolicies that have a Gateway above them, with their status."""
    above = _gateways_above(cluster)
    written = []
    for ref, state in cluster.derived(_states).items():
        obj = state.policy.object
        gateways: dict[Ref, str] = {}
        for _, kind, name, _ in state.policy.targets:
            gateways |= above.get(Ref(kind, ref.namespace, name), {})
        if gateways:
            ancestors = [
                _ancestor(obj, state, gateway, controller) for gateway, controller in sorted(gateways.items(), key=lambda g: str(g[0]))
            ]
            written.append(obj.with_status(ancestors=ancestors[:MAX_ANCESTORS]))
    return written


def _gateways_above(cluster: Cluster) -> Mapping[Ref, dict[Ref, str]]:
    """Service -> the Gateways (with their controller) that have an accepted route to it."""
    above: dict[Ref, dict[Ref, str]] = defaultdict(dict)
    for each in attachments(cluster).by_route.values():
        for attachment in each:
            if attachment.fault is not None or attachment.gateway is None:
                continue
            for rule in attachment.route.rules:
                for backend in rule.backends:
                    if backend_fault(cluster, attachment.route.object, backend) is None:
                        above[backend.target.ref][attachment.gateway.gateway.object.ref] = attachment.controller
    return above


def _ancestor(obj: Object, state: PolicyState, gateway: Ref, controller: str) -> Json:
    accepted, resolved = state.fault, state.unresolved
    return {
        "ancestorRef": {"group": GROUP, "kind": "Gateway", "namespace": gateway.namespace, "name": gateway.name},
        "controllerName": controller,
        "conditions": [
            condition(obj, "Accepted", accepted is None, accepted.reason if accepted else "Accepted", accepted.message if accepted else ""),
            condition(
                obj, "ResolvedRefs", resolved is None, resolved.reason if resolved else "ResolvedRefs", resolved.message if resolved else ""
            ),
        ],
    }
