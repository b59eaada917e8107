"""The five seconds that a look-up takes now and then: the questions for A and AAAA leave together, and one is lost on the node.

Responsible for: whether a Pod's look-ups can lose a question so, what spares them, how long its resolver waits before it asks again.
Leaves to others: what is answered (`dns`), policies (`lookups`). `nslookup` and `dig` ask one question at a time and never show it.
Mirrors: Linux `net/netfilter/nf_conntrack_core.c` (two UDP packets of one socket that are translated at the same moment; since 5.0 the
second is kept if both go to the same Pod, since 5.6 in any case), glibc `resolv/res_send.c` (`timeout`, `single-request`,
`single-request-reopen`, `use-vc`), musl `src/network/res_msend.c` (both questions from one socket, and none of these options but
`timeout` and `attempts`), NodeLocal DNSCache (untracked, on to CoreDNS by TCP). Modelled: a process resolves names by its C library, glibc
unless `sim/libc` of its Pod says `musl`; in each of kube-proxy's modes alike; how often it happens is chance and not told.
"""

from __future__ import annotations

from simulator.api.core_v1 import Pod
from simulator.api.diagnostics import Basis
from simulator.api.traffic import Hop
from simulator.cluster import Cluster
from simulator.dataplane.endpoints import serving
from simulator.dns import CLUSTER_DNS, Resolver

SAME_TARGET_KEPT, ANY_TARGET_KEPT = (5, 0), (5, 6)
"""Kernels since which the second question survives: where both go to one server, and wherever they go."""

ONE_AT_A_TIME = ("single-request", "single-request-reopen", "use-vc")
"""Options of glibc's resolver that keep two UDP questions from leaving one socket together."""

TIMEOUT, ATTEMPTS, LONGEST = 5, 2, 30
MUSL = "musl"


def stall(cluster: Cluster, pod: Pod, resolver: Resolver) -> tuple[float, tuple[Hop, ...]]:
    """How many seconds a look-up of this Pod's process may wait for a lost question, and why, or why not; (0, ()) if none can get lost."""
    kernel = cluster.profile.kernel_version
    if not resolver.in_cluster or kernel >= ANY_TARGET_KEPT:
        return 0, ()
    spared = _spared(cluster, pod, resolver)
    if spared:
        return 0, (Hop("resolver", "no stall", spared, pod.ref, Basis.MODELLED),)
    seconds = _patience(pod, resolver)
    targets = "to two CoreDNS Pods" if kernel >= SAME_TARGET_KEPT else "at once"
    why = (
        f"A and AAAA are asked at the same moment from one UDP socket; Linux {cluster.profile.kernel} drops the second "
        f"if they are translated {targets}. {_library(pod)} asks again after {seconds:g} s"
    )
    asked = [name for name, _ in resolver.options if name in ONE_AT_A_TIME]
    ignored = f"; it does not know the option {asked[0]}" if asked else ""
    return seconds, (Hop("resolver", f"may stall {seconds:g} s", why + ignored, pod.ref, Basis.MODELLED),)


def _spared(cluster: Cluster, pod: Pod, resolver: Resolver) -> str:
    """What keeps both questions, or ""."""
    if cluster.profile.node_local_dns:
        return "NodeLocal DNSCache answers on the node: no translation, no entry in its table, and on to CoreDNS by TCP"
    if cluster.profile.kernel_version >= SAME_TARGET_KEPT and len(serving(cluster, CLUSTER_DNS, 53, "UDP").endpoints) < 2:
        return "both questions go to the only CoreDNS Pod, so their entries in the node's table are alike, and both are kept"
    option = next((name for name, _ in resolver.options if name in ONE_AT_A_TIME), "")
    if option and _library(pod) != MUSL:
        return f"{option}: the questions do not leave one UDP socket together"
    return ""


def _library(pod: Pod) -> str:
    return MUSL if pod.annotations.get("sim/libc") == MUSL else "glibc"


def _patience(pod: Pod, resolver: Resolver) -> float:
    """Seconds until the resolver asks again: glibc waits its `timeout`, musl spreads its `attempts` over it."""
    options = dict(resolver.options)
    timeout = _number(options.get("timeout", ""), TIMEOUT, LONGEST)
    return timeout / _number(options.get("attempts", ""), ATTEMPTS, 10) if _library(pod) == MUSL else timeout


def _number(given: str, default: int, most: int) -> int:
    return max(1, min(int(given[:9]), most)) if given.isdecimal() and given.isascii() else default
