"""Portside's simulator: manifests and requests in, a report out. No clock, chance, network or disk.

This is the front door; nothing else of the package is public. What prints (kubectl, curl, findings as text) is loaded when first asked for:
the command line starts a process for every question.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from simulator.answer import answer as report_as_json
from simulator.api.diagnostics import ApplyOutput, Basis, Edit, Finding, Fix, Place, Problem, Severity, Verdict
from simulator.api.meta import Object, Ref, SourceFile, Span, dotted
from simulator.api.traffic import Answer, Backend, Client, Connection, Hop, Lookup, LookupAnswer, Peer, Request, Via
from simulator.cluster import Cluster
from simulator.engine import Report, run
from simulator.profile import NodeSpec, Profile
from simulator.scenario import Scenario

__all__ = [
    "Answer", "ApplyOutput", "Backend", "Basis", "Client", "Cluster", "Connection", "Edit", "Finding", "Fix", "Hop",
    "Lookup", "LookupAnswer", "NodeSpec", "Object", "Peer", "Place", "Problem", "Profile", "Ref", "Report", "Request",
    "Scenario", "Severity", "SourceFile", "Span", "Verdict", "Via", "check_text", "curl_text", "diff_text", "dotted",
    "kubectl_describe", "kubectl_get", "nslookup_text", "reach_text", "report_as_json", "run", "run_text",
]  # fmt: skip

if TYPE_CHECKING:
    from simulator.kubectl.check import check_text
    from simulator.kubectl.curl import curl_text
    from simulator.kubectl.front import kubectl_describe, kubectl_get
    from simulator.kubectl.nslookup import nslookup_text
    from simulator.kubectl.reach import diff_text, reach_text
    from simulator.kubectl.run import run_text

_PRINTERS = {
    "check_text": "check", "curl_text": "curl", "diff_text": "reach", "kubectl_describe": "front", "kubectl_get": "front",
    "nslookup_text": "nslookup", "reach_text": "reach", "run_text": "run",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _PRINTERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"simulator.kubectl.{_PRINTERS[name]}"), name)
