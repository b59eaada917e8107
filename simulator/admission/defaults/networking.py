"""What a Service, Endpoints, EndpointSlice, Ingress, IngressClass or NetworkPolicy holds that nobody wrote.

Mirrors: kubernetes `pkg/apis/core/v1/defaults.go` (SetDefaults_Service, SetDefaults_Endpoints), `pkg/apis/discovery/v1/defaults.go`,
`pkg/apis/networking/v1/defaults.go`.
"""

from __future__ import annotations

from simulator.admission.validation.service import externally_accessible
from simulator.api.meta import Json

_AFFINITY_SECONDS = 10800
_IF_EMPTY_ABSENT = (
    "clusterIP", "clusterIPs", "externalIPs", "externalName", "externalTrafficPolicy", "healthCheckNodePort", "ipFamilies",
    "loadBalancerIP", "loadBalancerSourceRanges", "ports", "publishNotReadyAddresses", "selector",
)  # fmt: skip


def service(data: Json) -> Json:
    spec = {key: value for key, value in (data.get("spec") or {}).items() if value or key not in _IF_EMPTY_ABSENT}
    spec["sessionAffinity"] = spec.get("sessionAffinity") or "None"
    if spec["sessionAffinity"] == "None":
        spec.pop("sessionAffinityConfig", None)
    elif spec["sessionAffinity"] == "ClientIP":
        config = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
        spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": _AFFINITY_SECONDS, **config}}
    spec["type"] = spec.get("type") or "ClusterIP"
    if spec.get("ports"):
        spec["ports"] = [_service_port(port) for port in spec["ports"]]
    if externally_accessible(spec) and not spec.get("externalTrafficPolicy"):
        spec["externalTrafficPolicy"] = "Cluster"
    if spec["type"] in ("ClusterIP", "NodePort", "LoadBalancer") and not spec.get("internalTrafficPolicy"):
        spec["internalTrafficPolicy"] = "Cluster"
    if spec["type"] == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)
    status = data.get("status") or {}
    return {**data, "spec": spec, "status": {"loadBalancer": {}, **status}}


def _service_port(given: Json) -> Json:
    port = {key: value for key, value in given.items() if value or key not in ("name", "nodePort")}
    port["protocol"] = port.get("protocol") or "TCP"
    if port.get("targetPort") in (None, 0, ""):
        port["targetPort"] = port.get("port") or 0
    return port


def _with_protocol(ports: Json) -> Json:
    return [{**port, "protocol": port.get("protocol") or "TCP"} for port in ports]


def endpoints(data: Json) -> Json:
    if not data.get("subsets"):
        return data
    return {**data, "subsets": [{**s, "ports": _with_protocol(s["ports"])} if s.get("ports") else s for s in data["subsets"]]}


def endpoint_slice(data: Json) -> Json:
    ports = [{"name": "", **port, "protocol": port.get("protocol") or "TCP"} for port in data.get("ports") or []]
    given = [{"conditions": {}, **endpoint} for endpoint in data.get("endpoints") or []]
    return {**data, "endpoints": given or None, "ports": ports or None}


def ingress(data: Json) -> Json:
    return {**data, "spec": data.get("spec") or {}, "status": {"loadBalancer": {}, **(data.get("status") or {})}}


def ingress_class(data: Json) -> Json:
    spec = data.get("spec") or {}
    if spec.get("parameters"):
        spec = {**spec, "parameters": {"scope": "Cluster", **spec["parameters"]}}
    return {**data, "spec": spec}


def network_policy(data: Json) -> Json:
    spec = {"podSelector": {}, **(data.get("spec") or {})}
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
    for direction in ("ingress", "egress"):
        if spec.get(direction):
            spec[direction] = [{**rule, "ports": _with_protocol(rule["ports"])} if rule.get("ports") else rule for rule in spec[direction]]
        elif direction in spec:
            del spec[direction]
    return {**data, "spec": spec}
