"""Cluster IPs, node ports and health-check node ports: what a Service is given before it is validated.

Responsible for: IP families, addresses, ports, and the faults that only an allocator can find.
Leaves to others: what else may be wrong with a Service (`admission.validation.service`).
Mirrors: kubernetes `pkg/registry/core/service/storage/alloc.go`, `ipallocator/cidrallocator.go`, `portallocator`.
The real server picks free addresses at random; here they follow from the Service's name, so that the order of documents changes nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
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
        self._ports: dict[tuple[str, int], str] = {}

    def allocate(self, data: Json, old: Json = None, dry_run: bool = False) -> Json:
        """The Service with families, addresses and ports. Raises AllocationError.

        `old` is the stored Service that it takes the place of. A dry run reserves nothing and finds no conflict, as the server's.
        """
        owner = f"{data['metadata'].get('namespace')}/{data['metadata'].get('name')}"
        spec = dict(data["spec"])
        if spec.get("clusterIP") and not spec.get("clusterIPs"):
            spec["clusterIPs"] = [spec["clusterIP"]]
        before = (old or {}).get("spec") or {}
        if old is not None:
            _keep_allocated(spec, before)
        if spec["type"] != "ExternalName":
            self._families(spec, before)
            if spec.get("clusterIPs") != ["None"]:
                self._cluster_ips(spec, owner, dry_run)
        if spec["type"] == "NodePort" or (spec["type"] == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts")):
            self._node_ports(spec, owner, dry_run)
        if needs_health_check(spec) and not spec.get("healthCheckNodePort"):
            spec["healthCheckNodePort"] = self._free_port(owner, "health-check", "TCP", dry_run)
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
            given.append(self._take_address(asked, family, owner, wanted, dry_run) if asked else self._free_address(family, owner, dry_run))
        spec["clusterIPs"] = given
        spec["clusterIP"] = given[0]

    def _take_address(self, asked: str, family: str, owner: str, wanted: list[str], dry_run: bool) -> str:
        found, network = formats.parse_ip(asked), self._ranges[family]
        problem = ""
        if found is None or found not in network or found in (network.network_address, network.broadcast_address):
            outside = f"the provided IP ({asked}) is not in the valid range. The range of valid IPs is {network}"
            problem = (
                outside if dry_run or (found is not None and found in network) else "the provided network does not match the current range"
            )
        elif not dry_run and self._addresses.get(str(found), owner) != owner:
            problem = "provided IP is already allocated"
        if problem:
            _refuse([invalid((*_SPEC, "clusterIPs"), wanted, f"failed to allocate IP {asked}: {problem}")])
        if not dry_run:
            self._addresses[str(found)] = owner
        return asked

    def _free_address(self, family: str, owner: str, dry_run: bool) -> str:
        network = self._ranges[family]
        usable = network.num_addresses - 2 if network.version == 4 else network.num_addresses - 1
        band = _STATIC_BAND if usable > 2 * _STATIC_BAND else 0
        return str(_free(owner, usable - band, lambda n: str(network[1 + band + n]), self._addresses, dry_run))

    def _node_ports(self, spec: Json, owner: str, dry_run: bool) -> None:
        ports = []
        own: dict[int, str] = {}
        for index, given in enumerate(spec.get("ports") or []):
            port = dict(given)
            protocol, asked = port.get("protocol") or "TCP", port.get("nodePort")
            if asked:
                self._take_port(asked, protocol, owner, (*_SPEC, "ports", index, "nodePort"), dry_run)
            else:
                shared = next(
                    (number for number, kind in own.items() if kind != protocol and port.get("port") == _port_of(ports, number)), None
                )
                port["nodePort"] = shared or self._free_port(owner, str(port.get("port")), protocol, dry_run)
                if shared and not dry_run:
                    self._ports[protocol, shared] = owner
            own[port["nodePort"]] = protocol
            ports.append(port)
        if ports:
            spec["ports"] = ports

    def _take_port(self, asked: int, protocol: str, owner: str, path: Path, dry_run: bool) -> None:
        if dry_run:
            return
        if asked not in NODE_PORTS:
            text = f"provided port is not in the valid range. The range of valid ports is {NODE_PORTS[0]}-{NODE_PORTS[-1]}"
            _refuse([invalid(path, asked, text)])
        if self._port_taken(asked, owner):
            _refuse([invalid(path, asked, "provided port is already allocated")])
        self._ports[protocol, asked] = owner

    def _port_taken(self, number: int, owner: str) -> bool:
        return any(self._ports.get((protocol, number), owner) != owner for protocol in ("TCP", "UDP", "SCTP"))

    def _free_port(self, owner: str, what: str, protocol: str, dry_run: bool) -> int:
        taken = {number: name for (_, number), name in self._ports.items()}
        number = int(_free(f"{owner}:{what}", len(NODE_PORTS), lambda n: NODE_PORTS[n], taken, dry_run))
        if not dry_run:
            self._ports[protocol, number] = owner
        return number


def _free(owner: str, size: int, candidate: Callable[[int], str | int], taken: dict[Json, str], dry_run: bool) -> str | int:
    """The first free candidate at or after the one that the owner's name points to. Raises AllocationError when none is left."""
    start = zlib.crc32(owner.encode()) % max(size, 1)
    for step in range(size):
        found = candidate((start + step) % size)
        if found not in taken:
            if not dry_run:
                taken[found] = owner
            return found
    raise AllocationError([invalid((*_SPEC, "clusterIPs"), None, "failed to allocate a serviceIP: range is full")])


def _port_of(ports: list[Json], node_port: int) -> Json:
    return next((port.get("port") for port in ports if port.get("nodePort") == node_port), None)


def _keep_allocated(spec: Json, before: Json) -> None:
    """patchAllocatedValues: what the stored Service was given and the new one does not name stays."""
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


def _other(family: str) -> str:
    return "IPv6" if family == "IPv4" else "IPv4"


def _refuse(faults: list[FieldError]) -> None:
    if faults:
        raise AllocationError(faults)
