"""`kubectl describe` of what carries traffic: Service, Endpoints, EndpointSlice, Ingress, IngressClass.

Mirrors: `describeService`, `describeEndpoints`, `describeEndpointSliceV1`, `describeIngressV1`, `describeIngressClassV1` and
`formatEndpointSlices` of kubectl `pkg/describe/describe.go`, with their habits: a Service none of whose endpoints is ready shows a blank,
`<none>` is shown only where no EndpointSlice exists, and an Ingress backend on a port that its Service lacks still shows endpoints.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.kubectl.describe.sheet import Sheet
from simulator.kubectl.selectors import NONE, format_labels
from simulator.kubectl.tables import host_port, load_balancer_addresses

_UNSET = "<unset>"


def describe_service(sheet: Sheet, service: Object, cluster: Cluster) -> None:
    spec = service.spec
    sheet.line(0, "Name:", service.name)
    sheet.line(0, "Namespace:", service.namespace)
    sheet.labels("Labels", service.labels)
    sheet.annotations("Annotations", service.annotations)
    sheet.line(0, "Selector:", format_labels(spec.get("selector")))
    sheet.line(0, "Type:", spec.get("type", ""))
    if spec.get("ipFamilyPolicy") is not None:
        sheet.line(0, "IP Family Policy:", spec["ipFamilyPolicy"])
    sheet.line(0, "IP Families:", ",".join(spec.get("ipFamilies") or ()) or NONE)
    sheet.line(0, "IP:", spec.get("clusterIP") or "")
    sheet.line(0, "IPs:", ",".join(spec.get("clusterIPs") or ()) or NONE)
    _optional(sheet, "External IPs:", ",".join(spec.get("externalIPs") or ()))
    _optional(sheet, "Desired LoadBalancer IP:", spec.get("loadBalancerIP"))
    _optional(sheet, "External Name:", spec.get("externalName"))
    given = (service.status.get("loadBalancer") or {}).get("ingress") or ()
    _optional(sheet, "LoadBalancer Ingress:", ", ".join(_load_balancer_ingress(entry) for entry in given))
    slices = _slices_of(cluster, service.namespace, service.name)
    for port in spec.get("ports") or ():
        _service_port(sheet, port, slices)
    sheet.line(0, "Session Affinity:", spec.get("sessionAffinity", ""))
    _optional(sheet, "External Traffic Policy:", spec.get("externalTrafficPolicy"))
    _optional(sheet, "Internal Traffic Policy:", spec.get("internalTrafficPolicy"))
    _optional(sheet, "HealthCheck NodePort:", spec.get("healthCheckNodePort"))
    _optional(sheet, "LoadBalancer Source Ranges:", ",".join(spec.get("loadBalancerSourceRanges") or ()))
    _optional(sheet, "Traffic Distribution:", spec.get("trafficDistribution"))
    sheet.events()


def _optional(sheet: Sheet, title: str, value: object) -> None:
    if value:
        sheet.line(0, title, value)


def _load_balancer_ingress(entry: Mapping[str, Json]) -> str:
    if not entry.get("ip"):
        return str(entry.get("hostname") or "")
    return f"{entry['ip']} ({entry['ipMode']})" if entry.get("ipMode") else str(entry["ip"])


def _service_port(sheet: Sheet, port: Mapping[str, Json], slices: Sequence[Object]) -> None:
    name, protocol = port.get("name") or _UNSET, port.get("protocol", "TCP")
    sheet.line(0, "Port:", name, f"{port.get('port')}/{protocol}")
    sheet.line(0, "TargetPort:", f"{port.get('targetPort', 0)}/{protocol}")
    _optional(sheet, "AppProtocol:", port.get("appProtocol"))
    if port.get("nodePort"):
        sheet.line(0, "NodePort:", name, f"{port['nodePort']}/{protocol}")
    sheet.line(0, "Endpoints:", format_endpoint_slices(slices, port.get("name") or ""))


def _slices_of(cluster: Cluster, namespace: str, service: str) -> Sequence[Object]:
    found = cluster.selected("EndpointSlice", namespace, {"kubernetes.io/service-name": service})
    return sorted(found, key=lambda item: item.name)


def format_endpoint_slices(slices: Sequence[Object], port_name: str) -> str:
    """The ready addresses of one Service port, three at the most.

    kubectl says how many more there are as soon as it meets an endpoint after the third, even if that one is not ready (`+ 0 more...`).
    """
    if not slices:
        return NONE
    found: list[str] = []
    met_more = False
    for item in slices:
        for port in item.data.get("ports") or [None]:
            if port is not None and (port.get("name") or "") != port_name:
                continue
            for endpoint in item.data.get("endpoints") or ():
                met_more = met_more or len(found) >= 3
                if (endpoint.get("conditions") or {}).get("ready") is False:
                    continue
                address = (endpoint.get("addresses") or [""])[0]
                found.append(address if port is None else host_port(address, port.get("port")))
    text = ",".join(found[:3])
    return f"{text} + {len(found) - 3} more..." if met_more else text


def describe_endpoints(sheet: Sheet, endpoints: Object, _: Cluster) -> None:
    sheet.line(0, "Name:", endpoints.name)
    sheet.line(0, "Namespace:", endpoints.namespace)
    sheet.labels("Labels", endpoints.labels)
    sheet.annotations("Annotations", endpoints.annotations)
    sheet.line(0, "Subsets:")
    for subset in endpoints.data.get("subsets") or ():
        for title, field in (("Addresses:", "addresses"), ("NotReadyAddresses:", "notReadyAddresses")):
            sheet.line(1, title, ",".join(address.get("ip", "") for address in subset.get(field) or ()) or NONE)
        if subset.get("ports"):
            sheet.line(1, "Ports:")
            _ports(sheet, 2, subset["ports"])
        sheet.line(0, "")
    sheet.events()


def _ports(sheet: Sheet, level: int, ports: Sequence[Mapping[str, Json]]) -> None:
    sheet.line(level, "Name", "Port", "Protocol")
    sheet.line(level, "----", "----", "--------")
    for port in ports:
        number = _UNSET if port.get("port") is None else port["port"]
        sheet.line(level, port.get("name") or _UNSET, number, port.get("protocol", "TCP"))


def describe_endpoint_slice(sheet: Sheet, item: Object, _: Cluster) -> None:
    sheet.line(0, "Name:", item.name)
    sheet.line(0, "Namespace:", item.namespace)
    sheet.labels("Labels", item.labels)
    sheet.annotations("Annotations", item.annotations)
    sheet.line(0, "AddressType:", item.data.get("addressType", ""))
    if item.data.get("ports"):
        sheet.line(0, "Ports:")
        _ports(sheet, 1, item.data["ports"])
    else:
        sheet.line(0, f"Ports: {_UNSET}")
    endpoints = item.data.get("endpoints") or ()
    sheet.line(0, "Endpoints:" if endpoints else f"Endpoints: {NONE}")
    for endpoint in endpoints:
        _endpoint(sheet, endpoint)
    sheet.events()


def _endpoint(sheet: Sheet, endpoint: Mapping[str, Json]) -> None:
    ready = (endpoint.get("conditions") or {}).get("ready")
    sheet.line(1, "- Addresses:", ", ".join(endpoint.get("addresses") or ()) or NONE)
    sheet.line(2, "Conditions:")
    sheet.line(3, "Ready:", _UNSET if ready is None else str(ready).lower())
    sheet.line(2, "Hostname:", _unset(endpoint.get("hostname")))
    target = endpoint.get("targetRef")
    if target:
        sheet.line(2, "TargetRef:", f"{target.get('kind', '')}/{target.get('name', '')}")
    sheet.line(2, "NodeName:", _unset(endpoint.get("nodeName")))
    sheet.line(2, "Zone:", _unset(endpoint.get("zone")))


def _unset(value: str | None) -> str:
    return _UNSET if value is None else value


def describe_ingress(sheet: Sheet, ingress: Object, cluster: Cluster) -> None:
    spec = ingress.spec
    sheet.line(0, "Name:", ingress.name)
    sheet.labels("Labels", ingress.labels)
    sheet.line(0, "Namespace:", ingress.namespace)
    sheet.line(0, "Address:", load_balancer_addresses(ingress, True))
    sheet.line(0, "Ingress Class:", spec.get("ingressClassName") or NONE)
    default = _backend(cluster, ingress.namespace, spec["defaultBackend"]) if spec.get("defaultBackend") else "<default>"
    sheet.line(0, "Default backend:", default)
    if spec.get("tls"):
        sheet.line(0, "TLS:")
    for entry in spec.get("tls") or ():
        hosts = ",".join(entry.get("hosts") or ())
        sheet.line(1, f"{entry['secretName']} terminates {hosts}" if entry.get("secretName") else f"SNI routes {hosts}")
    sheet.line(0, "Rules:")
    sheet.line(1, "Host", "Path", "Backends")
    sheet.line(1, "----", "----", "--------")
    rules = [rule for rule in spec.get("rules") or () if rule.get("http") is not None]
    for rule in rules:
        sheet.line(1, rule.get("host") or "*", "")
        for path in rule["http"].get("paths") or ():
            sheet.line(2, "", f"{path.get('path', '')} ", _backend(cluster, ingress.namespace, path.get("backend") or {}))
    if not rules:
        sheet.line(1, "*", "*", default)
    sheet.annotations("Annotations", ingress.annotations)
    sheet.events()


def _backend(cluster: Cluster, namespace: str, backend: Mapping[str, Json]) -> str:
    if backend.get("service"):
        return _service_backend(cluster, namespace, backend["service"])
    resource = backend.get("resource")
    if not resource:
        return ""
    return f"APIGroup: {resource.get('apiGroup', NONE)}, Kind: {resource.get('kind', '')}, Name: {resource.get('name', '')}"


def _service_backend(cluster: Cluster, namespace: str, backend: Mapping[str, Json]) -> str:
    name, wanted = backend.get("name", ""), backend.get("port") or {}
    shown = f"{name}:{wanted.get('number') or wanted.get('name', '')}"
    service = cluster.get("Service", namespace, name)
    if service is None:
        return f'{shown} (<error: services "{name}" not found>)'
    port_name = ""
    for port in service.spec.get("ports") or ():
        if wanted.get("number") == port.get("port") or (wanted.get("name") and wanted["name"] == port.get("name")):
            port_name = port.get("name") or ""
    return f"{shown} ({format_endpoint_slices(_slices_of(cluster, namespace, name), port_name)})"


def describe_ingress_class(sheet: Sheet, item: Object, _: Cluster) -> None:
    sheet.line(0, "Name:", item.name)
    sheet.labels("Labels", item.labels)
    sheet.annotations("Annotations", item.annotations)
    sheet.line(0, "Controller:", item.spec.get("controller", ""))
    parameters = item.spec.get("parameters")
    if parameters:
        sheet.line(0, "Parameters:")
        if parameters.get("apiGroup") is not None:
            sheet.line(1, "APIGroup:", parameters["apiGroup"])
        sheet.line(1, "Kind:", parameters.get("kind", ""))
        sheet.line(1, "Name:", parameters.get("name", ""))
    sheet.events()
