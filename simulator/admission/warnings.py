"""What the API server accepts with a warning, in its words.

Mirrors: kubernetes `pkg/api/service/warnings.go`, `pkg/api/pod/warnings.go`, the strategies in `pkg/registry/networking` and
`pkg/registry/discovery`, apimachinery `pkg/util/validation/ip.go`; for Endpoints apiserver `pkg/endpoints/deprecation`.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.admission.field_errors import printed
from simulator.admission.validation.formats import parse_ip
from simulator.api.ingress_v1 import CLASS_ANNOTATION
from simulator.api.meta import Json, Path
from simulator.schema import Kind

_HINTS, _MODE = "service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode"
_TEMPLATES = {
    "Deployment": ("spec", "template"), "ReplicaSet": ("spec", "template"), "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"), "Job": ("spec", "template"), "CronJob": ("spec", "jobTemplate", "spec", "template"),
}  # fmt: skip


def warnings(kind: Kind, data: Json) -> list[tuple[Path, str]]:
    """(the field it is about, the text without `Warning: `) for each warning on an object as stored."""
    name = kind.kind
    if kind.group == "" and name == "Service":
        return list(_service(data))
    if kind.group == "" and name == "Pod":
        return list(_pod(data, ()))
    if kind.group == "networking.k8s.io" and name == "Ingress":
        return list(_ingress(data))
    if kind.group == "networking.k8s.io" and name == "NetworkPolicy":
        return list(_network_policy(data))
    if kind.group == "discovery.k8s.io" and name == "EndpointSlice":
        return list(_endpoint_slice(data))
    if name in _TEMPLATES and kind.group in ("apps", "batch"):
        given = data
        for step in _TEMPLATES[name]:
            given = given.get(step) or {}
        return list(_pod(given, _TEMPLATES[name]))
    return []


def deprecation(kind: Kind) -> str:
    """What the server says to every request for a kind that is on its way out, granted or refused; else nothing."""
    if kind.group == "" and kind.kind == "Endpoints":
        return "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
    return ""


def _service(data: Json) -> Iterator[tuple[Path, str]]:
    spec = data.get("spec") or {}
    kind, headless = spec.get("type"), spec.get("clusterIP") == "None" and spec.get("type") == "ClusterIP"
    external = spec.get("externalIPs")
    if _HINTS in ((data.get("metadata") or {}).get("annotations") or {}):
        yield ("metadata", "annotations", _HINTS), f"annotation {_HINTS} is deprecated, please use {_MODE} instead"
    for index, address in enumerate(spec.get("clusterIPs") or ()):
        yield from _address(address, ("spec", "clusterIPs", index))
    if headless:
        if spec.get("loadBalancerIP"):
            yield ("spec", "loadBalancerIP"), "spec.loadBalancerIP is ignored for headless services"
        if external:
            yield ("spec", "externalIPs"), "spec.externalIPs is ignored for headless services"
        if spec.get("sessionAffinity") != "None":
            yield ("spec", "sessionAffinity"), "spec.SessionAffinity is ignored for headless services"
    for index, address in enumerate(external or ()):
        yield from _address(address, ("spec", "externalIPs", index))
    if external and not headless and kind != "ExternalName":
        yield ("spec", "externalIPs"), "spec.externalIPs is deprecated and may no longer be implemented in some clusters"
    yield from _address(spec.get("loadBalancerIP") or "", ("spec", "loadBalancerIP"))
    for index, cidr in enumerate(spec.get("loadBalancerSourceRanges") or ()):
        yield from _cidr(cidr, ("spec", "loadBalancerSourceRanges", index))
    if kind == "ExternalName" and external:
        yield ("spec", "externalIPs"), 'spec.externalIPs is ignored when spec.type is "ExternalName"'
    if kind != "ExternalName" and spec.get("externalName"):
        yield ("spec", "externalName"), 'spec.externalName is ignored when spec.type is not "ExternalName"'
    if spec.get("trafficDistribution") == "PreferClose":
        yield ("spec", "trafficDistribution"), 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'


def _ingress(data: Json) -> Iterator[tuple[Path, str]]:
    path = ("metadata", "annotations", CLASS_ANNOTATION)
    if CLASS_ANNOTATION in ((data.get("metadata") or {}).get("annotations") or {}) and data["spec"].get("ingressClassName") is None:
        yield path, f"annotation \"{CLASS_ANNOTATION}\" is deprecated, please use 'spec.ingressClassName' instead"


def _network_policy(data: Json) -> Iterator[tuple[Path, str]]:
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for r, rule in enumerate(data["spec"].get(direction) or ()):
            for p, peer in enumerate(rule.get(peers) or ()):
                block, path = peer.get("ipBlock") or {}, ("spec", direction, r, peers, p, "ipBlock")
                yield from _cidr(block.get("cidr") or "", (*path, "cidr"))
                for index, cidr in enumerate(block.get("except") or ()):
                    yield from _cidr(cidr, (*path, "except", index))


def _endpoint_slice(data: Json) -> Iterator[tuple[Path, str]]:
    if data.get("addressType") == "FQDN":
        yield ("addressType",), "spec.addressType: FQDN endpoints are deprecated"
        return
    for number, endpoint in enumerate(data.get("endpoints") or ()):
        for index, address in enumerate(endpoint.get("addresses") or ()):
            yield from _address(address, ("endpoints", number, "addresses", index))


def _address(value: str, path: Path) -> Iterator[tuple[Path, str]]:
    """GetWarningsForIP, as far as validation lets such addresses pass: an IPv6 address that is not written in its canonical form."""
    found = parse_ip(value)
    if found is not None and found.version == 6 and str(found) != value:
        yield path, f'{printed(path)}: IPv6 address "{value}" should be in RFC 5952 canonical format ("{found}")'


def _cidr(value: str, path: Path) -> Iterator[tuple[Path, str]]:
    address, _, length = value.partition("/")
    found = parse_ip(address)
    if found is not None and found.version == 6 and f"{found}/{length}" != value:
        yield path, f'{printed(path)}: IPv6 CIDR value "{value}" should be in RFC 5952 canonical format ("{found}/{length}")'


def _pod(data: Json, path: Path) -> Iterator[tuple[Path, str]]:
    spec = data.get("spec") or {}
    for index, constraint in enumerate(spec.get("topologySpreadConstraints") or []):
        if constraint.get("labelSelector") is None:
            here: Path = (*path, "spec", "topologySpreadConstraints", index, "labelSelector")
            yield here, f"{printed(here)}: a null labelSelector results in matching no pod"
    yield from _repeated(spec.get("hostAliases") or [], "ip", (*path, "spec", "hostAliases"))
    yield from _repeated(spec.get("imagePullSecrets") or [], "name", (*path, "spec", "imagePullSecrets"))
    for here, container in _containers(spec, path):
        seen: set[str] = set()
        for index, variable in enumerate(container.get("env") or []):
            name = variable.get("name") or ""
            if name in seen and (variable.get("valueFrom") or f"$({name})" not in (variable.get("value") or "")):
                place = (*here, "env", index)
                yield place, f'{printed(place)}: hides previous definition of "{name}", which may be dropped when using apply'
            seen.add(name)
    yield from _ports(spec, path)
    yield from _port_names(spec, path)


def _containers(spec: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    for group in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(group) or []):
            yield (*path, "spec", group, index), container


def _port_names(spec: Json, path: Path) -> Iterator[tuple[Path, str]]:
    """A port's name must be unique in a Pod, or those who look for it find the first alone; sidecars count, init containers do not."""
    first: dict[str, Path] = {}
    for here, container in _containers(spec, path):
        if "initContainers" in here and container.get("restartPolicy") != "Always":
            continue
        for index, port in enumerate(container.get("ports") or []):
            name, place = port.get("name"), (*here, "ports", index)
            if not name:
                continue
            other = first.setdefault(name, place)
            if other[:-2] != here:
                told = f'duplicate port name "{name}" with {printed(other)}'
                yield place, f"{printed(place)}: {told}, services and probes that select ports by name will use {printed(other)}"


def _ports(spec: Json, path: Path) -> Iterator[tuple[Path, str]]:
    seen: dict[tuple[Json, Json], list[tuple[Path, Json]]] = {}
    for here, container in _containers(spec, path):
        for index, port in enumerate(container.get("ports") or []):
            place = (*here, "ports", index)
            others = seen.setdefault((port.get("containerPort"), port.get("protocol")), [])
            for other, earlier in others:
                host, before = (
                    (port.get("hostIP") or "", port.get("hostPort") or 0),
                    (earlier.get("hostIP") or "", earlier.get("hostPort") or 0),
                )
                if host == before:
                    yield place, f"{printed(place)}: duplicate port definition with {printed(other)}"
                elif not host[1] or not before[1]:
                    yield place, f"{printed(place)}: overlapping port definition with {printed(other)}"
                elif host[1] == before[1] and bool(host[0]) != bool(before[0]):
                    yield place, f"{printed(place)}: dangerously ambiguous port definition with {printed(other)}"
            others.append((place, port))


def _repeated(items: Json, key: str, path: Path) -> Iterator[tuple[Path, str]]:
    seen: set[str] = set()
    for index, item in enumerate(items):
        value, place = item.get(key) or "", (*path, index, key)
        if value in seen:
            yield place, f'{printed(place)}: duplicate {key} "{value}"'
        seen.add(value)
