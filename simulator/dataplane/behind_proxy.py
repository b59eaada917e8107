"""The endpoints of a Service as a proxy in front of them reaches them: a Gateway's or an Ingress controller's.

Responsible for: which endpoints take a connection, and what is not known about NetworkPolicy on this last stretch.
Leaves to others: choosing the Service (`gateway_backends`, `ingress`), connections without such a proxy (`delivery`).
Modelled: the manifests do not say where the proxy's own Pods run, so policies on this stretch cannot be judged; they are taken to let
it in, and a hop says so where they would keep a stranger out.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.api.diagnostics import Basis
from simulator.api.traffic import Backend, Connection, Hop, Peer
from simulator.cluster import Cluster
from simulator.controllers.probes import listens
from simulator.dataplane.endpoints import Endpoint
from simulator.dataplane.hops import hop
from simulator.dataplane.network_policy import decide
from simulator.dataplane.network_policy.decision import OUTSIDE_ADDRESS

_SHOWN = 4


def alive(cluster: Cluster, endpoints: Sequence[Endpoint], protocol: str = "TCP") -> tuple[Endpoint, ...]:
    """The endpoints in which something listens. The others refuse the connection, and a proxy tries the next one."""
    return tuple(each for each in endpoints if _listens(cluster, each, protocol))


def _listens(cluster: Cluster, endpoint: Endpoint, protocol: str) -> bool:
    pod = cluster.find(endpoint.pod) if endpoint.pod else None
    return pod is None or listens(pod, endpoint.port, protocol)[0]


def answering(backends: Sequence[Backend]) -> Hop:
    """The last hop: who answers. That a Service's ready endpoints get equal shares is modelled."""
    names = [backend.pod.name if backend.pod else backend.ip for backend in backends]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    reason = "an equal share to each ready endpoint of a Service"
    return hop("pod", f"answers: {', '.join(names[:_SHOWN])}{more}", reason, basis=Basis.MODELLED)


def policy_hops(cluster: Cluster, endpoints: Sequence[Endpoint], protocol: str = "TCP") -> tuple[Hop, ...]:
    """A warning where a NetworkPolicy guards the first Pod that one guards at all; empty where none does."""
    if not cluster.of("NetworkPolicy"):
        return ()
    for endpoint in endpoints:
        pod = cluster.find(endpoint.pod) if endpoint.pod else None
        if pod is None:
            continue
        verdict = decide(cluster, Connection(Peer(ip=OUTSIDE_ADDRESS), Peer(pod=pod.ref), protocol, endpoint.port))
        if not verdict.allowed:
            reason = f"{verdict.reason}. Whether the proxy is let in depends on where its Pods run, which is not known here"
            return (hop("network-policy", "not judged", reason, pod, basis=Basis.MODELLED),)
    return ()
