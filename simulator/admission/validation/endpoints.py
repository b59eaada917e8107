"""EndpointSlice and Endpoints as people write them by hand: what the API server refuses.

Mirrors: kubernetes `pkg/apis/discovery/validation/validation.go`, core `ValidateEndpoints`.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.admission.field_errors import FieldError, duplicate, invalid, not_supported, required, too_many
from simulator.admission.validation import formats
from simulator.admission.validation.metadata import immutable, object_meta
from simulator.admission.validation.service import PROTOCOLS
from simulator.api.meta import Json, Path

_ADDRESS_TYPES = ("FQDN", "IPv4", "IPv6")
_MAX_HINTS = 8


def endpoint_slice(data: Json, old: Json = None) -> list[FieldError]:
    faults = object_meta(data, True, formats.dns_subdomain)
    kind = data.get("addressType") or ""
    if not kind:
        faults.append(required(("addressType",)))
    elif kind not in _ADDRESS_TYPES:
        faults.append(not_supported(("addressType",), kind, _ADDRESS_TYPES))
    endpoints = data.get("endpoints") or []
    if len(endpoints) > 1000:
        faults.append(too_many(("endpoints",), len(endpoints), 1000))
    else:
        for index, endpoint in enumerate(endpoints):
            faults += _endpoint(endpoint, kind, ("endpoints", index))
    faults += _ports(data.get("ports") or [])
    if old is not None:
        faults += immutable(kind, old.get("addressType"), ("addressType",))
    return faults


def _endpoint(endpoint: Json, kind: str, path: Path) -> list[FieldError]:
    addresses, here = endpoint.get("addresses") or [], (*path, "addresses")
    faults = []
    if not addresses:
        faults.append(required(here, "must contain at least 1 address"))
    elif len(addresses) > 100:
        faults.append(too_many(here, len(addresses), 100))
    for index, address in enumerate(addresses):
        faults += [invalid((*here, index), address, m) for m in _address(address, kind)]
    if endpoint.get("nodeName") is not None:
        faults += [invalid((*path, "nodeName"), endpoint["nodeName"], m) for m in formats.dns_subdomain(endpoint["nodeName"])]
    if endpoint.get("hostname") is not None:
        faults += [invalid((*path, "hostname"), endpoint["hostname"], m) for m in formats.dns_label(endpoint["hostname"])]
    hints = endpoint.get("hints") or {}
    return faults + _hints(hints, "forZones", formats.label_value, path) + _hints(hints, "forNodes", formats.dns_subdomain, path)


def _hints(hints: Json, field: str, well_formed: Callable[[str], list[str]], path: Path) -> list[FieldError]:
    given, here = hints.get(field) or [], (*path, "hints", field)
    if len(given) > _MAX_HINTS:
        return [too_many(here, len(given), _MAX_HINTS)]
    faults, names = [], set[str]()
    for index, hint in enumerate(given):
        name, place = hint.get("name") or "", (*here, index, "name")
        if name in names:
            faults.append(duplicate(place, name))
        names.add(name)
        faults += [invalid(place, name, m) for m in well_formed(name)]
    return faults


def _address(address: str, kind: str) -> list[str]:
    if kind == "FQDN":
        bare = address.removesuffix(".")
        return formats.dns_subdomain(bare) or ([] if "." in bare else ["should be a domain with at least two segments separated by dots"])
    if kind not in ("IPv4", "IPv6"):
        return []
    faults = formats.ip(address)
    if faults:
        return faults
    found = formats.parse_ip(address)
    if found is not None and f"IPv{found.version}" != kind:
        return [f"must be an {kind} address"]
    return formats.non_special_ip(address)


def _ports(ports: Json) -> list[FieldError]:
    if len(ports) > 20000:
        return [too_many(("ports",), len(ports), 20000)]
    faults = []
    names: set[str] = set()
    for index, port in enumerate(ports):
        path: Path = ("ports", index)
        name = port.get("name") or ""
        if name:
            faults += [invalid((*path, "name"), name, m) for m in formats.dns_label(name)]
        if name in names:
            faults.append(duplicate((*path, "name"), name))
        names.add(name)
        protocol = port.get("protocol") or ""
        if protocol not in PROTOCOLS:
            faults.append(not_supported((*path, "protocol"), protocol, PROTOCOLS))
        if port.get("appProtocol") is not None:
            faults += [invalid((*path, "appProtocol"), port["appProtocol"], m) for m in formats.qualified_name(port["appProtocol"])]
    return faults


def endpoints(data: Json, _old: Json = None) -> list[FieldError]:
    faults = object_meta(data, True, formats.dns_subdomain)
    for number, subset in enumerate(data.get("subsets") or []):
        path: Path = ("subsets", number)
        ready, unready = subset.get("addresses") or [], subset.get("notReadyAddresses") or []
        if not ready and not unready:
            faults.append(required(path, "must specify `addresses` or `notReadyAddresses`"))
        for key, given in (("addresses", ready), ("notReadyAddresses", unready)):
            for index, address in enumerate(given):
                faults += _subset_address(address, (*path, key, index))
        ports = subset.get("ports") or []
        for index, port in enumerate(ports):
            faults += _subset_port(port, len(ports) > 1, (*path, "ports", index))
    return faults


def _subset_address(address: Json, path: Path) -> list[FieldError]:
    value = address.get("ip") or ""
    faults = [invalid((*path, "ip"), value, m) for m in formats.ip(value) or formats.non_special_ip(value)]
    if address.get("hostname"):
        faults += [invalid((*path, "hostname"), address["hostname"], m) for m in formats.dns_label(address["hostname"])]
    return faults


def _subset_port(port: Json, name_required: bool, path: Path) -> list[FieldError]:
    name, number, protocol = port.get("name") or "", port.get("port") or 0, port.get("protocol") or ""
    faults = []
    if name_required and not name:
        faults.append(required((*path, "name")))
    elif name:
        faults += [invalid((*path, "name"), name, m) for m in formats.dns_label(name)]
    faults += [invalid((*path, "port"), number, m) for m in formats.port_number(number)]
    if protocol not in PROTOCOLS:
        faults.append(not_supported((*path, "protocol"), protocol, PROTOCOLS))
    return faults
