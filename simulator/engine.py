"""The pipeline, top to bottom: text -> documents -> stored objects -> what controllers add -> answers -> findings.

Responsible for: the order of the stages, and the report that they make together.
Leaves to others: every decision. Broken input never raises here: each stage goes on with what the one before could read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from simulator.admission import Admitted
from simulator.api.diagnostics import ApplyOutput, Finding, Verdict
from simulator.api.traffic import Answer, ConnectionAnswer, LookupAnswer, Reach, Request, RolloutAnswer
from simulator.calls import called
from simulator.cluster import Cluster
from simulator.dataplane.network_policy import decide
from simulator.dataplane.reachability import matrix
from simulator.decode import Decoded, decode
from simulator.explain import explain
from simulator.lookups import look_up
from simulator.rollouts import roll_out
from simulator.scenario import Scenario
from simulator.supposition import supposed
from simulator.trace import trace
from simulator.webhook_calls import apply


@dataclass(frozen=True)
class Report:
    """All that a run showed. `cluster` is the state that `answers` and `lookups` were read from.

    In `scenario`, calls of Pods have become the requests that they are.
    `supposed` is the state that `connections` were read from: what was meant, where documents were refused for slips of form.
    """

    scenario: Scenario
    decoded: Decoded
    admitted: Admitted
    cluster: Cluster
    answers: Sequence[Answer]
    lookups: Sequence[LookupAnswer]
    connections: Sequence[ConnectionAnswer] | Sequence[Reach]
    rollouts: Sequence[RolloutAnswer]
    supposed: Cluster

    @property
    def apply(self) -> ApplyOutput:
        return self.admitted.output

    @property
    def verdicts(self) -> Sequence[Verdict]:
        return self.admitted.verdicts

    @cached_property
    def findings(self) -> Sequence[Finding]:
        """Root causes first. They are sought, and their fixes proved, when they are first asked for: that takes most of a run's time."""
        traffic = list(zip(self.scenario.requests, self.answers, strict=True))
        return explain(self.scenario, self.decoded, self.admitted, self.cluster, traffic)


def run(scenario: Scenario) -> Report:
    """Runs a scenario. Pure: the same scenario gives the same report, and nothing outside is read or changed."""
    decoded = decode(scenario.manifests)
    admitted, cluster = apply(decoded, scenario.profile)
    scenario = replace(scenario, requests=tuple(_asked(cluster, request) for request in scenario.requests))
    answers = [trace(cluster, request) for request in scenario.requests]
    lookups = [look_up(cluster, lookup) for lookup in scenario.lookups]
    meant = supposed(scenario.manifests, decoded, admitted, scenario.profile) if scenario.connections else None
    asked = meant or cluster
    if isinstance(scenario.connections, str):
        connections: Sequence[ConnectionAnswer] | Sequence[Reach] = matrix(asked)
    else:
        connections = [decide(asked, connection) for connection in scenario.connections]
    rollouts = [roll_out(cluster, workload) for workload in scenario.rollouts]
    return Report(scenario, decoded, admitted, cluster, answers, lookups, connections, rollouts, asked)


def _asked(cluster: Cluster, request: Request) -> Request:
    """The request itself of a Pod's call; one that the Pod does not make stays, and its answer says why."""
    try:
        return called(cluster, request)
    except ValueError:
        return request
