"""The cluster's DNS servers as their Corefile and the node's resolver make them: whom they answer for, where they send the rest.

Responsible for: reading the ConfigMap `coredns`, finding a question that comes back to its sender, the state of the Pods then.
Leaves to others: answering names (`dns`).
Mirrors: CoreDNS `core/dnsserver` (the longest zone takes a name), `plugin/forward`, `plugin/loop` (a loop ends the process, so the kubelet
starts it again and again); kubeadm's Corefile where the manifests bring none. Modelled: plugins other than `kubernetes`, `forward` and
`loop` change nothing, and `/etc/resolv.conf` holds the one nameserver that the profile names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from simulator.api.core_v1 import Service, is_address
from simulator.api.meta import Object, Ref
from simulator.cluster import Cluster

CONFIG = Ref("ConfigMap", "kube-system", "coredns")
SERVICE = Ref("Service", "kube-system", "kube-dns")
NODE_FILE = "/etc/resolv.conf"
_LONGEST = 100_000
_KUBEADM = ".:53 {\n kubernetes %s in-addr.arpa ip6.arpa\n forward . /etc/resolv.conf\n loop\n}"


@dataclass(frozen=True, slots=True)
class Block:
    """One server block. `forwards` are pairs of a domain and the addresses that its names are sent to."""

    zones: tuple[str, ...]
    served: tuple[str, ...] = ()
    forwards: tuple[tuple[str, tuple[str, ...]], ...] = ()
    halts_on_loop: bool = False

    def targets(self, name: str) -> tuple[str, ...]:
        return next((targets for domain, targets in self.forwards if _covers(domain, name)), ())


@dataclass(frozen=True, slots=True)
class Servers:
    """`down` says why no CoreDNS runs, "" if they run. `circular` are the addresses at which CoreDNS would ask itself."""

    blocks: tuple[Block, ...]
    circular: frozenset[str]
    down: str = ""

    def serves(self, name: str) -> bool:
        """Whether the `kubernetes` plugin has a name's zone."""
        block = self._block(name)
        return block is not None and any(_covers(zone, name) for zone in block.served)

    def targets(self, name: str) -> tuple[str, ...]:
        """Where a name that is not the cluster's is sent; nowhere without a `forward` for it."""
        block = self._block(name)
        return block.targets(name) if block else ()

    def _block(self, name: str) -> Block | None:
        zones = [(len(zone), block) for block in self.blocks for zone in block.zones if _covers(zone, name)]
        return max(zones, key=lambda each: each[0])[1] if zones else None


def servers(cluster: Cluster) -> Servers:
    """What the cluster's DNS servers are set up to do."""
    config = cluster.find(CONFIG)
    text = str((config.data.get("data") or {}).get("Corefile") or "") if config else _KUBEADM % cluster.profile.cluster_domain
    blocks = tuple(_blocks(text[:_LONGEST]))
    circular = frozenset(target for block in blocks for _, targets in block.forwards for target in targets if _returns(cluster, target))
    if not blocks:
        return Servers((), circular, "CoreDNS finds no server block in its Corefile and does not start")
    for block in blocks:
        for zone in block.zones:
            back = [target for target in block.targets(zone) if target in circular]
            if back and block.halts_on_loop:
                meant = f"{back[0]}, which names {cluster.profile.node_nameserver}" if back[0] == NODE_FILE else back[0]
                return Servers(blocks, circular, f"CoreDNS forwards to {meant}: that is itself, so the plugin loop ends the process")
    return Servers(blocks, circular)


def reconcile(cluster: Cluster) -> Cluster:
    """CoreDNS Pods that cannot run wait for their next start."""
    if not cluster.derived(servers).down:
        return cluster
    service = cluster.find(SERVICE)
    selector = service.spec.get("selector") if service else None
    pods = cluster.selected("Pod", SERVICE.namespace, selector) if selector else ()
    return cluster.with_objects([_crashed(pod) for pod in pods])


def _crashed(pod: Object) -> Object:
    unready, not_ready = ("Ready", "ContainersReady"), {"status": "False", "reason": "ContainersNotReady"}
    conditions = [{**each, **(not_ready if each.get("type") in unready else {})} for each in pod.status.get("conditions") or ()]
    containers = [
        {**container, "ready": False, "started": False, "restartCount": 7, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}
        for container in pod.status.get("containerStatuses") or ()
    ]
    return pod.with_status(conditions=conditions, containerStatuses=containers)


def _returns(cluster: Cluster, target: str) -> bool:
    """Whether a question sent there comes back: a loopback address is the Pod itself, and kube-dns is CoreDNS."""
    address = cluster.profile.node_nameserver if target == NODE_FILE else target
    service = cluster.find(SERVICE)
    own = Service.of(service).cluster_ips if service else ()
    return is_address(address) and (ip_address(address).is_loopback or address in own)


def _covers(domain: str, name: str) -> bool:
    return domain in ("", name) or name.endswith(f".{domain}")


def _blocks(text: str) -> Iterator[Block]:
    """The server blocks; none where the braces do not fit."""
    lines = [words for line in text.splitlines() if (words := line.partition("#")[0].split())]
    opened = [(words, sum(word.count("{") - word.count("}") for word in words if word in "{}")) for words in lines]
    if sum(change for _, change in opened):
        return
    depth = 0
    zones: tuple[str, ...] = ()
    body: list[list[str]] = []
    for words, change in opened:
        plain = [word for word in words if word not in "{}"]
        if depth == 0:
            zones, body = (*(zones if not body else ()), *map(_zone, plain)), []
        elif depth == 1 and plain:
            body.append(plain)
        depth += change
        if depth == 0 and change:
            yield _block(zones, body)
            zones, body = (), []


def _block(zones: Sequence[str], body: Sequence[Sequence[str]]) -> Block:
    return Block(
        tuple(zones),
        tuple(_zone(zone) for plugin, *given in body if plugin == "kubernetes" for zone in given or zones),
        tuple((_zone(given[0]), tuple(map(_address, given[1:]))) for plugin, *given in body if plugin == "forward" and given),
        any(plugin == "loop" for plugin, *_ in body),
    )


def _zone(written: str) -> str:
    """`.:53`, `dns://corp.example:53` and `corp.example.` without scheme, port and last dot; the root is ""."""
    return written.rpartition("://")[2].strip(",").partition(":")[0].strip(".").lower()


def _address(written: str) -> str:
    """An upstream without scheme and port, as in `tls://9.9.9.9:853`."""
    rest = written.rpartition("://")[2]
    if rest.startswith("["):
        return rest[1:].partition("]")[0]
    return rest.partition(":")[0] if rest.count(":") == 1 else rest
