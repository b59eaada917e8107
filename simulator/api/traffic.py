"""Questions put to the cluster and their answers: requests, lookups, connections (`simulator-contract`, the scenario).

Responsible for: the shapes of questions, hops and answers.
Leaves to others: answering (`trace`, `dns`, `dataplane`); reading them from a scenario's text (`scenario`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.api.diagnostics import Basis
from simulator.api.meta import Json, Ref


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from. At most one of `pod`, `node`, `ip` is set; none of them is somewhere outside.

    `labels` (with the namespace in `pod`) chooses a Pod by its labels instead of its name.
    """

    pod: Ref | None = None
    labels: Mapping[str, str] | None = None
    node: str | None = None
    ip: str | None = None

    @property
    def external(self) -> bool:
        return self.pod is None and self.node is None


@dataclass(frozen=True, slots=True)
class Via:
    """The object whose address is dialled. `address` and `node` only for a Service: which of its addresses, on which node."""

    ref: Ref
    address: str = ""
    node: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a client. `port` None means the scheme's own; `host` None means the dialled address.

    `protocol`: HTTP | gRPC | WebSocket | TLS | TCP | UDP, or ICMP for a ping, which has no port. `call` other than 0 is the number,
    from 1, of a call that the process of the client's Pod makes by itself (`calls`), in place of all the other fields.
    """

    client: Client = Client()
    via: Via | None = None
    scheme: str = "http"
    protocol: str = "HTTP"
    port: int | None = None
    method: str = "GET"
    host: str | None = None
    path: str = "/"
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    sni: str | None = None
    grpc_service: str = ""
    grpc_method: str = ""
    backend_response_headers: Mapping[str, str] = field(default_factory=dict)
    call: int = 0
    extra: Mapping[str, Json] = field(default_factory=dict)
    """Everything else that the scenario said of this request (`host_header`, `insecure`, `program`, ...), for whoever knows it."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of the way. `decision` says what happened there, `reason` why this and not the next best."""

    stage: str
    decision: str
    reason: str
    object: Ref | None = None
    basis: Basis = Basis.SPECIFIED
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Backend:
    """One Pod (or bare address) that may answer, with its share of the requests (0 to 1). `port` is 0 for a ping."""

    service: Ref | None
    service_port: int | None
    pod: Ref | None
    node: str
    ip: str
    port: int
    share: float


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request ended. See the contract's table for each field; None and empty where a field does not apply.

    outcome: answered | refused | timed-out | unresolved | rejected. `curl_exit` as curl would end, or ping where it is one.
    answered_by: backend | gateway | ingress | kube-proxy | network. `source`: kept | node NAME | gateway.
    `dialled`: the address and port that the client connects to, where it dials an object's address and not a name.
    """

    outcome: str
    curl_exit: int
    answered_by: str
    status: int | None = None
    grpc_status: str | None = None
    backends: tuple[Backend, ...] = ()
    backend_request: Mapping[str, Json] | None = None
    response_headers: Mapping[str, str] = field(default_factory=dict)
    redirect: Mapping[str, Json] | None = None
    mirrored_to: tuple[Mapping[str, Json], ...] = ()
    source: str = ""
    hops: tuple[Hop, ...] = ()
    not_modelled: str = ""
    dialled: tuple[str, int] | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A name asked of the cluster's DNS, by a Pod (through its search list) or directly (`pod` None: as given)."""

    name: str
    type: str = "A"
    pod: Ref | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One DNS record. `port` only for SRV; `value` is then the host. Its priority is 0, and the records of an answer weigh the same."""

    name: str
    type: str
    value: str
    port: int | None = None


@dataclass(frozen=True, slots=True)
class LookupAnswer:
    """`queries` are (name, type, rcode) in the order asked; `rcode` and `records` are the last one's. Where no server was reached, TIMEOUT
    stands for an rcode.

    `upstream` says that the last query went to a server outside the cluster, whose records are not known here: then `rcode` is
    NOERROR and `records` hold only what the cluster itself adds (the CNAME of an ExternalName Service).
    `stall` is how many seconds the process that asks may wait for the answer now and then, since a question was lost (`dns_stall`).
    """

    queries: tuple[tuple[str, str, str], ...]
    rcode: str
    records: tuple[Record, ...]
    hops: tuple[Hop, ...] = ()
    upstream: bool = False
    stall: float = 0


@dataclass(frozen=True, slots=True)
class RolloutAnswer:
    """What clients meet while the Pods of a Deployment are replaced.

    `refused`: for how many seconds a Pod, on its way out or in, may be sent new connections and refuse them. `cut`: requests that are open
    end without an answer; None where that depends on what is not known. `gap`: for about how many seconds nobody serves. All of them are
    None where `not_modelled` says why.
    """

    workload: Ref
    refused: float | None = None
    cut: bool | None = None
    gap: float | None = None
    hops: tuple[Hop, ...] = ()
    not_modelled: str = ""


@dataclass(frozen=True, slots=True)
class Peer:
    """One end of a connection: a Pod, a workload (the top-level owner of Pods), an address, or anything outside.

    `addresses` narrows the outside down to CIDRs and ranges (`10.0.0.0/8`, `10.0.0.0-10.0.0.4`).
    """

    pod: Ref | None = None
    workload: Ref | None = None
    ip: str | None = None
    external: bool = False
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """May `client` open a connection to `server` on this Pod port (a number or a named port)?"""

    client: Peer
    server: Peer
    protocol: str = "TCP"
    port: int | str = 80


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """The rule that decided: its index in `spec.ingress` or `spec.egress`; None where mere selection denies."""

    policy: Ref
    direction: str
    rule: int | None


@dataclass(frozen=True, slots=True)
class ConnectionAnswer:
    """`decided_by` accounts for each direction in which a policy isolates the Pod: the rules that admit, or the policies that do not."""

    allowed: bool
    decided_by: tuple[PolicyRule, ...]
    reason: str
    hops: tuple[Hop, ...] = ()
    basis: Basis = Basis.SPECIFIED


PortRanges = Mapping[str, tuple[tuple[int, int], ...]]
"""Protocol -> inclusive port ranges."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What one workload (or the outside) may reach of another: "all", "none" or ranges by protocol."""

    client: Peer
    server: Peer
    allowed: str | PortRanges


@dataclass(frozen=True, slots=True)
class ReachChange:
    """What a change of manifests does to one pair. `change`: introduced (nothing was open before) | removed (nothing is left) | changed.

    A workload that only one side has reaches nothing on the other.
    """

    client: Peer
    server: Peer
    change: str
    before: str | PortRanges
    after: str | PortRanges
