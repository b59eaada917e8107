"""An externalName with a scheme, a port or a path: DNS can alias host names only.

Mirrors: kubernetes `pkg/apis/core/validation/validation.go` (`externalName` must be an RFC 1123 subdomain).
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.api.diagnostics import Basis, Edit, Finding, Severity
from simulator.api.meta import dotted
from simulator.diagnosis.refusals import Refusal, refusals
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State


def check(state: State) -> Iterator[Finding]:
    for found in refusals(state, RULE.id):
        yield RULE.finding(
            found.object,
            f"externalName must be a host name alone, without scheme, port or path: {found.problem.message}",
            path=found.problem.path,
            places=found.places,
            facts={"field": dotted(found.problem.path), "server": found.problem.message},
            fixes=likely(_host(found)),
            hint="Which part of an address does DNS know?",
            check=f"kubectl explain {found.object.kind.lower()}",
        )


def _host(found: Refusal) -> Edit | None:
    given = str(found.value)
    host = given.partition("://")[2] or given
    for end in "/:":
        host = host.partition(end)[0]
    return found.edit(host.lower()) if host not in ("", given) else None


RULE = Rule(
    id="external-name-not-a-host",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/concepts/services-networking/service/#externalname",),
    check=check,
)
