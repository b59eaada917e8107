"""The frequent mistakes of real clusters, from symptom to root cause to a fix after which the symptom is gone.

The numbers are those of the curriculum's list of forty. Mistakes that no manifest shows (a firewall, a webhook) are not here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from simulator import Report, Scenario, run

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: nginx
        ports:
        - name: http
          containerPort: 8080
"""
CLIENT = """\
apiVersion: v1
kind: Pod
metadata:
  name: client
  labels: {app: client}
spec:
  containers:
  - name: client
    image: busybox
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: 8080
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  ingressClassName: nginx
  rules:
  - host: web.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
"""
EDGE = """\
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: edge}
spec: {controller: example.com/edge}
"""
GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: example}
spec: {controllerName: example.com/controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: default}
spec:
  gatewayClassName: example
  listeners:
  - name: http
    protocol: HTTP
    port: 80
    hostname: web.example.com
"""
ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
  namespace: default
spec:
  parentRefs:
  - name: edge
    namespace: default
  hostnames:
  - web.example.com
  rules:
  - backendRefs:
    - name: web
      port: 80
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector:
    matchLabels: {app: web}
  ingress:
  - ports:
    - port: 8080
"""
EGRESS = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: client}
spec:
  podSelector:
    matchLabels: {app: client}
  policyTypes: [Egress]
  egress:
  - to:
    - podSelector:
        matchLabels: {app: web}
"""
COREFILE = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: coredns, namespace: kube-system}
data:
  Corefile: |
    .:53 {
        kubernetes cluster.local in-addr.arpa ip6.arpa
        forward . /etc/resolv.conf
        loop
    }
"""
SHOP = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
TWO_PORTS = SERVICE.replace("  - port: 80\n", "  - name: http\n    port: 80\n") + "  - port: 9090\n    targetPort: 8080\n"

INSIDE = {"from": {"pod": {"namespace": "default", "name": "client"}}, "host": "web"}
AT_INGRESS = {"via": {"kind": "Ingress", "namespace": "default", "name": "web"}, "host": "web.example.com"}
AT_GATEWAY = {"via": {"kind": "Gateway", "namespace": "default", "name": "edge"}, "host": "web.example.com"}
AT_NODE = {"via": {"kind": "Service", "namespace": "default", "name": "web", "address": "nodePort", "node": "node-3"}, "port": 80}


def shop(text: str) -> str:
    """The object in namespace shop."""
    return text.replace("{name: web}", "{name: web, namespace: shop}", 1).replace("  name: web\n", "  name: web\n  namespace: shop\n", 1)


@dataclass(frozen=True)
class Mistake:
    """`symptom` is what the request meets: a curl exit, or an HTTP status. `fixed` says whether a proved fix takes it away."""

    number: int
    rule: str
    manifests: str
    request: dict[str, Any]
    symptom: int
    fixed: bool = True
    profile: dict[str, Any] = field(default_factory=dict)


def several(*documents: str) -> str:
    return "---\n".join(documents)


MISTAKES = [
    Mistake(1, "selector-matches-no-pod", several(SERVICE.replace("app: web", "app: wbe"), WEB, CLIENT), INSIDE, 7),
    Mistake(2, "pods-not-ready", several(SERVICE, WEB.replace("{app: web}\n    spec", '{app: web}\n      annotations: {sim/ready: "false"}\n    spec'), CLIENT), INSIDE, 7, fixed=False),
    Mistake(3, "target-port-not-listened", several(SERVICE.replace("8080", "8081"), WEB, CLIENT), INSIDE, 7),
    Mistake(5, "target-port-name-missing", several(SERVICE.replace("8080", "htpp"), WEB, CLIENT), INSIDE, 7),
    Mistake(6, "service-port-unnamed", several(TWO_PORTS, WEB, CLIENT), INSIDE, 6),
    Mistake(7, "node-port-out-of-range", several(SERVICE.replace("  selector", "  type: NodePort\n  selector") + "    nodePort: 35432\n", WEB, CLIENT), INSIDE, 6),
    Mistake(12, "external-traffic-policy-local-without-pod", several(SERVICE.replace("  selector", "  type: NodePort\n  externalTrafficPolicy: Local\n  selector"), WEB), AT_NODE, 28),
    Mistake(20, "short-name-from-other-namespace", several(SHOP, shop(SERVICE), shop(WEB), CLIENT), INSIDE, 6, fixed=False),
    Mistake(21, "policy-dns-egress-forgotten", several(SERVICE, WEB, CLIENT, EGRESS), INSIDE, 6),
    Mistake(22, "hostnetwork-dns-policy", several(SERVICE, WEB, CLIENT.replace("spec:\n", "spec:\n  hostNetwork: true\n")), INSIDE, 6),
    Mistake(23, "coredns-forwards-to-itself", several(COREFILE, SERVICE, WEB, CLIENT), INSIDE, 6, fixed=False, profile={"nodeNameserver": "127.0.0.53"}),
    Mistake(26, "headless-no-ready-pod", several(SERVICE.replace("  selector", "  clusterIP: None\n  selector"), WEB.replace("{app: web}\n    spec", '{app: web}\n      annotations: {sim/ready: "false"}\n    spec'), CLIENT), INSIDE, 6, fixed=False),
    Mistake(27, "ingress-class-missing", several(INGRESS.replace("  ingressClassName: nginx\n", ""), SERVICE, WEB), AT_INGRESS, 6),
    Mistake(28, "unknown-field", several(INGRESS.replace("          service:\n            name: web\n            port:\n              number: 80\n", "          serviceName: web\n          servicePort: 80\n"), SERVICE, WEB), AT_INGRESS, 6),
    Mistake(29, "ingress-cross-namespace", several(SHOP, INGRESS, shop(SERVICE), shop(WEB)), AT_INGRESS, 503, fixed=False),
    Mistake(30, "ingress-port-is-target-port", several(EDGE, INGRESS.replace("number: 80", "number: 8080").replace("nginx", "edge"), SERVICE, WEB), AT_INGRESS, 503, profile={"ingressControllers": ["example.com/edge"]}),
    Mistake(31, "selector-matches-no-pod", several(INGRESS, SERVICE.replace("app: web", "app: wbe"), WEB), AT_INGRESS, 503),
    Mistake(35, "gateway-class-not-served", several(GATEWAY, ROUTE, SERVICE, WEB), AT_GATEWAY, 6, fixed=False, profile={"gatewayControllers": []}),
    Mistake(36, "route-not-allowed", several(SHOP, GATEWAY, ROUTE.replace("  namespace: default\nspec", "  namespace: shop\nspec"), shop(SERVICE), shop(WEB)), AT_GATEWAY, 404),
    Mistake(37, "backend-ref-not-permitted", several(SHOP, GATEWAY, ROUTE.replace("    - name: web\n", "    - name: web\n      namespace: shop\n"), shop(SERVICE), shop(WEB)), AT_GATEWAY, 500),
    Mistake(38, "route-hostname-no-intersection", several(GATEWAY, ROUTE.replace("  - web.example.com", "  - wbe.example.com"), SERVICE, WEB), AT_GATEWAY, 404),
    Mistake(39, "policy-service-port-instead-of-pod-port", several(POLICY.replace("8080", "80"), SERVICE, WEB, CLIENT), INSIDE, 28),
]  # fmt: skip


def examine(manifests: str, mistake: Mistake) -> Report:
    given = {"profile": mistake.profile, "manifests": [{"name": "all.yaml", "text": manifests}], "requests": [mistake.request]}
    return run(Scenario.of(given, lambda name: name))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: f"{m.number} {m.rule}")
def test_a_mistake_is_traced_from_its_symptom_to_its_cause_and_fixed(mistake: Mistake) -> None:
    """The request fails as users see it; one finding explains it; with its proved fix in the file the request is answered."""
    report = examine(mistake.manifests, mistake)
    (answer,) = report.answers
    assert mistake.symptom in (answer.curl_exit, answer.status)
    cause = report.findings[0]
    assert cause.rule == mistake.rule, [f.message for f in report.findings]
    assert "curl " in " ".join((cause.message, *cause.consequences))
    proved = [fix for fix in cause.fixes if fix.proved]
    if mistake.fixed:
        (repaired,) = examine(proved[0].files[0].text, mistake).answers
        assert (repaired.outcome, repaired.status) == ("answered", 200)
