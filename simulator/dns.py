"""Names and search lists -> answers, as CoreDNS with its kubernetes plugin gives them.

Responsible for: records of Services and Pods, a Pod's resolver file, the ordered queries.
Leaves to others: connecting to what was found (`trace`).
"""

from __future__ import annotations

from simulator.api.traffic import Lookup, LookupAnswer
from simulator.cluster import Cluster


def look_up(cluster: Cluster, lookup: Lookup) -> LookupAnswer:
    return LookupAnswer((), "NXDOMAIN", ())
