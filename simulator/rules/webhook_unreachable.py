"""An admission webhook that the API server cannot call, with failurePolicy Fail: nothing that it has to see is stored any more.

Mirrors: apiserver `pkg/admission/plugin/webhook/validating/dispatcher.go` (`failed calling webhook ...`).
Models: the way there, and that everything given is up by then (`webhook_calls`); a Service that was not given is told as not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulator.admission.webhooks import Unreachable
from simulator.api.diagnostics import Basis, Finding, Fix, Severity
from simulator.api.meta import Path, Ref
from simulator.diagnosis.near import near
from simulator.diagnosis.refusals import refusals
from simulator.diagnosis.rule import Rule, likely
from simulator.diagnosis.state import State
from simulator.diagnosis.wording import kubectl, listed, meant
from simulator.webhook_calls import unreachable


def check(state: State) -> Iterator[Finding]:
    refused = list(refusals(state, RULE.id))
    for hook in unreachable(state.cluster):
        stored = state.cluster.find(hook.configuration)
        if stored is None or stored.document is None:
            continue
        told = [found for found in refused if found.problem.message == hook.text]
        service = hook.webhook["clientConfig"]["service"]
        path: Path = ("webhooks", hook.index, "clientConfig", "service")
        close, fixes = _repair(state, hook, path)
        seen = listed(resource for rule in hook.webhook.get("rules") or () for resource in rule["resources"]) or "nothing"
        chosen = " that its selectors choose" if hook.webhook["namespaceSelector"] or hook.webhook["objectSelector"] else ""
        known = state.cluster.get("Service", service["namespace"], service["name"]) or state.given("Service", service["namespace"])
        unseen = "" if known else "; perhaps it stands in a manifest that was not given"
        yield RULE.finding(
            hook.configuration,
            f'the API server cannot call webhook "{hook.webhook["name"]}", so it refuses to store {seen}{chosen}: '
            f"{hook.reason}{meant(close) or unseen}",
            path=path,
            places=(state.place(stored, path, "cannot be called"), *(place for found in told for place in found.places)),
            facts={"webhook": hook.webhook["name"], "server": hook.text, "refused": [str(found.object) for found in told], "near": close},
            fixes=fixes,
            hint="Follow the way of the API server's call: is there such a Service and port, a ready Pod behind it, and an open way to it?",
            check=kubectl(service["namespace"], f"get endpointslices -l kubernetes.io/service-name={service['name']}"),
            severity=Severity.ERROR if told else Severity.WARNING,
        )


def _repair(state: State, hook: Unreachable, path: Path) -> tuple[Sequence[str], tuple[Fix, ...]]:
    """Names close to that of a Service which is not there, and the change of name or port that would mend it."""
    stored, service = state.cluster.find(hook.configuration), hook.webhook["clientConfig"]["service"]
    found = state.cluster.find(Ref("Service", service["namespace"], service["name"]))
    if stored is None:
        return (), ()
    if found is None:
        close = near(service["name"], (each.name for each in state.given("Service", service["namespace"])))
        return close, likely(state.edit(stored, (*path, "name"), close[0])) if close else ()
    ports = [port["port"] for port in found.spec.get("ports") or ()]
    if len(ports) == 1 and service["port"] not in ports:
        return (), likely(state.edit(stored, (*path, "port"), ports[0]))
    return (), ()


RULE = Rule(
    id="webhook-unreachable",
    severity=Severity.ERROR,
    basis=Basis.SPECIFIED,
    sources=("https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy",),
    check=check,
    of_absence=True,
)
