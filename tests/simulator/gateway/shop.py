"""A shop behind a Gateway, for tests: namespaces, Services with their Pods, routes, and questions to put."""

from __future__ import annotations

from typing import Any

from simulator.api.meta import Ref
from simulator.api.traffic import Answer, Client, Request, Via
from simulator.cluster import Cluster
from simulator.trace import trace
from tests.simulator.worlds import running

BASE = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: v1
kind: Namespace
metadata: {name: pay, labels: {team: pay}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: example}
spec: {controllerName: example.com/gateway-controller}
"""


def service(name: str, namespace: str = "shop", pods: int = 1, port: str = "{port: 80, targetPort: 8080}", notes: str = "") -> str:
    """A Service with its Pods. An address of the Service's own keeps it from being headless."""
    address = f"10.96.{sum(map(ord, namespace)) % 250}.{sum(map(ord, name)) % 250}"
    text = f"""
---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{clusterIP: {address}, selector: {{app: {name}}}, ports: [{port}]}}
"""
    for number in range(pods):
        text += f"""
---
apiVersion: v1
kind: Pod
metadata: {{name: {name}-{number}, namespace: {namespace}, labels: {{app: {name}}}, annotations: {{{notes}}}}}
spec: {{nodeName: node-{number % 3 + 1}, containers: [{{name: c, image: web}}]}}
"""
    return text


def gateway(
    listeners: str = "[{name: http, port: 80, protocol: HTTP}]", name: str = "edge", namespace: str = "shop", more: str = ""
) -> str:
    return f"""
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: {name}, namespace: {namespace}, generation: 3}}
spec:
  gatewayClassName: example
  listeners: {listeners}
  {more}
"""


def route(
    rules: str, name: str = "web", namespace: str = "shop", hostnames: str = "", parents: str = "[{name: edge, namespace: shop}]",
    kind: str = "HTTPRoute", created: str = "2026-01-01T00:00:00Z",
) -> str:  # fmt: skip
    hosts = f"hostnames: {hostnames}" if hostnames else ""
    return f"""
---
apiVersion: gateway.networking.k8s.io/v1
kind: {kind}
metadata: {{name: {name}, namespace: {namespace}, creationTimestamp: "{created}"}}
spec:
  parentRefs: {parents}
  {hosts}
  rules: {rules}
"""


def to(*names: str) -> str:
    """A rule without matches that sends to these Services in equal parts."""
    return "[{backendRefs: [" + ", ".join(f"{{name: {name}, port: 80}}" for name in names) + "]}]"


def world(*parts: str, **profile: Any) -> Cluster:
    return running("".join((BASE, *parts)), **profile)


def ask(cluster: Cluster, path: str = "/", name: str = "edge", **request: Any) -> Answer:
    """The answer to a request from outside at the Gateway's address."""
    return trace(cluster, Request(via=Via(Ref("Gateway", "shop", name)), path=path, **request))


def ask_from(cluster: Cluster, pod: str, host: str, namespace: str = "shop", **request: Any) -> Answer:
    """The answer to a Pod's request to a name."""
    return trace(cluster, Request(client=Client(pod=Ref("Pod", namespace, pod)), host=host, **request))


def parts(answer: Answer) -> dict[str, float]:
    """Service -> its share of the requests."""
    found: dict[str, float] = {}
    for backend in answer.backends:
        name = backend.service.name if backend.service else backend.ip
        found[name] = round(found.get(name, 0) + backend.share, 6)
    return found


def condition(
    cluster: Cluster, kind: str, name: str, wanted: str, namespace: str = "shop", parent: int | str | None = None
) -> tuple[str, str]:
    """(status, reason) of a condition: of the object, of its listener (`parent` a name), or of its parent or ancestor (a number)."""
    stored = cluster.get(kind, namespace, name)
    assert stored is not None
    status = stored.status
    if isinstance(parent, str):
        status = next(each for each in status["listeners"] if each["name"] == parent)
    elif isinstance(parent, int):
        status = (status.get("parents") or status.get("ancestors"))[parent]
    found = next(each for each in status["conditions"] if each["type"] == wanted)
    return found["status"], found["reason"]
