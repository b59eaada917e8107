"""Ingresses and their controllers, for tests."""

from __future__ import annotations

from typing import Any

from simulator.api.meta import Ref
from simulator.api.traffic import Answer, Request, Via
from simulator.cluster import Cluster
from simulator.trace import trace
from tests.simulator.gateway.shop import service
from tests.simulator.worlds import running

NGINX, AWS, OTHER = "k8s.io/ingress-nginx", "ingress.k8s.aws/alb", "example.com/ingress"


def ingress_class(name: str, controller: str, default: bool = False, created: str = "2026-01-01T00:00:00Z") -> str:
    mark = "ingressclass.kubernetes.io/is-default-class: 'true'" if default else ""
    return f"""
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {{name: {name}, creationTimestamp: "{created}", annotations: {{{mark}}}}}
spec: {{controller: {controller}}}
"""


def path(value: str, to: str, kind: str = "Prefix", port: str = "number: 80") -> str:
    return f"{{path: '{value}', pathType: {kind}, backend: {{service: {{name: {to}, port: {{{port}}}}}}}}}"


def ingress(
    paths: str = "", host: str = "shop.example.com", name: str = "web", annotations: str = "", class_name: str = "main", more: str = "",
    created: str = "2026-01-01T00:00:00Z",
) -> str:  # fmt: skip
    """One Ingress with one host (none if `host` is empty) and these paths; without rules if `paths` is empty."""
    hosted = f"host: '{host}', " if host else ""
    rules = f"rules: [{{{hosted}http: {{paths: [{paths}]}}}}]" if paths else ""
    chosen = f"ingressClassName: {class_name}" if class_name else ""
    return f"""
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: {name}, namespace: shop, creationTimestamp: "{created}", annotations: {{{annotations}}}}}
spec:
  {chosen}
  {rules}
  {more}
"""


def town(*parts: str, controller: str = NGINX, **profile: Any) -> Cluster:
    """A cluster with the class `main` of this controller, Services one, two and idle (without Pods), and what is given."""
    base = (ingress_class("main", controller), service("one"), service("two"), service("idle", pods=0))
    return running("".join((*base, *parts)), **profile)


def ask(cluster: Cluster, path: str = "/", host: str | None = "shop.example.com", name: str = "web", **request: Any) -> Answer:
    return trace(cluster, Request(via=Via(Ref("Ingress", "shop", name)), path=path, host=host, **request))
