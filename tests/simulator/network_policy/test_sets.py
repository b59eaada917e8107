"""The sets that verdicts are computed with: ports, addresses, Pods by label."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.api.networking_v1 import IPBlock
from simulator.cluster import label_selector
from simulator.dataplane.network_policy.addresses import AddressBlock, AddressRange, address, cidr, split_space
from simulator.dataplane.network_policy.endpoints import Endpoints, members
from simulator.dataplane.network_policy.port_set import ALL_PORTS, NO_PORT, PROTOCOLS, PortSet
from tests.simulator.network_policy import generated
from tests.simulator.network_policy.stored import stored

ranges = st.tuples(st.sampled_from(PROTOCOLS), st.integers(0, 40), st.integers(0, 40))


def ports_of(parts: list[tuple[str, int, int]]) -> PortSet:
    ports = NO_PORT
    for part in parts:
        ports |= PortSet.of(*part)
    return ports


def listed(parts: list[tuple[str, int, int]]) -> set[tuple[str, int]]:
    return {(protocol, port) for protocol, low, high in parts for port in range(max(low, 1), high + 1)}


@given(st.lists(ranges, max_size=6), st.lists(ranges, max_size=6))
def test_port_sets_are_sets(ours: list[tuple[str, int, int]], theirs: list[tuple[str, int, int]]) -> None:
    """Union and intersection agree with plain sets of ports, and equal sets are equal values."""
    one, other = ports_of(ours), ports_of(theirs)
    probes = [(protocol, port) for protocol in PROTOCOLS for port in range(1, 42)]
    assert {probe for probe in probes if (one | other).holds(*probe)} == listed(ours) | listed(theirs)
    assert {probe for probe in probes if (one & other).holds(*probe)} == listed(ours) & listed(theirs)
    assert (one == other) is (listed(ours) == listed(theirs))
    assert bool(one) is bool(listed(ours))
    assert (one & ALL_PORTS, one | ALL_PORTS) == (one, ALL_PORTS)


def test_port_sets_in_words() -> None:
    """Everything, nothing, whole protocols and ranges each have their form."""
    some = PortSet.of("TCP", 80, 80) | PortSet.of("TCP", 81, 90) | PortSet.of("UDP", 1, 65535)
    assert [str(ports) for ports in (ALL_PORTS, NO_PORT, some)] == ["every port", "no port", "TCP 80-90 and every UDP port"]
    assert [ports.told() for ports in (ALL_PORTS, NO_PORT, some)] == ["all", "none", {"TCP": ((80, 90),), "UDP": ((1, 65535),)}]
    assert PortSet.of("ICMP", 1, 5) == NO_PORT


@pytest.mark.parametrize("text", ["", "web", "10.0.0.0/33", "10.0.0", "fd00::/129"])
def test_what_is_no_address_is_in_no_block(text: str) -> None:
    """Broken text is no address and no block, and no error."""
    assert address(text) is None
    assert cidr(text) is None
    assert AddressBlock.of(IPBlock(text)) is None


def test_blocks_keep_versions_apart() -> None:
    """The same number in IPv4 and IPv6 is not the same address."""
    block = AddressBlock.of(IPBlock("::/0", ("::1/128",)))
    assert block is not None
    assert [(4, 5) in block, (6, 5) in block, (6, 1) in block] == [False, True, False]
    assert [str(AddressRange(4, 0, 2**32 - 1)), str(AddressRange(4, 1, 2))] == ["0.0.0.0/0", "0.0.0.1-0.0.0.2"]


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=5), st.integers(0, 120))
def test_the_split_space_tells_nothing_apart_inside_a_piece(pairs: list[tuple[int, int]], probe: int) -> None:
    """Every address lies in exactly one piece, and no range cuts a piece."""
    cuts = [AddressRange(4, min(pair), max(pair)) for pair in pairs]
    pieces = list(split_space(cuts))
    (home,) = [piece for piece in pieces if (4, probe) in piece]
    for cut in cuts:
        assert ((4, home.low) in cut) is ((4, home.high) in cut) is ((4, probe) in cut)


@pytest.mark.parametrize("seed", range(40))
def test_indexed_selectors_agree_with_selectors_one_by_one(seed: int) -> None:
    """The label index selects the Pods that the selector accepts when it is asked for each."""
    random = Random(seed)
    cluster = stored(generated.cluster(random))
    endpoints = Endpoints(cluster)
    pods = cluster.of("Pod")
    for _ in range(20):
        selector = generated.selector(random)
        accepts = label_selector(selector)
        assert [pods[i] for i in members(endpoints.by_pod_labels(selector))] == [pod for pod in pods if accepts(pod.labels)]


def test_an_unknown_operator_selects_nothing() -> None:
    """What the API would not have stored selects no Pod."""
    endpoints = Endpoints(stored(generated.cluster(Random(1))))
    assert endpoints.by_pod_labels({"matchExpressions": [{"key": "app", "operator": "Like", "values": ["a"]}]}) == 0
