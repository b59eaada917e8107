"""The proof of a migration: both sides are asked the same, near misses included.

Responsible for: the requests to put, running them through the Ingresses and through the new Gateways, comparing the answers.
Leaves to others: the conversion (`migrate`), serving (`dataplane`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from simulator.api.hostnames import matches
from simulator.api.ingress_v1 import Ingress
from simulator.api.meta import Object, Ref
from simulator.api.traffic import Answer, Request, Via
from simulator.cluster import Cluster
from simulator.controllers import gateway as gateway_controller
from simulator.controllers.ingress import served_by
from simulator.dataplane import gateway, ingress
from simulator.dataplane.gateway_backends import percent
from simulator.migrate import API_VERSION, Migration, gateway_name, is_canary

_CONTROLLER = "example.com/gateway-controller"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One request, and what either side answered, in words that are equal exactly where the answers are."""

    request: Request
    by_ingress: str
    by_gateway: str

    @property
    def same(self) -> bool:
        return self.by_ingress == self.by_gateway


def prove_migration(cluster: Cluster, migration: Migration) -> Sequence[Comparison]:
    """Puts every probe to the Ingresses and to the Gateways that take their place. The cluster is not changed."""
    objects = list(migration.objects)
    for name in dict.fromkeys(o.spec["gatewayClassName"] for o in objects if o.kind == "Gateway"):
        if cluster.get("GatewayClass", "", name) is None:
            data = {"apiVersion": API_VERSION, "kind": "GatewayClass", "metadata": {"name": name}, "spec": {"controllerName": _CONTROLLER}}
            objects.append(Object(API_VERSION, "GatewayClass", "", name, data))
    profile = replace(cluster.profile, gateway_controllers=("*",), load_balancers=True)
    after = gateway_controller.reconcile(Cluster(profile, cluster).with_objects(objects))
    gateways = {o.namespace for o in objects if o.kind == "Gateway"}
    found = []
    for obj in cluster.of("Ingress"):
        own = Ingress.of(obj)
        served = served_by(cluster, own)
        if obj.namespace in gateways and not served.reason and not is_canary(own, served):
            for request in _probes(own):
                old = ingress.route(cluster, replace(request, via=Via(obj.ref)))
                new = gateway.route(after, replace(request, via=Via(Ref("Gateway", obj.namespace, gateway_name(obj.namespace)))))
                found.append(Comparison(request, _told(old), _told(new)))
    return found


def _probes(own: Ingress) -> Iterator[Request]:
    """Every host with every path of its own, beside it, above it and below it; hosts nearby."""
    hosts = [host for host in own.hosts if host] or ["any.example"]
    names = [name for host in hosts for name in (f"a.{host[2:]}", f"a.b.{host[2:]}") if host.startswith("*.")]
    names += [host for host in hosts if not host.startswith("*.")]
    paths = dict.fromkeys(near for path in own.paths for near in _near(path.path))
    secure = [pattern for given, _ in own.tls for pattern in given or own.hosts]
    for name in [*names, f"not-{hosts[0].removeprefix('*.')}"]:
        for scheme in ("http", "https") if any(matches(pattern, name) for pattern in secure if pattern) else ("http",):
            for path in paths or {"/": None, "/other": None}:
                yield Request(scheme=scheme, host=name, path=path)


def _near(path: str) -> Iterator[str]:
    plain = path.split("(")[0].rstrip("/")
    yield from (plain or "/", f"{plain}/", f"{plain}/below", f"{plain}x" if plain else "/x", plain.upper() or "/", "/")


def _told(answer: Answer) -> str:
    if answer.not_modelled:
        return f"not modelled: {answer.not_modelled}"
    if answer.redirect:
        to = answer.redirect
        return f"{answer.status} to {to['scheme']}://{to['host']}{to['path']}"
    if not answer.backends:
        return str(answer.status or answer.outcome)
    parts: dict[str, float] = {}
    for backend in answer.backends:
        name = f"{backend.service.name}:{backend.service_port}" if backend.service else backend.ip
        parts[name] = parts.get(name, 0.0) + backend.share
    seen = (answer.backend_request or {}).get("path")
    return f"{answer.status} from {', '.join(f'{percent(part)} {name}' for name, part in sorted(parts.items()))}, path {seen}"
