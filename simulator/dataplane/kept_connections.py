"""Many calls over connections that a client keeps: whom the calls reach, where a new connection each could reach several.

Responsible for: how many connections there are, and that all calls over one go to one endpoint.
Leaves to others: among whom a new connection chooses (`dns`, `service_proxy`), proxies that balance single calls (`gateway_mesh`).
Mirrors: grpc `doc/load-balancing.md`: the policy `pick_first`, the default, connects to one address of those that the name gives, and
`round_robin` to each, with the calls in turn. Modelled: a client does as `sim/load-balancing` of its Pod says, and none of its
connections ends. Which endpoint the only connection met is chance; here it is the first.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.api.diagnostics import Basis
from simulator.api.meta import Object
from simulator.api.traffic import Hop, Request
from simulator.dataplane.endpoints import Endpoint

ROUND_ROBIN = "round_robin"
Choices = Sequence[tuple[Endpoint, float]]


def keeps_connection(request: Request) -> bool:
    """Whether the question is about many calls of one client over what it keeps open, and not about one connection."""
    return request.extra.get("connection") == "kept"


def over_kept(sender: Object | None, choices: Choices, addresses: int) -> tuple[Choices, tuple[Hop, ...]]:
    """The endpoints that all the calls come to, each with its share. `addresses`: how many the name gave to choose from."""
    if len(choices) < 2:
        return choices, ()
    policy = sender.annotations.get("sim/load-balancing", "") if sender else ""
    ref = sender.ref if sender else None
    if policy == ROUND_ROBIN and addresses > 1:
        reason = f"{policy} keeps a connection to each of the {addresses} addresses, and its calls take them in turn"
        return choices, (Hop("client", f"{addresses} connections", reason, ref, Basis.MODELLED),)
    first = choices[0][0]
    among = f"the name gives {addresses} addresses, and the client connects to one" if addresses > 1 else "the name gives one address"
    reason = f"{among}: one connection, for which one of {len(choices)} endpoints was chosen at its start; all calls stay there"
    return [(first, 1.0)], (Hop("client", f"all calls to {first.ip}:{first.port}", reason, ref, Basis.MODELLED),)
