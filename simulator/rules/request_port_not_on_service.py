"""A request to a port that its Service does not have, often the Pods' port.

Mirrors: kube-proxy, which has rules for the ports of a Service only.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.core_v1 import Service
from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.traffic import asked, ended, failed, involved, port_of
from simulator.diagnosis.wording import kubectl, listed


def check(state: State) -> Iterator[Finding]:
    for index, (request, answer) in enumerate(state.traffic):
        if not failed(answer) or request.client.external:
            continue
        for stored in filter(None, map(state.cluster.find, involved(request, answer))):
            view, port = Service.of(stored), port_of(request)
            if stored.kind != "Service" or view.headless or view.type == "ExternalName" or view.port(port):
                continue
            has = listed(str(p.port) for p in view.ports)
            meant = next((p for p in view.ports if p.target == port), None)
            note = f"; {port} is the Pods' port, and clients of the Service use {meant.port}" if meant else ""
            yield RULE.finding(
                stored.ref,
                f"{asked(request)} {ended(answer)}: Service {stored.name} has no port {port} (it has {has}){note}",
                path=("spec", "ports"),
                places=[state.place(stored, ("spec", "ports"), "the ports that clients may use", key=True)],
                facts={"request": index, "port": port, "ports": [p.port for p in view.ports]},
                hint="Which of the Service's numbers do clients use?",
                check=kubectl(stored.namespace, f"get service {stored.name}"),
            )
            break


RULE = Rule(
    id="request-port-not-on-service",
    severity=Severity.ERROR,
    basis=Basis.IMPLEMENTED,
    sources=("https://kubernetes.io/docs/reference/networking/virtual-ips/",),
    check=check,
    of_request=True,
)
