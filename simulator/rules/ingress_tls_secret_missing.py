"""An Ingress whose TLS Secret is not in its namespace: browsers are shown the controller's own, untrusted certificate.

Mirrors: ingress-nginx `internal/ingress/controller/controller.go` (the fake certificate where the Secret cannot be found).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.ingresses import without_certificate
from simulator.diagnosis.near import near
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, meant


def check(state: State) -> Iterator[Finding]:
    for ingress in state.given("Ingress"):
        for index, tls in enumerate(ingress.spec.get("tls") or ()):
            name = tls.get("secretName") or ""
            if not name or state.cluster.get("Secret", ingress.namespace, name):
                continue
            secrets = state.given("Secret")
            close = near(name, (s.name for s in secrets if s.namespace == ingress.namespace))
            homes = [s.namespace for s in secrets if s.name == name]
            where = f", it lives in {listed(homes)}" if homes else meant(close) or ("" if secrets else "; perhaps it was not given")
            path = ("spec", "tls", index, "secretName")
            yield RULE.finding(
                ingress.ref,
                f'there is no Secret "{name}" in namespace {ingress.namespace}, so {without_certificate(state, ingress)}{where}',
                path=path,
                places=[state.place(ingress, path, f"looked up in {ingress.namespace}")],
                facts={"secret": name, "near": close, "namespaces": homes},
                fixes=likely(state.edit(ingress, path, close[0])) if close else (),
                hint="The Secret must stand in the Ingress's own namespace.",
                check=kubectl(ingress.namespace, f"get secret {name}"),
                severity=None if secrets else Severity.NOTE,
            )


RULE = Rule(
    id="ingress-tls-secret-missing",
    severity=Severity.WARNING,
    basis=Basis.IMPLEMENTED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",),
    check=check,
    of_absence=True,
)
