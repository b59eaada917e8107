"""Cluster IPs, node ports and health-check node ports: what a Service is given before it is validated.

Responsible for: IP families, addresses, ports, and the faults that only an allocator can find.
Leaves to others: what else may be wrong with a Service (`admission.validation.service`).
Mirrors: kubernetes `pkg/registry/core/service/storage/alloc.go`, `ipallocator/cidrallocator.go`, `portallocator`.
The real server picks free addresses at random; here they follow from the Service's name, so that the order of documents changes nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from simulator.admission.field_errors import FieldError, invalid
from simulator.admission.validation import formats
from simulator.admission.validation.service import cluster_ips, needs_health_check
from simulator.api.meta import Json, Path

NODE_PORTS = range(30000, 32768)
_STATIC_BAND = 256
_SPEC: Path = ("spec",)


class AllocationError(Exception):
    """A Service cannot have what it asks for. `faults` are told instead of those of validation."""

    def __init__(self, faults: list[FieldError]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


class Allocator:
    """What is taken in one cluster: addresses and node ports, by whom."""

    def __init__(self, service_cidr: str) -> None:
        self._ranges: dict[str, IPv4Network | IPv6Network] = {}
        for text in service_cidr.split(","):
            network = ip_network(text.strip(), strict=False)
            self._ranges.setdefault(f"IPv{network.version}", network)
        self._addresses: dict[str, str] = {}
        self._ports: dict[int, str] = {}

    def reserve(self, data: Json, again: bool = False) -> None:
        """Takes what a stored Service has; `again`: and gives up what it had before."""
        owner, spec = _owner(data), data["spec"]
        if again:
            self._addresses = {address: name for address, name in self._addresses.items() if name != owner}
            self._ports = {number: name for number, name in self._ports.items() if name != owner}
        self._addresses.update(dict.fromkeys(spec.get("clusterIPs") or (), owner))
        self._ports.update((port["nodePort"], owner) for port in spec.get("ports") or () if port.get("nodePort"))
        if spec.get("healthCheckNodePort"):
            self._ports[spec["healthCheckNodePort"]] = owner

    def allocate(self, data: Json, old: Json = None, dry_run: bool = False) -> Json:
        """The Service with families, addresses and ports; nothing is reserved yet. Raises AllocationError.

        `old` is the stored Service that it takes the place of. A dry run finds no conflict, as the server's does not.
        """
        owner = _owner(data)
        spec = dict(data["spec"])
        if spec.get("clusterIP") and not spec.get("clusterIPs"):
            spec["clusterIPs"] = [spec["clusterIP"]]
        before = (old or {}).get("spec") or {}
        if old is not None:
            _keep_allocated(spec, before)
            _drop_type_dependent(spec, before)
        if spec["type"] != "ExternalName":
            self._families(spec, before)
            if spec.get("clusterIPs") != ["None"]:
                self._cluster_ips(spec, owner, dry_run)
        used: set[int] = set()
        if spec["type"] == "NodePort" or (spec["type"] == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts")):
            self._node_ports(spec, owner, used, dry_run)
        if needs_health_check(spec) and not spec.get("healthCheckNodePort"):
            spec["healthCheckNodePort"] = self._free_port(f"{owner}:health-check", used)
        return {**data, "spec": spec}

    def _families(self, spec: Json, before: Json) -> None:
        """initIPFamilyFields: the policy, then the families, each inferred where it is not given."""
        selectorless = spec.get("clusterIP") == "None" and not spec.get("selector")
        if spec.get("ipFamilyPolicy") is None:
            spec["ipFamilyPolicy"] = before.get("ipFamilyPolicy") or ("RequireDualStack" if selectorless else "SingleStack")
        _refuse(cluster_ips(spec))
        addresses, families = spec.get("clusterIPs") or [], list(spec.get("ipFamilies") or [])
        policy, path = spec["ipFamilyPolicy"], (*_SPEC, "ipFamilyPolicy")
        faults = []
        if policy == "SingleStack":
            many = "must be 'RequireDualStack' or 'PreferDualStack' when multiple {} are specified"
            faults += [invalid(path, policy, many.format("cluster IPs"))] if len(addresses) == 2 else []
            faults += [invalid(path, policy, many.format("IP families"))] if len(families) == 2 else []
        for index, address in enumerate(addresses):
            found = formats.parse_ip(address)
            if found is None or index < len(families):
                continue
            family = f"IPv{found.version}"
            if family in self._ranges:
                families.append(family)
            else:
                faults.append(invalid((*_SPEC, "clusterIPs", index), addresses, f"{family} is not configured on this cluster"))
        _refuse(faults)
        default = next(iter(self._ranges))
        if selectorless:
            families = families or [default]
            if len(families) < 2 and policy != "SingleStack":
                families.append(_other(families[0]))
            spec["ipFamilies"] = families
            return
        if policy == "RequireDualStack" and len(self._ranges) < 2:
            faults.append(invalid(path, policy, "this cluster is not configured for dual-stack services"))
        faults += [
            invalid((*_SPEC, "ipFamilies", index), family, "not configured on this cluster")
            for index, family in enumerate(families)
            if family not in self._ranges
        ]
        _refuse(faults)
        families = families or [default]
        if policy != "SingleStack" and len(families) == 1 and len(self._ranges) == 2:
            families.append(_other(families[0]))
        spec["ipFamilies"] = families

    def _cluster_ips(self, spec: Json, owner: str, dry_run: bool) -> None:
        wanted = list(spec.get("clusterIPs") or [])
        given = []
        for index, family in enumerate(spec["ipFamilies"]):
            asked = wanted[index] if index < len(wanted) else ""
            if asked:
                self._check_address(asked, family, owner, wanted, dry_run)
            given.append(asked or self._free_address(family, owner))
        spec["clusterIPs"] = given
        spec["clusterIP"] = given[0]

    def _check_address(self, asked: str, family: str, owner: str, wanted: list[str], dry_run: bool) -> None:
        found, network = formats.parse_ip(asked), self._ranges[family]
        if found is None or found not in network or found in (network.network_address, network.broadcast_address):
            inside = found is not None and found in network
            outside = f"the provided IP ({asked}) is not in the valid range. The range of valid IPs is {network}"
            problem = outside if dry_run or inside else "the provided network does not match the current range"
        elif not dry_run and self._addresses.get(str(found), owner) != owner:
            problem = "provided IP is already allocated"
        else:
            return
        raise AllocationError([invalid((*_SPEC, "clusterIPs"), wanted, f"failed to allocate IP {asked}: {problem}")])

    def _free_address(self, family: str, owner: str) -> str:
        network = self._ranges[family]
        usable = network.num_addresses - 2 if network.version == 4 else network.num_addresses - 1
        band = _STATIC_BAND if usable > 2 * _STATIC_BAND else 0
        for step in _from(owner, usable - band):
            address = str(network[1 + band + step])
            if self._addresses.get(address, owner) == owner:
                return address
        raise AllocationError([invalid((*_SPEC, "clusterIPs"), None, "failed to allocate a serviceIP: range is full")])

    def _node_ports(self, spec: Json, owner: str, used: set[int], dry_run: bool) -> None:
        """Ports asked for come first; one number serves TCP and UDP of the same port, as for a DNS Service."""
        ports = [dict(port) for port in spec.get("ports") or []]
        for index, port in enumerate(ports):
            if port.get("nodePort"):
                if not dry_run:
                    self._check_port(port["nodePort"], owner, (*_SPEC, "ports", index, "nodePort"))
                used.add(port["nodePort"])
        for port in ports:
            if not port.get("nodePort"):
                twin = next((other for other in ports if other.get("nodePort") and _twins(other, port)), None)
                port["nodePort"] = twin["nodePort"] if twin else self._free_port(f"{owner}:{port.get('port')}", used)
                used.add(port["nodePort"])
        if ports:
            spec["ports"] = ports

    def _check_port(self, asked: int, owner: str, path: Path) -> None:
        if asked not in NODE_PORTS:
            text = f"provided port is not in the valid range. The range of valid ports is {NODE_PORTS[0]}-{NODE_PORTS[-1]}"
            raise AllocationError([invalid(path, asked, text)])
        if self._ports.get(asked, owner) != owner:
            raise AllocationError([invalid(path, asked, "provided port is already allocated")])

    def _free_port(self, name: str, used: set[int]) -> int:
        for step in _from(name, len(NODE_PORTS)):
            number = NODE_PORTS[step]
            if number not in used and number not in self._ports:
                return number
        raise AllocationError([invalid((*_SPEC, "ports"), None, "failed to allocate a nodePort: range is full")])


def _twins(one: Json, other: Json) -> bool:
    return bool(one.get("port") == other.get("port") and one.get("protocol") != other.get("protocol"))


def _owner(data: Json) -> str:
    return f"{data['metadata'].get('namespace')}/{data['metadata'].get('name')}"


def _from(name: str, size: int) -> Iterator[int]:
    """All of range(size), beginning where the name points to."""
    start = zlib.crc32(name.encode()) % max(size, 1)
    yield from ((start + step) % size for step in range(size))


def _keep_allocated(spec: Json, before: Json) -> None:
    """patchAllocatedValues: what the stored Service was given and the new one does not name stays."""
    if spec.get("clusterIP") != before.get("clusterIP") and spec.get("clusterIPs") == before.get("clusterIPs") and spec.get("clusterIP"):
        spec["clusterIPs"] = [spec["clusterIP"]]
    if spec["type"] != "ExternalName" and before.get("type") != "ExternalName" and not spec.get("clusterIPs"):
        for name in ("clusterIP", "clusterIPs"):
            if before.get(name):
                spec[name] = before[name]
        if not spec.get("ipFamilies") and before.get("ipFamilies"):
            spec["ipFamilies"] = before["ipFamilies"]
    with_ports = ("NodePort", "LoadBalancer")
    if spec["type"] in with_ports and before.get("type") in with_ports:
        known = {(port.get("protocol"), port.get("port")): port.get("nodePort") for port in before.get("ports") or []}
        spec["ports"] = [
            {**port, "nodePort": known[port.get("protocol"), port.get("port")]}
            if not port.get("nodePort") and known.get((port.get("protocol"), port.get("port")))
            else port
            for port in spec.get("ports") or []
        ]
    if needs_health_check(spec) and needs_health_check(before) and not spec.get("healthCheckNodePort"):
        spec["healthCheckNodePort"] = before.get("healthCheckNodePort")


def _drop_type_dependent(spec: Json, before: Json) -> None:
    """dropTypeDependentFields: what only the old type needed goes with it, unless the change touches it (validation then refuses it)."""
    now, then = spec["type"], before.get("type")
    with_ports = ("NodePort", "LoadBalancer")
    if now == "ExternalName" and then != "ExternalName":
        if all(spec.get(name) == before.get(name) for name in ("clusterIP", "clusterIPs")):
            _drop(spec, "clusterIP", "clusterIPs")
        _drop(spec, *(name for name in ("ipFamilies", "ipFamilyPolicy") if spec.get(name) == before.get(name)))
    if then in with_ports and now not in with_ports:
        known = {port.get("nodePort") for port in before.get("ports") or []} | {None}
        if all(port.get("nodePort") in known for port in spec.get("ports") or []) and spec.get("ports"):
            spec["ports"] = [{name: value for name, value in port.items() if name != "nodePort"} for port in spec["ports"]]
        if spec.get("externalTrafficPolicy") == before.get("externalTrafficPolicy") and not spec.get("externalIPs"):
            _drop(spec, "externalTrafficPolicy")
    if needs_health_check(before) and not needs_health_check(spec) and spec.get("healthCheckNodePort") == before.get("healthCheckNodePort"):
        _drop(spec, "healthCheckNodePort")
    if then == "LoadBalancer" and now != "LoadBalancer":
        owned = ("allocateLoadBalancerNodePorts", "loadBalancerClass")
        _drop(spec, *(name for name in owned if spec.get(name) == before.get(name)))


def _drop(spec: Json, *names: str) -> None:
    for name in names:
        spec.pop(name, None)


def _other(family: str) -> str:
    return "IPv6" if family == "IPv4" else "IPv4"


def _refuse(faults: list[FieldError]) -> None:
    if faults:
        raise AllocationError(faults)
