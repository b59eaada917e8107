"""Who may connect to whom under `networking.k8s.io/v1` NetworkPolicy.

`decide` answers for one connection, with the rules that decide it; `dataplane.reachability` answers for all pairs at once.
"""

from simulator.dataplane.network_policy.decision import decide

__all__ = ["decide"]
