"""Service: what the API server refuses on create and on update.

Mirrors: kubernetes `pkg/apis/core/validation/validation.go` (ValidateService, ValidateServiceUpdate and what they call).
"""

from __future__ import annotations

from simulator.admission.field_errors import FieldError, Key, duplicate, forbidden, invalid, not_supported, required
from simulator.admission.validation import formats
from simulator.admission.validation.metadata import labels, object_meta
from simulator.api.meta import Json, Path

SPEC: Path = ("spec",)
PROTOCOLS = ("SCTP", "TCP", "UDP")
TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
_TOPOLOGY_HINTS, _TOPOLOGY_MODE = "service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode"
_SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
_POLICIES = ("Cluster", "Local")
_DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")


def headless(spec: Json) -> bool:
    return bool((spec.get("clusterIPs") or [spec.get("clusterIP")]) == ["None"])


def externally_accessible(spec: Json) -> bool:
    kind = spec.get("type")
    return bool(kind in ("LoadBalancer", "NodePort")) or (kind == "ClusterIP" and bool(spec.get("externalIPs")))


def needs_health_check(spec: Json) -> bool:
    return bool(spec.get("type") == "LoadBalancer") and spec.get("externalTrafficPolicy") == "Local"


def validate(data: Json, old: Json = None) -> list[FieldError]:
    faults = []
    if old is not None:
        faults += _update(data, old)
    spec = data.get("spec") or {}
    faults += object_meta(data, True, formats.dns_label)
    notes = (data.get("metadata") or {}).get("annotations") or {}
    if _TOPOLOGY_MODE in notes and _TOPOLOGY_HINTS in notes and notes[_TOPOLOGY_MODE] != notes[_TOPOLOGY_HINTS]:
        message = f"must match annotations[{_TOPOLOGY_HINTS}] when both are specified"
        faults.append(invalid(("metadata", "annotations", Key(_TOPOLOGY_MODE)), notes[_TOPOLOGY_MODE], message))
    kind, ports = spec.get("type") or "", spec.get("ports") or []
    if not ports and not headless(spec) and kind != "ExternalName":
        faults.append(required((*SPEC, "ports")))
    faults += _by_type(spec, kind)
    names: set[str] = set()
    for index, port in enumerate(ports):
        faults += _port(port, len(ports) > 1, names, (*SPEC, "ports", index))
    if spec.get("selector"):
        faults += labels(spec["selector"], (*SPEC, "selector"))
    faults += _affinity(spec)
    faults += cluster_ips(spec)
    for index, address in enumerate(spec.get("externalIPs") or []):
        faults += [invalid((*SPEC, "externalIPs", index), address, m) for m in formats.ip(address) or formats.non_special_ip(address)]
    if kind not in TYPES:
        faults.append(not_supported((*SPEC, "type"), kind, TYPES))
    faults += _duplicates(ports, kind)
    faults += _load_balancer(spec, kind, notes)
    faults += _traffic_policies(spec)
    return faults


def _by_type(spec: Json, kind: str) -> list[FieldError]:
    if kind in ("LoadBalancer", "NodePort"):
        first = (*SPEC, "clusterIPs", 0)
        return [invalid(first, "None", f"may not be set to 'None' for {kind} services")] if headless(spec) else []
    if kind != "ExternalName":
        return []
    faults = [
        forbidden((*SPEC, name), "may not be set for ExternalName services")
        for name in ("clusterIPs", "ipFamilies", "ipFamilyPolicy")
        if spec.get(name)
    ]
    name = (spec.get("externalName") or "").removesuffix(".")
    path = (*SPEC, "externalName")
    return faults + ([invalid(path, name, m) for m in formats.dns_subdomain(name)] if name else [required(path)])


def _port(port: Json, name_required: bool, names: set[str], path: Path) -> list[FieldError]:
    faults = []
    name = port.get("name") or ""
    if name_required and not name:
        faults.append(required((*path, "name")))
    elif name:
        faults += [invalid((*path, "name"), name, m) for m in formats.dns_label(name)]
        if name in names:
            faults.append(duplicate((*path, "name"), name))
        names.add(name)
    number = port.get("port") or 0
    faults += [invalid((*path, "port"), number, m) for m in formats.port_number(number)]
    protocol = port.get("protocol") or ""
    if protocol not in PROTOCOLS:
        faults.append(not_supported((*path, "protocol"), protocol, PROTOCOLS))
    target = port.get("targetPort")
    test = formats.port_name(target) if isinstance(target, str) else formats.port_number(target or 0)
    faults += [invalid((*path, "targetPort"), target if isinstance(target, str) else target or 0, m) for m in test]
    if port.get("appProtocol") is not None:
        faults += [invalid((*path, "appProtocol"), port["appProtocol"], m) for m in formats.qualified_name(port["appProtocol"])]
    return faults


def _affinity(spec: Json) -> list[FieldError]:
    affinity, config = spec.get("sessionAffinity") or "", spec.get("sessionAffinityConfig")
    if affinity not in ("ClientIP", "None"):
        return [not_supported((*SPEC, "sessionAffinity"), affinity, ("ClientIP", "None"))]
    if affinity == "ClientIP":
        seconds = ((config or {}).get("clientIP") or {}).get("timeoutSeconds")
        path = (*SPEC, "sessionAffinityConfig", "clientIP", "timeoutSeconds")
        if seconds is None:
            return [required(path, "must not be empty when session affinity is ClientIP")]
        if not 0 < seconds <= 86400:
            return [invalid(path, seconds, "must be greater than 0 and less than 86400")]
    return []


def cluster_ips(spec: Json) -> list[FieldError]:
    """Addresses and families must agree (ValidateServiceClusterIPsRelatedFields); the allocator asks this too."""
    if spec.get("type") == "ExternalName":
        return []
    faults = []
    path = (*SPEC, "clusterIPs")
    address, addresses = spec.get("clusterIP") or "", spec.get("clusterIPs") or []
    if address and addresses and addresses[0] != address:
        faults.append(invalid(path, addresses, "first value must match `clusterIP`"))
    if not address and addresses:
        faults.append(invalid(path, addresses, "must be empty when `clusterIP` is not specified"))
    families = spec.get("ipFamilies") or []
    for index, family in enumerate(families):
        if family not in ("IPv4", "IPv6"):
            faults.append(not_supported((*SPEC, "ipFamilies", index), family, ("IPv4", "IPv6")))
        if family in families[:index]:
            faults.append(duplicate((*SPEC, "ipFamilies", index), family))
    policy = spec.get("ipFamilyPolicy")
    policies = ("PreferDualStack", "RequireDualStack", "SingleStack")
    if policy is not None and policy not in policies:
        faults.append(not_supported((*SPEC, "ipFamilyPolicy"), policy, policies))
    wrong = []
    for index, value in enumerate(addresses):
        if index == 0 and value == "None":
            if len(addresses) > 1:
                wrong.append(invalid(path, addresses, "'None' must be the first and only value"))
            continue
        wrong += [invalid((*path, index), value, m) for m in formats.ip(value)]
    faults += wrong
    if len(addresses) > 2:
        faults.append(invalid(path, addresses, "may only hold up to 2 values"))
    if wrong or headless(spec):
        return faults
    versions = [formats.parse_ip(value) for value in addresses]
    if len({found.version for found in versions if found}) < min(len(addresses), 2):
        faults.append(invalid(path, addresses, "may specify no more than one IP for each IP family"))
    for index, (found, family) in enumerate(zip(versions, families, strict=False)):
        if found and f"IPv{found.version}" != family:
            faults.append(invalid((*path, index), addresses[index], f"expected an {family} value as indicated by `ipFamilies[{index}]`"))
    return faults


def _duplicates(ports: Json, kind: str) -> list[FieldError]:
    faults = []
    if kind == "ClusterIP":
        faults += [
            forbidden((*SPEC, "ports", index, "nodePort"), "may not be used when `type` is 'ClusterIP'")
            for index, port in enumerate(ports)
            if port.get("nodePort")
        ]
    for name, whole in (("nodePort", False), ("port", True)):
        seen = set()
        for index, port in enumerate(ports):
            key = (port.get("protocol") or "", port.get(name) or 0)
            if not whole and not key[1]:
                continue
            if key in seen:
                path: Path = (*SPEC, "ports", index)
                faults.append(duplicate(path, _internal_port(*key)) if whole else duplicate((*path, name), key[1]))
            seen.add(key)
    return faults


def _internal_port(protocol: str, number: int) -> Json:
    """The key of the server's comparison as it prints it: its internal type, which has Go's field names in JSON."""
    return {"Name": "", "Protocol": protocol, "AppProtocol": None, "Port": number, "TargetPort": 0, "NodePort": 0}


def _load_balancer(spec: Json, kind: str, notes: Json) -> list[FieldError]:
    faults = []
    only = "may only be used when `type` is 'LoadBalancer'"
    ranges = spec.get("loadBalancerSourceRanges") or []
    if ranges:
        path = (*SPEC, "loadBalancerSourceRanges")
        shown = "spec.LoadBalancerSourceRanges"
        if kind != "LoadBalancer":
            faults.append(forbidden(path, only, shown=shown))
        for index, value in enumerate(ranges):
            stripped = value.strip()
            faults += [invalid((*path, index), stripped, m, shown=f"{shown}[{index}]") for m in formats.cidr(stripped)]
    elif _SOURCE_RANGES in notes:
        path = ("metadata", "annotations", Key(_SOURCE_RANGES))
        if kind != "LoadBalancer":
            faults.append(forbidden(path, only))
        values = [value.strip() for value in notes[_SOURCE_RANGES].split(",")] if notes[_SOURCE_RANGES].strip() else []
        faults += [invalid(path, value, m) for value in values for m in formats.cidr(value)]
    if spec.get("allocateLoadBalancerNodePorts") is not None and kind != "LoadBalancer":
        faults.append(forbidden((*SPEC, "allocateLoadBalancerNodePorts"), only))
    load_class = spec.get("loadBalancerClass")
    if load_class is not None:
        path = (*SPEC, "loadBalancerClass")
        if kind != "LoadBalancer":
            faults.append(forbidden(path, "may only be used when `type` is 'LoadBalancer'"))
        else:
            faults += [invalid(path, load_class, m) for m in formats.qualified_name(load_class)]
    return faults


def _traffic_policies(spec: Json) -> list[FieldError]:
    faults = []
    external = spec.get("externalTrafficPolicy") or ""
    path = (*SPEC, "externalTrafficPolicy")
    if not externally_accessible(spec):
        if external:
            faults.append(invalid(path, external, "may only be set for externally-accessible services"))
    elif external not in _POLICIES:
        faults.append(not_supported(path, external, _POLICIES))
    check = spec.get("healthCheckNodePort") or 0
    path = (*SPEC, "healthCheckNodePort")
    if not needs_health_check(spec):
        if check:
            faults.append(invalid(path, check, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"))
    else:
        faults += [invalid(path, check, m) for m in formats.port_number(check)] if check else [required(path)]
    internal = spec.get("internalTrafficPolicy")
    path = (*SPEC, "internalTrafficPolicy")
    if internal is not None and internal not in _POLICIES:
        faults.append(not_supported(path, internal, _POLICIES))
    distribution = spec.get("trafficDistribution")
    if distribution is not None and distribution not in _DISTRIBUTIONS:
        faults.append(not_supported((*SPEC, "trafficDistribution"), distribution, _DISTRIBUTIONS))
    return faults


def _update(data: Json, old: Json) -> list[FieldError]:
    """The first address and family of a Service may not change while it has one (validateUpgradeDowngradeClusterIPs ...)."""
    new_spec, old_spec = data.get("spec") or {}, old.get("spec") or {}
    faults = []
    if "ExternalName" not in (new_spec.get("type"), old_spec.get("type")):
        before, after = old_spec.get("clusterIPs") or [], new_spec.get("clusterIPs") or []
        if before and after and before[0] != after[0]:
            faults.append(invalid((*SPEC, "clusterIPs", 0), after, "may not change once set"))
        families, new_families = old_spec.get("ipFamilies") or [], new_spec.get("ipFamilies") or []
        if families and new_families and families[0] != new_families[0]:
            faults.append(invalid((*SPEC, "ipFamilies", 0), new_families, "may not change once set"))
    if old_spec.get("type") == new_spec.get("type") == "LoadBalancer" and new_spec.get("loadBalancerClass") != old_spec.get(
        "loadBalancerClass"
    ):
        faults.append(invalid((*SPEC, "loadBalancerClass"), new_spec.get("loadBalancerClass"), "may not change once set"))
    if (
        needs_health_check(old_spec)
        and needs_health_check(new_spec)
        and new_spec.get("healthCheckNodePort") != old_spec.get("healthCheckNodePort")
    ):
        faults.append(forbidden((*SPEC, "healthCheckNodePort"), "field is immutable"))
    return faults
