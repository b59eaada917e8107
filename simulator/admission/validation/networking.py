"""Ingress, IngressClass, NetworkPolicy: what the API server refuses.

Mirrors: kubernetes `pkg/apis/networking/validation/validation.go`.
"""

from __future__ import annotations

from ipaddress import ip_network

from simulator.admission.field_errors import FieldError, forbidden, invalid, not_supported, required, too_long
from simulator.admission.validation import formats
from simulator.admission.validation.metadata import immutable, label_selector, object_meta
from simulator.api.meta import Json, Path

SPEC: Path = ("spec",)
CLASS_ANNOTATION = "kubernetes.io/ingress.class"
_PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
_BAD_SEQUENCES = ("//", "/./", "/../", "%2f", "%2F")
_BAD_ENDINGS = ("/..", "/.")


def ingress(data: Json, old: Json = None) -> list[FieldError]:
    spec = data.get("spec") or {}
    faults = object_meta(data, True, formats.dns_subdomain)
    if not spec.get("rules") and spec.get("defaultBackend") is None:
        faults.append(invalid(SPEC, None, "either `defaultBackend` or `rules` must be specified"))
    if spec.get("defaultBackend") is not None:
        faults += _backend(spec["defaultBackend"], (*SPEC, "defaultBackend"))
    for index, rule in enumerate(spec.get("rules") or []):
        faults += _rule(rule, (*SPEC, "rules", index))
    for index, tls in enumerate(spec.get("tls") or []):
        faults += _tls(tls, (*SPEC, "tls", index))
    name = spec.get("ingressClassName")
    if name is not None:
        faults += [invalid((*SPEC, "ingressClassName"), name, m) for m in formats.dns_subdomain(name)]
    noted = ((data.get("metadata") or {}).get("annotations") or {}).get(CLASS_ANNOTATION)
    if old is None and noted is not None and name is not None and noted != name:
        path = ("metadata", "annotations", CLASS_ANNOTATION)
        faults.append(
            invalid(path, noted, "must match `ingressClassName` when both are specified", shown=f"annotations.{CLASS_ANNOTATION}")
        )
    return faults


def _rule(rule: Json, path: Path) -> list[FieldError]:
    host = rule.get("host") or ""
    here = (*path, "host")
    faults = []
    if host:
        if formats.parse_ip(host) is not None:
            faults.append(invalid(here, host, "must be a DNS name, not an IP address"))
        test = formats.wildcard_subdomain if "*" in host else formats.dns_subdomain
        faults += [invalid(here, host, m) for m in test(host)]
    http = rule.get("http")
    if http is None:
        return faults
    if not http.get("paths"):
        faults.append(required((*path, "http", "paths")))
    for index, entry in enumerate(http.get("paths") or []):
        faults += _path(entry, (*path, "http", "paths", index))
    return faults


def _path(entry: Json, path: Path) -> list[FieldError]:
    kind = entry.get("pathType")
    if kind is None:
        return [required((*path, "pathType"), "pathType must be specified")]
    value, here = entry.get("path") or "", (*path, "path")
    faults = []
    if kind in ("Exact", "Prefix"):
        if not value.startswith("/"):
            faults.append(invalid(here, value, "must be an absolute path"))
        faults += [invalid(here, value, f"must not contain '{part}'") for part in _BAD_SEQUENCES if part in value]
        faults += [invalid(here, value, f"cannot end with '{part}'") for part in _BAD_ENDINGS if value.endswith(part)]
    elif kind == "ImplementationSpecific":
        if value and not value.startswith("/"):
            faults.append(invalid(here, value, "must be an absolute path"))
    else:
        faults.append(not_supported((*path, "pathType"), kind, _PATH_TYPES))
    return faults + _backend(entry.get("backend") or {}, (*path, "backend"))


def _backend(backend: Json, path: Path) -> list[FieldError]:
    resource, service = backend.get("resource"), backend.get("service")
    if resource is not None and service is not None:
        return [invalid(path, "", "cannot set both resource and service backends")]
    if resource is not None:
        return _typed_reference(resource, (*path, "resource"))
    if service is None:
        return [invalid(path, "", "resource or service backend is required")]
    faults = []
    name, here = service.get("name") or "", (*path, "service", "name")
    faults += [invalid(here, name, m) for m in formats.dns_label(name)] if name else [required(here)]
    port = service.get("port") or {}
    port_name, number = port.get("name") or "", port.get("number") or 0
    if port_name and number:
        faults.append(invalid(path, "", "cannot set both port name & port number"))
    elif port_name:
        faults += [invalid((*path, "service", "port", "name"), port_name, m) for m in formats.port_name(port_name)]
    elif number:
        faults += [invalid((*path, "service", "port", "number"), number, m) for m in formats.port_number(number)]
    else:
        faults.append(required(path, "port name or number is required"))
    return faults


def _typed_reference(reference: Json, path: Path) -> list[FieldError]:
    faults = []
    group = reference.get("apiGroup")
    if group is not None:
        faults += [invalid((*path, "apiGroup"), group, m) for m in formats.dns_subdomain(group)]
    for key in ("kind", "name"):
        value = reference.get(key) or ""
        faults += [invalid((*path, key), value, m) for m in formats.path_segment(value)] if value else [required((*path, key))]
    return faults


def _tls(tls: Json, path: Path) -> list[FieldError]:
    faults = []
    for index, host in enumerate(tls.get("hosts") or []):
        test = formats.wildcard_subdomain if "*" in host else formats.dns_subdomain
        faults += [invalid((*path, "hosts", index), host, m) for m in test(host)]
    secret = tls.get("secretName") or ""
    return faults + ([invalid((*path, "secretName"), secret, m) for m in formats.dns_subdomain(secret)] if secret else [])


def ingress_class(data: Json, old: Json = None) -> list[FieldError]:
    spec = data.get("spec") or {}
    controller, path = spec.get("controller") or "", (*SPEC, "controller")
    faults = immutable(controller, ((old or {}).get("spec") or {}).get("controller"), path) if old is not None else []
    faults += object_meta(data, False, formats.dns_subdomain)
    if not controller:
        faults.append(required(path))
    else:
        if len(controller) > 250:
            faults.append(too_long(path, 250))
        faults += [invalid(path, shown, m) for shown, m in formats.domain_prefixed_path(controller)]
    parameters = spec.get("parameters")
    if parameters is not None:
        path = (*SPEC, "parameters")
        faults += _typed_reference(parameters, path)
        scope, namespace = parameters.get("scope"), parameters.get("namespace")
        if scope not in ("Cluster", "Namespace"):
            faults.append(not_supported((*path, "scope"), scope or "", ("Cluster", "Namespace")))
        elif scope == "Namespace" and namespace is None:
            faults.append(required((*path, "namespace"), "`parameters.scope` is set to 'Namespace'"))
        elif scope == "Cluster" and namespace is not None:
            faults.append(forbidden((*path, "namespace"), "`parameters.scope` is set to 'Cluster'"))
    return faults


def network_policy(data: Json, _old: Json = None) -> list[FieldError]:
    spec = data.get("spec") or {}
    faults = object_meta(data, True, formats.dns_subdomain)
    faults += label_selector(spec.get("podSelector"), (*SPEC, "podSelector"))
    for direction, side in (("ingress", "from"), ("egress", "to")):
        for number, rule in enumerate(spec.get(direction) or []):
            path = (*SPEC, direction, number)
            for index, port in enumerate(rule.get("ports") or []):
                faults += _policy_port(port, (*path, "ports", index))
            for index, peer in enumerate(rule.get(side) or []):
                faults += _policy_peer(peer, (*path, side, index))
    types = spec.get("policyTypes") or []
    if len(types) > 2:
        faults.append(invalid((*SPEC, "policyTypes"), types, "may not specify more than two policyTypes"))
        return faults
    faults += [
        not_supported((*SPEC, "policyTypes", index), kind, ("Ingress", "Egress"))
        for index, kind in enumerate(types)
        if kind not in ("Ingress", "Egress")
    ]
    return faults


def _policy_port(port: Json, path: Path) -> list[FieldError]:
    faults = []
    protocol, number, end = port.get("protocol"), port.get("port"), port.get("endPort")
    if protocol not in (None, "TCP", "UDP", "SCTP"):
        faults.append(not_supported((*path, "protocol"), protocol, ("TCP", "UDP", "SCTP")))
    if isinstance(number, int):
        faults += [invalid((*path, "port"), number, m) for m in formats.port_number(number)]
        if end is not None:
            if end < number:
                faults.append(invalid((*path, "endPort"), end, "must be greater than or equal to `port`"))
            faults += [invalid((*path, "endPort"), end, m) for m in formats.port_number(end)]
        return faults
    if end is not None:
        why = "non-numeric" if number is not None else "not specified"
        faults.append(invalid((*path, "endPort"), end, f"may not be specified when `port` is {why}"))
    if number is not None:
        faults += [invalid((*path, "port"), number, m) for m in formats.port_name(number)]
    return faults


def _policy_peer(peer: Json, path: Path) -> list[FieldError]:
    faults = []
    for key in ("podSelector", "namespaceSelector"):
        faults += label_selector(peer.get(key), (*path, key))
    block = peer.get("ipBlock")
    if block is not None:
        faults += _ip_block(block, (*path, "ipBlock"))
    given = sum(peer.get(key) is not None for key in ("podSelector", "namespaceSelector", "ipBlock"))
    if not given:
        faults.append(required(path, "must specify a peer"))
    elif given > 1 and block is not None:
        faults.append(forbidden(path, "may not specify both ipBlock and another peer"))
    return faults


def _ip_block(block: Json, path: Path) -> list[FieldError]:
    cidr = block.get("cidr") or ""
    if not cidr:
        return [required((*path, "cidr"))]
    wrong = formats.cidr(cidr)
    faults = [invalid((*path, "cidr"), cidr, m) for m in wrong]
    if wrong == [formats.CIDR_FAULT]:
        return faults
    for index, excepted in enumerate(block.get("except") or []):
        here = (*path, "except", index)
        wrong = formats.cidr(excepted)
        faults += [invalid(here, excepted, m) for m in wrong]
        if wrong != [formats.CIDR_FAULT] and not _strict_subset(excepted, cidr):
            faults.append(invalid(here, excepted, "must be a strict subset of `cidr`"))
    return faults


def _strict_subset(inner: str, outer: str) -> bool:
    parsed = []
    for text in (inner, outer):
        address, _, length = text.partition("/")
        parsed.append(ip_network(f"{formats.parse_ip(address)}/{int(length)}", strict=False))
    small, large = parsed
    return small.version == large.version and small.network_address in large and small.prefixlen > large.prefixlen
