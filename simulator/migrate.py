"""From Ingress to the Gateway API: the Gateway and HTTPRoutes that do the same, and the proof.

Responsible for: converting Ingresses as their controller serves them, saying what has no counterpart, comparing both by requests.
Leaves to others: serving either side (`dataplane`), writing the text for a screen (the bot's templates).
Mirrors: kubernetes-sigs/ingress2gateway in what becomes what. One Gateway for each namespace, beside its Ingresses, so that the Secrets
need no ReferenceGrant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from simulator.api.core_v1 import Service
from simulator.api.gateway_v1 import GROUP
from simulator.api.ingress_v1 import Ingress, IngressBackend, IngressPath
from simulator.api.meta import Json, Object, Ref
from simulator.cluster import Cluster
from simulator.controllers.ingress import NGINX, Served, served_by
from simulator.dataplane import ingress_nginx

API_VERSION = f"{GROUP}/v1"
_STRIP_PREFIX = re.compile(r"(?P<prefix>/[\w/.-]*?)\(/\|\$\)\(\.\*\)")


@dataclass(frozen=True, slots=True)
class Note:
    """Something of an Ingress that the Gateway API says in another way, or not at all."""

    ingress: Ref
    text: str


@dataclass(frozen=True, slots=True)
class Migration:
    """The new objects, one Gateway and some HTTPRoutes for each namespace, and what could not be carried over."""

    objects: tuple[Object, ...]
    notes: tuple[Note, ...]

    @property
    def text(self) -> str:
        """The manifests as YAML."""
        return "---\n".join(yaml.safe_dump(obj.data, sort_keys=False, width=100) for obj in self.objects)


def migrate_ingresses(cluster: Cluster, gateway_class: str, refs: Sequence[Ref] = ()) -> Migration:
    """Converts the Ingresses that are served (or those of them that `refs` name) to a Gateway of `gateway_class` and HTTPRoutes."""
    objects: list[Object] = []
    notes: list[Note] = []
    by_namespace: dict[str, list[tuple[Ingress, Served]]] = {}
    for obj in sorted(cluster.of("Ingress"), key=lambda o: (o.namespace, o.name)):
        ingress = Ingress.of(obj)
        served = served_by(cluster, ingress)
        if refs and obj.ref not in refs:
            continue
        if served.reason:
            notes.append(Note(obj.ref, f"is not served ({served.message}), so there is nothing to carry over"))
        else:
            by_namespace.setdefault(obj.namespace, []).append((ingress, served))
    for namespace, found in by_namespace.items():
        main = [(ingress, served) for ingress, served in found if not is_canary(ingress, served)]
        canaries = [ingress for ingress, served in found if is_canary(ingress, served)]
        objects.append(_gateway(namespace, gateway_class, [ingress for ingress, _ in main]))
        for ingress, served in main:
            conversion = _Conversion(cluster, ingress, served, canaries)
            objects += conversion.routes()
            notes += [Note(ingress.object.ref, text) for text in conversion.notes]
    return Migration(tuple(objects), tuple(notes))


def is_canary(ingress: Ingress, served: Served) -> bool:
    """Whether an Ingress is only a part of another one's traffic."""
    return served.controller == NGINX and ingress_nginx.is_canary(ingress)


def gateway_name(namespace: str) -> str:
    return f"{namespace}-gateway"


def _listener_name(host: str) -> str:
    return "https" if not host else f"https-{_slug(host)}"[:63].rstrip("-")


def _slug(host: str) -> str:
    return host.replace("*.", "any-").replace(".", "-") or "any"


def _object(kind: str, namespace: str, name: str, spec: Json) -> Object:
    data = {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec}
    return Object(API_VERSION, kind, namespace, name, data)


def _gateway(namespace: str, gateway_class: str, ingresses: Sequence[Ingress]) -> Object:
    listeners: list[Json] = [{"name": "http", "port": 80, "protocol": "HTTP"}]
    secrets: dict[str, list[str]] = {}
    for ingress in ingresses:
        for hosts, secret in ingress.tls:
            for host in hosts or ingress.hosts:
                if secret and secret not in secrets.setdefault(host, []):
                    secrets[host].append(secret)
    for host, names in secrets.items():
        listener = {"name": _listener_name(host), "port": 443, "protocol": "HTTPS", **({"hostname": host} if host else {})}
        listeners.append({**listener, "tls": {"mode": "Terminate", "certificateRefs": [{"name": name} for name in names]}})
    return _object("Gateway", namespace, gateway_name(namespace), {"gatewayClassName": gateway_class, "listeners": listeners})


class _Conversion:
    """One Ingress on its way to HTTPRoutes, one for each host."""

    def __init__(self, cluster: Cluster, ingress: Ingress, served: Served, canaries: Sequence[Ingress]) -> None:
        self.cluster, self.ingress, self.served, self.canaries = cluster, ingress, served, canaries
        self.nginx = served.controller == NGINX
        self.notes: list[str] = []

    def routes(self) -> list[Object]:
        ingress = self.ingress
        if self.nginx:
            names = ingress_nginx.not_modelled(ingress)
            self.notes += [f"annotation {ingress_nginx.PREFIX}{name} is not carried over" for name in names]
        found = [route for host in ingress.hosts or ("",) for route in self._of_host(host)]
        return [route for route in found if route.spec["rules"]]

    def _of_host(self, host: str) -> list[Object]:
        ingress, name = self.ingress, self.ingress.object.name
        if host.startswith("*."):
            self.notes.append(f"{host} covers one label in an Ingress, but any number of labels in a Gateway or HTTPRoute")
        rules = [rule for path in ingress.paths if path.host == host for rule in self._rules(path)]
        default = ingress.default_backend
        if default is not None and not any(p.host == host and (p.path, p.type) == ("/", "Prefix") for p in ingress.paths):
            rules += self._backends_rule([{"path": {"type": "PathPrefix", "value": "/"}}], [(default, 1)])
        tls = any(host in (hosts or ingress.hosts) for hosts, secret in ingress.tls if secret)
        route_name = name if len(ingress.hosts) < 2 else f"{name}-{_slug(host)}"
        hostnames = {"hostnames": [host]} if host else {}
        redirects = self.nginx and ingress_nginx.redirects_to_https(ingress, tls)
        if not redirects:
            sections = ["http", _listener_name(host)] if tls else ["http"]
            return [_object("HTTPRoute", ingress.object.namespace, route_name, {**self._parents(sections), **hostnames, "rules": rules})]
        to_https = [{"filters": [{"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "statusCode": 308}}]}]
        plain = {**self._parents(["http"]), **hostnames, "rules": to_https}
        routes = [_object("HTTPRoute", ingress.object.namespace, f"{route_name}-to-https", plain)]
        if tls:
            secure = {**self._parents([_listener_name(host)]), **hostnames, "rules": rules}
            routes.append(_object("HTTPRoute", ingress.object.namespace, route_name, secure))
        return routes

    def _parents(self, sections: Sequence[str]) -> dict[str, Json]:
        name = gateway_name(self.ingress.object.namespace)
        return {"parentRefs": [{"name": name, "sectionName": section} for section in sections]}

    def _rules(self, path: IngressPath) -> list[Json]:
        match, filters = self._path(path)
        if match is None:
            return []
        canary = next(((c, p) for c in self.canaries for p in c.paths if (p.host, p.path) == (path.host, path.path)), None)
        if canary is None:
            return self._backends_rule([match], [(path.backend, 1)], filters)
        return self._canary_rules(match, filters, path.backend, *canary)

    def _path(self, path: IngressPath) -> tuple[Json | None, list[Json]]:
        """The path match and the rewrite of a path; no match where the Gateway API has none."""
        target = ingress_nginx.setting(self.ingress, "rewrite-target") if self.nginx else ""
        if target and target != path.path:
            self.notes.append(f"path {path.path} matches without regard to case in ingress-nginx, but not in an HTTPRoute")
        stripped = _STRIP_PREFIX.fullmatch(path.path) if target == "/$2" else None
        if stripped is not None:
            rewrite = {"type": "URLRewrite", "urlRewrite": {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}}}
            return {"path": {"type": "PathPrefix", "value": stripped["prefix"] or "/"}}, [rewrite]
        regular = self.nginx and (target or ingress_nginx.is_set(self.ingress, "use-regex")) and re.search(r"[()\[\]*+?|^$\\]", path.path)
        if regular:
            self.notes.append(f"path {path.path} is a regular expression with no portable counterpart: write its rule by hand")
            return None, []
        if path.type == "ImplementationSpecific":
            self.notes.append(f"path {path.path} is ImplementationSpecific; it becomes PathPrefix, which counts whole path elements")
        filters: list[Json] = []
        if target and target != path.path:
            if "$" in target:
                self.notes.append(f"rewrite-target {target} has nothing to capture from path {path.path}")
            filters = [{"type": "URLRewrite", "urlRewrite": {"path": {"type": "ReplaceFullPath", "replaceFullPath": target}}}]
        return {"path": {"type": "Exact" if path.type == "Exact" else "PathPrefix", "value": path.path}}, filters

    def _canary_rules(self, match: Json, filters: list[Json], main: IngressBackend, canary: Ingress, path: IngressPath) -> list[Json]:
        """Header before weight, as rules: a rule with a header match goes before one without."""
        header = ingress_nginx.setting(canary, "canary-by-header")
        value = ingress_nginx.setting(canary, "canary-by-header-value")
        rules: list[Json] = []
        if ingress_nginx.setting(canary, "canary-by-cookie"):
            self.notes.append(f"canary-by-cookie of Ingress {canary.object.name} has no portable counterpart")
        if ingress_nginx.setting(canary, "canary-by-header-pattern") and not value:
            self.notes.append(f"canary-by-header-pattern of Ingress {canary.object.name} has no portable counterpart")
        elif header:
            for wanted, backend in [(value, path.backend)] if value else [("always", path.backend), ("never", main)]:
                rules += self._backends_rule([{**match, "headers": [{"name": header, "value": wanted}]}], [(backend, 1)], filters)
        weight = ingress_nginx.setting(canary, "canary-weight")
        part = int(weight) if weight.isdecimal() else 0
        total = ingress_nginx.setting(canary, "canary-weight-total")
        whole = max(int(total) if total.isdecimal() else 100, 100)
        return [*rules, *self._backends_rule([match], [(main, whole - part), (path.backend, part)], filters)]

    def _backends_rule(
        self, matches: list[Json], backends: Sequence[tuple[IngressBackend, int]], filters: Sequence[Json] = ()
    ) -> list[Json]:
        refs = []
        for backend, weight in backends:
            if backend.resource:
                self.notes.append(f"backend {backend.resource} is no Service")
                return []
            port = self._port(backend)
            if port is None:
                self.notes.append(f"Service {backend.service.name} has no port {backend.port}")
                return []
            refs.append({"name": backend.service.name, "port": port, **({"weight": weight} if len(backends) > 1 else {})})
        return [{"matches": matches, **({"filters": list(filters)} if filters else {}), "backendRefs": refs}]

    def _port(self, backend: IngressBackend) -> int | None:
        """An HTTPRoute names ports by number only."""
        stored = self.cluster.find(backend.service)
        if stored is None:
            self.notes.append(f"there is no Service {backend.service.name}: an Ingress answers 503 for it, a Gateway 500")
        port = Service.of(stored).port(backend.port) if stored is not None else None
        return port.port if port is not None else backend.port if isinstance(backend.port, int) and backend.port else None
