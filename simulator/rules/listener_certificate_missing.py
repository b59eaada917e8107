"""A listener that ends TLS without a usable certificate: it is not programmed, and connections to it fail.

Mirrors: kubernetes-sigs/gateway-api `apis/v1/gateway_types.go` (`certificateRefs`), InvalidCertificateRef and RefNotPermitted.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.controllers.gateway_listeners import gateways
from simulator.diagnosis.near import near
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, meant


def check(state: State) -> Iterator[Finding]:
    for gateway in gateways(state.cluster).values():
        for found in gateway.all_listeners:
            fault, listener = found.unresolved, found.listener
            if (
                fault is None
                or fault.reason not in ("InvalidCertificateRef", "RefNotPermitted")
                or listener.protocol not in ("HTTPS", "TLS")
            ):
                continue
            ref = next(iter(listener.certificates), None)
            absent = ref is not None and state.cluster.find(ref.ref) is None
            close = near(ref.name, (s.name for s in state.given("Secret", ref.namespace))) if ref and absent else []
            unseen = "; perhaps it was not given" if absent and not state.given("Secret") else ""
            path = (*listener.path, "tls", "certificateRefs", 0, "name") if ref else (*listener.path, "tls")
            yield RULE.finding(
                found.owner.ref,
                f"{fault.reason}: listener {listener.name} cannot end TLS, because {fault.message}{meant(close) or unseen}",
                path=path,
                places=[state.place(found.owner, path, "the listener's certificate")],
                facts={"reason": fault.reason, "listener": listener.name, "secret": ref.name if ref else "", "near": close},
                fixes=likely(state.edit(found.owner, path, close[0])) if close else (),
                hint="Where does the listener take its certificate from, and is it there?",
                check=kubectl(found.owner.namespace, f"describe {found.owner.kind.lower()} {found.owner.name}"),
                severity=Severity.NOTE if unseen else None,
            )


RULE = Rule(
    id="listener-certificate-missing",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://gateway-api.sigs.k8s.io/guides/tls/",),
    check=check,
    of_absence=True,
)
