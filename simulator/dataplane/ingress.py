"""A request at an Ingress's address: host, path, backend, and what the controller answers where there is none.

Responsible for: the controller's ports and TLS, choosing host and path, default backends, canary shares, 404, 502, 503, 504.
Leaves to others: who serves an Ingress (`controllers.ingress`), the specification's paths (`ingress_paths`), what ingress-nginx
(`ingress_nginx`, `ingress_nginx_backends`) and the AWS controller (`ingress_aws`) do beyond it.
Mirrors: kubernetes.io "Ingress"; for the error statuses ingress-nginx (implemented), which are modelled for other controllers.
All Ingresses of one controller share its address, so the request may be taken by another Ingress than the one that is dialled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from simulator.api.diagnostics import Basis
from simulator.api.ingress_v1 import Ingress, IngressBackend
from simulator.api.meta import Json, Ref
from simulator.api.traffic import Answer, Backend, Hop, Request
from simulator.cluster import Cluster
from simulator.controllers.ingress import AWS, NGINX, Served, by_controller, load_balancer_key, served_by
from simulator.dataplane import ingress_aws, ingress_nginx, ingress_nginx_backends, ingress_paths
from simulator.dataplane.behind_proxy import alive, answering, policy_hops
from simulator.dataplane.durations import seconds
from simulator.dataplane.endpoints import Endpoint, EndpointSet, serving
from simulator.dataplane.hops import hop
from simulator.dataplane.http_messages import DEFAULT_PORTS, HttpRequest, location
from simulator.dataplane.ingress_paths import Choice, Location
from simulator.dataplane.ingress_tls import Shown, has_tls, shown_certificate

_READ_TIMEOUT = 60.0
"""Seconds that ingress-nginx and an AWS load balancer wait for a backend, unless told otherwise."""

Hosts = Mapping[str, Sequence[Location]]


@dataclass(frozen=True)
class Arrival:
    """A request at a controller, with all the Ingresses behind it."""

    cluster: Cluster
    request: Request
    http: HttpRequest
    served: Served
    key: str
    hops: tuple[Hop, ...]

    @property
    def ingresses(self) -> Sequence[Ingress]:
        return by_controller(self.cluster)[self.key]

    @property
    def nginx(self) -> bool:
        return self.served.controller == NGINX

    @property
    def basis(self) -> Basis:
        return Basis.IMPLEMENTED if self.served.controller in (NGINX, AWS) else Basis.SPECIFIED

    @property
    def own_basis(self) -> Basis:
        """Of what no specification says: ours for a controller that we have not looked into."""
        return Basis.IMPLEMENTED if self.served.controller in (NGINX, AWS) else Basis.MODELLED

    def then(self, *hops: Hop) -> Arrival:
        return replace(self, hops=(*self.hops, *hops))

    def answers(self, status: int, headers: Mapping[str, str] | None = None, **fields: Json) -> Answer:
        """An answer of the controller itself."""
        return Answer("answered", 0, "ingress", status, response_headers=headers or {}, source="gateway", hops=self.hops, **fields)


def route(cluster: Cluster, request: Request) -> Answer:
    """The answer to a request that is sent to the address of the Ingress in `request.via`."""
    ref = request.via.ref if request.via else Ref("Ingress", "", "")
    stored = cluster.find(ref)
    if stored is None:
        return _nowhere(hop("ingress", "there is no such Ingress", f"no {ref} in the cluster"))
    ingress = Ingress.of(stored)
    served = served_by(cluster, ingress)
    if served.reason:
        return _nowhere(hop("ingress", "ADDRESS stays empty", f"{served.reason}: {served.message}", stored, ("spec", "ingressClassName")))
    given = (stored.status.get("loadBalancer") or {}).get("ingress") or ()
    fault = ingress_aws.deploy_fault(cluster, ingress) if served.controller == AWS else ""
    if fault or not given:
        reason = fault or "nothing hands out external addresses here, so the controller has none to write into the status"
        return _nowhere(hop("ingress", "ADDRESS stays empty", reason, stored, basis=Basis.IMPLEMENTED))
    address = given[0].get("ip") or given[0].get("hostname") or ""
    arrived = hop("ingress", f"{address}, controller {served.controller}", f"class {served.class_name} of {ref}", stored)
    if served.controller == AWS and ingress_aws.internal(ingress) and request.client.external:
        reason = "the load balancer is internal, the default: without scheme internet-facing it has no public address"
        return Answer("timed-out", 28, "network", hops=(arrived, hop("ingress", "no way in", reason, stored, basis=Basis.IMPLEMENTED)))
    arrival = Arrival(cluster, request, HttpRequest.of(request, address), served, load_balancer_key(served, stored), (arrived,))
    return _at_port(arrival, ingress)


def _nowhere(last: Hop) -> Answer:
    return Answer("unresolved", 6, "network", hops=(last,))


def _at_port(arrival: Arrival, ingress: Ingress) -> Answer:
    request, stored = arrival.request, ingress.object
    port = request.port or DEFAULT_PORTS.get(request.scheme, 80)
    if request.protocol not in ("HTTP", "gRPC", "WebSocket", "H2C_PRIOR_KNOWLEDGE", "TLS") or port not in (80, 443):
        reason = "an Ingress controller listens on 80 and 443 for HTTP; an Ingress opens no other ports or protocols"
        return Answer("refused", 7, "network", hops=(*arrival.hops, hop("ingress", f"nothing listens on port {port}", reason, stored)))
    encrypted = request.scheme == "https" or request.protocol == "TLS"
    if encrypted and port == 80:
        reason = "port 80 speaks plain HTTP"
        return Answer("rejected", 35, "ingress", hops=(*arrival.hops, hop("ingress", "the TLS handshake fails", reason, stored)))
    if not encrypted and port == 443:
        reason = "a plain HTTP request was sent to the HTTPS port"
        return arrival.then(hop("ingress", "400", reason, stored, basis=Basis.IMPLEMENTED)).answers(400)
    if not encrypted:
        return _http(arrival, None)
    name = (request.sni or arrival.http.hostname).lower()
    shown = shown_certificate(arrival.cluster, arrival.ingresses, name, arrival.nginx)
    told = hop("tls", shown.decision, shown.reason, shown.ingress.object if shown.ingress else stored, ("spec", "tls"), arrival.basis)
    return _http(arrival.then(told), shown)


def _http(arrival: Arrival, shown: Shown | None) -> Answer:
    hosts = arrival.cluster.derived(_hosts).get(arrival.key, {})
    host, reason = ingress_paths.host_for(hosts, arrival.http.hostname)
    choice = _choose(arrival)(hosts[host], arrival.http.path) if host is not None else None
    if choice is None:
        answer = _default(arrival, host, reason, encrypted=shown is not None)
    else:
        arrival = arrival.then(hop("host", host or "(any host)", reason, choice.location.ingress.object, choice.location.path.where[:3]))
        answer = _by_location(arrival, choice, encrypted=shown is not None)
    return replace(answer, extra={**answer.extra, "tls_certificate": shown.as_data()}) if shown is not None else answer


def _choose(arrival: Arrival) -> Callable[[Sequence[Location], str], Choice | None]:
    if arrival.nginx:
        return ingress_nginx.choose_location
    if arrival.served.controller == AWS:
        return lambda locations, path: ingress_paths.choose(locations, path, ingress_aws.matches)
    return ingress_paths.choose


def _hosts(cluster: Cluster) -> Mapping[str, Hosts]:
    """Load balancer -> host -> its paths, the older Ingress's first. Canaries of ingress-nginx have no paths of their own."""
    found: dict[str, dict[str, list[Location]]] = {}
    for key, ingresses in by_controller(cluster).items():
        hosts: dict[str, list[Location]] = defaultdict(list)
        for ingress in ingresses:
            if key == NGINX and ingress_nginx.is_canary(ingress):
                continue
            for name in ingress.hosts:
                hosts[name] += [Location(ingress, path) for path in ingress.paths if path.host == name]
        found[key] = hosts
    return found


def _default(arrival: Arrival, host: str | None, reason: str, encrypted: bool) -> Answer:
    """Where no path matches: the default backend of the Ingress that has the host, else of one without rules, else 404.

    In ingress-nginx the rest of a host belongs to the oldest Ingress that has it, redirect to HTTPS included.
    """
    asked = f"{arrival.http.hostname}{arrival.http.path}"
    first = next((each for each in arrival.ingresses if host is not None and host in each.hosts), None)
    redirected = _to_https(arrival, first) if arrival.nginx and first is not None and not encrypted else None
    if redirected is not None:
        return redirected
    of_host = [each for each in arrival.ingresses if host is not None and host in each.hosts and each.default_backend]
    catch_all = [each for each in arrival.ingresses if not each.hosts and each.default_backend]
    for each in [*of_host, *catch_all][:1]:
        backend = each.default_backend
        if backend is not None:
            told = hop("path", "defaultBackend", f"no path matches {asked}", each.object, ("spec", "defaultBackend"), arrival.basis)
            return _to_backends(arrival.then(told), each, [(backend, 1.0)], arrival.http)
    why = reason if host is None else f"no path of host {host or '(any)'} matches {arrival.http.path}"
    told = hop(
        "path", "404", f"{why}, and there is no default backend", first.object if first else None, ("spec", "rules"), arrival.own_basis
    )
    return arrival.then(told).answers(404)


def _by_location(arrival: Arrival, choice: Choice, encrypted: bool) -> Answer:
    where, http = choice.location, arrival.http
    ingress, obj = where.ingress, where.ingress.object
    arrival = arrival.then(hop("path", f"{where} of Ingress {obj.name}", choice.reason, obj, where.path.where, arrival.basis))
    if not arrival.nginx:
        return _to_backends(arrival, ingress, [(where.path.backend, 1.0)], http)
    unknown = ingress_nginx.not_modelled(ingress)
    if unknown:
        names = ", ".join(unknown)
        return Answer(
            "answered", 0, "ingress", hops=arrival.hops, not_modelled=f"annotations of ingress-nginx that are not modelled: {names}"
        )
    redirected = None if encrypted else _to_https(arrival, ingress)
    if redirected is not None:
        return redirected
    path = ingress_nginx.rewritten_path(where, http.path)
    if path != http.path:
        reason = f"rewrite-target {ingress_nginx.setting(ingress, 'rewrite-target')}"
        arrival = arrival.then(hop("filter", f"sent on as {path}", reason, obj, ("metadata", "annotations"), Basis.IMPLEMENTED))
    return _to_backends(*_with_canary(arrival, where), replace(http, path=path))


def _to_https(arrival: Arrival, ingress: Ingress) -> Answer | None:
    """ingress-nginx's redirect of a plain request; None where it does not redirect."""
    http = arrival.http
    why = ingress_nginx.redirects_to_https(ingress, has_tls(arrival.cluster, arrival.ingresses, http.hostname))
    if not why:
        return None
    target = location("https", http.hostname, None, http.path, http.query)
    redirect = {"scheme": "https", "host": http.hostname, "port": None, "path": http.path}
    told = hop("filter", f"308 to {target}", why, ingress.object, ("metadata", "annotations"), Basis.IMPLEMENTED)
    return arrival.then(told).answers(308, {"Location": target}, redirect=redirect)


def _with_canary(arrival: Arrival, main: Location) -> tuple[Arrival, Ingress, list[tuple[IngressBackend, float]]]:
    """The main backend's share and the canary's, where one has the same host and path and ready endpoints."""
    for beside in arrival.cluster.derived(_canaries).get((main.path.host, main.path.path), ()):
        backend = beside.path.backend
        if not _endpoints(arrival, backend).endpoints:
            continue
        canary = ingress_nginx.canary_part(beside.ingress, arrival.http)
        told = f"{canary.part * 100:.4g} % to the canary {backend.service.name}"
        arrival = arrival.then(hop("canary", told, canary.reason, beside.ingress.object, beside.path.where, Basis.IMPLEMENTED))
        parts = [(main.path.backend, 1 - canary.part), (backend, canary.part)]
        return arrival, main.ingress, [part for part in parts if part[1] > 0]
    return arrival, main.ingress, [(main.path.backend, 1.0)]


def _canaries(cluster: Cluster) -> Mapping[tuple[str, str], Sequence[Location]]:
    """Host and path -> the paths of ingress-nginx's canaries there, the older Ingress's first."""
    found: dict[tuple[str, str], list[Location]] = defaultdict(list)
    for ingress in filter(ingress_nginx.is_canary, by_controller(cluster).get(NGINX, ())):
        for path in ingress.paths:
            found[path.host, path.path].append(Location(ingress, path))
    return found


def _to_backends(arrival: Arrival, ingress: Ingress, parts: Sequence[tuple[IngressBackend, float]], http: HttpRequest) -> Answer:
    cluster, obj = arrival.cluster, ingress.object
    backends: list[Backend] = []
    endpoints: list[Endpoint] = []
    reasons: dict[str, None] = {}
    refused = 0
    for to, part in parts:
        if to.resource:
            text = f"a backend of kind {to.resource} is the controller's own affair"
            return Answer("answered", 0, "ingress", hops=arrival.hops, not_modelled=text)
        found = _endpoints(arrival, to)
        if not found.endpoints:
            return _nobody(arrival, ingress, found)
        reasons[_why_sent(to, found)] = None
        reached = alive(cluster, found.endpoints)
        refused += len(found.endpoints) - len(reached)
        endpoints += reached
        backends += [Backend(to.service, _port(found.port), e.pod, e.node, e.ip, e.port, part / len(reached)) for e in reached]
    if not backends:
        reason = "the connection to the Pod is refused: nothing listens on the target port"
        return arrival.then(hop("backend", "502 Bad Gateway", reason, obj, basis=arrival.own_basis)).answers(502)
    delay = seconds(str((arrival.request.extra.get("backend_behaviour") or {}).get("delay_response") or ""))
    if delay > _READ_TIMEOUT:
        reason = f"the backend takes {delay:g} s; the controller waits {_READ_TIMEOUT:g} s"
        told = "504 Gateway Time-out" if arrival.nginx else "504 Gateway Timeout"
        return arrival.then(hop("backend", told, reason, obj, basis=arrival.own_basis)).answers(504)
    split = ", ".join(f"{part * 100:.4g} % {to.service.name}:{to.port}" for to, part in parts)
    tried = f"; {refused} endpoints refuse and are passed over" if refused else ""
    hops = (
        *arrival.hops,
        hop(
            "backend",
            split,
            f"{'; '.join(reasons)}{tried}",
            obj,
            basis=arrival.own_basis,
        ),
        *policy_hops(cluster, endpoints),
        answering(backends),
    )
    seen: dict[str, Json] = {"method": http.method, "scheme": "http", "host": http.host, "path": http.path, "query": http.query}
    seen |= {"headers": dict(http.headers), "sni": None}
    status = 101 if arrival.request.protocol == "WebSocket" else 200
    return Answer(
        "answered", 0, "backend", status, backends=tuple(backends), backend_request=seen,
        response_headers=dict(arrival.request.backend_response_headers), source="gateway", hops=hops,
    )  # fmt: skip


def _endpoints(arrival: Arrival, to: IngressBackend) -> EndpointSet:
    """What the controller has for a backend: ingress-nginx by its own lights, others the Service's port as the API names it."""
    if arrival.nginx:
        return ingress_nginx_backends.endpoints_of(arrival.cluster, to)
    return serving(arrival.cluster, to.service, to.port)


def _why_sent(to: IngressBackend, found: EndpointSet) -> str:
    """How the controller comes by the addresses of a backend that it sends to."""
    direct = "the controller sends to the endpoints itself, not through the ClusterIP"
    if found.port is not None and to.port not in (found.port.port, found.port.name):
        return f"{to.port} is the targetPort of the Service's port {found.port.port}, which ingress-nginx takes for it too; {direct}"
    return found.message or direct


def _nobody(arrival: Arrival, ingress: Ingress, found: EndpointSet) -> Answer:
    """The answer where a backend has no endpoint."""
    if found.reason == ingress_nginx_backends.OUTSIDE:
        told = hop("backend", "sent on", f"{found.message}, with the Host header of the request", ingress.object, basis=Basis.IMPLEMENTED)
        text = f"{found.message}: whether it answers is not known here"
        return Answer("answered", 0, "ingress", hops=(*arrival.hops, told), not_modelled=text)
    status = 502 if found.reason == ingress_nginx_backends.UNREACHABLE else 503
    words = "Bad Gateway" if status == 502 else "Service Temporarily Unavailable" if arrival.nginx else "Service Unavailable"
    basis = Basis.IMPLEMENTED if arrival.nginx else Basis.MODELLED
    return arrival.then(hop("backend", f"{status} {words}", f"{found.reason}: {found.message}", ingress.object, basis=basis)).answers(
        status
    )


def _port(port: Json) -> int | None:
    return port.port if port is not None else None


def ingress_for_host(cluster: Cluster, host: str) -> Ref | None:
    """The Ingress that a name outside would lead to: the first that is served, has an address, and names the host (modelled)."""
    for ingresses in by_controller(cluster).values():
        for ingress in ingresses:
            named = {name: () for name in ingress.hosts if name}
            has_address = (ingress.object.status.get("loadBalancer") or {}).get("ingress")
            if has_address and ingress_paths.host_for(named, host)[0] is not None:
                return ingress.object.ref
    return None


def unserved_ingress_for_host(cluster: Cluster, host: str) -> Ref | None:
    """The first Ingress that names the host and has no address."""
    for ingress in map(Ingress.of, cluster.of("Ingress")):
        if ingress_paths.host_for({name: () for name in ingress.hosts if name}, host)[0] is not None:
            return ingress.object.ref
    return None
