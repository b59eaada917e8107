"""`ssl-redirect: "true"` on an Ingress without TLS: ingress-nginx redirects only hosts that have TLS, so nothing happens.

Mirrors: ingress-nginx `docs/user-guide/nginx-configuration/annotations.md`, server-side HTTPS enforcement through redirect.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.ingresses import by_nginx
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl

ANNOTATION = "nginx.ingress.kubernetes.io/ssl-redirect"


def check(state: State) -> Iterator[Finding]:
    for ingress in state.given("Ingress"):
        if ingress.annotations.get(ANNOTATION) != "true" or ingress.spec.get("tls") or not by_nginx(state, ingress):
            continue
        path = ("metadata", "annotations", ANNOTATION)
        yield RULE.finding(
            ingress.ref,
            'ssl-redirect: "true" does nothing yet: ingress-nginx redirects only hosts that have TLS, and this Ingress has no tls block',
            path=path,
            places=[state.place(ingress, path, "waits for a tls block")],
            facts={"annotation": ANNOTATION},
            hint="Where would the certificate come from?",
            check=kubectl(ingress.namespace, f"describe ingress {ingress.name}"),
        )


RULE = Rule(
    id="ingress-ssl-redirect-without-tls",
    severity=Severity.NOTE,
    basis=Basis.IMPLEMENTED,
    sources=("https://github.com/kubernetes/ingress-nginx/blob/main/docs/user-guide/nginx-configuration/annotations.md",),
    check=check,
)
