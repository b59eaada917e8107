"""An Ingress rule with a host but without `http`: it has no paths, so the host goes to the default backend, if there is one.

Mirrors: networking/v1 `IngressRule` and kubectl `describe ingress`, which shows `*  *  <default backend>`.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Finding, Severity
from simulator.diagnosis.rule import Rule
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl


def check(state: State) -> Iterator[Finding]:
    for ingress in state.given("Ingress"):
        default = bool(ingress.spec.get("defaultBackend"))
        for index, rule in enumerate(ingress.spec.get("rules") or ()):
            if not rule.get("host") or (rule.get("http") or {}).get("paths"):
                continue
            path = ("spec", "rules", index, "host")
            goes = "its requests go to the default backend" if default else "its requests are answered 404, as there is no default backend"
            yield RULE.finding(
                ingress.ref,
                f"the rule for host {rule['host']} has no http.paths, so it sends nowhere; {goes}",
                path=path,
                places=[state.place(ingress, path, "a host without paths")],
                facts={"host": rule["host"], "default_backend": default},
                hint="What should happen to a request for this host? The rule does not say.",
                check=kubectl(ingress.namespace, f"describe ingress {ingress.name}"),
                severity=Severity.NOTE if default else None,
            )


RULE = Rule(
    id="ingress-host-without-http",
    severity=Severity.WARNING,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/ingress/#default-backend",),
    check=check,
)
