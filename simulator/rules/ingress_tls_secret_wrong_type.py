"""An Ingress whose TLS Secret is there, but holds no certificate with its key.

Mirrors: ingress-nginx `internal/ingress/controller/store` (`getPemCertificate` wants `tls.crt` and `tls.key`).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.ingresses import without_certificate
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State, child
from simulator.diagnosis.wording import kubectl, listed

WANTED = ("tls.crt", "tls.key")


def check(state: State) -> Iterator[Finding]:
    for ingress in state.given("Ingress"):
        for index, tls in enumerate(ingress.spec.get("tls") or ()):
            secret = state.cluster.get("Secret", ingress.namespace, tls.get("secretName") or "")
            if secret is None:
                continue
            held = {**child(secret.data, "data"), **child(secret.data, "stringData")}
            lacking = [key for key in WANTED if key not in held]
            if not lacking:
                continue
            kind = str(secret.data.get("type") or "Opaque")
            path = ("spec", "tls", index, "secretName")
            yield RULE.finding(
                ingress.ref,
                f"Secret {secret.name} (type {kind}) has no {listed(lacking)}, so it cannot serve as a certificate: "
                f"{without_certificate(state, ingress)}",
                path=path,
                places=[
                    state.place(ingress, path, "used as the certificate"),
                    state.place(secret, ("type",), "a certificate is of type kubernetes.io/tls"),
                ],
                facts={"secret": secret.name, "type": kind, "lacking": lacking},
                hint="What must a Secret hold so that it can be a certificate?",
                check=kubectl(ingress.namespace, f"describe secret {secret.name}"),
            )


RULE = Rule(
    id="ingress-tls-secret-wrong-type",
    severity=Severity.ERROR,
    basis=Basis.IMPLEMENTED,
    sources=("https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets",),
    check=check,
)
