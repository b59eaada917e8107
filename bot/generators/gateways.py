"""Gateways, their routes and what stands behind them, as plain trees.

Responsible for: the builders that questions about the Gateway API share.
Leaves to others: what is asked (`gateway_api`, `gateway_rules`, `gateway_shares`), everything else of a cluster (`play`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.generators.play import Tree, meta, pod, service

SPEC = "https://gateway-api.sigs.k8s.io/reference/spec/"
_VERSION = "gateway.networking.k8s.io/v1"

GATEWAY_CLASS: Tree = {
    "apiVersion": _VERSION,
    "kind": "GatewayClass",
    "metadata": {"name": "example"},
    "spec": {"controllerName": "example.com/gateway"},
}


def listener(name: str = "web", port: int = 80, **more: Any) -> Tree:
    return {"name": name, "port": port, "protocol": "HTTP", **{key: value for key, value in more.items() if value}}


def gateway(*listeners: Tree, namespace: str = "") -> Tree:
    """The Gateway `door`; without listeners it has the one on port 80."""
    spec = {"gatewayClassName": "example", "listeners": list(listeners) or [listener()]}
    return {"apiVersion": _VERSION, "kind": "Gateway", "metadata": meta("door", namespace), "spec": spec}


def route(
    name: str, rules: Sequence[Tree], *, namespace: str = "", parent: Mapping[str, Any] | None = None, host: str = "", created: str = ""
) -> Tree:
    """A route of the Gateway `door`. `parent`: what its parentRef says besides the name."""
    spec = {"parentRefs": [{"name": "door", **(parent or {})}], **({"hostnames": [host]} if host else {}), "rules": list(rules)}
    return {"apiVersion": _VERSION, "kind": "HTTPRoute", "metadata": meta(name, namespace, creationTimestamp=created), "spec": spec}


def backend(name: str, **more: Any) -> Tree:
    return {"name": name, "port": 80, **more}


def app(name: str, namespace: str = "", *, ready: bool = True) -> list[Tree]:
    """A Service with one Pod."""
    return [service(name, {"app": name}, namespace=namespace), pod(f"{name}-1", {"app": name}, namespace=namespace, ready=ready)]


def through(namespace: str = "default", **more: Any) -> Tree:
    return {"kind": "Gateway", "namespace": namespace, "name": "door", **more}
