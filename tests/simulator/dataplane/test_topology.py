"""Which endpoints a node uses: the truth table of CategorizeEndpoints."""

from __future__ import annotations

from simulator.dataplane.endpoints import Endpoint
from simulator.dataplane.topology import categorize

HERE, AWAY = "node-1", "node-2"


def endpoint(last: int, state: str = "ready", node: str = HERE, zones: str = "", nodes: str = "") -> Endpoint:
    """state: ready, terminating (still serving), gone (terminating, not serving), unready."""
    return Endpoint(
        f"10.0.0.{last}", 80, None, node, "", state == "ready", state in ("ready", "terminating"), state in ("terminating", "gone"),
        tuple(zones.split()), tuple(nodes.split()),
    )  # fmt: skip


def used(*endpoints: Endpoint, zone: str = "zone-a") -> tuple[list[int], list[int], bool]:
    found = categorize(endpoints, HERE, zone)
    return [int(e.ip[-1]) for e in found.cluster], [int(e.ip[-1]) for e in found.local], found.anywhere


def test_ready_endpoints_are_used_and_unready_ones_never():
    """Not ready and not terminating is never used."""
    assert used(endpoint(1), endpoint(2, "unready"), endpoint(3, node=AWAY)) == ([1, 3], [1], True)


def test_terminating_endpoints_serve_when_none_is_ready():
    """Only those that still serve; the local set falls back by itself."""
    assert used(endpoint(1, "terminating"), endpoint(2, "gone"), endpoint(3, "terminating", AWAY)) == ([1, 3], [1], True)
    assert used(endpoint(1, "terminating"), endpoint(2, node=AWAY)) == ([2], [1], True)


def test_no_usable_endpoint_anywhere_tells_reject_from_drop():
    """Endpoints elsewhere: nothing local, but something somewhere."""
    assert used(endpoint(1, node=AWAY)) == ([1], [], True)
    assert used(endpoint(1, "unready"), endpoint(2, "gone")) == ([], [], False)
    assert used() == ([], [], False)


def test_zone_hints_keep_traffic_in_the_zone():
    """One of an endpoint's several zones is enough."""
    assert used(endpoint(1, zones="zone-a zone-b"), endpoint(2, zones="zone-b"), endpoint(3, zones="zone-a"))[0] == [1, 3]


def test_hints_count_only_if_all_ready_endpoints_have_one_and_one_fits():
    """A missing hint, a node without a zone, or no endpoint for this zone: everybody is used."""
    assert used(endpoint(1, zones="zone-a"), endpoint(2))[0] == [1, 2]
    assert used(endpoint(1, zones="zone-b"), endpoint(2, zones="zone-c"))[0] == [1, 2]
    assert used(endpoint(1, zones="zone-a"), endpoint(2, zones="zone-b"), zone="")[0] == [1, 2]
    assert used(endpoint(1, zones="zone-a"), endpoint(2, zones="zone-b"), endpoint(3, "unready"))[0] == [1]


def test_node_hints_win_over_zone_hints_and_fall_back_to_them():
    """PreferSameNode, then PreferSameZone."""
    near, far = endpoint(1, zones="zone-a", nodes=HERE), endpoint(2, zones="zone-a", nodes=AWAY)
    assert used(near, far)[0] == [1]
    assert used(far, endpoint(3, zones="zone-b", nodes="node-3"))[0] == [2]
    assert used(near, endpoint(2, zones="zone-a"))[0] == [1, 2]


def test_hints_say_nothing_of_the_local_set_or_of_terminating_endpoints():
    """The policy Local ignores topology; so does the fallback."""
    assert used(endpoint(1, zones="zone-a"), endpoint(2, zones="zone-b"))[1] == [1, 2]
    assert used(endpoint(1, "terminating", zones="zone-a"), endpoint(2, "terminating", zones="zone-b"))[0] == [1, 2]
