"""Request -> Answer: the way of one request, hop by hop, each naming objects, decision and reason.

Responsible for: where the request goes first (a name, a Service's address, a Gateway, an Ingress, a Pod) and joining the hops.
Leaves to others: each hop's decision (`dns`, `dataplane`).
"""

from __future__ import annotations

from simulator.api.traffic import Answer, Request
from simulator.cluster import Cluster


def trace(cluster: Cluster, request: Request) -> Answer:
    return Answer("unresolved", 6, "network", not_modelled="not built yet")
