"""An ExternalName Service that names an address: DNS can alias names only, so the name resolves to nothing.

Mirrors: the Service documentation's ExternalName warning; CoreDNS `plugin/kubernetes` answers a CNAME to the text given.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from simulator.api.core_v1 import Service
from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    for service in state.given("Service"):
        view = Service.of(service)
        if view.type != "ExternalName" or not _is_address(view.external_name):
            continue
        yield RULE.finding(
            service.ref,
            f"externalName {view.external_name} is an address, but an ExternalName Service is a DNS alias (CNAME) of a name: "
            "it resolves to nothing",
            path=("spec", "externalName"),
            places=[state.place(service, ("spec", "externalName"), "a name is wanted here, such as db.example.com")],
            facts={"external_name": view.external_name},
            hint="A CNAME points to a name, never to an address. What kind of Service points to addresses?",
            check=kubectl(service.namespace, f"get service {service.name}"),
        )


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.rstrip("."))
    except ValueError:
        return False
    return True


RULE = Rule(
    id="external-name-is-ip",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#externalname",),
    check=check,
)
