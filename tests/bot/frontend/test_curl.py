"""`/curl` as a learner sees it: who answers how much, the way as a picture, what would change it."""

from __future__ import annotations

from typing import Any

import simcord

from tests.bot.frontend.test_check_manifest import paste
from tests.bot.screen import parts, text

GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: production-master-gateway
  namespace: default
spec:
  gatewayClassName: cilium
  listeners:
  - name: https
    port: 443
    protocol: HTTPS
    hostname: "*.mycompany.com"
    tls:
      mode: Terminate
      certificateRefs:
      - name: mycompany-wildcard-tls-secret
"""
ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: payment-api-route
  namespace: default
spec:
  parentRefs:
  - name: production-master-gateway
  hostnames:
  - api.mycompany.com
  rules:
  - matches:
    - path:
        type: PathPrefix
        value: /v1/pay
    backendRefs:
    - name: production-payment-api-svc
      port: 8080
      weight: 90
    - name: production-payment-api-canary-svc
      port: 8080
      weight: 10
"""
MOVED = ROUTE.replace("namespace: default", "namespace: payments").replace(
    "- name: production-master-gateway", "- name: production-master-gateway\n    namespace: default"
)
SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: mycompany-wildcard-tls-secret
  namespace: default
type: kubernetes.io/tls
data:
  tls.crt: ""
  tls.key: ""
"""


def backends(namespace: str) -> str:
    def one(name: str, app: str, replicas: int) -> str:
        return f"""\
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{app: {app}}}
  ports: [{{port: 8080, targetPort: 8080}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {app}, namespace: {namespace}}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: {app}}}}}
  template:
    metadata: {{labels: {{app: {app}}}}}
    spec: {{containers: [{{name: api, image: api, ports: [{{containerPort: 8080}}]}}]}}
"""

    return one("production-payment-api-svc", "stable", 3) + "---\n" + one("production-payment-api-canary-svc", "canary", 1)


def pictures(message: Any) -> dict[str, str]:
    """Name -> alt text of every picture of a message."""
    items = [item for part in parts(message) for item in part.get("items") or ()]
    return {item["media"]["url"].split("?")[0].rsplit("/", 1)[-1]: item["description"] for item in items}


async def test_the_lessons_canary(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """The lesson's Gateway and route as they stand: 90 and 10 in 100, with what is normal, supposing the certificate that was not pasted."""
    await paste(ada, channel, "---\n".join([GATEWAY, ROUTE, backends("default")]))

    shown = await ada.slash(channel, "curl", url="https://api.mycompany.com/v1/pay/42", **{"from": "outside"})

    said = text(shown.response)
    assert "supposing the certificate of the listener" in said
    assert "`default/production-payment-api-svc` 90 %: of 100 requests about 90, 84 to 95 is normal" in said
    assert "`default/production-payment-api-canary-svc` 10 %: of 100 requests about 10, 5 to 16 is normal" in said
    drawn = pictures(shown.response)
    assert "production-payment-api-canary-svc 10 %" in drawn["shares.png"]
    assert "listener Gateway default/production-master-gateway (stops here)" in drawn["way.png"]
    assert "route HTTPRoute default/payment-api-route (supposed)" in drawn["way.png"]


async def test_the_lessons_canary_over_http(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """With a listener that needs no certificate nothing has to be supposed."""
    plain = GATEWAY.split("    tls:")[0].replace("443", "80").replace("protocol: HTTPS", "protocol: HTTP")
    await paste(ada, channel, "---\n".join([plain, ROUTE, backends("default")]))

    shown = await ada.slash(channel, "curl", url="http://api.mycompany.com/v1/pay/42", **{"from": "outside"})

    assert "HTTP/1.1 200 OK" in text(shown.response)
    assert "5 to 16 is normal" in text(shown.response)
    assert "supposing" not in text(shown.response)
    assert "stops here" not in pictures(shown.response)["way.png"]


async def test_the_lessons_route_moved_to_another_namespace(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """The listener takes routes of its own namespace only: the reason by its name, and a fix that was proved."""
    checked = await paste(ada, channel, "---\n".join([GATEWAY, MOVED, backends("payments")]))

    assert "NotAllowedByListeners" in text(checked.response)
    fix = await ada.click(checked.response, label="Fix (proved)")
    assert "kubernetes.io/metadata.name: payments" in text(fix.response)
    traced = await ada.slash(channel, "curl", url="https://api.mycompany.com/v1/pay/42", **{"from": "outside"})
    assert "no rule matches: 404" in text(traced.response)


async def test_what_if(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """A Pod crashes: the others take its share, its endpoint is no longer ready, open connections are reset."""
    await paste(ada, channel, backends("default"))
    pods = [value["value"] for value in await ada.autocomplete(channel, "curl", "from", "canary")]
    shown = await ada.slash(channel, "curl", url="http://production-payment-api-svc:8080/", **{"from": pods[0]})
    assert "`default/production-payment-api-svc` 100 %" in text(shown.response)
    menu = next(part for part in parts(shown.response) if part.get("options"))
    values = [option["value"] for option in menu["options"]]
    assert "proxy ipvs" in values
    assert "policies ignored" not in values

    crash = next(value for value in values if value.startswith("crash "))
    after = await ada.select(shown.response, custom_id=menu["custom_id"], values=[crash])

    said = text(after.response)
    assert "crashes" in said
    assert "ready → not ready" in said
    assert f"`{crash.removeprefix('crash ')}`: reset" in said
    assert "2 Pods: " in said
    assert "way-after.png" in pictures(after.response)


async def test_what_if_without_the_workspace(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """When the workspace has been cleared meanwhile, there is nothing to suppose."""
    await paste(ada, channel, backends("default"))
    shown = await ada.slash(channel, "curl", url="http://production-payment-api-svc:8080/")
    menu = next(part for part in parts(shown.response) if part.get("options"))
    await ada.slash(channel, "workspace reset")

    after = await ada.select(shown.response, custom_id=menu["custom_id"], values=["proxy ipvs"])

    assert "Your workspace is empty" in text(after.response)
