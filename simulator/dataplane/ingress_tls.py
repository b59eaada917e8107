"""The certificate that an Ingress controller shows.

Responsible for: which Secret it comes from, and what is shown where there is none.
Leaves to others: what a request then gets (`ingress`).
Mirrors: ingress-nginx `internal/ingress/controller/controller.go` (createServers, extractTLSSecretName) and
`rootfs/etc/nginx/lua/certificate.lua`: the Secret must be in the Ingress's own namespace, hold a certificate and its key, and name the
host; else the default certificate is shown, "Kubernetes Ingress Controller Fake Certificate".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.api.hostnames import matches
from simulator.api.ingress_v1 import Ingress
from simulator.api.meta import Json, Object
from simulator.cluster import Cluster
from simulator.controllers.gateway_references import REDACTED, secret_text
from simulator.dataplane.ingress_nginx import FAKE_CERTIFICATE, is_canary
from simulator.x509 import certificates, pem_blocks

_FAKE = f'"{FAKE_CERTIFICATE}"'
_DEFAULT = "the controller's default certificate"


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


def has_tls(cluster: Cluster, ingresses: Sequence[Ingress], host: str) -> bool:
    """Whether ingress-nginx has a certificate for the host, be it the default one: then it redirects plain requests."""
    return _of_nginx(cluster, ingresses, host) is not None


def shown_certificate(cluster: Cluster, ingresses: Sequence[Ingress], host: str, nginx: bool) -> Shown:
    """What a client that asks for `host` is shown."""
    if nginx:
        return _of_nginx(cluster, ingresses, host) or Shown(_FAKE, f"no Ingress with a tls block has a rule for {host}")
    entry = _entry(ingresses, host)
    if entry is None:
        return Shown(_DEFAULT, f"no tls entry of an Ingress names {host}")
    return _from_secret(cluster, *entry, host, _DEFAULT)


def _entry(ingresses: Sequence[Ingress], host: str) -> tuple[Ingress, str] | None:
    """The Ingress and the Secret of the first `tls` entry for the host; an entry without hosts is for its Ingress's own."""
    for ingress in ingresses:
        for hosts, secret in ingress.tls:
            if any(matches(pattern, host) for pattern in hosts or ingress.hosts if pattern):
                return ingress, secret
    return None


def _of_nginx(cluster: Cluster, ingresses: Sequence[Ingress], host: str) -> Shown | None:
    """ingress-nginx keeps a certificate for each host of a rule, wildcards as they are written; None where it has none for the host.

    The oldest Ingress that has the host and any `tls` at all decides, even where its `tls` does not list the host.
    """
    for server in (host, f"*.{host.partition('.')[2]}"):
        for ingress in ingresses:
            if server in ingress.hosts and ingress.tls and not is_canary(ingress):
                return _of_server(cluster, ingress, server)
    return None


def _of_server(cluster: Cluster, ingress: Ingress, server: str) -> Shown:
    listed = next((secret for hosts, secret in ingress.tls if server in hosts), None)
    if listed is None:
        listed = next((secret for hosts, secret in ingress.tls if secret and _covers(cluster, ingress, hosts, secret, server)), None)
        if listed is None:
            return Shown(
                _FAKE, f"{server} is in no tls entry of Ingress {ingress.object.name}, and no certificate there covers it", ingress
            )
    if not listed:
        return Shown(_FAKE, f"the tls entry for {server} names no Secret", ingress)
    return _from_secret(cluster, ingress, listed, server, _FAKE)


def _covers(cluster: Cluster, ingress: Ingress, hosts: Sequence[str], secret: str, server: str) -> bool:
    """Whether a certificate is for a host that its entry does not list. One that cannot be read is taken to be for its entry's hosts."""
    stored = cluster.get("Secret", ingress.object.namespace, secret)
    if stored is None or _fault(stored):
        return False
    read = certificates(secret_text(stored, "tls.crt"))
    if not read:
        return not hosts or f"*.{server.partition('.')[2]}" in hosts
    return server in read[0].dns_names or read[0].names_host(server)


def _from_secret(cluster: Cluster, ingress: Ingress, name: str, host: str, own: str) -> Shown:
    """The certificate of a Secret, or the controller's `own` where that is of no use."""
    namespace = ingress.object.namespace
    secret = cluster.get("Secret", namespace, name) if name else None
    if secret is None:
        return Shown(own, f'there is no Secret "{name}" in namespace "{namespace}", where the Ingress is', ingress)
    fault = _fault(secret)
    if fault:
        return Shown(own, f"Secret {name}: {fault}", ingress)
    read = certificates(secret_text(secret, "tls.crt"))
    names = read[0].dns_names if read else ()
    if read and host not in names and not read[0].names_host(host):
        return Shown(own, f"the certificate in Secret {name} is for {', '.join(names) or 'no host'}, not for {host}", ingress)
    return Shown(f"certificate of Secret {name}", f"tls entry for {host}", ingress, f"{namespace}/{name}", names)


def _fault(secret: Object) -> str:
    for key, label in (("tls.crt", "CERTIFICATE"), ("tls.key", "PRIVATE KEY")):
        text = secret_text(secret, key)
        if text not in REDACTED and not pem_blocks(text, label):
            return f"{key} holds no PEM block"
    return ""
