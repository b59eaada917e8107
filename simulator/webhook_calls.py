"""Whether the API server can call the admission webhooks that are registered, and the apply in which those that it cannot are felt.

Responsible for: the way from the API server to a webhook's Service; applying documents with the webhooks in force.
Leaves to others: which objects a webhook is asked about (`admission.webhooks`), the way itself (`trace`, `dataplane`).
Mirrors: apiserver `pkg/util/webhook/client.go`; kube-aggregator `pkg/apiserver/resolvers.go`: by default the API server dials a Service's
cluster IP, and with `--enable-aggregator-routing`, as where a provider runs it apart from the nodes, an endpoint; apiserver
`pkg/util/proxy/proxy.go`.
Modelled: an object meets the webhooks that were registered before it, in the state of the cluster in which everything that was given is
up. A certificate is taken to fit, a `url` to answer, and of several endpoints one that answers is enough.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.admission import Admitted, admit
from simulator.admission.webhooks import MUTATING, VALIDATING, Unreachable
from simulator.api.core_v1 import Service, ServicePort
from simulator.api.meta import Json, Object, Ref
from simulator.api.traffic import Client, Request, Via
from simulator.cluster import Cluster
from simulator.controllers import reconcile
from simulator.dataplane.delivery import ANSWERED, REFUSED, TIMED_OUT, deliver
from simulator.dataplane.endpoints import behind
from simulator.dataplane.service_proxy import CLUSTER_IP, Caller
from simulator.decode import Decoded
from simulator.profile import Profile
from simulator.trace import trace

_TIME_IS_UP = "context deadline exceeded"
_Why = tuple[str, str]
"""The end of the API server's sentence, and the cause in our own words."""


def apply(decoded: Decoded, profile: Profile) -> tuple[Admitted, Cluster]:
    """What became of each document, and the cluster after its controllers."""
    admitted = admit(decoded, profile)
    cluster = reconcile(admitted.cluster)
    barring = tuple(unreachable(cluster))
    if not barring:
        return admitted, cluster
    admitted = admit(decoded, profile, barring)
    return admitted, reconcile(admitted.cluster)


def unreachable(cluster: Cluster) -> Iterator[Unreachable]:
    """The webhooks that cannot be called and without whose answer nothing is stored, in the order in which they are called."""
    for kind in (MUTATING, VALIDATING):
        for configuration in sorted(cluster.of(kind), key=lambda item: item.name):
            for index, webhook in enumerate(configuration.data["webhooks"]):
                service = webhook["clientConfig"].get("service")
                if service is None or webhook["failurePolicy"] == "Ignore" or webhook.get("matchConditions"):
                    continue
                found = _unreachable(cluster, service)
                if found is not None:
                    yield Unreachable(configuration.ref, index, webhook, *found, waits=found[0] == _TIME_IS_UP)


def _unreachable(cluster: Cluster, client: Json) -> _Why | None:
    ref, number = Ref("Service", client["namespace"], client["name"]), client["port"]
    stored = cluster.find(ref)
    if stored is None:
        return f'service "{ref.name}" not found', f'namespace {ref.namespace} has no Service "{ref.name}"'
    service = Service.of(stored)
    apart = cluster.profile.control_plane_firewall is not None
    if service.headless and not apart:
        return 'cannot route to service with ClusterIP "None"', f"Service {ref.name} is headless, and the API server dials a cluster IP"
    if service.type == "ExternalName":
        reason = f"Service {ref.name} is an ExternalName, which has no endpoints"
        return ('unsupported service type "ExternalName"', reason) if apart else None
    port = next((port for port in service.ports if port.port == number), None)
    if port is None:
        has = ", ".join(str(port.port) for port in service.ports)
        return f'no service port {number} found for service "{ref.name}"', f"Service {ref.name} has no port {number} (it has {has})"
    return _from_apart(cluster, service, port) if apart else _from_node(cluster, stored, port.port)


def _from_node(cluster: Cluster, service: Object, port: int) -> _Why | None:
    """From a process on the first node, by kube-proxy there."""
    if not cluster.profile.nodes:
        return None
    client = Client(node=cluster.profile.nodes[0].name)
    answer = trace(cluster, Request(client=client, via=Via(service.ref, CLUSTER_IP), port=port, protocol="TCP"))
    if answer.not_modelled or answer.outcome not in (REFUSED, TIMED_OUT):
        return None
    return _told(answer.outcome, Service.of(service).cluster_ips[0], port), answer.hops[-1].reason


def _from_apart(cluster: Cluster, service: Service, port: ServicePort) -> _Why | None:
    """From outside the nodes, straight to an endpoint that is ready."""
    found = behind(cluster, service, port, last_resort=False)
    if not found.endpoints:
        return f'no endpoints available for service "{service.ref.name}"', found.message
    caller = Caller(cluster.profile.api_address)
    failures: list[_Why] = []
    for endpoint in found.endpoints:
        if not cluster.profile.admits_control_plane(endpoint.port):
            where = f"port {endpoint.port}, on which Service {service.ref.name} has its endpoints"
            failures.append((_TIME_IS_UP, f"the firewall between control plane and nodes does not let the API server in to {where}"))
            continue
        end = deliver(cluster, caller, endpoint)
        if end.outcome == ANSWERED:
            return None
        failures.append((_told(end.outcome, endpoint.ip, endpoint.port), end.hops[-1].reason))
    return failures[0]


def _told(outcome: str, address: str, port: int) -> str:
    shown = f"[{address}]" if ":" in address else address
    return f"dial tcp {shown}:{port}: connect: connection refused" if outcome == REFUSED else _TIME_IS_UP
