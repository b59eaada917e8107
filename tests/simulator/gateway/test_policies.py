"""BackendTLSPolicy: whom it is for, which of several holds, and the handshake with the backend."""

from __future__ import annotations

import pytest

from tests.simulator.gateway.certificates import OTHER_CA, authority, secret
from tests.simulator.gateway.shop import ask, condition, gateway, route, service, to, world


def policy(
    name: str = "to-web", host: str = "web.example.com", section: str = "", refs: str = "[{group: '', kind: ConfigMap, name: ca}]",
    names: str = "", created: str = "2026-01-01T00:00:00Z",
) -> str:  # fmt: skip
    section_name = f", sectionName: {section}" if section else ""
    alternatives = f"subjectAltNames: {names}" if names else ""
    return f"""
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {{name: {name}, namespace: shop, creationTimestamp: "{created}"}}
spec:
  targetRefs: [{{group: "", kind: Service, name: web{section_name}}}]
  validation:
    hostname: {host}
    caCertificateRefs: {refs}
    {alternatives}
"""


def shop(*policies: str, certificate: str = "web-tls") -> list[str]:
    volumes = f"volumes: [{{name: tls, secret: {{secretName: {certificate}}}}}]"
    backend = service("web", port="{name: tls, port: 80, targetPort: 8443}").replace("spec: {nodeName", f"spec: {{{volumes}, nodeName")
    return [
        gateway(),
        route(to("web")),
        backend,
        secret("web-tls"),
        authority("ca"),
        authority("other-ca", certificate=OTHER_CA),
        *policies,
    ]


def test_policy_makes_the_gateway_speak_tls() -> None:
    """The request goes out encrypted, with the policy's hostname as server name; the Gateway is the policy's ancestor."""
    cluster = world(*shop(policy()))
    answer = ask(cluster)
    assert (answer.status, answer.backend_request["scheme"], answer.backend_request["sni"]) == (200, "https", "web.example.com")
    assert condition(cluster, "BackendTLSPolicy", "to-web", "Accepted", parent=0) == ("True", "Accepted")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"host": "a.shop.example.com"}, 200),
        ({"host": "other.example.com"}, 503),
        ({"host": "a.b.shop.example.com"}, 503),
        ({"host": "x", "names": "[{type: Hostname, hostname: web.example.com}]"}, 200),
        ({"host": "x", "names": "[{type: URI, uri: 'spiffe://example.com/web'}]"}, 200),
        ({"names": "[{type: URI, uri: 'spiffe://example.com/other'}]"}, 503),
        ({"refs": "[{group: '', kind: ConfigMap, name: other-ca}]"}, 503),
        ({"refs": "[{group: '', kind: ConfigMap, name: none}]"}, 500),
        ({"section": "tls"}, 200),
    ],
)
def test_the_backend_certificate_is_checked(changes: dict[str, str], status: int) -> None:
    """Names and authority must fit, down to the signature; a policy without an authority lets nothing through."""
    assert ask(world(*shop(policy(**changes)))).status == status


def test_pod_without_a_known_certificate_is_taken_for_good() -> None:
    """What a Pod shows is known only from the Secrets that it mounts."""
    assert ask(world(*shop(policy(host="other.example.com"), certificate="none"))).status == 200


@pytest.mark.parametrize(
    ("refs", "accepted", "resolved"),
    [
        ("[{group: '', kind: ConfigMap, name: none}]", "NoValidCACertificate", "InvalidCACertificateRef"),
        ("[{group: example.com, kind: Bundle, name: ca}]", "NoValidCACertificate", "InvalidKind"),
        ("[{group: '', kind: ConfigMap, name: ca}, {group: '', kind: ConfigMap, name: none}]", "Accepted", "InvalidCACertificateRef"),
    ],
)
def test_authorities_that_cannot_be_read(refs: str, accepted: str, resolved: str) -> None:
    """One good authority is enough to be accepted; every bad reference shows in ResolvedRefs."""
    cluster = world(*shop(policy(refs=refs)))
    assert condition(cluster, "BackendTLSPolicy", "to-web", "Accepted", parent=0)[1] == accepted
    assert condition(cluster, "BackendTLSPolicy", "to-web", "ResolvedRefs", parent=0)[1] == resolved


def test_the_older_policy_holds() -> None:
    """Two policies for one Service: the younger is Conflicted. One that names the port is no rival of one that does not, and goes first."""
    younger = policy(name="younger", host="other.example.com", created="2026-02-02T00:00:00Z")
    cluster = world(*shop(younger, policy()))
    assert condition(cluster, "BackendTLSPolicy", "younger", "Accepted", parent=0) == ("False", "Conflicted")
    assert ask(cluster).status == 200
    for_port = policy(name="for-port", section="tls", created="2026-02-02T00:00:00Z")
    beside = world(*shop(policy(host="other.example.com"), for_port))
    assert condition(beside, "BackendTLSPolicy", "for-port", "Accepted", parent=0) == ("True", "Accepted")
    assert ask(beside).status == 200
