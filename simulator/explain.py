"""Verdicts, rules and traces -> findings: one root cause first, what follows from it folded under it.

Responsible for: running the rules over the cluster as the author meant it, ordering, folding consequences, having fixes proved.
Leaves to others: finding faults (`rules`), what follows from them (`consequences`), proofs (`fixes`), wording for a screen (the bot).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simulator.admission import Admitted
from simulator.api.diagnostics import Finding, Fix, Severity
from simulator.api.meta import SourceFile
from simulator.api.traffic import Answer, Request
from simulator.cluster import Cluster
from simulator.consequences import causes, consequences, first_errors, requests
from simulator.controllers import reconcile
from simulator.dataplane.echo import ICMP
from simulator.decode import Decoded, decode
from simulator.diagnosis.state import State
from simulator.fixes import Examined, proved, together
from simulator.lenient import as_meant
from simulator.rules import ALL_RULES
from simulator.scenario import Scenario
from simulator.trace import trace
from simulator.webhook_calls import apply

RERUN_OBJECTS = 2_000
"""How many objects may be run again in all to prove fixes. In a larger cluster a fix is given as it is, not proved."""

_OF_REQUESTS = {rule.id for rule in ALL_RULES if rule.of_request}
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def explain(
    scenario: Scenario, decoded: Decoded, admitted: Admitted, cluster: Cluster, traffic: Sequence[tuple[Request, Answer]]
) -> Sequence[Finding]:
    """The findings on one run, worst first and then in the order of ALL_RULES; each with its consequences and proved fixes."""
    before = _examine(scenario, scenario.manifests, decoded, admitted, cluster, traffic)
    first = first_errors([f for f in before.findings if f.rule not in _OF_REQUESTS])
    caused = causes(before.state, [f for f in before.findings if f.rule not in _OF_REQUESTS])
    causing = [f for f in before.findings if f.rule not in _OF_REQUESTS or f.facts["request"] not in caused]
    told = []
    for finding in causing:
        follows = consequences(before.state, finding) if first.get(finding.object) is finding else ()
        told.append(replace(finding, consequences=(*follows, *requests(before.state, finding, caused))))

    def again(files: tuple[SourceFile, ...]) -> Examined:
        new = decode(files)
        stored, after = apply(new, scenario.profile)
        return _examine(scenario, files, new, stored, after, [(request, trace(after, request)) for request in scenario.requests])

    budget = RERUN_OBJECTS // len(before.state.cluster)
    findings = []
    for finding in sorted(told, key=lambda f: _ORDER[f.severity]):
        kept: list[Fix] = []
        for fix in finding.fixes:
            if budget > 0:
                budget -= 1
                proof = proved(finding, fix, before, again)
                kept += [proof] if proof else []
            else:
                kept.append(fix)
        findings.append(replace(finding, fixes=tuple(kept)))
    return together(findings, before, again) if budget > 0 else findings


def _plain(finding: Finding) -> bool:
    """Whether a near name makes it certain enough without knowing the documents that could not be read."""
    return any(fix.certainty == "likely" for fix in finding.fixes)


def _examine(
    scenario: Scenario,
    files: tuple[SourceFile, ...],
    decoded: Decoded,
    admitted: Admitted,
    cluster: Cluster,
    traffic: Sequence[tuple[Request, Answer]],
) -> Examined:
    """Runs every rule. Where plain slips had documents refused, the rules look at the cluster in which they are put right.

    Rules ask of ports, so pings are none of their traffic.
    """
    meant = as_meant(decoded, admitted.verdicts, scenario.profile)
    state = State(
        cluster=reconcile(meant.cluster) if meant else cluster,
        documents=decoded.documents,
        verdicts=admitted.verdicts,
        meant=meant.verdicts if meant else (),
        granted=meant.granted if meant else frozenset(),
        problems=decoded.problems,
        traffic=[(request, answer) for request, answer in traffic if request.protocol != ICMP],
    )
    unread = any(reading.fault for reading in decoded.readings)
    findings = [f for rule in ALL_RULES for f in rule.check(state) if not (unread and rule.of_absence) or _plain(f)]
    return Examined(tuple(files), decoded.documents, admitted.verdicts, state, findings)
