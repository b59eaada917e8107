"""What every cluster has before the first manifest: namespaces, nodes, the API's own Service, the cluster's DNS, an ingress class.

Responsible for: these objects, as they would be stored.
Leaves to others: the slices and statuses that controllers make of them.
The DNS Pods stand for any cluster's CoreDNS (modelled): labels as kubeadm gives them, addresses outside those handed to given Pods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from simulator.admission.defaults import NAMESPACE_LABEL
from simulator.admission.defaults.pod import pod_spec
from simulator.api.meta import Json, Object, Ref
from simulator.profile import Profile

NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
DNS_LABELS = {"k8s-app": "kube-dns"}
_DNS_SERVICE_LABELS = {"k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS"}


def is_add_on(item: Object) -> bool:
    """Whether an object belongs to the cluster's DNS as it came with the cluster: there, and no concern of the manifests."""
    return item.document is None and item.namespace == "kube-system" and item.labels.get("k8s-app") == DNS_LABELS["k8s-app"]


def existing(profile: Profile, given: Iterable[Ref], moment: str) -> Iterator[Object]:
    """The objects, created at `moment`. What `given` names of the add-ons is left out, since the manifests bring it."""
    brought = set(given)
    for name in NAMESPACES:
        meta = {"name": name, "labels": {NAMESPACE_LABEL: name}, "creationTimestamp": moment}
        yield _object("v1", "Namespace", {"metadata": meta, "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}})
    for node in profile.nodes:
        labels = {"kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux"}
        if node.zone:
            labels["topology.kubernetes.io/zone"] = node.zone
        addresses = [{"type": "InternalIP", "address": node.internal_ip}, {"type": "Hostname", "address": node.name}]
        meta = {"name": node.name, "labels": {**labels, **node.labels}, "creationTimestamp": moment}
        ready = {"type": "Ready", "status": "True", "reason": "KubeletReady"}
        yield _object("v1", "Node", {"metadata": meta, "spec": {}, "status": {"addresses": addresses, "conditions": [ready]}})
    add_ons = [*_api(profile, moment), *_dns(profile, moment)]
    if "k8s.io/ingress-nginx" in profile.ingress_controllers and not any(ref.kind == "IngressClass" for ref in brought):
        data = {"metadata": {"name": "nginx", "creationTimestamp": moment}, "spec": {"controller": "k8s.io/ingress-nginx"}}
        add_ons.append(_object("networking.k8s.io/v1", "IngressClass", data))
    yield from (item for item in add_ons if item.ref not in brought)


def _object(api_version: str, kind: str, data: Json) -> Object:
    meta = data["metadata"]
    return Object(api_version, kind, meta.get("namespace", ""), meta["name"], {"apiVersion": api_version, "kind": kind, **data})


def _service_ip(profile: Profile, offset: int) -> str:
    return str(ip_network(profile.service_networks[0], strict=False)[offset])


def _service(name: str, namespace: str, address: str, labels: Json, moment: str, spec: Json) -> Object:
    family = "IPv6" if ":" in address else "IPv4"
    common = {
        "clusterIP": address, "clusterIPs": [address], "internalTrafficPolicy": "Cluster", "ipFamilies": [family],
        "ipFamilyPolicy": "SingleStack", "sessionAffinity": "None", "type": "ClusterIP",
    }  # fmt: skip
    meta = {"name": name, "namespace": namespace, "labels": labels, "creationTimestamp": moment}
    return _object("v1", "Service", {"metadata": meta, "spec": {**common, **spec}, "status": {"loadBalancer": {}}})


def _api(profile: Profile, moment: str) -> Iterator[Object]:
    labels = {"component": "apiserver", "provider": "kubernetes"}
    port = {"name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443}
    yield _service("kubernetes", "default", _service_ip(profile, 1), labels, moment, {"ports": [port]})
    address = profile.api_address
    if not address:
        return
    meta = {
        "name": "kubernetes",
        "namespace": "default",
        "labels": {"kubernetes.io/service-name": "kubernetes"},
        "creationTimestamp": moment,
    }
    data = {
        "metadata": meta, "addressType": "IPv6" if ":" in address else "IPv4",
        "endpoints": [{"addresses": [address], "conditions": {"ready": True}}],
        "ports": [{"name": "https", "port": 6443, "protocol": "TCP"}],
    }  # fmt: skip
    yield _object("discovery.k8s.io/v1", "EndpointSlice", data)


def _dns(profile: Profile, moment: str) -> Iterator[Object]:
    ports = [
        {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53},
        {"name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53},
        {"name": "metrics", "port": 9153, "protocol": "TCP", "targetPort": 9153},
    ]
    spec = {"ports": ports, "selector": DNS_LABELS}
    yield _service("kube-dns", "kube-system", _service_ip(profile, 10), _DNS_SERVICE_LABELS, moment, spec)
    base = ip_network(profile.pod_networks[0], strict=False)
    for number, node in enumerate(profile.nodes[:2], 1):
        yield _dns_pod(f"coredns-{number}", node.name, node.internal_ip, str(base[256 * number + 2]), moment)


def _dns_pod(name: str, node: str, host: str, address: str, moment: str) -> Object:
    declared = [
        {"name": "dns", "containerPort": 53, "protocol": "UDP"},
        {"name": "dns-tcp", "containerPort": 53, "protocol": "TCP"},
        {"name": "metrics", "containerPort": 9153, "protocol": "TCP"},
    ]
    container = {"name": "coredns", "image": "registry.k8s.io/coredns/coredns:v1.12.4", "ports": declared}
    status = {
        "phase": "Running", "podIP": address, "podIPs": [{"ip": address}], "hostIP": host, "hostIPs": [{"ip": host}],
        "conditions": [{"type": kind, "status": "True"} for kind in ("Initialized", "Ready", "ContainersReady", "PodScheduled")],
        "containerStatuses": [{"name": "coredns", "ready": True, "restartCount": 0, "state": {"running": {"startedAt": moment}}}],
    }  # fmt: skip
    meta = {"name": name, "namespace": "kube-system", "labels": DNS_LABELS, "creationTimestamp": moment}
    spec = {**pod_spec({"containers": [container], "dnsPolicy": "Default"}), "nodeName": node}
    return _object("v1", "Pod", {"metadata": meta, "spec": spec, "status": status})
