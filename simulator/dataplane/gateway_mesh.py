"""A Pod's request to a Service that routes are attached to: what a mesh makes of it.

Responsible for: routes with a Service as parent, producer and consumer routes, their ports.
Leaves to others: finding the Service (`dns`, `trace`), rules and filters (`gateway_http`); Services without routes (`service_proxy`).
Mirrors: kubernetes-sigs/gateway-api GEP-1226 and GEP-1294 (mesh, consumer routes). That a mesh is installed, with a proxy beside every
Pod, is modelled: the manifests say so only by attaching a route to a Service.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from simulator.api.diagnostics import Basis
from simulator.api.meta import Ref
from simulator.api.traffic import Answer, Hop, Request
from simulator.cluster import Cluster
from simulator.controllers.gateway_attachment import attachments
from simulator.dataplane.gateway_http import Arrival, answer
from simulator.dataplane.gateway_table import Entry, RouteTable, entries
from simulator.dataplane.hops import hop
from simulator.dataplane.http_messages import HttpRequest

_HTTP_ROUTES = ("HTTPRoute", "GRPCRoute")
_HTTP_PROTOCOLS = ("HTTP", "gRPC", "H2C_PRIOR_KNOWLEDGE", "WebSocket")

_Key = tuple[Ref, int, str]
"""Service, port, and the namespace whose clients the rules are for: "" for everybody's (producer routes)."""


def mesh_route(cluster: Cluster, request: Request, service: Ref, port: int, hops: tuple[Hop, ...]) -> Answer | None:
    """The answer to a Pod's request to a Service's port by the routes attached to it; None where none is.

    A client's own namespace may have routes for a Service of another one (consumer routes); they take the place of the producer's.
    """
    if request.client.pod is None:
        return None
    tables = cluster.derived(_tables)
    own = request.client.pod.namespace
    found = tables.get((service, port, own)) or tables.get((service, port, ""))
    if found is None or request.protocol not in _HTTP_PROTOCOLS:
        return _not_modelled(cluster, service, port, hops)
    stored = cluster.find(service)
    if stored is None:
        return None
    reason = "a route is attached to the Service, so a mesh's proxy beside the client decides instead of kube-proxy"
    arrived = hop("mesh", f"{service}, port {port}", reason, stored, basis=Basis.MODELLED)
    http = HttpRequest.of(request, service.name)
    hint = f"routes with {service} as parent take all of its traffic on this port"
    return answer(Arrival(cluster, request, http, port, (*hops, arrived)), found, stored, ("spec", "ports"), lambda: hint)


def _not_modelled(cluster: Cluster, service: Ref, port: int, hops: tuple[Hop, ...]) -> Answer | None:
    """An answer that says so where a TLS, TCP or UDP route is attached to the Service's port; None where none is."""
    for each in attachments(cluster).by_service.get(service, ()):
        if each.route.kind not in _HTTP_ROUTES and each.parent.port in (None, port):
            return Answer("answered", 0, "gateway", hops=hops, not_modelled=f"{each.route.object.ref} has a Service as its parent")
    return None


def _tables(cluster: Cluster) -> Mapping[_Key, RouteTable]:
    found: dict[_Key, list[Entry]] = defaultdict(list)
    for service, attached in attachments(cluster).by_service.items():
        stored = cluster.find(service)
        ports = [p.get("port") for p in stored.spec.get("ports") or ()] if stored else []
        for each in attached:
            if each.route.kind not in _HTTP_ROUTES:
                continue
            namespace = each.route.object.namespace
            audience = "" if namespace == service.namespace else namespace
            for port in ports if each.parent.port is None else [each.parent.port]:
                found[service, port, audience] += entries(each.route, ("",))
    return {key: RouteTable(each) for key, each in found.items()}
