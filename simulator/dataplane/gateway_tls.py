"""A client's certificate at an HTTPS listener that asks for one.

Responsible for: whether the handshake stands.
Leaves to others: which authorities are trusted (`controllers.gateway_listeners`).
Mirrors: kubernetes-sigs/gateway-api `apis/v1/gateway_types.go` (frontend validation). A request names its certificate as
`client_certificate: Secret NAMESPACE/NAME`.
"""

from __future__ import annotations

from simulator.api.meta import Ref
from simulator.api.traffic import Request
from simulator.cluster import Cluster
from simulator.controllers.gateway_listeners import ListenerState
from simulator.controllers.gateway_references import secret_text
from simulator.x509 import certificates


def client_objection(cluster: Cluster, state: ListenerState, request: Request) -> str:
    """Why the listener refuses the client; "" where it lets it in."""
    if state.validation is None or state.authorities is None or state.validation.mode == "AllowInsecureFallback":
        return ""
    named = str(request.extra.get("client_certificate") or "")
    if not named:
        return "the listener asks for a client certificate and the client has none"
    namespace, _, name = named.removeprefix("Secret ").partition("/")
    secret = cluster.find(Ref("Secret", namespace, name))
    shown = certificates(secret_text(secret, "tls.crt")) if secret else []
    if not shown:
        return f"{named} holds no certificate"
    if any(shown[0].signed_by(authority) is not False for authority in state.authorities.certificates):
        return ""
    return "the client's certificate is not signed by an authority that the listener trusts"
