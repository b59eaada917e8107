"""The certificate that an Ingress controller shows.

Responsible for: which Secret it comes from, and what is shown where there is none.
Leaves to others: what a request then gets (`ingress`).
Mirrors: ingress-nginx `internal/ingress/controller/controller.go` (createServers): the Secret must be in the Ingress's own namespace, hold
a certificate and its key, and name the host; else the default certificate is shown, "Kubernetes Ingress Controller Fake Certificate".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.api.hostnames import matches
from simulator.api.ingress_v1 import Ingress
from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.controllers.gateway_references import REDACTED, secret_text
from simulator.dataplane.ingress_nginx import FAKE_CERTIFICATE
from simulator.x509 import certificates, pem_blocks


@dataclass(frozen=True, slots=True)
class Shown:
    """The certificate a client is shown: from `secret` ("" for the controller's own), which has these `names`."""

    decision: str
    reason: str
    ingress: Ingress | None = None
    secret: str = ""
    names: tuple[str, ...] = ()

    def as_data(self) -> Json:
        return {"secret": self.secret or None, "names": list(self.names), "fake": not self.secret}


def has_tls(ingresses: Sequence[Ingress], host: str) -> bool:
    """Whether some Ingress turns TLS on for the host."""
    return _entry(ingresses, host) is not None


def _entry(ingresses: Sequence[Ingress], host: str) -> tuple[Ingress, str] | None:
    """The Ingress and the Secret of the first `tls` entry for the host; an entry without hosts is for its Ingress's own."""
    for ingress in ingresses:
        for hosts, secret in ingress.tls:
            if any(matches(pattern, host) for pattern in hosts or ingress.hosts if pattern):
                return ingress, secret
    return None


def shown_certificate(cluster: Cluster, ingresses: Sequence[Ingress], host: str, nginx: bool) -> Shown:
    """What a client that asks for `host` is shown."""
    own = f'"{FAKE_CERTIFICATE}"' if nginx else "the controller's default certificate"
    entry = _entry(ingresses, host)
    if entry is None:
        return Shown(own, f"no tls entry of an Ingress names {host}")
    ingress, name = entry
    namespace = ingress.object.namespace
    secret = cluster.get("Secret", namespace, name) if name else None
    if secret is None:
        return Shown(own, f'there is no Secret "{name}" in namespace "{namespace}", where the Ingress is', ingress)
    fault = _fault(secret)
    if fault:
        return Shown(own, f"Secret {name}: {fault}", ingress)
    read = certificates(secret_text(secret, "tls.crt"))
    if read and not read[0].names_host(host):
        names = ", ".join(read[0].dns_names) or "no host"
        return Shown(own, f"the certificate in Secret {name} is for {names}, not for {host}", ingress)
    names_of = read[0].dns_names if read else ()
    return Shown(f"certificate of Secret {name}", f"tls entry for {host}", ingress, f"{namespace}/{name}", names_of)


def _fault(secret: Object) -> str:
    for key, label in (("tls.crt", "CERTIFICATE"), ("tls.key", "PRIVATE KEY")):
        text = secret_text(secret, key)
        if text not in REDACTED and not pem_blocks(text, label):
            return f"{key} holds no PEM block"
    return ""
