"""Portside's simulator: manifests and requests in, a report out. No clock, chance, network or disk.

This is the front door; nothing else of the package is public. What prints (kubectl, curl, findings as text) and what is seldom asked is
loaded when first asked for: the command line starts a process for every question.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from simulator.answer import answer as report_as_json
from simulator.api.diagnostics import ApplyOutput, Basis, Edit, Finding, Fix, Place, Problem, Severity, Verdict
from simulator.api.meta import Object, Ref, SourceFile, Span, dotted
from simulator.api.traffic import (
    Answer,
    Backend,
    Client,
    Connection,
    ConnectionAnswer,
    Hop,
    Lookup,
    LookupAnswer,
    Peer,
    Reach,
    ReachChange,
    Request,
    RolloutAnswer,
    Via,
)
from simulator.cluster import Cluster
from simulator.commands import request_of_command
from simulator.dataplane.network_policy import decide
from simulator.dataplane.reachability import Reachability, diff, matrix
from simulator.engine import Report, run
from simulator.lookups import look_up
from simulator.profile import NodeSpec, Profile
from simulator.scenario import Scenario
from simulator.trace import trace

__all__ = [
    "Answer", "ApplyOutput", "Backend", "Basis", "Bill", "Client", "Cluster", "Comparison", "Connection", "ConnectionAnswer",
    "ConnectionChange", "CrashContainer", "DnsRecord", "Edit", "EndpointChange", "Event", "Finding", "Fix", "Hop", "Lookup",
    "LookupAnswer", "LoseNode", "Migration", "NodeSpec", "Object", "Outcome", "Peer", "Place", "Problem", "Profile", "Reach",
    "ReachChange", "Reachability", "Ref", "ReplacePod", "Report", "Request", "RollOut", "RolloutAnswer", "Scale", "Scenario",
    "SetNetworkPolicy", "SetProxyMode", "SetReadiness", "Severity", "SourceFile", "Span", "Synthesis", "Verdict", "Via",
    "apply_event", "check_text", "curl_text", "decide", "diff", "diff_text", "dotted", "external_dns_records", "kubectl_describe",
    "kubectl_get", "kubectl_rollout", "load_balancer_bill", "look_up", "matrix", "migrate_ingresses", "nslookup_text",
    "prove_migration", "reach_text", "report_as_json", "request_of_command", "roll_out", "rollout_text", "run", "run_text",
    "synthesise", "trace",
]  # fmt: skip

if TYPE_CHECKING:
    from simulator.events import (
        ConnectionChange,
        CrashContainer,
        EndpointChange,
        Event,
        LoseNode,
        Outcome,
        ReplacePod,
        RollOut,
        Scale,
        SetNetworkPolicy,
        SetProxyMode,
        SetReadiness,
        apply_event,
    )
    from simulator.external_dns import DnsRecord, external_dns_records
    from simulator.kubectl.check import check_text
    from simulator.kubectl.curl import curl_text
    from simulator.kubectl.front import kubectl_describe, kubectl_get, kubectl_rollout
    from simulator.kubectl.nslookup import nslookup_text
    from simulator.kubectl.reach import diff_text, reach_text
    from simulator.kubectl.rollout import rollout_text
    from simulator.kubectl.run import run_text
    from simulator.load_balancer_cost import Bill, load_balancer_bill
    from simulator.migrate import Migration, migrate_ingresses
    from simulator.migration_proof import Comparison, prove_migration
    from simulator.policy_synthesis import Synthesis, synthesise
    from simulator.rollouts import roll_out

_LATER = {
    "check_text": "kubectl.check", "curl_text": "kubectl.curl", "diff_text": "kubectl.reach", "kubectl_describe": "kubectl.front",
    "kubectl_get": "kubectl.front", "kubectl_rollout": "kubectl.front", "nslookup_text": "kubectl.nslookup",
    "reach_text": "kubectl.reach", "roll_out": "rollouts", "rollout_text": "kubectl.rollout", "run_text": "kubectl.run",
    "DnsRecord": "external_dns", "external_dns_records": "external_dns", "Bill": "load_balancer_cost",
    "load_balancer_bill": "load_balancer_cost", "Migration": "migrate", "migrate_ingresses": "migrate", "Comparison": "migration_proof",
    "prove_migration": "migration_proof", "Synthesis": "policy_synthesis", "synthesise": "policy_synthesis",
    "ConnectionChange": "events", "CrashContainer": "events", "EndpointChange": "events", "Event": "events", "LoseNode": "events",
    "Outcome": "events", "ReplacePod": "events", "RollOut": "events", "Scale": "events", "SetProxyMode": "events",
    "SetReadiness": "events", "SetNetworkPolicy": "events", "apply_event": "events",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"simulator.{_LATER[name]}"), name)
